// `make bench`. Warm: CPU time a request of the service, beside a bare libh2o server (bare.c) that answers the same
// status, header fields and body from memory, and beside nginx's proxy_cache where nginx is installed. Cold: rounds,
// requests, connections and milliseconds of a tour nobody has asked for. The parts are those of the end-to-end tests.
//
// Servers are pinned to one CPU and h2load to another. A run takes the service and bare in turns, so that what else
// the machine does falls on both; the ratio is the median of the ratios of neighbours. Absolute numbers on a busy
// machine mean little.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';

import { artist, freePort, getHttps, run, sleep } from '../e2e/harness.mjs';
import { PARAMETERS, fieldsOf, onStage, startBare } from './servers.mjs';

const USAGE = `usage: bench.mjs [--check] [--rounds N]
  --check      exit status 1 when a target is missed
  --rounds N   how often each is measured, 1 to 20; the default is 3`;

const MAX_CPU_RATIO = 1.25;
const CONNECTIONS = 32;
const H2LOAD_MS = 60_000;
const DOCUMENTS = { small: artist(90003003, PARAMETERS), big: artist(90030030, PARAMETERS) };
// Enough requests for half a second of CPU or more, of which the kernel tells the hundredths.
const WARM = [
  { document: 'small', protocol: 'HTTP/2', requests: 120_000, options: ['-m4'] },
  { document: 'small', protocol: 'HTTP/1.1', requests: 60_000, options: ['--h1', '-m1'] },
  { document: 'big', protocol: 'HTTP/2', requests: 30_000, options: ['-m4'] },
  { document: 'big', protocol: 'HTTP/1.1', requests: 30_000, options: ['--h1', '-m1'] },
];

const LATENCY_MS = 100;
const MAX_OWN_MS = 20; // of the service, beyond the upstream's rounds
const COLD_TOURS = [1, 2, 3, 4, 5].map((n) => 90054050000 + n); // 54 events on 2 pages, 50 venues
const OTHER_TOUR = 90054050900;
const FORGETFUL = { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 1 } };
const COLD = [
  { name: 'first time', rounds: 3, warmUp: [OTHER_TOUR] },
  { name: 'with hints', rounds: 1, warmUp: COLD_TOURS, settings: FORGETFUL, pause_ms: 2100 },
  { name: 'HTTP/1.1 upstream', rounds: 3, warmUp: [OTHER_TOUR], simulator: ['--http1-only'] },
];

// ---- small parts ----

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function verdict(good) {
  if (!good && check) process.exitCode = 1;
  return good ? 'PASS' : 'over';
}

