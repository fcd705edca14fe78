// A linter of HTTP answers: the rules that the service's header fields must keep on every route and in every fault.
// Structured fields are parsed by RFC 8941; the rest by the RFC that is named beside it.
import { METHODS } from 'node:http';

// ---- RFC 8941: lists of items with parameters ----

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  take(pattern) {
    const sticky = new RegExp(pattern, 'y');
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found === null) throw new Error(`not as ${pattern} at ${this.at} of ${JSON.stringify(this.text)}`);
    this.at += found[0].length;
    return found[0];
  }

  is(character) {
    return this.text[this.at] === character;
  }

  bareItem() {
    if (this.is('"')) return { type: 'string', value: this.take('"(?:[ !#-\\[\\]-~]|\\\\["\\\\])*"').slice(1, -1) };
    if (this.is('?')) return { type: 'boolean', value: this.take('\\?[01]') === '?1' };
    if (/[-0-9]/.test(this.text[this.at] ?? '')) {
      const digits = this.take('-?[0-9]{1,15}(?:\\.[0-9]{1,3})?');
      return { type: digits.includes('.') ? 'decimal' : 'integer', value: Number(digits) };
    }
    return { type: 'token', value: this.take("[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*") };
  }

  item() {
    const item = { ...this.bareItem(), parameters: {} };
    while (this.is(';')) {
      this.take('; *');
      const key = this.take('[a-z*][a-z0-9_.*-]*');
      if (key in item.parameters) throw new Error(`parameter ${key} is given twice`);
      item.parameters[key] = this.is('=') && this.take('=') ? this.bareItem() : { type: 'boolean', value: true };
    }
    return item;
  }
}

export function parseList(text) {
  const parser = new Parser(text.trim());
  const items = [parser.item()];
  while (parser.at < parser.text.length) {
    parser.take('[ \\t]*,[ \\t]*');
    items.push(parser.item());
  }
  return items;
}

// ---- the fields ----

const FORWARDED = ['bypass', 'method', 'uri-miss', 'vary-miss', 'miss', 'request', 'stale', 'partial']; // RFC 9211, 2.2
const PROXY_ERRORS = [ // RFC 9209, 2.3
  'dns_timeout', 'dns_error', 'destination_not_found', 'destination_unavailable', 'destination_ip_prohibited',
  'destination_ip_unroutable', 'connection_refused', 'connection_terminated', 'connection_timeout',
  'connection_read_timeout', 'connection_write_timeout', 'connection_limit_reached', 'tls_protocol_error',
  'tls_certificate_error', 'tls_alert_received', 'http_request_error', 'http_request_denied',
  'http_response_incomplete', 'http_response_header_section_size', 'http_response_header_size',
  'http_response_body_size', 'http_response_trailer_section_size', 'http_response_trailer_size',
  'http_response_transfer_coding', 'http_response_content_coding', 'http_response_timeout', 'http_upgrade_failed',
  'http_protocol_error', 'proxy_internal_response', 'proxy_internal_error', 'proxy_configuration_error',
  'proxy_loop_detected',
];
const IMF_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

function checkParameters(item, types, say) {
  for (const [key, { type }] of Object.entries(item.parameters)) {
    if (!(key in types)) say(`has the unknown parameter ${key}`);
    else if (!types[key].split('|').includes(type)) say(`parameter ${key} is a ${type}`);
  }
}

