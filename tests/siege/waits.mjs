// How long a process waited for a processor: what the machine, and not the process, made late. From the scheduler's own
// figures (/proc/PID/task/TID/schedstat: ns that it ran, ns that it was ready and did not run).
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const OWN = '/proc/self/schedstat';
const EVERY_MS = 50;
const KEPT = 80_000; // over an hour

function readSchedstat(path) {
  const [ran_ns, waited_ns] = readFileSync(path, 'utf8').split(' ').map(Number);
  return { ran_ms: ran_ns / 1e6, waited_ms: waited_ns / 1e6 };
}

// For how long this process has waited so far; 0 on a kernel that does not say.
export function ownWaits_ms() {
  return existsSync(OWN) ? readSchedstat(OWN).waited_ms : 0;
}

// Seconds since it was made, without those for which this process waited for a processor.
export function stopwatch() {
  const started_ms = performance.now();
  const before_ms = ownWaits_ms();
  return () => Math.max(0, performance.now() - started_ms - (ownWaits_ms() - before_ms)) / 1000;
}

// Watches the threads of a process.
export class Waits {
  constructor(pid) {
    this.pid = pid;
    this.samples = []; // { at, threads: { tid: { ran_ms, waited_ms } } }
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.look();
  }

  look() {
    const threads = {};
    for (const tid of readdirSync(`/proc/${this.pid}/task`)) {
      try {
        threads[tid] = readSchedstat(`/proc/${this.pid}/task/${tid}/schedstat`);
      } catch {
        // It has ended just now, or this kernel does not say.
      }
    }
    this.samples.push({ at: Date.now(), threads });
    if (this.samples.length > KEPT) this.samples.shift();
  }

  // For how long, of the time between, others kept the most delayed thread from running. While its own process ran on
  // another processor, that is to blame and not others.
  byOthers_ms({ from, to }) {
    const before = this.samples.findLast(({ at }) => at <= from) ?? this.samples[0];
    const after = this.samples.find(({ at }) => at >= to) ?? this.samples.at(-1);
    const past = Object.entries(after.threads).filter(([tid]) => tid in before.threads).map(([tid, { ran_ms, waited_ms }]) =>
      ({ ran_ms: ran_ms - before.threads[tid].ran_ms, waited_ms: waited_ms - before.threads[tid].waited_ms }));
    const ran_ms = past.reduce((sum, thread) => sum + thread.ran_ms, 0);
    return Math.max(0, ...past.map((thread) => thread.waited_ms - (ran_ms - thread.ran_ms)));
  }

  end() {
    clearInterval(this.timer);
  }
}
