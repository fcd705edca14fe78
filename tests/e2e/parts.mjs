// Programs, ports, certificates and waiting: what the stage (harness.mjs) is made of. Knows nothing of what the
// programs are for.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export { sleep };

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const build = resolve(root, process.env.BUILD ?? 'build');
// MARQUEE runs every test on another build of the service, for example the one with sanitizers.
export const marqueeProgram = process.env.MARQUEE ?? join(build, 'marquee');
export const simulatorProgram = join(build, 'simulator');

export const READY_MS = 20_000;
const STOP_MS = 15_000;
// Below the range that the kernel takes ports of outgoing connections from.
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

// Asks until the answer is true; that answer. `what` completes "waited in vain for ...".
export async function until(what, ask, timeout_ms = 10_000) {
  const end_ms = performance.now() + timeout_ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end_ms) throw new Error(`waited ${timeout_ms} ms in vain for ${what}`);
    await sleep(10);
  }
}

// The promise's value, or an error after a while.
export async function within(timeout_ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${timeout_ms} ms in vain for ${what}`)), timeout_ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// ---- directories and certificates ----

export function temporaryDirectory() {
  return mkdtempSync(join(tmpdir(), 'mq-'));
}

let certificates;

// Directory with ca.pem, cert.pem and key.pem for localhost, made once for this process.
export function localCertificates() {
  if (certificates === undefined) {
    certificates = temporaryDirectory();
    process.on('exit', () => rmSync(certificates, { recursive: true, force: true }));
    execFileSync(join(root, 'deploy/make-certificates'), [certificates], { timeout: READY_MS });
  }
  return certificates;
}

// ---- ports ----

function canListen(port) {
  return new Promise((done) => {
    const server = net.createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

const given = new Set();

// Nothing was listening there a moment ago. Never the same one twice: services share a port without complaint.
export async function freePort() {
  return until('a free port', async () => {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (given.has(port)) return false;
    given.add(port);
    return (await canListen(port)) && port;
  });
}

export function isListening(port) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

// ---- programs ----

// What programs get from our own environment: no settings of marquee and no proxy.
function plainEnvironment() {
  const names = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'ASAN_OPTIONS', 'TSAN_OPTIONS', 'UBSAN_OPTIONS'];
  return Object.fromEntries(names.filter((name) => name in process.env).map((name) => [name, process.env[name]]));
}

// A program that runs in the background. What it writes goes to a file, so that it never waits for us.
export class Program {
  constructor(name, command, { log, env = {}, cwd = root }) {
    const fd = openSync(log, 'a');
    this.name = name;
    this.log = log;
    this.over = null; // {code, signal} once it has ended
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      cwd,
      env: { ...plainEnvironment(), ...env },
      stdio: ['ignore', fd, fd],
    });
    closeSync(fd);
    this.ended = new Promise((done) => {
      this.child.once('error', (error) => done((this.over = { code: null, signal: null, error })));
      this.child.once('exit', (code, signal) => done((this.over = { code, signal })));
    });
  }

  get pid() {
    return this.child.pid;
  }

  output() {
    return readFileSync(this.log, 'utf8');
  }

  signal(name) {
    if (this.over === null) process.kill(this.pid, name);
  }

  // Until it is ready; an error at once when it ends instead.
  async ready(what, ask) {
    await until(`${this.name}: ${what}`, async () => {
      if (this.over !== null) {
        throw new Error(`${this.name} ended (${JSON.stringify(this.over)}) and said:\n${this.output()}`);
      }
      return ask();
    }, READY_MS);
  }

  // Asks it to end; how it did.
  async stop(timeout_ms = STOP_MS) {
    this.signal('SIGTERM');
    return within(timeout_ms, `${this.name} to end after SIGTERM`, this.ended);
  }

  async kill() {
    this.signal('SIGKILL');
    return within(STOP_MS, `${this.name} to end after SIGKILL`, this.ended);
  }
}

// The most memory that a process ever had resident.
export function peakMemory_mb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.ceil(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) / 1024);
}

// What it has resident now.
export function memory_mb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.ceil(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) / 1024);
}

// What it holds now.
export function held(pid) {
  const count = (what) => readdirSync(`/proc/${pid}/${what}`).length;
  return { memory_mb: memory_mb(pid), descriptors: count('fd'), threads: count('task') };
}

// Processor time that it has had.
export function processor_s(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// Runs a command to its end: {code, signal, stdout, stderr}.
export async function run(command, { env = {}, cwd = root, timeout_ms = READY_MS } = {}) {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (result.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (result.stderr += text));
  const over = new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => done({ ...result, code, signal }));
  });
  try {
    return await within(timeout_ms, `${command[0]} to end`, over);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
