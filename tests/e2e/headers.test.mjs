// Every route and every fault under a linter (lint.mjs), over both HTTP versions, with GET and HEAD, in every
// encoding, and again with the validator that came.
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';

import { artist, scenario, sleep, within } from './harness.mjs';
import { cacheControl, lint, parseList } from './lint.mjs';

const SMALL = 90004004;
const SHORT = { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 600, timeout_ms: 700 }, limits: { document_deadline_ms: 1500 } };

function overHttp1(stage, method, path, headers, plain) {
  const module = plain === undefined ? https : http;
  const options = {
    host: '127.0.0.1', port: plain ?? stage.httpsPort, ca: stage.ca, servername: 'localhost', method, path, headers,
    agent: false,
  };
  return within(20_000, path, new Promise((done, failed) => {
    const request = module.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => done({
        method, status: response.statusCode, headers: response.headers, raw: response.rawHeaders,
        body: Buffer.concat(chunks), secure: plain === undefined, http2: false,
      }));
    });
    request.on('error', failed);
    request.end();
  }));
}

function overHttp2(client, method, path, headers) {
  return within(20_000, path, new Promise((done, failed) => {
    const stream = client.session.request({ ':path': path, ':method': method, ...headers });
    const chunks = [];
    let got;
    stream.on('response', (fields, flags, raw) => {
      const plain = Object.fromEntries(Object.entries(fields).filter(([name]) => name[0] !== ':'));
      got = { method, status: fields[':status'], headers: plain, raw, secure: true, http2: true };
    });
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('error', failed);
    stream.on('end', () => done({ ...got, body: Buffer.concat(chunks) }));
    stream.end();
  }));
}

// What comes back to bytes that no library would send, up to the end of the connection.
function overTls(stage, bytes) {
  return within(20_000, bytes, new Promise((done) => {
    const socket = tls.connect({
      host: '127.0.0.1', port: stage.httpsPort, ca: stage.ca, servername: 'localhost', ALPNProtocols: ['http/1.1'],
    });
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
    socket.once('secureConnect', () => socket.write(bytes, 'latin1'));
    socket.once('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      const [first, ...lines] = all.subarray(0, end).toString('latin1').split('\r\n');
      const raw = lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
      const headers = {};
      for (let i = 0; i < raw.length; i += 2) headers[raw[i].toLowerCase()] = raw[i + 1];
      done({
        method: bytes.split(' ')[0], status: Number(first.split(' ')[1]), headers, raw, body: all.subarray(end + 4),
        secure: true, http2: false,
      });
    });
  }));
}

// Collects what the linter says about many answers.
class Linter {
  constructor(stage) {
    this.stage = stage;
    this.client = stage.openH2();
    this.notes = [];
    this.n = 0;
  }

  note(what, note) {
    this.notes.push(`${what}: ${note}`);
  }

  judge(what, got) {
    this.n++;
    for (const note of lint(got)) this.note(what, note);
    return got;
  }

  async ask(what, path, { method = 'GET', headers = {}, status } = {}) {
    const answers = [];
    for (const version of [1, 2]) {
      const got = await (version === 1 ? overHttp1(this.stage, method, path, headers)
        : overHttp2(this.client, method, path, headers));
      const name = `${what}, ${method} over HTTP/${version}`;
      this.judge(name, got);
      if (status !== undefined && got.status !== status) this.note(name, `status ${got.status}, not ${status}`);
      if (path.startsWith('/api/') && got.headers['access-control-allow-origin'] !== '*') this.note(name, 'no CORS');
      if (path.startsWith('/api/') && got.status !== 204 && got.headers['cross-origin-resource-policy'] !== 'cross-origin') this.note(name, 'no CORP');
      answers.push(got);
    }
    return answers;
  }