function has(program) {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// The first two CPUs this process may use; one of them twice when there is no other.
function twoCpus() {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  const cpus = list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [cpus[0], cpus[1] ?? cpus[0]];
}

// Processor time of a process, user and system; proc(5).
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

// ---- warm ----

const [serverCpu, clientCpu] = twoCpus();

// nginx's cache before the bare servers: a peer, not a target. One process: workers would outlive a killed master.
async function startNginx(stage, bare) {
  const port = await freePort();
  const servers = Object.entries(bare).map(([name, { port: origin }]) => `
    location = /${name} { proxy_pass https://127.0.0.1:${origin}; proxy_cache all; proxy_ignore_headers Vary; }`);
  const temporary = ['client_body', 'fastcgi', 'uwsgi', 'scgi', 'proxy'].map((kind) => `
    ${kind}_temp_path ${stage.directory}/${kind};`);
  writeFileSync(stage.file('nginx.conf'), `
${userInfo().uid === 0 ? 'user root;' : ''}
master_process off;
daemon off;
pid ${stage.directory}/nginx.pid;
events {}
http {
  access_log off;
  keepalive_requests 1000000;
  ${temporary.join('')}
  proxy_cache_path ${stage.directory}/cache keys_zone=all:1m use_temp_path=off;
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${stage.certificates}/cert.pem;
    ssl_certificate_key ${stage.certificates}/key.pem;
    ${servers.join('')}
  }
}
`);
  const nginx = stage.start('nginx', ['taskset', '-c', `${serverCpu}`, 'nginx', '-e', 'stderr', '-c', stage.file('nginx.conf')]);
  await nginx.ready('an answer', async () => {
    try {
      return (await getHttps(port, stage.ca, '/small')).status === 200;
    } catch {
      return false;
    }
  });
  return { pid: nginx.pid, port };
}

// One run of h2load: requests a second, and the server's CPU microseconds a request.
async function load(server, path, row) {
  const url = `https://127.0.0.1:${server.port}${path}`;
  const before_s = cpuSeconds(server.pid);
  const { code, stdout, stderr } = await run([
    'taskset', '-c', `${clientCpu}`, 'h2load', '-t1', `-c${CONNECTIONS}`, `-n${row.requests}`, ...row.options, url,
  ], { timeout_ms: H2LOAD_MS });
  const cpu_us = ((cpuSeconds(server.pid) - before_s) * 1e6) / row.requests;
  assert.equal(code, 0, stderr);
  assert.match(stdout, new RegExp(`status codes: ${row.requests} 2xx`), stdout);
  return { rate: Number(/([\d.]+) req\/s/.exec(stdout)[1]), cpu_us };
}

async function measureRow(row, servers, path) {
  const marquee = [], bare = [], nginx = [];
  for (let i = 0; i < rounds; i++) {
    const turns = [
      async () => marquee.push(await load(servers.marquee, path, row)),
      async () => bare.push(await load(servers.bare[row.document], path, row)),
    ];
    for (const turn of i % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  if (servers.nginx) nginx.push(await load(servers.nginx, `/${row.document}`, row));
  return { marquee, bare, nginx };
}

function printRow(row, bytes, { marquee, bare, nginx }) {
  const column = (runs) => [
    `${(median(runs.map((one) => one.rate)) / 1000).toFixed(1)} k`.padStart(9),
    median(runs.map((one) => one.cpu_us)).toFixed(1).padStart(7),
  ].join('');
  const ratios = marquee.map((one, i) => one.cpu_us / bare[i].cpu_us);
  const ratio = median(ratios);
  const range = `(${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`;
  const peer = nginx.length > 0 ? column(nginx) : ' '.repeat(16);
  console.log(`${`${bytes}`.padStart(7)}  ${row.protocol.padEnd(8)} ${column(marquee)} ${column(bare)} ${peer}` +
    `   ${ratio.toFixed(2)} ${range}  ${verdict(ratio <= MAX_CPU_RATIO)}`);
}

async function warm(stage) {
  await stage.startSimulator();
  await stage.startMarquee();
  execFileSync('taskset', ['-a', '-c', '-p', `${serverCpu}`, `${stage.marquee.pid}`], { stdio: 'ignore' });
  const servers = { marquee: { pid: stage.marquee.pid, port: stage.httpsPort }, bare: {} };
  const bytes = {};
  for (const [name, path] of Object.entries(DOCUMENTS)) {
    await stage.get(path);
    const answer = await stage.get(path);
    assert.match(answer.headers['cache-status'], /^marquee; hit/);
    bytes[name] = answer.body.length;
    servers.bare[name] = await startBare(stage, name, answer, ['taskset', '-c', `${serverCpu}`]);
    const same = await getHttps(servers.bare[name].port, stage.ca, path);
    assert.deepEqual([same.status, fieldsOf(same), same.body], [answer.status, fieldsOf(answer), answer.body]);
  }
  if (has('nginx')) servers.nginx = await startNginx(stage, servers.bare);
  else console.log('nginx is not installed: its columns stay empty');

  console.log('                      marquee        bare libh2o     nginx, 1 run   CPU, marquee to bare');
  console.log('  bytes  TLS         req/s us CPU    req/s us CPU    req/s us CPU   median and range');
  for (const row of WARM) {
    printRow(row, bytes[row.document], await measureRow(row, servers, DOCUMENTS[row.document]));
  }
}

// ---- cold ----

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

async function cold(stage, row) {
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
  const good = figure('rounds') <= row.rounds && figure('requests') === 52 && figure('ms') <= max_ms;
  console.log(`${row.name.padEnd(18)} ${`${figure('rounds')}`.padStart(6)} ${`${figure('requests')}`.padStart(9)} ` +
    `${`${figure('connections')}`.padStart(12)} ${figure('ms').toFixed(0).padStart(7)}  ` +
    `<= ${row.rounds} rounds, ${max_ms} ms  ${verdict(good)}`);
}

// ---- all of it ----

const words = process.argv.slice(2);
const check = words.includes('--check');
const rounds = words.includes('--rounds') ? Number(words[words.indexOf('--rounds') + 1]) : 3;
if (!words.every((word, i) => ['--check', '--rounds'].includes(word) || words[i - 1] === '--rounds') ||
    !Number.isInteger(rounds) || rounds < 1 || rounds > 20) {
  console.error(USAGE);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

console.log(`Warm answers over TLS: median of ${rounds} runs, servers of one thread on CPU ${serverCpu}, ` +
  `h2load with ${CONNECTIONS} connections on CPU ${clientCpu}; target: ${MAX_CPU_RATIO} times bare's CPU`);
await onStage({ listen: { threads: 1 } }, warm);
console.log(`\nCold tours, 54 events on 2 pages and 50 venues, ${LATENCY_MS} ms latency, warm connections: ` +
  `median of ${COLD_TOURS.length}`);
console.log('                   rounds  requests  connections      ms  target');
for (const row of COLD) await onStage(row.settings ?? {}, (stage) => cold(stage, row));
