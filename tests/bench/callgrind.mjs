// Counts instructions of a server, which say the same on every machine: callgrind counts those of two runs that differ
// in the number of requests alone, so that start, handshakes and end cancel out. User space, all threads.
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';

import { run, until } from '../e2e/harness.mjs';

const MAX_MS = 120_000;

// Libraries choose code by the processor; these choose the same everywhere: SSE4 and AES, nothing with AVX.
const ENVIRONMENT = {
  OPENSSL_ia32cap: '0x02180203178bfbff:0x0',
  GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-BMI2,-ERMS,-FSRM,-RTM',
};

// A dump: { all, own }, of which own is by function of `program`. Its format is "Callgrind Format Specification" of
// valgrind's manual; a name is written once and is a number from then on.
function read(file, program) {
  const names = new Map();
  const own = {};
  let all = 0, object = '', name = '', isCall = false;
  const expand = (kind, text) => {
    const [, id, rest] = /^(\(\d+\))?\s*(.*)$/.exec(text);
    if (id !== undefined && rest !== '') names.set(kind + id, rest);
    return id === undefined ? rest : names.get(kind + id);
  };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === 'ob' || key === 'cob') {
      const found = expand('ob', value);
      if (key === 'ob') object = found;
    } else if (key === 'fn' || key === 'cfn') {
      const found = expand('fn', value);
      if (key === 'fn') name = found;
    } else if (key === 'calls') {
      isCall = true; // the next line is what the callee costs
    } else if (/^[+\-*\d]/.test(line)) {
      const cost = isCall ? 0 : Number(line.split(' ')[1]);
      isCall = false;
      all += cost;
      if (basename(object) === program) own[name] = (own[name] ?? 0) + cost;
    }
  }
  return { all, own };
}

// Counts one program. `directory` is where dumps go; it is made.
export class Callgrind {
  constructor(directory) {
    this.out = directory;
    mkdirSync(directory);
  }

  // Of a command that ends by running the program.
  words() {
    return ['env', ...Object.entries(ENVIRONMENT).map((pair) => pair.join('=')), 'valgrind', '-q', '--tool=callgrind',
      `--callgrind-out-file=${this.out}/dump`];
  }

  // What has been counted since the last dump.
  async dump(pid, program) {
    await run(['callgrind_control', '-d', `${pid}`], { timeout_ms: MAX_MS });
    const file = await until('a dump', () => readdirSync(this.out).find((name) => /^dump\.\d+$/.test(name)));
    const counted = read(`${this.out}/${file}`, program);
    rmSync(`${this.out}/${file}`);
    return counted;
  }

  // { all, own, functions } of one request. `ask(n)` makes n requests.
  async each(pid, program, ask, few, many) {
    const costs = [];
    for (const n of [few, few, many]) { // the first also does what is done once
      await ask(n);
      costs.push(await this.dump(pid, program));
    }
    const [, before, after] = costs;
    const share = (less, more) => (more - less) / (many - few);
    const functions = Object.entries(after.own).map(([name, cost]) => [name, share(before.own[name] ?? 0, cost)])
      .filter(([, cost]) => cost >= 1).sort((a, b) => b[1] - a[1]);
    return { all: share(before.all, after.all), own: functions.reduce((sum, [, cost]) => sum + cost, 0), functions };
  }
}