  // The same question in all the ways that must agree.
  async all(what, path, status) {
    for (const encoding of ['identity', 'gzip', 'br']) {
      const headers = { 'accept-encoding': encoding };
      const [one, two] = await this.ask(`${what} (${encoding})`, path, { headers, status });
      const heads = await this.ask(`${what} (${encoding})`, path, { method: 'HEAD', headers, status });
      for (const head of heads) {
        for (const name of ['content-type', 'content-length', 'content-encoding', 'etag', 'vary', 'allow']) {
          // A problem's instance and a body's length are the same for both.
          if (head.headers[name] !== one.headers[name]) this.note(`${what} (${encoding})`, `HEAD has another ${name}`);
        }
      }
      if (!one.body.equals(two.body)) this.note(what, 'the body depends on the version of HTTP');
      if (one.headers.etag === undefined) continue;
      for (const etag of [one.headers.etag, `"x", ${one.headers.etag}`, `W/${one.headers.etag}`, '*']) {
        const known = await this.ask(`${what} (${encoding}), known`, path, {
          headers: { ...headers, 'if-none-match': etag }, status: 304,
        });
        for (const name of ['etag', 'cache-control', 'vary', 'last-modified']) {
          if (known[0].headers[name] !== one.headers[name]) this.note(what, `304 has another ${name}`);
        }
      }
    }
  }

  end(at_least) {
    assert.deepEqual([...new Set(this.notes)], []);
    assert.ok(this.n >= at_least, `only ${this.n} answers`);
  }
}

scenario('Every route keeps the rules.', {}, async (stage) => {
  const linter = new Linter(stage);
  await linter.all('the front page', '/', 200);
  await linter.all('robots.txt', '/robots.txt', 200);
  await linter.all('favicon', '/favicon.ico', 200);
  for (const format of ['jsonld', 'graph', 'html', 'js', 'ics']) {
    await linter.all(format, artist(SMALL, { format }), 200);
  }
  await linter.all('itemlist', artist(SMALL, { format: 'itemlist', eventurl: 'https://a.example/{id}' }), 200);
  await linter.all('no itemlist', artist(SMALL, { format: 'itemlist' }), 422);
  await linter.all('indented', artist(SMALL, { indent: 1 }), 200);
  await linter.all('no events', artist(90000000), 200);
  linter.end(200);
});

scenario('Every mistake of a client keeps the rules.', {}, async (stage) => {
  const linter = new Linter(stage);
  await linter.all('an unknown path', '/nothing', 404);
  await linter.all('an unknown provider', '/api/nobody/artist?id=1', 404);
  await linter.all('an unknown artist', artist(4041234), 404);
  await linter.all('an unknown artist in a page', artist(4041234, { format: 'html' }), 404);
  await linter.all('wrong parameters', '/api/songkick/artist?id=x&limit=0&weburl=y', 400);
  await linter.all('wrong parameters of a script', '/api/songkick/artist?id=x&format=js', 400);
  await linter.all('bytes that are no UTF-8', '/api/songkick/artist?id=1&name=%ff', 400);
  await linter.all('an instance to escape', '/api/songkick/artist?id=%22%3C%3E%00', 400);
  await linter.ask('a long path', `/${'x'.repeat(8500)}`, { status: 414 });
  const http = linter.judge('http over TLS', await overHttp2(linter.client, 'GET', '/', { ':scheme': 'http' }));
  assert.equal(http.status, 400);
  for (const method of ['POST', 'DELETE', 'PATCH']) await linter.ask('a method', artist(SMALL), { method, status: 405 });
  await linter.ask('a preflight', artist(SMALL), {
    method: 'OPTIONS', headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' }, status: 204,
  });
  linter.end(100);
});

