// `make soak`: a rough load for SOAK_S seconds (120), with reloads and an upstream that fails now and then. Prints what
// the service holds over time; fails when it grows. Documents are more than memory has room for, so that the memory
// tier is full early and stays full.
import assert from 'node:assert/strict';

import { Stage, held, sleep } from './harness.mjs';
import { RoughLoad } from './load.mjs';

const SOAK_S = Number(process.env.SOAK_S ?? 120);
const STEPS = 24;
const RELOAD_EVERY = 4; // steps
const MAX_GROWTH_MB = 8;

const settings = {
  listen: { threads: 2 },
  cache: { memory_mb: 8, memcached_max_value_bytes: 100000, not_found_fresh_s: 2 },
  songkick: { fresh_s: 2, venue_fresh_s: 4, keep_s: 60 },
};

function middle(rows, name) {
  const sorted = rows.map((row) => row[name]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function soak(stage) {
  const load = new RoughLoad(stage, { documents: 2000 });
  const rows = [];
  console.log('   s   MB  descriptors  threads  answers  failed');
  for (let i = 1; i <= STEPS; i++) {
    await sleep((SOAK_S * 1000) / STEPS);
    if (i % RELOAD_EVERY === 0) stage.marquee.signal('SIGHUP');
    await stage.setMode(i % 3 === 0 ? ['500', 'hang', 'truncated', 'rst'][(i / 3) % 4] : 'ok', { times: 20 });
    const row = held(stage.marquee.pid);
    rows.push(row);
    const numbers = [(i * SOAK_S) / STEPS, row.memory_mb, row.descriptors, row.threads, load.answered, load.failures.length];
    console.log(numbers.map((number, n) => String(Math.round(number)).padStart([4, 5, 13, 9, 9, 8][n])).join(''));
  }
  await stage.setMode('ok');
  await load.end();
  return { load, rows };
}

// The second third against the last: the first fills caches and pools.
function judge({ load, rows }) {
  const [early, late] = [rows.slice(STEPS / 3, (2 * STEPS) / 3), rows.slice((2 * STEPS) / 3)];
  const growth_mb = middle(late, 'memory_mb') - middle(early, 'memory_mb');
  assert.ok(growth_mb <= MAX_GROWTH_MB, `memory grew by ${growth_mb} MB`);
  assert.ok(middle(late, 'threads') <= middle(early, 'threads') + 1, 'threads are left behind');
  assert.ok(middle(late, 'descriptors') <= middle(early, 'descriptors') + 20, 'descriptors are left behind');
  const wrong = load.failures.filter((failure) => !/^status 50[234]$/.test(failure));
  assert.ok(load.answered > SOAK_S * 20, `only ${load.answered} answers`);
  assert.deepEqual([...new Set(wrong)], [], 'a failure that is nobody\'s fault but ours');
}

const stage = new Stage(settings);
let status = 1;
try {
  await stage.startSimulator();
  await stage.startMemcached();
  await stage.startMarquee();
  judge(await soak(stage));
  status = 0;
} catch (error) {
  console.error(error.message);
  for (const part of stage.story()) console.error(part);
}
await stage.tearDown().catch((error) => {
  console.error(error.message);
  status = 1;
});
console.log(status === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(status);
