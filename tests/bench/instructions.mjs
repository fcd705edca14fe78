// `make bench-check`: how many instructions answers take, by callgrind. They are the same on every machine, whatever else
// it does. A figure is the difference of two runs of the service with one front thread that differ in their requests
// alone, so that its start and its end cancel out. "own" counts what stands in our own files; the rest is libraries'.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { rmSync } from 'node:fs';

import { Stage, artist, marqueeProgram } from '../e2e/harness.mjs';

const SETTINGS = { listen: { threads: 1, max_requests_per_s: 100_000 } };
const HIT = artist(90003003, { name: 'Milky Chance', weburl: 'https://milkychanceofficial.com' }); // 2.6 kB
const TOUR = 90054050000; // 54 events on 2 pages, 50 venues; what is added makes others of the same size
const SLACK = 1.03;

// `most`: what it may take today, so that nothing gets slower unseen. `target`: what it is to come to.
const ROWS = [
  { name: 'hit, HTTP/2, own', ask: hits2, few: 100, many: 600, own: true, most: 4_000, target: 4_000 },
  { name: 'hit, HTTP/2', ask: hits2, few: 100, many: 600, most: 45_500, target: 32_000 },
  { name: 'cold tour', ask: tours, few: 1, many: 4, most: 93_500_000, target: 65_000_000 },
  { name: 'start and end', ask: hits2, few: 0, most: 70_000_000, target: 100_000_000 },
];

// ---- one run ----

async function hits2(stage, n) {
  if (n > 0) await stage.get(HIT);
  const client = stage.openH2();
  for (let i = 0; i < n; i++) assert.equal((await client.get(HIT)).status, 200);
}

async function tours(stage, n) {
  for (let i = 0; i < n; i++) assert.equal((await stage.get(artist(TOUR + i))).status, 200);
}

// By function: "file:function" -> instructions of its own.
function readProfile(file) {
  const text = execFileSync('callgrind_annotate', ['--auto=no', '--threshold=100', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const found = new Map();
  for (const [, n, where] of text.matchAll(/^ *([\d,]+) \([ \d.]+%\) +((?!PROGRAM)\S.*?)(?: \[.*)?$/gm)) {
    found.set(where, (found.get(where) ?? 0) + Number(n.replaceAll(',', '')));
  }
  return found;
}

function sum(profile, own) {
  let n = 0;
  for (const [where, instructions] of profile) {
    if (!own || /(^|\/)(cache|service|translators)\/[\w/]*\w\.[ch]:/.test(where)) n += instructions;
  }
  return n;
}

const profiles = new Map();

async function profile(ask, n) {
  const known = `${ask.name} ${n}`;
  if (profiles.has(known)) return profiles.get(known);
  const stage = new Stage(SETTINGS);
  const file = join(stage.directory, 'callgrind.out');
  try {
    await stage.startSimulator();
    await stage.startMarquee(['valgrind', '-q', '--tool=callgrind', `--callgrind-out-file=${file}`, marqueeProgram]);
    await ask(stage, n);
    await stage.tearDown(); // the profile is written at the end
    profiles.set(known, readProfile(file));
  } finally {
    for (const program of stage.programs) await program.kill();
    rmSync(stage.directory, { recursive: true, force: true });
  }
  return profiles.get(known);
}

// ---- the table ----

function figure(n) {
  return Math.round(n).toLocaleString('en-US').replaceAll(',', ' ').padStart(12);
}

console.log(`Instructions, by callgrind    ${'measured'.padStart(8)} ${'at most'.padStart(12)} ${'target'.padStart(12)}`);
for (const row of ROWS) {
  const few = sum(await profile(row.ask, row.few), row.own);
  const n = row.many === undefined ? few : (sum(await profile(row.ask, row.many), row.own) - few) / (row.many - row.few);
  const good = n <= row.most * SLACK;
  if (!good) process.exitCode = 1;
  console.log(`${row.name.padEnd(25)} ${figure(n)} ${figure(row.most)} ${figure(row.target)}  ${good ? 'PASS' : 'over'}`);
}
