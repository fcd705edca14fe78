// What cold documents do to hits: the 99th percentile of hits at a steady rate, by themselves and while twenty tours a
// second that nobody has asked for are made. Runs of the two take turns, so that what else the machine does falls on
// both; each pair is measured the other way round than the one before.
//
// What is asked is how long hits wait for the service's own work. So in both, whatever would be on another machine does
// not make them wait here: the simulator, and this process, which asks for the tours, are let in when nobody else wants
// a processor; and h2load comes before everybody, or it would measure how long it waits for a processor itself. That
// takes root. Without, the figures hold their waits too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

import { artist, run, sleep } from '../e2e/harness.mjs';
import { PARAMETERS, median } from './servers.mjs';

const HIT = artist(90002002, PARAMETERS); // 2.6 kB
const CLIENTS = 8, RATE_EACH = 100, RUN_S = 4;
const TOURS_PER_S = 20;
const TOUR = 90054050000; // 54 events, 50 venues; what is added makes others of the same size, up to 999
const PAIRS = 5;
const isRoot = userInfo().uid === 0;

// The 99th percentile in ms. h2load logs for each request when it began, its status, and microseconds.
async function hits(stage, n) {
  const log = stage.file(`hits-${n}.txt`);
  const { code, stdout, stderr } = await run([
    ...(isRoot ? ['chrt', '--other', '0', 'nice', '-n', '-20'] : []),
    'h2load', '-t1', `-c${CLIENTS}`, `--rps=${RATE_EACH}`, `-D${RUN_S}`, `--log-file=${log}`,
    `https://127.0.0.1:${stage.httpsPort}${HIT}`,
  ], { timeout_ms: 60_000 });
  assert.equal(code, 0, stderr);
  const lines = readFileSync(log, 'utf8').trim().split('\n').map((line) => line.split('\t').map(Number));
  assert.ok(lines.length >= CLIENTS * RATE_EACH * RUN_S * 0.5 && lines.every(([, status]) => status === 200), stdout);
  const times = lines.map(([, , us]) => us).sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.99)] / 1000;
}

// Asks for a new tour every 50 ms until `ended` is settled, and waits for all of them.
async function tours(stage, ids, ended) {
  const client = stage.openH2(); // an idle one would have been closed meanwhile
  const asked = [];
  let over = false;
  ended.finally(() => (over = true)).catch(() => {});
  while (!over) {
    asked.push(client.get(artist(ids.next().value)));
    await sleep(1000 / TOURS_PER_S);
  }
  for (const got of await Promise.all(asked)) assert.equal(got.status, 200);
  assert.ok(asked.length >= TOURS_PER_S * RUN_S * 0.8, `${asked.length} tours were asked for in ${RUN_S} s`);
}

function* numbers(first) {
  for (;;) yield first++;
}

// All threads of a process are let in when nobody else wants a processor ("idle"), or as usual ("other").
async function schedule(pid, policy) {
  if (!isRoot) return;
  const { code, stderr } = await run(['chrt', '--all-tasks', `--${policy}`, '--pid', '0', `${pid}`]);
  assert.equal(code, 0, stderr);
}

async function pair(stage, ids, n, alone, with_tours) {
  const turns = [
    async () => alone.push(await hits(stage, `alone-${n}`)),
    async () => {
      const measured = hits(stage, `beside-${n}`);
      await tours(stage, ids, measured);
      with_tours.push(await measured);
    },
  ];
  for (const turn of n % 2 === 0 ? turns : turns.reverse()) await turn();
}

// { alone_ms, beside_ms, ratio }: medians; the last one is of the pairs' ratios.
export async function beside(stage) {
  const ids = numbers(TOUR);
  const alone = [], with_tours = [];
  await stage.get(HIT);
  await stage.get(artist(ids.next().value));
  for (const pid of [stage.simulator.pid, process.pid]) await schedule(pid, 'idle');
  try {
    for (let i = 0; i < PAIRS; i++) await pair(stage, ids, i, alone, with_tours);
  } finally {
    await schedule(process.pid, 'other');
  }
  const ratio = median(with_tours.map((ms, i) => ms / alone[i]));
  return { alone_ms: median(alone), beside_ms: median(with_tours), ratio };
}
