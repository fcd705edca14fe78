// Cold answers: rounds, requests and milliseconds of a tour nobody has asked for.
import assert from 'node:assert/strict';

import { artist, sleep } from '../e2e/harness.mjs';
import { median } from './servers.mjs';

const LATENCY_MS = 100;
const MAX_OWN_MS = 20; // of the service, beyond the upstream's rounds
const COLD_TOURS = [1, 2, 3, 4, 5].map((n) => 90054050000 + n); // 54 events on 2 pages, 50 venues
const OTHER_TOUR = 90054050900;
const FORGETFUL = { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 1 } };
export const COLD = [
  { name: 'first time', rounds: 3, warmUp: [OTHER_TOUR] },
  { name: 'with hints', rounds: 1, warmUp: COLD_TOURS, settings: FORGETFUL, pause_ms: 2100 },
  { name: 'HTTP/1.1 upstream', rounds: 3, warmUp: [OTHER_TOUR], simulator: ['--http1-only'] },
];

async function coldTour(stage, client, id) {
  await stage.resetCounters();
  const got = await client.get(artist(id));
  const counters = await stage.counters();
  assert.equal(got.status, 200);
  assert.equal(JSON.parse(got.text).length, 54);
  return {
    ms: got.elapsed_ms,
    rounds: counters.rounds.length,
    requests: counters.requests,
    connections: counters.connections_used,
  };
}

export async function cold(stage, table, row) {
  await stage.startSimulator(row.simulator);
  await stage.startMarquee();
  const client = stage.openH2();
  for (const id of row.warmUp) assert.equal((await client.get(artist(id))).status, 200);
  await sleep(row.pause_ms ?? 0);
  await stage.setLatency(LATENCY_MS);
  const tours = [];
  for (const id of COLD_TOURS) tours.push(await coldTour(stage, client, id));
  const figure = (name) => median(tours.map((tour) => tour[name]));
  const max_ms = row.rounds * LATENCY_MS + MAX_OWN_MS;
  assert.equal(figure('requests'), 52);
  table.add(`cold tour, ${row.name}, rounds`, figure('rounds'), { most: row.rounds, target: row.rounds });
  table.add(`cold tour, ${row.name}, ms`, figure('ms'), { most: max_ms, target: max_ms, isTime: true });
}