// libh2o answers these by itself.
scenario('What never becomes a request is answered by the rules, too.', { simulator: false }, async (stage) => {
  const linter = new Linter(stage);
  for (const [what, status, bytes] of [
    ['too long a body', 413, 'Content-Length: 100000\r\n\r\n'],
    ['too long a body in chunks', 413, `Transfer-Encoding: chunked\r\n\r\n14000\r\n${'x'.repeat(0x14000)}\r\n0\r\n\r\n`],
    ['a chunk that is none', 400, 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['an unknown coding', 400, 'Transfer-Encoding: gzip\r\n\r\n'],
    ['an unknown expectation', 417, 'Expect: wonders\r\nContent-Length: 5\r\n\r\n'],
  ]) {
    for (const method of ['GET', 'HEAD']) {
      const got = linter.judge(what, await overTls(stage, `${method} /\xe9 HTTP/1.1\r\nHost: localhost\r\n${bytes}`));
      assert.equal(got.status, status, what);
      if (method === 'GET') assert.equal(JSON.parse(got.body.toString()).instance, '/%E9');
    }
  }
  // The one exception: nothing can be put into this one (handler.c).
  const got = await overTls(stage, '\x01\x02\x03\r\n\r\n');
  assert.equal(got.status, 400);
  assert.equal(got.headers['content-type'], 'text/plain; charset=utf-8');
  linter.end(10);
});

scenario('The other listeners keep the rules.', {}, async (stage) => {
  const linter = new Linter(stage);
  for (const method of ['GET', 'HEAD']) {
    for (const path of ['/', artist(SMALL), '/nothing?x=y', '/\xc3\xa9"<>']) {
      const got = linter.judge(path, await overHttp1(stage, method, path, {}, stage.httpPort));
      assert.equal(got.status, 308);
    }
    for (const path of ['/healthz', '/readyz', '/metrics', '/nothing']) {
      linter.judge(path, await overHttp1(stage, method, path, {}, stage.adminPort));
    }
  }
  linter.end(16);
});

const faults = ['500', '403', '429-seconds', 'hang', 'rst', 'garbage-body', 'truncated', 'html', 'empty', 'gzip-bomb'];

scenario('Every fault of an upstream keeps the rules, with nothing in memory.', { settings: SHORT }, async (stage) => {
  const linter = new Linter(stage);
  let id = 90001001;
  for (const mode of faults) {
    await stage.setMode(mode);
    for (const format of ['jsonld', 'html']) {
      const answers = await linter.ask(mode, artist((id += 1_000_000), { format }));
      for (const got of answers) {
        assert.ok(got.status >= 502 && got.status <= 504, `${mode}: ${got.status}`);
        assert.ok(got.headers['proxy-status'] !== undefined, `${mode}: no Proxy-Status`);
        assert.ok(got.headers['cache-status'] !== undefined, `${mode}: no Cache-Status`);
      }
    }
    await stage.setMode('ok');
  }
  linter.end(faults.length * 4);
});

scenario('A last good copy keeps the rules and says why it is one.', { settings: SHORT }, async (stage) => {
  const linter = new Linter(stage);
  const path = artist(SMALL);
  await stage.get(path);
  await stage.setMode('500');
  await sleep(1100);
  await stage.get(path);
  await sleep(400); // the refresh has failed
  for (const got of await linter.ask('a stale copy', path, { status: 200 })) {
    const control = cacheControl(got.headers['cache-control']);
    const left_s = control['max-age'] - Number(got.headers.age);
    assert.ok(left_s <= 60 && left_s + control['stale-if-error'] < 600, 'it may be kept too long');
    const [status] = parseList(got.headers['cache-status']);
    assert.ok(status.parameters.ttl.value <= 60, got.headers['cache-status']);
    assert.match(got.headers['proxy-status'], /error=/);
  }
  await linter.all('a stale copy', path, 200);
  linter.end(10);
});

scenario('A client over its budget and a full service keep the rules.', {
  settings: { limits: { client_cold_per_minute: 1, client_cold_burst: 2, max_jobs: 1 } },
}, async (stage) => {
  const linter = new Linter(stage);
  await stage.setLatency(300);
  const slow = stage.get(artist(SMALL));
  await sleep(100);
  const [full] = await linter.ask('a full service', artist(90001001), { status: undefined });
  assert.equal(full.status, 503);
  assert.equal(full.headers.ratelimit, undefined, 'what is not begun costs nothing');
  assert.equal((await slow).status, 200);
  const [last] = await linter.ask('the last of a budget', artist(90001001), { status: 200 });
  assert.match(last.headers.ratelimit, /^"cold";r=0;t=\d+$/);
  for (const format of ['jsonld', 'js']) await linter.ask('a budget', artist(90002001, { format }), { status: 429 });
  linter.end(6);
});

scenario('The age of a document grows, and what it was made of does not get younger.', {}, async (stage) => {
  const first = await stage.get(artist(SMALL));
  await sleep(2100);
  const later = await stage.get(artist(SMALL));
  assert.ok(Number(later.headers.age) - Number(first.headers.age) >= 2);
  assert.equal(later.headers['cache-control'], first.headers['cache-control']);
  assert.equal(later.headers['last-modified'], first.headers['last-modified']);
  assert.equal(later.headers.etag, first.headers.etag);
});
