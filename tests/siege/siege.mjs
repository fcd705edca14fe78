// `make siege`: honest clients among attackers, in bad weather, for SIEGE_S seconds (300). Prints how it goes, ends with
// figures, and fails on a lost honest request, a hit over 500 ms, memory that grew by more than a fifth, or descriptors
// and threads that are not back after 10 s (judge.mjs).
//
// With MARQUEE, another build of the service: how fast and how large it is is not judged then, and the clock is left alone.
//
// The start, which the end is compared with, is after warm_up.mjs, a first storm of WARM_UP_S and a calm.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startBare } from '../bench/servers.mjs';
import { Stage, held, peakMemory_mb, processor_s, root, sleep } from '../e2e/harness.mjs';
import { attackers } from './attackers.mjs';
import { clockEnvironment, makeCertificates } from './clock.mjs';
import { descriptorsOf } from './descriptors.mjs';
import { judge } from './judge.mjs';
import { LARGE, WARM } from './paths.mjs';
import { Party } from './party.mjs';
import { fillMemory, haveLargestAnswers } from './warm_up.mjs';
import { Waits } from './waits.mjs';
import { Weather } from './weather.mjs';

const SIEGE_S = Number(process.env.SIEGE_S ?? 300);
const WARM_UP_S = Math.min(30, SIEGE_S);
const CALM_MS = 10_000;
const LINES = 30;
const LEAST_LINE_S = 2;
// Another build: its allocator and libfaketime's do not go together, and how fast and how large it is says nothing.
const sanitized = process.env.MARQUEE !== undefined;
const NICE = 19; // in truth attackers have machines of their own
const here = join(root, 'tests/siege');

const DEADLINE_S = 10;
const REQUEST_S = 3;
const DOCUMENT_S = 6;
const PROVIDER_CONNECTIONS = 8;
const settings = {
  listen: { threads: 2, response_deadline_ms: DEADLINE_S * 1000, request_timeout_ms: REQUEST_S * 1000 },
  cache: { memory_mb: 8, not_found_fresh_s: 2, incomplete_fresh_s: 2 },
  limits: {
    document_deadline_ms: DOCUMENT_S * 1000, max_document_bytes: 2000000, client_cold_per_minute: 300, client_cold_parallel: 64,
  },
  songkick: { fresh_s: 5, venue_fresh_s: 10, timeout_ms: 2000, max_connections: PROVIDER_CONNECTIONS },
  bandsintown: { fresh_s: 5, artist_fresh_s: 5, timeout_ms: 2000, max_connections: PROVIDER_CONNECTIONS },
};

async function prepare(stage) {
  stage.certificates = stage.file('upstream-tls');
  stage.ownCertificates = stage.file('tls');
  await makeCertificates(stage.certificates);
  stage.ca = readFileSync(join(stage.certificates, 'ca.pem'));
  mkdirSync(stage.ownCertificates);
  for (const name of readdirSync(stage.certificates)) {
    copyFileSync(join(stage.certificates, name), join(stage.ownCertificates, name));
  }
  await stage.startSimulator(['--raw-port', '0']);
  await stage.startMemcached();
  stage.settings.tls = { certificate: join(stage.ownCertificates, 'cert.pem'), key: join(stage.ownCertificates, 'key.pem') };
  stage.settings.bandsintown.base_url = `${stage.rawOrigin}/bandsintown`;
  if (!sanitized) stage.moreEnvironment = clockEnvironment(stage);
  await stage.startMarquee();
  for (const path of [LARGE, WARM]) stage.warm = await stage.get(path);
  stage.bare = await startBare(stage, 'bare', stage.warm, []);
}

function targetOf(stage, more) {
  return {
    port: stage.httpsPort, barePort: stage.bare.port, ca: stage.ca.toString(), deadline_s: DEADLINE_S, request_s: REQUEST_S,
    document_s: DOCUMENT_S, ...more,
  };
}

