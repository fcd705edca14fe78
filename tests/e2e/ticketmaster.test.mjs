// Ticketmaster through the whole service: pages, quota, and what tells its two refusals apart.
import assert from 'node:assert/strict';

import { scenario, sleep, until } from './harness.mjs';

const UNLIMITED = { ticketmaster: { requests_per_s: 0 } };

function attraction(number, parameters = {}) {
  return `/api/ticketmaster/artist?${new URLSearchParams({ id: `K8vZ${number}`, ...parameters })}`;
}

scenario('A tour of 350 events is asked for in two rounds, all later pages together.', {
  settings: UNLIMITED,
}, async (stage) => {
  await stage.setLatency(300);
  const got = await stage.get(attraction(90350010));
  const counters = await stage.counters();
  assert.equal(got.status, 200);
  assert.equal(got.json.length, 350);
  assert.equal(counters.requests, 4);
  assert.equal(counters.rounds.length, 2, JSON.stringify(counters.rounds));
  assert.equal(counters.peak, 3);
});

scenario('Parking and resale listings are no events, and every offset is right.', {
  settings: UNLIMITED,
}, async (stage) => {
  const got = await stage.get(attraction(6395144, { name: 'Velvet Harbour' }));
  assert.equal(got.json.length, 54);
  for (const event of got.json) {
    assert.doesNotMatch(event.name, /^Parking/);
    assert.match(event['@id'], /\/ticketmaster\/event\/G5dIZ\d+#event$/);
    assert.match(event.startDate, /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?$/);
  }
  const songkick = await stage.get('/api/songkick/artist?id=6395144');
  const starts = Object.fromEntries(songkick.json.map((event) => [event['@id'].match(/\d+(?=#)/)[0], event.startDate]));
  // Songkick's festivals have days alone.
  for (const event of got.json) {
    const start = starts[event['@id'].match(/\d+(?=#)/)[0]];
    assert.equal(event.startDate.slice(0, start.length), start);
  }
});

scenario('An artist without events is an empty list, an unknown one is 404.', {
  settings: UNLIMITED,
}, async (stage) => {
  const empty = await stage.get(attraction(90000000));
  assert.equal(empty.status, 200);
  assert.deepEqual(empty.json, []);
  assert.equal((await stage.get(attraction(4040001))).status, 404);
  assert.equal((await stage.get('/api/ticketmaster/artist?id=1098654')).status, 400);
  assert.equal((await stage.get('/api/ticketmaster/venue?id=KovZ17')).status, 200);
  assert.equal((await stage.get('/api/musicbrainz/artist?id=K8vZ1001')).status, 404);
});

scenario('No more is asked in a second than the key may.', {}, async (stage) => {
  const got = await stage.get(attraction(90350010));
  const { arrivals_ms: arrivals } = await stage.counters();
  assert.equal(got.json.length, 350);
  assert.equal(arrivals.length, 4);
  // Two at once, then one each half second.
  assert.ok(arrivals[3] - arrivals[0] > 800, JSON.stringify(arrivals));
});

scenario('A spent quota is 503 until the time that the API names, and nothing is asked meanwhile.', {
  settings: UNLIMITED,
}, async (stage) => {
  await stage.setMode('quota', { match: 'ticketmaster' });
  const first = await stage.get(attraction(1001));
  assert.equal(first.status, 503);
  assert.ok(Number(first.headers['retry-after']) > 3500, first.headers['retry-after']);
  await stage.setMode('ok');
  await stage.resetCounters();
  const second = await stage.get(attraction(1002));
  assert.equal(second.status, 503);
  assert.ok(Number(second.headers['retry-after']) > 3500, second.headers['retry-after']);
  assert.equal((await stage.counters()).requests, 0);
  assert.equal((await stage.get('/api/songkick/artist?id=90054050')).status, 200);
});

for (const mode of ['quota-uncounted', 'quota-below', 'quota-above']) {
  scenario(`A refusal for a spent quota is believed whatever the count of what is left says: ${mode}.`, {
    settings: UNLIMITED,
  }, async (stage) => {
    await stage.setMode(mode, { match: 'ticketmaster' });
    const first = await stage.get(attraction(1001));
    await stage.setMode('ok');
    await stage.resetCounters();
    const second = await stage.get(attraction(1002));
    for (const got of [first, second]) {
      assert.equal(got.status, 503);
      assert.ok(Number(got.headers['retry-after']) > 3500, got.headers['retry-after']);
    }
    assert.equal((await stage.counters()).requests, 0);
  });
}

scenario('While a quota is spent stale copies are given out, and nothing is asked.', {
  settings: { ticketmaster: { requests_per_s: 0, fresh_s: 1, keep_s: 600 } },
}, async (stage) => {
  const first = await stage.get(attraction(90004004));
  assert.equal(first.status, 200);
  await stage.setMode('quota', { match: 'ticketmaster' });
  assert.equal((await stage.get(attraction(90005004))).status, 503);
  await stage.setMode('ok');
  await stage.resetCounters();
  await sleep(1100);
  for (let i = 0; i < 3; i++) {
    const stale = await stage.get(attraction(90004004));
    assert.equal(stale.status, 200);
    assert.deepEqual(stale.body, first.body);
    assert.ok(Number(stale.headers.age) >= 1);
    await until('the end of all jobs', async () => (await stage.metric('jobs_running')) === 0);
  }
  assert.equal((await stage.counters()).requests, 0);
});

scenario('Asking too fast is over in a second.', { settings: UNLIMITED }, async (stage) => {
  await stage.setMode('spike', { match: 'ticketmaster', times: 1 });
  const refused = await stage.get(attraction(1001));
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers['retry-after']) <= 2, refused.headers['retry-after']);
  for (let i = 0; ; i++) {
    const got = await stage.get(attraction(1001));
    if (got.status === 200) break;
    assert.ok(i < 50, `still ${got.status}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
});