const structured = {
  'cache-status': (items, say) => {
    for (const item of items) {
      checkParameters(item, {
        hit: 'boolean', fwd: 'token', 'fwd-status': 'integer', ttl: 'integer', stored: 'boolean', collapsed: 'boolean',
        key: 'string', detail: 'token|string',
      }, say);
      const { hit, fwd } = item.parameters;
      if ((hit === undefined) === (fwd === undefined)) say('says neither or both of hit and fwd');
      if (fwd !== undefined && !FORWARDED.includes(fwd.value)) say(`has no such reason as ${fwd.value}`);
    }
  },
  'proxy-status': (items, say) => {
    for (const item of items) {
      checkParameters(item, {
        error: 'token', 'next-hop': 'token|string', 'next-protocol': 'token', 'received-status': 'integer', details: 'string',
      }, say);
      if (!PROXY_ERRORS.includes(item.parameters.error?.value)) say(`has no such error as ${item.parameters.error?.value}`);
    }
  },
  'ratelimit-policy': (items, say) => {
    for (const item of items) {
      if (item.type !== 'string') say('names its policy by no string');
      checkParameters(item, { q: 'integer', w: 'integer', qu: 'string', pk: 'binary' }, say);
      if (!(item.parameters.q?.value >= 0)) say('has no quota');
    }
  },
  ratelimit: (items, say) => {
    for (const item of items) {
      if (item.type !== 'string') say('names its policy by no string');
      checkParameters(item, { r: 'integer', t: 'integer', pk: 'binary' }, say);
      if (!(item.parameters.r?.value >= 0)) say('has nothing about what remains');
    }
  },
};

export function cacheControl(text) {
  const directives = {};
  for (const part of text.split(',')) {
    const [name, value] = part.trim().split('=');
    directives[name] = value === undefined ? true : Number(value);
  }
  return directives;
}

function lintCaching(got, say) {
  const { headers, status } = got;
  const text = headers['cache-control'];
  if (text === undefined) return say('has no Cache-Control');
  const control = cacheControl(text);
  for (const [name, value] of Object.entries(control)) {
    const timed = ['max-age', 'stale-while-revalidate', 'stale-if-error'].includes(name);
    if (!timed && !['public', 'no-store', 'no-cache'].includes(name)) say(`Cache-Control has ${name}`);
    if (timed && !(Number.isInteger(value) && value >= 0)) say(`Cache-Control: ${name} is ${value}`);
  }
  if (control['no-store'] && Object.keys(control).length > 1) say(`Cache-Control contradicts itself: ${text}`);
  if (status >= 400 && !control['no-store']) say('an error may be stored');
  if (control['no-store'] && (headers.etag !== undefined || headers.age !== undefined)) say('no-store with a validator or Age');
  if (headers.age !== undefined && !/^\d+$/.test(headers.age)) say(`Age is ${headers.age}`);
  if (headers.etag !== undefined && !/^(W\/)?"[\x21\x23-\x7e]*"$/.test(headers.etag)) say(`ETag is ${headers.etag}`);
  const modified = headers['last-modified'];
  if (modified !== undefined && !IMF_DATE.test(modified)) say(`Last-Modified is ${modified}`);
  if (modified !== undefined && Date.parse(modified) > Date.parse(headers.date)) say('Last-Modified is later than Date');
  if (headers['content-encoding'] !== undefined && !/Accept-Encoding/i.test(headers.vary ?? '')) say('an encoding without Vary');
}

