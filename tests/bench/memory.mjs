// What ten thousand small documents take in memory, and whether they stay there.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

import { artist, run } from '../e2e/harness.mjs';

const N = 10_000, N_FIRST = 500; // the first ones touch what is touched once
const ID = 90002002; // 2.6 kB; a name makes another document of the same answers
const FILL_MS = 300_000;

function resident_bytes(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

async function fill(stage, from, to) {
  const list = stage.file('addresses');
  const paths = Array.from({ length: to - from }, (_, i) =>
    `https://127.0.0.1:${stage.httpsPort}${artist(ID, { name: `Artist ${from + i}`, weburl: 'https://artist.example' })}`);
  writeFileSync(list, `${paths.join('\n')}\n`);
  const { code, stdout, stderr } = await run(['h2load', '-t1', '-c1', '-m8', `-n${to - from}`, '-i', list], { timeout_ms: FILL_MS });
  assert.equal(code, 0, stderr);
  assert.match(stdout, new RegExp(`status codes: ${to - from} 2xx`), stdout);
}

// { evictions, ratio: of what the process grew by to the bytes stored }
export async function memory(stage) {
  await fill(stage, 0, N_FIRST);
  const [resident, stored] = [resident_bytes(stage.marquee.pid), await stage.metric('memory_bytes')];
  await fill(stage, N_FIRST, N);
  const grown = resident_bytes(stage.marquee.pid) - resident;
  return {
    evictions: await stage.metric('memory_evictions'),
    entries: await stage.metric('memory_entries'),
    ratio: grown / ((await stage.metric('memory_bytes')) - stored),
  };
}
