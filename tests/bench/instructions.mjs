// How many instructions answers take, which is the same on every machine, whatever else it does (callgrind.mjs). "own" is
// the service's program, the rest are libraries. "to bare" is the ratio to a bare libh2o server (bare.c) that answers the
// same bytes, fields and path from memory; nginx's cache has them from there.
import assert from 'node:assert/strict';
import { basename } from 'node:path';

import { artist, marqueeProgram, run } from '../e2e/harness.mjs';
import { Callgrind } from './callgrind.mjs';
import { handshakes } from './handshakes.mjs';
import { PARAMETERS, has, startBare, startNginx } from './servers.mjs';

export const SETTINGS = { listen: { threads: 1 }, songkick: { timeout_ms: 30_000 } };
const SMALL = artist(90002002, PARAMETERS), LARGE = artist(90030030, PARAMETERS); // 2.6 kB, 27 kB
const TOUR = 90054050000; // 54 events on 2 pages, 50 venues; what is added makes others of the same size
const LOAD_MS = 120_000;

// `most`: what it may take today, so that nothing gets slower unseen. `target`: what it is to come to.
const OWN = { most: 3_750, target: 4_000 }, RATIO = { most: 1.15, target: 1.15 };
const COLD = { most: 65_000_000, target: 65_000_000 }, START = { most: 97_000_000, target: 100_000_000 };
const HITS = [
  { name: 'hit, 2.6 kB, HTTP/2', path: SMALL, options: ['-m1'] },
  { name: 'hit, 2.6 kB, HTTP/1.1', path: SMALL, options: ['--h1'] },
  { name: 'hit, 27 kB, HTTP/2', path: LARGE, options: ['-m1'] },
  { name: 'hit, 27 kB, HTTP/1.1', path: LARGE, options: ['--h1'] },
];

// As many handshakes for an instruction as nginx has, less 15 %.
const HANDSHAKES = [
  { name: 'connection with a whole handshake', isResumed: false, limit: { most: 1.1, target: 1 / 0.85 } },
  { name: 'connection that a ticket resumes', isResumed: true, limit: { most: 1.1, target: 1 / 0.85 } },
];

const PAGE = { name: 'warm tour page', path: '/tour/songkick/90002002/', options: ['-m1'] };
const PAGE_RATIO = { most: 1.05, target: 1.25 };

// ---- the rows ----

function load(port, { path, options }) {
  return async (n) => {
    const { code, stdout, stderr } = await run(
      ['h2load', '-t1', '-c1', `-n${n}`, ...options, `https://127.0.0.1:${port}${path}`], { timeout_ms: LOAD_MS });
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`status codes: ${n} 2xx`), stdout);
  };
}

async function hit(stage, table, ours, row, withFunctions) {
  await stage.get(row.path);
  const answer = await stage.get(row.path);
  assert.match(answer.headers['cache-status'], /^marquee; hit/);
  const name = `bare-${HITS.indexOf(row)}`;
  const bare = new Callgrind(stage.file(name));
  const server = await startBare(stage, `${name}-file`, answer, bare.words());
  const theirs = await bare.each(server.pid, 'bare', load(server.port, row), 200, 1200);
  const each = await ours.each(stage.marquee.pid, basename(marqueeProgram), load(stage.httpsPort, row), 200, 1200);
  table.add(`${row.name}, own instructions`, each.own, OWN);
  table.add(`${row.name}, instructions to bare's`, each.all / theirs.all, RATIO);
  table.add(`${row.name}, instructions`, each.all);
  if (withFunctions) for (const [name, cost] of each.functions) console.log(`${cost.toFixed(0).padStart(12)} ${name}`);
  return server;
}

async function nginxHit(stage, table, bare, row) {
  const name = `nginx-${HITS.indexOf(row)}`;
  const counts = new Callgrind(stage.file(name));
  const server = await startNginx(stage, `${name}-files`, bare.port, row.path, counts.words());
  const each = await counts.each(server.pid, 'nginx', load(server.port, row), 200, 1200);
  table.add(`${row.name}, instructions of nginx's cache`, each.all);
}

// Both servers have the same certificate, and the document in memory.
async function connections(stage, table, ours, bare) {
  const { path } = HITS[0];
  const counts = new Callgrind(stage.file('nginx-handshakes'));
  const nginx = await startNginx(stage, 'nginx-handshakes-files', bare.port, path, counts.words());
  for (const { name, isResumed, limit } of HANDSHAKES) {
    const each = (counter, pid, program, port) =>
      counter.each(pid, program, handshakes({ port, ca: stage.ca, path }, isResumed), 5, 25);
    const theirs = await each(counts, nginx.pid, 'nginx', nginx.port);
    const own = await each(ours, stage.marquee.pid, basename(marqueeProgram), stage.httpsPort);
    table.add(`${name}, to nginx's`, own.all / theirs.all, limit);
    table.add(`${name}, instructions`, own.all);
  }
}

// A page of a tour is a hit like any other: beside one of the API, in the same run.
async function warmPage(stage, table, ours) {
  const each = async (row) => {
    await stage.get(row.path);
    assert.match((await stage.get(row.path)).headers['cache-status'], /^marquee; hit/);
    return ours.each(stage.marquee.pid, basename(marqueeProgram), load(stage.httpsPort, row), 200, 1200);
  };
  table.add(`${PAGE.name}, own to a hit's own`, (await each(PAGE)).own / (await each(HITS[0])).own, PAGE_RATIO);
}

async function coldTour(stage, table, ours) {
  const client = stage.openH2();
  let next = TOUR;
  const ask = async (n) => {
    for (let i = 0; i < n; i++) {
      const got = await client.get(artist(next++));
      assert.equal(got.status, 200);
      assert.equal(JSON.parse(got.text).length, 54);
    }
  };
  table.add('cold tour, instructions', (await ours.each(stage.marquee.pid, basename(marqueeProgram), ask, 2, 6)).all, COLD);
}

// `isShort`: the first hit and the start alone.
export async function instructions(stage, table, { isShort, withFunctions }) {
  const ours = new Callgrind(stage.file('counts'));
  await stage.startSimulator();
  await stage.startMarquee([...ours.words(), marqueeProgram]);
  const started = await ours.dump(stage.marquee.pid, basename(marqueeProgram));
  for (const row of isShort ? HITS.slice(0, 1) : HITS) {
    const bare = await hit(stage, table, ours, row, withFunctions);
    if (!isShort && has('nginx')) await nginxHit(stage, table, bare, row);
    if (!isShort && has('nginx') && row === HITS[0]) await connections(stage, table, ours, bare);
  }
  if (!isShort) await warmPage(stage, table, ours);
  if (!isShort) await coldTour(stage, table, ours);
  table.add('start until ready, instructions', started.all, START);
}
