// A tour of 500 events beside documents that are quickly made: what it takes is not taken from them.
import assert from 'node:assert/strict';

import { fairness, median } from './fairness.mjs';
import { artist, scenario, until } from './harness.mjs';

const N_TOURS = 5;

// In processor time of one run, which is the same on a busy machine: the whole tour is the control. It was three
// quarters when the back thread wrote large documents itself, and is an eighth.
scenario('No small document waits until a tour of 500 events is made.', {
  settings: { limits: { client_cold_per_minute: 0 } },
}, async (stage) => {
  const { tours } = await fairness(stage, N_TOURS);
  const parts = tours.map(({ back_cpu_ms, cpu_ms }) => back_cpu_ms / cpu_ms);
  assert.ok(median(parts) < 0.4, `it waited for these parts of a tour: ${parts.map((part) => part.toFixed(2)).join(', ')}`);
});

// It waited for all of the other one's venues.
scenario('A document of few venues waits for one request of another document at a time, not for all of them.', {
  settings: { songkick: { max_concurrent: 4 } },
}, async (stage) => {
  const order = [];
  const ask = async (what, id) => {
    const got = await stage.get(artist(id));
    assert.equal(got.status, 200, got.text);
    order.push(what);
  };
  await stage.setLatency(100);
  const tour = ask('50 venues', 90054050);
  await until('its venues to wait', async () => (await stage.metric('upstream_requests')) > 4);
  await ask('2 venues', 90002002);
  await tour;
  assert.deepEqual(order, ['2 venues', '50 venues']);
});
