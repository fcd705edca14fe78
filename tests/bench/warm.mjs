// Warm answers: CPU time a request of the service, beside a bare libh2o server (bare.c) that answers the same status,
// header fields and body from memory, and beside nginx's proxy_cache where nginx is installed.
//
// Servers are pinned to one CPU and h2load to another. A run takes the service and bare in turns, so that what else
// the machine does falls on both; the ratio is the median of the ratios of neighbours. Absolute numbers on a busy
// machine mean little.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { artist, getHttps, run } from '../e2e/harness.mjs';
import { PARAMETERS, fieldsOf, has, median, startBare, startNginx } from './servers.mjs';

const RATIO = { most: 1.25, target: 1.15, isTime: true };
export const CONNECTIONS = 32;
const H2LOAD_MS = 60_000;
const DOCUMENTS = { small: artist(90003003, PARAMETERS), big: artist(90030030, PARAMETERS) };
// Enough requests for half a second of CPU or more, of which the kernel tells the hundredths.
const WARM = [
  { document: 'small', protocol: 'HTTP/2', requests: 120_000, options: ['-m4'] },
  { document: 'small', protocol: 'HTTP/1.1', requests: 60_000, options: ['--h1', '-m1'] },
  { document: 'big', protocol: 'HTTP/2', requests: 30_000, options: ['-m4'] },
  { document: 'big', protocol: 'HTTP/1.1', requests: 30_000, options: ['--h1', '-m1'] },
];

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

export const [serverCpu, clientCpu] = twoCpus();

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

async function measureRow(row, servers, path, rounds) {
  const marquee = [], bare = [], nginx = [];
  for (let i = 0; i < rounds; i++) {
    const turns = [
      async () => marquee.push(await load(servers.marquee, path, row)),
      async () => bare.push(await load(servers.bare[row.document], path, row)),
    ];
    for (const turn of i % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  if (servers.nginx) nginx.push(await load(servers.nginx[row.document], path, row));
  return { marquee, bare, nginx };
}

function printRow(table, row, bytes, { marquee, bare, nginx }) {
  const column = (runs) => [
    `${(median(runs.map((one) => one.rate)) / 1000).toFixed(1)} k`.padStart(9),
    median(runs.map((one) => one.cpu_us)).toFixed(1).padStart(7),
  ].join('');
  const ratios = marquee.map((one, i) => one.cpu_us / bare[i].cpu_us);
  const ratio = median(ratios);
  const name = `hit, ${(bytes / 1000).toFixed(1)} kB, ${row.protocol}, processor time`;
  table.add(`${name} to bare's`, ratio, RATIO);
  table.add(`${name} in us`, median(marquee.map((one) => one.cpu_us)));
  if (nginx.length > 0) table.add(`${name} in us of nginx's cache`, median(nginx.map((one) => one.cpu_us)));
  const range = `(${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`;
  const peer = nginx.length > 0 ? column(nginx) : ' '.repeat(16);
  console.log(`${`${bytes}`.padStart(7)}  ${row.protocol.padEnd(8)} ${column(marquee)} ${column(bare)} ${peer}` +
    `   ${ratio.toFixed(2)} ${range}`);
}

async function startPeers(stage, bare) {
  const peers = {};
  for (const [name, path] of Object.entries(DOCUMENTS)) {
    peers[name] = await startNginx(stage, `nginx-${name}`, bare[name].port, path, ['taskset', '-c', `${serverCpu}`]);
  }
  return peers;
}

export async function warm(stage, table, rounds) {
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
  if (has('nginx')) servers.nginx = await startPeers(stage, servers.bare);
  else console.log('nginx is not installed: its columns stay empty');

  console.log('                      marquee        bare libh2o     nginx, 1 run   CPU, marquee to bare');
  console.log('  bytes  TLS         req/s us CPU    req/s us CPU    req/s us CPU   median and range');
  for (const row of WARM) {
    printRow(table, row, bytes[row.document], await measureRow(row, servers, DOCUMENTS[row.document], rounds));
  }
}
