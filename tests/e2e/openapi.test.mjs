// /openapi.json and /llms.txt: other people's validators accept the description, and no answer is missing in it.
import assert from 'node:assert/strict';
import core from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import { writeFileSync } from 'node:fs';

import { scenario } from './harness.mjs';
import { hrefsOf } from './site.mjs';

const N_REQUESTS = 2000;
const BESIDE = 25;
const TOURS = ['90003002', '90004001'];
// What the simulator does meanwhile: well, and in each way that makes another problem.
const MODES = ['ok', '500', '401', 'garbage-body', '429', 'ok', 'empty', 'hang', 'ok'];

// Numbers that are the same in every run (mulberry32).
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let n = Math.imul(state ^ (state >>> 15), state | 1);
    n ^= n + Math.imul(n ^ (n >>> 7), n | 61);
    return ((n ^ (n >>> 14)) >>> 0) % below;
  };
}

async function description(stage) {
  const got = await stage.get('/openapi.json');
  assert.equal(got.status, 200);
  assert.equal(got.headers['content-type'], 'application/json');
  assert.equal(got.headers['access-control-allow-origin'], '*');
  return got;
}

scenario('The OpenAPI description is accepted by two validators and names this service.', {
  simulator: false, settings: { site: { public_url: 'https://events.test/dates' } },
}, async (stage) => {
  const { text, json } = await description(stage);
  const { valid, errors } = await new Validator().validate(structuredClone(json));
  assert.ok(valid, JSON.stringify(errors));
  writeFileSync(stage.file('openapi.json'), text);
  // Addresses of pages end in a slash (README.md), and a provider's name is none of a tour that is set up.
  const rules = { 'no-path-trailing-slash': 'off', 'no-ambiguous-paths': 'off' };
  const config = await core.createConfig({ extends: ['recommended'], rules });
  const found = await core.lint({ ref: stage.file('openapi.json'), config });
  assert.deepEqual(found.map(({ ruleId, message }) => `${ruleId}: ${message}`), []);
  assert.equal(json.servers[0].url, 'https://events.test/dates');
  for (const path of ['/api/songkick/artist', '/api/songkick/artist.{ending}', '/api/songkick/search', '/api/bandsintown/artist', '/api/ticketmaster/venue']) {
    assert.ok(json.paths[path]?.get, path);
  }
  const withEnding = json.paths['/api/songkick/artist.{ending}'].get;
  assert.ok(withEnding.responses[200].content['text/calendar']);
  const names = withEnding.parameters.map((one) => one.name ?? one.$ref.split('/').at(-1));
  assert.ok(!names.includes('format') && names.includes('sig') && names.includes('expires'), names.join());
  for (const parameter of Object.values(json.components.parameters)) assert.ok(parameter.description.length > 10);
});