function lintBody(got, say) {
  const { headers, status, method, body } = got;
  const length = headers['content-length'];
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  if (bodiless && body.length > 0) say(`has a body of ${body.length} bytes`);
  if (status === 204 && length !== undefined) say('204 with Content-Length (RFC 9110, 8.6)');
  if (!bodiless && length !== `${body.length}`) say(`Content-Length is ${length}, the body has ${body.length} bytes`);
  if (method === 'HEAD' && status !== 204 && !(Number(length) > 0)) say('HEAD without Content-Length');
  const type = headers['content-type'];
  if (status === 304 && type !== undefined) say('304 with a Content-Type (RFC 9110, 15.4.5)');
  if (status === 204 || status === 304) return;
  if (!new RegExp(`^${TOKEN}/${TOKEN}( *; *${TOKEN}=("[^"]*"|${TOKEN}))*$`).test(type ?? '')) say(`Content-Type is ${type}`);
  if (/^text\//.test(type) && !/charset=utf-8/.test(type) && !/^text\/plain/.test(type)) say(`${type} without a charset`);
}

function lintProblem(got, say) {
  const { headers, status, method, body } = got;
  if (status === 405 && !/\bGET\b/.test(headers.allow ?? '')) say('405 without Allow (RFC 9110, 15.5.6)');
  if ((status === 429 || status === 503) && !/^\d+$/.test(headers['retry-after'] ?? '')) say(`Retry-After is ${headers['retry-after']}`);
  if (status < 400 || method === 'HEAD') return;
  if (/^text\/(html|javascript)/.test(headers['content-type'])) return;
  if (headers['content-type'] !== 'application/problem+json') return say(`an error as ${headers['content-type']}`);
  const problem = JSON.parse(body);
  for (const name of ['type', 'title', 'detail', 'instance']) {
    if (typeof problem[name] !== 'string' || problem[name] === '') say(`the problem has no ${name}`);
  }
  if (problem.status !== status) say(`the problem says ${problem.status}`);
  const list = problem.upstreams ?? [];
  if (list.some((one) => typeof one.name !== 'string' || typeof one.status !== 'string')) say('an upstream without name or status');
}

function lintTransport(got, say) {
  const { headers, raw, secure, http2 } = got;
  const names = raw.filter((_, i) => i % 2 === 0);
  for (const name of new Set(names)) {
    if (name !== name.toLowerCase() && http2) say(`${name} is not in small letters`);
    if (!new RegExp(`^:?${TOKEN}$`).test(name)) say(`${name} is no name`);
    if (names.filter((one) => one.toLowerCase() === name.toLowerCase()).length > 1) say(`${name} comes twice`);
  }
  for (const value of raw.filter((_, i) => i % 2 === 1)) {
    if (/[^\x20-\x7e]/.test(value) || /^ | $/.test(value)) say(`the value ${JSON.stringify(value)}`);
  }
  if (http2 && names.some((name) => /^(connection|transfer-encoding|keep-alive|upgrade)$/.test(name))) say('a field of HTTP/1.1');
  if (!IMF_DATE.test(headers.date ?? '')) say(`Date is ${headers.date}`);
  else if (Math.abs(Date.parse(headers.date) - Date.now()) > 60_000) say(`Date is ${headers.date}, which is not now`);
  if (headers['x-content-type-options'] !== 'nosniff') say('no nosniff');
  if (secure !== /^max-age=\d+/.test(headers['strict-transport-security'] ?? '')) say('Strict-Transport-Security where it does not belong, or not where it does');
  if (headers.server !== undefined && headers.server !== '') say(`Server tells ${headers.server}`);
  if (headers.location !== undefined && !URL.canParse(headers.location)) say(`Location is ${headers.location}`);
  for (const name of headers.allow?.split(/, */) ?? []) if (!METHODS.includes(name)) say(`Allow names ${name}`);
}

const METRIC = `${TOKEN}(;(dur=\\d+(\\.\\d+)?|desc=("[^"]*"|${TOKEN})))*`;

// What is wrong with an answer: {method, status, headers, raw, body, secure, http2}; an empty list when nothing is.
export function lint(got) {
  const notes = [];
  const say = (note) => notes.push(note);
  lintTransport(got, say);
  lintBody(got, say);
  lintCaching(got, say);
  lintProblem(got, say);
  for (const [name, check] of Object.entries(structured)) {
    if (got.headers[name] === undefined) continue;
    try {
      check(parseList(got.headers[name]), (note) => say(`${name} ${note}`));
    } catch (error) {
      say(`${name}: ${error.message}`);
    }
  }
  const timing = got.headers['server-timing'];
  if (timing !== undefined && !new RegExp(`^${METRIC}(, ${METRIC})*$`).test(timing)) say(`Server-Timing is ${timing}`);
  return notes;
}
