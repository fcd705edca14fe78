// Stale documents are served at once and refreshed behind the client's back.
import assert from 'node:assert/strict';

import { artist, scenario, sleep, until } from './harness.mjs';

const SMALL = 90004004; // 5 requests
const SHORT_LIVED = { settings: { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 60 } } };

async function jobsDone(stage) {
  await until('the end of all jobs', async () => (await stage.metric('jobs_running')) === 0);
}

scenario('A stale document is served at once and is new for the next client.', SHORT_LIVED, async (stage) => {
  const first = await stage.get(artist(SMALL));
  await sleep(1100);
  await stage.resetCounters();
  await stage.setLatency(500);
  const stale = await stage.get(artist(SMALL));
  assert.equal(stale.status, 200);
  assert.deepEqual(stale.body, first.body);
  assert.ok(stale.elapsed_ms < 500, `it waited ${stale.elapsed_ms} ms`);
  assert.ok(Number(stale.headers.age) >= 1);
  await until('the refresh', async () => (await stage.counters()).requests === 5);
  await jobsDone(stage);
  assert.equal((await stage.counters()).rounds.length, 1);
  const next = await stage.get(artist(SMALL));
  assert.ok(Date.parse(next.headers.date) / 1000 - Number(next.headers.age) >
    Date.parse(stale.headers.date) / 1000 - Number(stale.headers.age), 'it is the old one still');
});

scenario('Only what is no longer fresh is asked for again.', {
  settings: { songkick: { fresh_s: 1, venue_fresh_s: 600, keep_s: 600 } },
}, async (stage) => {
  await stage.get(artist(SMALL));
  await sleep(1100);
  await stage.resetCounters();
  await stage.get(artist(SMALL));
  await until('the refresh', async () => (await stage.counters()).requests > 0);
  await jobsDone(stage);
  const { classes } = await stage.counters();
  assert.equal(classes.calendar.requests, 1);
  assert.equal(classes.venue.requests, 0);
});

// The back thread's clock lagged behind the front threads', so it took the document for fresh, and nobody tried
// again for 10 s.
scenario('A document that is found stale in the first millisecond is refreshed too.', SHORT_LIVED,
  async (stage) => {
    const client = stage.openH2();
    await client.get(artist(SMALL));
    for (let i = 0; i < 4; i++) {
      await stage.resetCounters();
      const end_ms = performance.now() + 6000;
      while ((await stage.metric('refreshes')) <= i) {
        assert.ok(performance.now() < end_ms, 'it was never found stale');
        assert.equal((await client.get(artist(SMALL))).status, 200);
      }
      // Of answers that came on both sides of a second's turn only the older ones are stale.
      await until('the refresh', async () => (await stage.counters()).requests > 0, 5000);
      await jobsDone(stage);
    }
  });

scenario('Age counts from the making of the document, and max-age with it.', {
  settings: { songkick: { fresh_s: 100, venue_fresh_s: 100, keep_s: 1000 } },
}, async (stage) => {
  const first = await stage.get(artist(SMALL));
  assert.equal(first.headers.age, '0');
  await sleep(1500);
  const later = await stage.get(artist(SMALL));
  assert.ok(Number(later.headers.age) >= 1);
  assert.equal(later.headers['cache-control'], first.headers['cache-control']);
  assert.equal(later.headers['last-modified'], first.headers['last-modified']);
});

// It was kept like a good one and took the place of the last good one: for the hours that it was fresh, every
// format that nobody had asked for before was a 502.
scenario('An answer of the wrong shape is not kept, and leaves the last good one in use in every format.', {
  settings: { cache: { incomplete_fresh_s: 1 }, songkick: { fresh_s: 1, venue_fresh_s: 600, keep_s: 600 } },
}, async (stage) => {
  const first = await stage.get(artist(SMALL));
  await sleep(1100);
  await stage.setMode('wrong-types', { match: 'calendar' });
  const other = await stage.get(artist(SMALL, { format: 'ics' }));
  assert.equal(other.status, 200);
  assert.match(other.headers['cache-status'], /detail=upstream-rubbish/);
  await stage.setMode('ok');
  await stage.resetCounters();
  await until('a good answer', async () => {
    await stage.get(artist(SMALL, { format: 'ics' }));
    return (await stage.counters()).classes.calendar.requests > 0;
  });
  assert.deepEqual((await stage.get(artist(SMALL))).body, first.body);
});

// One 404 of the provider threw away a copy that was good for a day, and every format with it.
scenario('An artist that was there is gone when the provider says so again after gone_after_s.', {
  settings: { cache: { incomplete_fresh_s: 1, not_found_fresh_s: 1, gone_after_s: 4 },
    songkick: { fresh_s: 1, venue_fresh_s: 600, keep_s: 600 } },
}, async (stage) => {
  const first = await stage.get(artist(SMALL));
  await sleep(1100);
  await stage.setMode('404', { match: 'calendar' });
  const other = await stage.get(artist(SMALL, { format: 'ics' })); // never asked for before
  assert.equal(other.status, 200);
  assert.match(other.headers['cache-status'], /detail=not-found/);
  assert.equal(other.headers['proxy-status'], 'marquee; received-status=404; next-hop=songkick');
  await jobsDone(stage);
  assert.deepEqual((await stage.get(artist(SMALL))).body, first.body);
  await until('the artist to be gone', async () => (await stage.get(artist(SMALL))).status === 404);
  await stage.setMode('ok');
  await until('the artist to be back', async () => (await stage.get(artist(SMALL))).status === 200);
});
