// `make bench-check`, and the last table of `make bench`: how many instructions answers take, which is the same on every
// machine, whatever else it does (callgrind.mjs). "own" is the service's program, the rest are libraries. "to bare" is
// the ratio to a bare libh2o server (bare.c) that answers the same bytes, fields and path from memory.
import assert from 'node:assert/strict';
import { basename } from 'node:path';

import { artist, marqueeProgram, run } from '../e2e/harness.mjs';
import { Callgrind } from './callgrind.mjs';
import { PARAMETERS, onStage, startBare } from './servers.mjs';

const USAGE = `usage: instructions.mjs [--functions]
  --functions  which functions of our own a hit is spent in`;

const SETTINGS = { listen: { threads: 1 }, songkick: { timeout_ms: 30_000 } };
const SMALL = artist(90002002, PARAMETERS), LARGE = artist(90030030, PARAMETERS); // 2.6 kB, 27 kB
const TOUR = 90054050000; // 54 events on 2 pages, 50 venues; what is added makes others of the same size
const LOAD_MS = 120_000;
const SLACK = 1.03;

// `most`: what it may take today, so that nothing gets slower unseen. `target`: what it is to come to.
const OWN = { most: 3_750, target: 4_000 }, RATIO = { most: 1.15, target: 1.15 };
const COLD = { most: 98_000_000, target: 65_000_000 }, START = { most: 70_000_000, target: 100_000_000 };
const HITS = [
  { name: 'hit, 2.6 kB, HTTP/2', path: SMALL, options: ['-m1'] },
  { name: 'hit, 2.6 kB, HTTP/1.1', path: SMALL, options: ['--h1'] },
  { name: 'hit, 27 kB, HTTP/2', path: LARGE, options: ['-m1'] },
  { name: 'hit, 27 kB, HTTP/1.1', path: LARGE, options: ['--h1'] },
];

// ---- the table ----

function figure(n) {
  const text = n < 100 ? n.toFixed(2) : Math.round(n).toLocaleString('en-US').replaceAll(',', ' ');
  return text.padStart(12);
}

function print(name, measured, { most, target }) {
  const good = measured <= most * SLACK;
  if (!good) process.exitCode = 1;
  console.log(`${name.padEnd(30)} ${figure(measured)} ${figure(most)} ${figure(target)}  ${good ? 'PASS' : 'over'}`);
}

// ---- the rows ----

function load(port, { path, options }) {
  return async (n) => {
    const { code, stdout, stderr } = await run(
      ['h2load', '-t1', '-c1', `-n${n}`, ...options, `https://127.0.0.1:${port}${path}`], { timeout_ms: LOAD_MS });
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`status codes: ${n} 2xx`), stdout);
  };
}

async function hit(stage, ours, row) {
  await stage.get(row.path);
  const answer = await stage.get(row.path);
  assert.match(answer.headers['cache-status'], /^marquee; hit/);
  const name = `bare-${HITS.indexOf(row)}`;
  const bare = new Callgrind(stage.file(name));
  const server = await startBare(stage, `${name}-file`, answer, bare.words());
  const theirs = await bare.each(server.pid, 'bare', load(server.port, row), 200, 1200);
  const each = await ours.each(stage.marquee.pid, basename(marqueeProgram), load(stage.httpsPort, row), 200, 1200);
  print(`${row.name}, own`, each.own, OWN);
  print(`${row.name}, to bare`, each.all / theirs.all, RATIO);
  if (withFunctions) for (const [name, cost] of each.functions) console.log(`${figure(cost)} ${name}`);
}

async function coldTour(stage, ours) {
  const client = stage.openH2();
  let next = TOUR;
  const ask = async (n) => {
    for (let i = 0; i < n; i++) {
      const got = await client.get(artist(next++));
      assert.equal(got.status, 200);
      assert.equal(JSON.parse(got.text).length, 54);
    }
  };
  print('cold tour', (await ours.each(stage.marquee.pid, basename(marqueeProgram), ask, 2, 6)).all, COLD);
}

const words = process.argv.slice(2);
const withFunctions = words.includes('--functions');
if (!words.every((word) => word === '--functions')) {
  console.error(USAGE);
  process.exit(2);
}
console.log(`Instructions, by callgrind         ${'measured'.padStart(8)} ${'at most'.padStart(12)} ${'target'.padStart(12)}`);
await onStage(SETTINGS, async (stage) => {
  const ours = new Callgrind(stage.file('counts'));
  await stage.startSimulator();
  await stage.startMarquee([...ours.words(), marqueeProgram]);
  const started = await ours.dump(stage.marquee.pid, basename(marqueeProgram));
  for (const row of HITS) await hit(stage, ours, row);
  await coldTour(stage, ours);
  print('start until ready', started.all, START);
});