scenario('llms.txt says the same in words.', { simulator: false }, async (stage) => {
  const { json } = await description(stage);
  const got = await stage.get('/llms.txt');
  assert.equal(got.status, 200);
  assert.match(got.headers['content-type'], /^text\/markdown; charset=utf-8/);
  assert.match(got.text, /^# marquee\n\n> /);
  for (const path of Object.keys(json.paths)) {
    if (path.endsWith('.{ending}')) continue;
    const [, root, below] = /^(\/tour\/(?:\w+\/)*\{(?:id|tour)\}\/|.*)(.*)$/.exec(path);
    assert.ok(got.text.includes(`${root}${root.startsWith('/tour/') ? '`' : ''}`), path);
    assert.ok(got.text.includes(`\`${below || '/'}\``), path);
  }
  const { ending, ...others } = json.components.parameters;
  for (const name of Object.keys(others)) assert.ok(got.text.includes(`\`${name}\``), name);
  for (const name of ending.schema.enum) assert.ok(got.text.includes(`\`.${name}\` is \`format=`), name);
  for (const format of json.components.parameters.format.schema.enum) assert.ok(got.text.includes(format), format);
});

const ajv = new Ajv({ strict: false });
const pick = (list, below) => list[below(list.length)];

// Values that a parameter may and may not have.
function valuesOf({ name, schema }, below) {
  const number = 4000 + below(300);
  const own = {
    id: [`9000${number}`, `9000${number}`, `K8vZ9000${number}`, `id_9000${number}`, '1', 'mbid:x', 'name:Nobody', 'x y', ''],
    q: ['Velvet', 'a', '', 'x'.repeat(300)],
    pages: ['https://artist.example/tour', 'https://other.example/dates/', 'http://artist.example/tour', 'x'],
    style: ['https://artist.example/a.css', 'https://evil.example/a.css', 'x'],
    weburl: ['https://artist.example', 'ftp://artist.example', 'artist.example'],
    eventurl: ['https://artist.example/{date}-{city}', 'https://artist.example/{what}', 'x'],
    name: ['An Artist', '', '%ff', 'x'.repeat(300)],
  }[name === 'skid' ? 'id' : name];
  if (own !== undefined) return own;
  if (schema.enum !== undefined) return [...schema.enum, 'other'];
  return schema.type === 'integer' ? ['1', '2', String(schema.maximum ?? 99), String((schema.maximum ?? 99) + 1), '0', 'x'] : ['x', ''];
}

// What stands in the path of a page: mostly what there is.
function pathValueOf(name, path, slugs, below) {
  if (name === 'tour') return below(6) > 0 ? 'velvet' : 'nobody';
  if (name === 'date') return below(5) > 0 ? pick(slugs, below) : pick([`other-${slugs[0]}`, 'x-1', 'x', 'X_Y'], below);
  const own = path.includes('ticketmaster') ? 'K8vZ' : path.includes('bandsintown') ? 'id_' : '';
  return below(6) > 0 ? `${own}${TOURS[0]}` : pick([`${own}${TOURS[1]}`, `${own}4040001`, 'x y', '%2e'], below);
}

// Two of three ask for documents, one for a page.
function requestOf(document, slugs, below) {
  const isPage = below(3) === 0;
  const path = pick(Object.keys(document.paths).filter((one) => one.startsWith('/tour/') === isPage), below);
  const pairs = [];
  let filled = path;
  for (const parameter of document.paths[path].get.parameters) {
    if (parameter.$ref?.endsWith('/ending')) {
      filled = filled.replace('{ending}', pick(['ics', 'js', 'json', 'html'], below));
      continue;
    }
    if (parameter.in === 'path') {
      filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(pathValueOf(parameter.name, path, slugs, below)));
      continue;
    }
    const known = parameter.$ref === undefined ? parameter : document.components.parameters[parameter.$ref.split('/').at(-1)];
    const often = known.required || known.name === 'id' ? 9 : isPage && known.name === 'pages' ? 6 : 2;
    if (below(10) < often) {
      const values = valuesOf(known, below); // the sound ones stand first
      const value = below(4) > 0 ? values[below(Math.ceil(values.length / 2))] : pick(values, below);
      pairs.push(`${known.name}=${value.startsWith('%') ? value : encodeURIComponent(value)}`);
    }
  }
  if (below(5) === 0) pairs.push('utm_source=x');
  if (isPage && below(12) === 0) filled = filled.replace(/\/$/, '');
  return { path, target: `${filled}${pairs.length > 0 ? '?' : ''}${pairs.join('&')}` };
}

// Asks through a client of HTTP/2; the status, once the description has the answer.
async function ask(client, document, path, target, headers = {}) {
  const got = await client.get(target, headers);
  let response = document.paths[path].get.responses[got.status];
  assert.ok(response, `${target}: ${got.status} is not described: ${got.text}`);
  if (response.$ref !== undefined) response = document.components.responses[response.$ref.split('/').at(-1)];
  if (got.status === 304) return got.status;
  if (got.status === 308) {
    assert.doesNotMatch(got.headers.location, /^\/|:/, target);
    return got.status;
  }
  const type = got.headers['content-type'].split(';')[0];
  assert.ok(response.content[type], `${target}: ${got.status} in ${type} is not described`);
  const { Problem, Candidates } = document.components.schemas;
  if (type === 'application/problem+json') assert.ok(ajv.validate(Problem, JSON.parse(got.text)), got.text);
  if (got.status === 200 && path.endsWith('/search')) assert.ok(ajv.validate(Candidates, JSON.parse(got.text)), got.text);
  return got.status;
}

scenario(`${N_REQUESTS} requests get no answer that the description does not have.`, {
  timeout_ms: 240_000,
  settings: {
    limits: { max_jobs: 10 }, songkick: { timeout_ms: 300, fresh_s: 1 }, 'tour:velvet': { provider: 'songkick', id: TOURS[0] },
  },
}, async (stage) => {
  const { json: document } = await description(stage);
  const below = numbers(2000);
  const client = stage.openH2();
  const many = '/api/songkick/artist';
  const seen = new Set([await ask(client, document, many, `${many}?id=${TOURS[0]}&format=itemlist`)]), seenOfPages = new Set(), paths = new Set();
  const slugs = hrefsOf((await stage.get(`/tour/songkick/${TOURS[0]}/`)).text)
    .map((href) => /^(\d{4}-[^/?]*)\//.exec(href)?.[1]).filter(Boolean);
  assert.ok(slugs.length === 3);
  for (let i = 0; i < N_REQUESTS / BESIDE; i++) {
    const perMode = Math.ceil(N_REQUESTS / BESIDE / MODES.length);
    if (i % perMode === 0) await stage.setMode(MODES[i / perMode]);
    await Promise.all(Array.from({ length: BESIDE }, async () => {
      const { path, target } = requestOf(document, slugs, below);
      const status = await ask(client, document, path, target, below(10) === 0 ? { 'if-none-match': '*' } : {});
      seen.add(status);
      paths.add(path);
      if (path.startsWith('/tour/')) seenOfPages.add(`${status} ${/[^/]*$/.exec(path)[0]}`);
    }));
  }
  for (const status of [200, 304, 400, 404, 422, 502, 503]) assert.ok(seen.has(status), `none was ${status}: ${[...seen]}`);
  assert.deepEqual(Object.keys(document.paths).filter((path) => !paths.has(path)), []);
  for (const name of ['', 'date.ics', 'dates.ics', 'feed.json', 'feed.xml', 'sitemap.xml']) {
    for (const status of [200, 304, 400, 404]) assert.ok(seenOfPages.has(`${status} ${name}`), `no ${status} of ${name}: ${[...seenOfPages]}`);
  }
  assert.ok(seenOfPages.has('308 ') && seenOfPages.has('308 date.ics'), `no 308: ${[...seenOfPages]}`);
});

scenario('A client over its budget gets an answer that the description has.', {
  settings: { limits: { client_cold_per_minute: 1, client_cold_burst: 1 } },
}, async (stage) => {
  const { json: document } = await description(stage);
  const client = stage.openH2();
  const path = '/api/songkick/artist';
  for (const [n, status] of [[0, 200], [1, 429], [2, 429]]) {
    assert.equal(await ask(client, document, path, `${path}?id=9000400${n}`), status);
  }
});
