// A tour of 500 events beside documents that are quickly made: what it takes is not taken from them.
import assert from 'node:assert/strict';

import { fairness, median } from './fairness.mjs';
import { scenario } from './harness.mjs';

const N_TOURS = 5;

// In processor time of one run, which is the same on a busy machine: the whole tour is the control. It was three
// quarters when the back thread wrote large documents itself.
scenario('No small document waits until a tour of 500 events is made.', {
  settings: { limits: { client_cold_per_minute: 0 } },
}, async (stage) => {
  const { tours } = await fairness(stage, N_TOURS);
  const parts = tours.map(({ back_cpu_ms, cpu_ms }) => back_cpu_ms / cpu_ms);
  assert.ok(median(parts) < 0.5, `it waited for these parts of a tour: ${parts.map((part) => part.toFixed(2)).join(', ')}`);
});