function line(stage, elapsed_s, honest, weather) {
  const { memory_mb, descriptors, threads } = held(stage.marquee.pid);
  const tallies = Object.values(honest.figures);
  const hits = tallies.filter(({ hit }) => hit);
  const sum = (list, of) => list.reduce((total, tally) => total + of(tally), 0);
  const numbers = [
    elapsed_s, memory_mb, descriptors, threads, sum(hits, ({ answered }) => answered),
    Math.max(0, ...hits.map(({ longest_ms }) => longest_ms)), honest.figures['bare server']?.longest_ms ?? 0, sum(tallies.filter(({ provider }) => provider), ({ answered }) => answered),
  ];
  const now = Object.values(weather.now).filter(Boolean).join(', ');
  console.log(`${numbers.map((number, i) => String(Math.round(number)).padStart([4, 5, 6, 8, 8, 11, 12, 6][i])).join('')}  ${now}`);
}

// Everything at once; what came of it.
async function storm(stage, seconds, series) {
  const target = targetOf(stage, { series });
  const honest = new Party(join(here, 'honest.mjs'), [], target);
  await honest.started();
  const parties = attackers.map(({ name }, i) =>
    new Party(join(here, 'attack.mjs'), [name], { ...target, address: `127.0.0.${10 + i}` }, { nice: NICE }));
  await Promise.all(parties.map((party) => party.started()));
  const weather = new Weather(stage, sanitized ? ['clock'] : []);
  const waits = new Waits(stage.marquee.pid);
  const before_s = processor_s(stage.marquee.pid);
  const started_ms = performance.now();
  const elapsed_s = () => (performance.now() - started_ms) / 1000;
  weather.begin();
  while (elapsed_s() < seconds) {
    await sleep(Math.max(LEAST_LINE_S, seconds / LINES) * 1000);
    line(stage, elapsed_s(), honest, weather);
    if (stage.marquee.over !== null) throw new Error('the service has ended');
  }
  const attacks = await Promise.all(parties.map((party) => party.end()));
  await weather.end();
  const result = { seconds: elapsed_s(), cpu_s: processor_s(stage.marquee.pid) - before_s, weather, waits, target };
  result.attacks = Object.fromEntries(attackers.map(({ name }, i) => [name, attacks[i]]));
  result.honest = await honest.end();
  waits.end();
  return result;
}

// What is held when all have gone: the least within CALM_MS.
async function calm(stage) {
  const { pid } = stage.marquee;
  const look = () => {
    const { memory_mb, threads } = held(pid);
    return { memory_mb, threads, ...descriptorsOf(pid, [stage.httpsPort, stage.httpPort, stage.adminPort]) };
  };
  const least = look();
  for (const end_ms = performance.now() + CALM_MS; performance.now() < end_ms; await sleep(200)) {
    const now = look();
    for (const what of Object.keys(least)) least[what] = Math.min(least[what], now[what]);
  }
  return least;
}

async function siege(stage) {
  await prepare(stage);
  const now = () => JSON.stringify(held(stage.marquee.pid));
  console.log(`fresh: ${now()}`);
  console.log(`${await fillMemory(stage)} documents fill the memory tier: ${now()}`);
  await haveLargestAnswers(stage);
  console.log(`after the largest answers: ${now()}; a first storm of ${WARM_UP_S} s`);
  console.log('   s   MB  descr  threads    hits  longest ms  bare server  cold  now');
  await storm(stage, WARM_UP_S, 'first');
  const start = await calm(stage);
  console.log(`start: ${JSON.stringify(start)}; the siege of ${SIEGE_S} s`);
  const result = await storm(stage, SIEGE_S, 'siege');
  const end = await calm(stage);
  return judge({ ...result, sanitized, held: { start, end, providers: 2 * PROVIDER_CONNECTIONS, peak_mb: peakMemory_mb(stage.marquee.pid) } });
}

const stage = new Stage(settings);
let status = 1;
process.on('exit', () => rmSync(stage.directory, { recursive: true, force: true }));
try {
  const { faults, text } = await siege(stage);
  console.log(`\n${text}`);
  for (const fault of faults) console.error(`wrong: ${fault}`);
  status = faults.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.stack);
}
if (status !== 0) console.error(stage.story().join('\n'));
await stage.tearDown().catch((error) => {
  console.error(error.message);
  status = 1;
});
console.log(status === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(status);
