// However many clients ask for one thing at once, upstream is asked once.
import assert from 'node:assert/strict';
import https from 'node:https';

import { artist, getHttps, scenario, sleep, until } from './harness.mjs';

const TOUR = 90054050; // 2 pages and 50 venues: 52 requests
const LATENCY_MS = 300; // so that everybody comes while the first is still waiting

scenario('100 clients that ask for the same cold artist at once cause one set of requests.', {}, async (stage) => {
  await stage.setLatency(LATENCY_MS);
  const all = await Promise.all(Array.from({ length: 100 }, () => stage.get(artist(TOUR))));
  assert.equal((await stage.counters()).requests, 52);
  for (const got of all) {
    assert.equal(got.status, 200);
    assert.deepEqual(got.body, all[0].body);
  }
  assert.equal(all[0].json.length, 54);
  const collapsed = all.filter((got) => /; collapsed/.test(got.headers['cache-status']));
  assert.ok(collapsed.length > 0, 'nobody is told that requests were collapsed');
});

scenario('So do 100 streams of one HTTP/2 connection.', {}, async (stage) => {
  await stage.setLatency(LATENCY_MS);
  const client = stage.openH2();
  const all = await Promise.all(Array.from({ length: 100 }, () => client.get(artist(TOUR))));
  assert.equal((await stage.counters()).requests, 52);
  for (const got of all) assert.deepEqual(got.body, all[0].body);
});

scenario('Two documents of one artist in the making share the upstream answers.', {}, async (stage) => {
  await stage.setLatency(LATENCY_MS);
  const [one, other] = await Promise.all([
    stage.get(artist(TOUR, { name: 'One' })),
    stage.get(artist(TOUR, { name: 'Other' })),
  ]);
  const counters = await stage.counters({ paths: 1 });
  assert.equal(counters.requests, 52);
  for (const [path, tally] of Object.entries(counters.paths)) assert.equal(tally.requests, 1, path);
  assert.notDeepEqual(one.body, other.body);
});

scenario('A problem is shared too: 50 clients, one request.', {}, async (stage) => {
  await stage.setLatency(LATENCY_MS);
  const all = await Promise.all(Array.from({ length: 50 }, () => stage.get(artist(4041234))));
  assert.equal((await stage.counters()).requests, 1);
  for (const got of all) assert.equal(got.status, 404);
});

scenario('A client that leaves does not stop the others, and its document is made.', {}, async (stage) => {
  await stage.setLatency(LATENCY_MS);
  const request = https.get({
    host: '127.0.0.1', servername: 'localhost', port: stage.httpsPort, ca: stage.ca, path: artist(TOUR), agent: false,
  });
  request.on('error', () => {}); // we break it off ourselves
  await until('the first upstream request', async () => (await stage.counters()).requests > 0);
  const other = stage.get(artist(TOUR));
  request.destroy();
  assert.equal((await other).json.length, 54);
  assert.equal((await stage.counters()).requests, 52);
});

scenario('A client that leaves alone has still filled the cache.', {}, async (stage) => {
  await stage.setLatency(100);
  const request = https.get({
    host: '127.0.0.1', servername: 'localhost', port: stage.httpsPort, ca: stage.ca, path: artist(TOUR), agent: false,
  });
  request.on('error', () => {});
  await until('the first upstream request', async () => (await stage.counters()).requests > 0);
  request.destroy();
  await until('the end of the document', async () => (await stage.metric('jobs_running')) === 0);
  assert.equal((await stage.counters()).requests, 52);
  const got = await stage.get(artist(TOUR));
  assert.match(got.headers['cache-status'], /^marquee; hit/);
  assert.equal(got.json.length, 54);
});

scenario('Of many clients that find a stale document one refresh results.', {
  settings: { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 60 } },
}, async (stage) => {
  await stage.get(artist(TOUR));
  await stage.resetCounters();
  await stage.setLatency(LATENCY_MS);
  await sleep(1100);
  const client = stage.openH2();
  const all = await Promise.all(Array.from({ length: 40 }, () => client.get(artist(TOUR))));
  for (const got of all) assert.equal(got.status, 200);
  await until('the refresh', async () => (await stage.counters()).requests >= 52);
  await until('its end', async () => (await stage.metric('jobs_running')) === 0);
  assert.equal(await stage.metric('refreshes'), 1);
  const counters = await stage.counters();
  assert.equal(counters.requests, 52);
  assert.equal(counters.rounds.length, 1, 'a refresh asks everything at once');
});

// A lock that memcached is late with counts as taken, and on a busy machine it may well be late.
scenario('Two instances that share memcached ask upstream once.', {
  memcached: true,
  settings: { cache: { memcached_timeout_ms: 1000 } },
}, async (stage) => {
  const one = { marquee: stage.marquee, port: stage.httpsPort };
  await stage.startMarquee();
  await stage.setLatency(LATENCY_MS);
  const [first, second] = await Promise.all([
    getHttps(one.port, stage.ca, artist(TOUR)),
    stage.get(artist(TOUR)),
  ]);
  assert.equal(first.status, 200);
  assert.equal(second.status, 200);
  assert.equal(first.json.length, 54);
  assert.equal(second.json.length, 54);
  assert.equal((await stage.counters()).requests, 52);
  assert.deepEqual(await one.marquee.stop(), { code: 0, signal: null });
});
