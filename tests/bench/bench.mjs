// `make bench`, `make bench-check`, `make bench-short`: what answers cost, as one table with targets. The parts are those
// of the end-to-end tests.
import { SETTINGS as COUNTED, instructions } from './instructions.mjs';
import { COLD, cold } from './cold.mjs';
import { CONNECTIONS, clientCpu, serverCpu, warm } from './warm.mjs';
import { beside } from './beside.mjs';
import { fairness } from '../e2e/fairness.mjs';
import { memory } from './memory.mjs';
import { has, median, onStage } from './servers.mjs';
import { Table } from './table.mjs';

const USAGE = `usage: bench.mjs [--counts | --short] [--check] [--rounds N] [--functions]
  --counts     what is counted in instructions alone; exit status 1 when one is over what it may take
  --short      of that one hit and the start
  --check      exit status 1 also when a time is
  --rounds N   how often each hit is measured, 1 to 20; the default is 3
  --functions  which functions of our own a hit is spent in`;

const ANY_CLIENT = { limits: { client_cold_per_minute: 0 } };
const N_LARGE_TOURS = 5;
const HELD_MS = { most: 50, target: 50, isTime: true };
const P99 = { most: 2, target: 2, isTime: true };
const GROWTH = { most: 1.15, target: 1.15 }, EVICTED = { most: 0, target: 0 };

const words = process.argv.slice(2);
const isGiven = (word) => words.includes(word);
const rounds = isGiven('--rounds') ? Number(words[words.indexOf('--rounds') + 1]) : 3;
const known = ['--counts', '--short', '--check', '--rounds', '--functions'];
if (!words.every((word, i) => known.includes(word) || words[i - 1] === '--rounds') ||
    !Number.isInteger(rounds) || rounds < 1 || rounds > 20) {
  console.error(USAGE);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

async function start(stage) {
  await stage.startSimulator();
  await stage.startMarquee();
}

async function addFairness(table) {
  await onStage(ANY_CLIENT, async (stage) => {
    await start(stage);
    const { tours } = await fairness(stage, N_LARGE_TOURS);
    table.add('a tour of 500 events holds up a small one, ms', median(tours.map((tour) => tour.held_ms)), HELD_MS);
    table.add('... by processor time of the back thread, ms', median(tours.map((tour) => tour.back_cpu_ms)));
  });
}

async function addBeside(table) {
  await onStage(ANY_CLIENT, async (stage) => {
    await start(stage);
    const { alone_ms, beside_ms, ratio } = await beside(stage);
    table.add('p99 of hits, ms', alone_ms);
    table.add('p99 of hits beside 20 cold tours a second, ms', beside_ms);
    table.add('... to that without', ratio, P99);
  });
}

async function addMemory(table) {
  await onStage({ ...ANY_CLIENT, cache: { memory_mb: 64 } }, async (stage) => {
    await start(stage);
    const { evictions, ratio } = await memory(stage);
    table.add('10 000 documents in 64 MB, evicted', evictions, EVICTED);
    table.add('10 000 documents, resident growth to bytes', ratio, GROWTH);
  });
}

const table = new Table();
if (!isGiven('--counts') && !isGiven('--short')) {
  console.log(`Warm answers over TLS: median of ${rounds} runs, servers of one thread on CPU ${serverCpu}, ` +
    `h2load with ${CONNECTIONS} connections on CPU ${clientCpu}`);
  await onStage({ listen: { threads: 1 } }, (stage) => warm(stage, table, rounds));
  for (const row of COLD) await onStage(row.settings ?? {}, (stage) => cold(stage, table, row));
  await addFairness(table);
  await addBeside(table);
  await addMemory(table);
}
if (has('valgrind')) {
  const options = { isShort: isGiven('--short'), withFunctions: isGiven('--functions') };
  await onStage(COUNTED, (stage) => instructions(stage, table, options));
} else {
  console.error('bench: there is no valgrind to count instructions with; run deploy/install-deps --test');
  process.exitCode = 1;
}
if (!table.print(isGiven('--check'))) process.exitCode = 1;
