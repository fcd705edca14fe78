// What a document that nobody has asked for before costs: requests, rounds, connections. Rounds are counted by the
// simulator (tests/simulator/counters.h): a request that arrives after an answer has begun opens the next one.
import assert from 'node:assert/strict';

import { artist, scenario, sleep } from './harness.mjs';

const LATENCY_MS = 300; // far more than the service's own work, also on a busy machine
const TOUR = 90054050; // 54 events on 2 pages, 50 venues
const OTHER_TOUR = 900540501;

// Asks for another artist, so that connections are warm, and begins to count.
async function warmUp(stage, id = OTHER_TOUR) {
  await stage.setLatency(LATENCY_MS);
  assert.equal((await stage.get(artist(id))).status, 200);
  await stage.resetCounters();
}

scenario('A cold tour of 54 events and 50 venues takes 52 requests in 3 rounds.', {}, async (stage) => {
  await warmUp(stage);
  const got = await stage.get(artist(TOUR));
  const counters = await stage.counters();
  assert.equal(got.status, 200);
  assert.equal(got.json.length, 54);
  assert.equal(counters.requests, 52);
  assert.equal(counters.classes.calendar.requests, 2);
  assert.equal(counters.classes.venue.requests, 50);
  assert.equal(counters.rounds.length, 3, JSON.stringify(counters.rounds));
  assert.ok(got.elapsed_ms < 4 * LATENCY_MS, `${got.elapsed_ms} ms`);
  assert.match(got.headers['server-timing'], /52 requests, 3 rounds/);
  // Page 2 and the venues of page 1 go together; those that only page 2 names come after.
  assert.ok(counters.peak >= 45, `peak ${counters.peak}`);
  assert.equal(counters.http2_requests, 52);
  assert.ok(counters.connections_used <= 4, `${counters.connections_used} connections`);
});

scenario('What the last answer needed is remembered: all of it is asked again in one round.', {
  settings: { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 1 } },
}, async (stage) => {
  await warmUp(stage, TOUR);
  await sleep(1100); // nothing but the hints is left
  const got = await stage.get(artist(TOUR));
  const counters = await stage.counters();
  assert.equal(got.json.length, 54);
  assert.equal(counters.requests, 52);
  assert.equal(counters.peak, 52);
  assert.equal(counters.rounds.length, 1, JSON.stringify(counters.rounds));
  assert.ok(got.elapsed_ms < 2 * LATENCY_MS, `${got.elapsed_ms} ms`);
});

scenario('The hints serve a document of the same artist under another name too.', {}, async (stage) => {
  await warmUp(stage, TOUR);
  const got = await stage.get(artist(TOUR, { name: 'The Same Band' }));
  assert.equal(got.json[0].performer.name ?? got.json[0].performer[0].name, 'The Same Band');
  assert.equal((await stage.counters()).requests, 0);
});

scenario('An upstream that speaks only HTTP/1.1 is asked over as many connections as allowed, no more.', {
  simulator: ['--http1-only'],
  settings: { songkick: { max_connections: 10 } },
}, async (stage) => {
  await stage.setLatency(100);
  await stage.resetCounters();
  const got = await stage.get(artist(TOUR));
  const counters = await stage.counters();
  assert.equal(got.json.length, 54);
  assert.equal(counters.requests, 52);
  assert.equal(counters.http2_requests, 0);
  assert.equal(counters.peak, 10);
  assert.ok(counters.connections_used <= 10, `${counters.connections_used} connections`);
});

scenario('An HTTP/1.1 upstream is asked for 50 venues at once in 3 rounds, and its connections are kept.', {
  simulator: ['--http1-only'],
}, async (stage) => {
  await warmUp(stage);
  const got = await stage.get(artist(TOUR));
  const counters = await stage.counters();
  assert.equal(got.json.length, 54);
  assert.equal(counters.requests, 52);
  assert.equal(counters.rounds.length, 3, JSON.stringify(counters.rounds));
  assert.ok(counters.peak >= 45 && counters.peak <= 50, `peak ${counters.peak}`);
  assert.ok(counters.connections_opened <= 5, `${counters.connections_opened} new ones although there were warm ones`);
});

scenario('The answer holds every event in order, with what the venue pages say.', {}, async (stage) => {
  const got = await stage.get(artist(TOUR, { name: 'Milky Chance', weburl: 'https://milkychanceofficial.com' }));
  const events = got.json;
  assert.equal(got.headers['content-type'], 'application/ld+json');
  assert.ok(Array.isArray(events));
  assert.equal(new Set(events.map((event) => event['@id'])).size, 54);
  const dates = events.map((event) => event.startDate.slice(0, 10));
  assert.deepEqual(dates, [...dates].sort());
  for (const event of events) {
    assert.equal(event['@context'], 'https://schema.org');
    assert.ok(['MusicEvent', 'Festival'].includes([event['@type']].flat()[0]), JSON.stringify(event['@type']));
    assert.ok(event.location.name.length > 0);
    assert.ok(event.location.address.streetAddress.length > 0, 'only a venue page knows the street');
    const performer = [event.performer].flat().find((one) => one.name === 'Milky Chance');
    assert.equal(performer['@type'], 'MusicGroup');
    assert.ok([performer.sameAs].flat().includes('https://milkychanceofficial.com'));
  }
});

scenario('A tour with everything odd in it is answered in full, and nothing is invented.', {}, async (stage) => {
  const got = await stage.get(artist(80054050));
  assert.equal(got.status, 200);
  assert.ok(got.json.length > 50, `${got.json.length} events`);
  for (const event of got.json) {
    if (event.location?.geo !== undefined) {
      assert.ok(event.location.geo.latitude !== 0 || event.location.geo.longitude !== 0, 'zero coordinates');
    }
    assert.notEqual(event.location?.name, 'Unknown venue');
    assert.doesNotMatch(event.startDate, /T00:00/);
  }
});
