// What answers tell caches and scripts: RFC 9111, 5861, 9211, Server-Timing, CORS.
import assert from 'node:assert/strict';
import net from 'node:net';

import { artist, memory_mb, scenario, sleep } from './harness.mjs';

const SMALL = 90004004;

function directives(got) {
  const pairs = got.headers['cache-control'].split(', ').map((one) => one.split('='));
  return Object.fromEntries(pairs.map(([name, value]) => [name, value === undefined ? true : Number(value)]));
}

scenario('Lifetimes come from the settings and add up to the time it may be kept.', {
  settings: { songkick: { fresh_s: 1000, venue_fresh_s: 2000, keep_s: 5000 } },
}, async (stage) => {
  const control = directives(await stage.get(artist(SMALL)));
  assert.equal(control.public, true);
  // Up to a tenth shorter, so that what came together does not expire together.
  assert.ok(control['max-age'] > 899 && control['max-age'] <= 1000, JSON.stringify(control));
  assert.ok(control['max-age'] + control['stale-while-revalidate'] <= 5000);
  assert.ok(control['max-age'] + control['stale-if-error'] <= 5000);
  assert.ok(control['stale-if-error'] > 3000);
});

scenario("Nothing is kept past Songkick's 24 hours.", {}, async (stage) => {
  const control = directives(await stage.get(artist(SMALL)));
  assert.ok(control['max-age'] > 0 && control['max-age'] <= 14400);
  assert.ok(control['max-age'] + control['stale-while-revalidate'] <= 86400);
  assert.ok(control['max-age'] + control['stale-if-error'] <= 86400);
  // These would switch off serving stale in caches on the way.
  for (const name of ['s-maxage', 'must-revalidate', 'proxy-revalidate']) assert.equal(control[name], undefined);
});

scenario('A document made later of the same answers ends with them.', {
  settings: { songkick: { fresh_s: 1000, venue_fresh_s: 1000, keep_s: 5000 } },
}, async (stage) => {
  const first = await stage.get(artist(SMALL));
  await sleep(2100);
  const later = await stage.get(artist(SMALL, { name: 'Later' }));
  assert.ok(Number(later.headers.age) >= 2, 'it is as old as they are');
  assert.ok(directives(later)['max-age'] <= directives(first)['max-age'], 'it would outlive what it is made of');
  const endOf = (got) => Math.floor(Date.parse(got.headers.date) / 1000) - Number(got.headers.age) +
    directives(got)['max-age'] + directives(got)['stale-if-error'];
  assert.ok(endOf(later) <= endOf(first) + 1);
});

scenario('Validators, Vary, Cache-Status and Server-Timing are on every document.', {}, async (stage) => {
  const miss = await stage.get(artist(SMALL));
  const hit = await stage.get(artist(SMALL));
  for (const { headers } of [miss, hit]) {
    assert.match(headers.etag, /^"[\x21\x23-\x7e]+"$/);
    assert.ok(Date.parse(headers['last-modified']) <= Date.parse(headers.date));
    assert.equal(headers.vary, 'Accept-Encoding');
    assert.match(headers.age, /^\d+$/);
    assert.match(headers['server-timing'], /^cache;desc=(miss|hit)/);
    assert.equal(headers['timing-allow-origin'], '*');
  }
  assert.match(miss.headers['cache-status'], /^marquee; fwd=miss; stored$/);
  assert.match(hit.headers['cache-status'], /^marquee; hit; ttl=\d+$/);
  assert.match(miss.headers['server-timing'], /upstream;desc="5 requests, 2 rounds";dur=[\d.]+/);
});

scenario('Scripts of other origins may read documents and problems.', {}, async (stage) => {
  for (const path of [artist(SMALL), artist(4041234), artist('abc')]) {
    const got = await stage.get(path, { headers: { origin: 'https://artist.example' } });
    assert.equal(got.headers['access-control-allow-origin'], '*', path);
  }
  const preflight = await stage.get(artist(SMALL), {
    method: 'OPTIONS',
    headers: { origin: 'https://artist.example', 'access-control-request-method': 'GET' },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-origin'], '*');
});

scenario('Who has a page already gets 304, in each encoding.', { simulator: false }, async (stage) => {
  for (const path of ['/', '/problems']) {
    for (const encoding of ['identity', 'gzip']) {
      const headers = { 'accept-encoding': encoding };
      const first = await stage.get(path, { headers });
      assert.equal(first.status, 200, path);
      assert.equal(first.headers['cache-control'], 'no-cache', path);
      const again = await stage.get(path, { headers: { ...headers, 'if-none-match': first.headers.etag } });
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', first.headers.etag], `${path} ${encoding}`);
    }
  }
});

scenario('Errors are stored by nobody and carry no validator.', {}, async (stage) => {
  await stage.setMode('500', { match: '90012010' });
  for (const [path, status] of [
    [artist(4041234), 404], [artist('abc'), 400], [artist(90012010), 502], ['/nothing', 404],
  ]) {
    for (const got of [await stage.get(path), await stage.get(path)]) {
      assert.equal(got.status, status, path);
      assert.equal(got.headers['cache-control'], 'no-store', path);
      assert.equal(got.headers.etag, undefined, path);
    }
  }
});

scenario('The front page is there.', { simulator: false }, async (stage) => {
  const got = await stage.get('/');
  assert.equal(got.status, 200);
  assert.match(got.headers['content-type'], /^text\/html/);
  assert.match(got.headers['content-security-policy'], /default-src 'none'/);
});

scenario('A health check of HTTP/1.0 without Host is answered; the plain port asks for a Host to point to.', {
  simulator: false,
}, async (stage) => {
  const ask = (port, bytes) => new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text)).on('error', reject);
  });
  assert.match(await ask(stage.adminPort, 'GET /healthz HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
  assert.match(await ask(stage.httpPort, 'OPTIONS * HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 204 /);
  assert.match(await ask(stage.httpPort, 'GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 400 /);
});

scenario('healthz, readyz and metrics are on the admin port alone.', { simulator: false }, async (stage) => {
  assert.equal(await stage.isReady(), true);
  assert.equal(await stage.metric('jobs_running'), 0);
  for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await stage.get(path)).status, 404);
});

scenario('The metrics tell what memory the process has.', { simulator: false }, async (stage) => {
  const told_mb = (await stage.metric('resident_bytes')) / 2 ** 20;
  const has_mb = memory_mb(stage.marquee.pid);
  assert.ok(told_mb > has_mb * 0.8 && told_mb < has_mb * 1.2, `${told_mb} MB, and it has ${has_mb}`);
});
