// What a siege comes to: figures for everybody, and what was wrong.
import { attackers } from './attackers.mjs';
import { LATE_MS, STALL_MS } from './bounds.mjs';

const MAX_MEMORY = 1.2; // of the start's
const MEMCACHED_CONNECTIONS = 2; // a thread each; there are none when it was down just then
const MAX_STALLED = 0.01; // of the bare server's answers; beyond, the machine tells nothing

function overlapping({ from, to }, list) {
  return list.filter((other) => other.from <= to && from <= other.to);
}

function table(heads, rows) {
  const all = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, i) => Math.max(...all.map((row) => row[i].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd();
  return all.map(line).join('\n');
}

// ---- the honest ----

// Cold documents may fail with what the problem is while their provider does; nothing else may.
function isLost(tally, wrong, weather) {
  const toldWhy = [502, 503, 504].includes(wrong.status) || wrong.status === 200;
  return !(tally.provider !== undefined && toldWhy && weather.wasBad(tally.provider, wrong.from, wrong.to));
}

// Of a late hit, what was the machine's: service and client waited for a processor, or the bare server was late too.
function excuse_ms(late, stalls, waits) {
  return Math.max(waits.byOthers_ms(late) + late.waited_ms, ...overlapping(late, stalls).map(({ from, to }) => to - from));
}

function judgeHonest(honest, weather, waits, sanitized) {
  const faults = [];
  const stalls = Object.values(honest).filter(({ control }) => control).flatMap(({ late }) => late);
  const rows = Object.entries(honest).map(([name, tally]) => {
    const lost = tally.control ? tally.wrong : tally.wrong.filter((wrong) => isLost(tally, wrong, weather));
    const late = tally.hit ? tally.late : [];
    const told = late.map((one) => ({ ...one, excuse_ms: excuse_ms(one, stalls, waits) }));
    const ours = told.filter(({ from, to, excuse_ms: machine_ms }) => to - from - machine_ms > LATE_MS);
    for (const { why, from, to } of lost.slice(0, 5)) faults.push(`${name}: lost after ${to - from} ms: ${why}`);
    for (const { from, to, what, excuse_ms: machine_ms } of sanitized ? [] : ours.slice(0, 5)) {
      faults.push(`${name}: ${to - from} ms, of which the machine's were ${Math.round(machine_ms)} (${what})`);
    }
    if (tally.asked === 0) faults.push(`${name}: nothing was asked`);
    const excused = tally.wrong.length - lost.length;
    return [name, tally.asked, tally.answered, tally.median_ms, tally.p99_ms, tally.longest_ms, ours.length, late.length - ours.length,
      excused, lost.length];
  });
  const control = Object.values(honest).find((tally) => tally.control);
  if (!sanitized && control.n_late > control.asked * MAX_STALLED) {
    const often = `${control.n_late} of ${control.asked}`;
    faults.push(`this machine stood still too often to tell: ${often} answers of the bare server took over ${STALL_MS} ms`);
  }
  const heads = [
    'honest', 'asked', 'answered', 'median ms', 'p99 ms', 'longest ms', `over ${LATE_MS}`, 'by machine', 'by upstream', 'lost',
  ];
  return { faults, text: table(heads, rows) };
}

// ---- the attackers ----

function judgeAttacker(attacker, figures, target, sanitized) {
  const longest_s = typeof attacker.longest_s === 'function' ? attacker.longest_s(target) : attacker.longest_s;
  const { connections, cut, most } = figures;
  const faults = [];
  if (connections === 0) faults.push(`no connection: ${figures.why}`);
  if (!attacker.stays && cut < connections) faults.push(`${connections - cut} connections were not cut`);
  if (!sanitized && most >= attacker.most) faults.push(`all ${attacker.most} ${attacker.unit} were taken`);
  if (figures.longest_s > longest_s) faults.push(`held a connection for ${figures.longest_s} s, over ${longest_s}`);
  return faults.map((fault) => `${attacker.name}: ${fault}`);
}

function judgeAttackers(attacks, target, sanitized) {
  const faults = [];
  const rows = attackers.map((attacker) => {
    const figures = attacks[attacker.name];
    faults.push(...judgeAttacker(attacker, figures, target, sanitized));
    const { connections, cut, refused, most, longest_s, answers, bytes } = figures;
    const sent = `${most} ${attacker.unit}`;
    return [attacker.name, connections, cut, refused, sent, longest_s.toFixed(1), answers, (bytes / 1e6).toFixed(1)];
  });
  const legend = attackers.map(({ name, does }) => `${name}: ${does}`).join('\n');
  const heads = ['attacker', 'connections', 'cut', 'refused', 'most it sent', 'longest s', 'answers', 'MB'];
  return { faults, text: `${table(heads, rows)}\n\n${legend}` };
}

// ---- the service ----

// Connections to providers and memcached are kept, as many as are configured; how many of them there are says nothing.
function judgeHeld({ start, end, providers, peak_mb }, sanitized) {
  const faults = [];
  if (!sanitized && end.memory_mb > start.memory_mb * MAX_MEMORY) {
    faults.push(`${end.memory_mb} MB are resident, over ${MAX_MEMORY} times ${start.memory_mb}`);
  }
  for (const what of ['clients', 'others', 'threads']) {
    if (end[what] > start[what]) faults.push(`${end[what]} ${what} are held, and ${start[what]} at the start`);
  }
  if (end.providers > providers) faults.push(`${end.providers} connections to providers, and ${providers} are allowed`);
  if (end.unix > start.unix + MEMCACHED_CONNECTIONS) faults.push(`${end.unix} Unix sockets, and ${start.unix} at the start`);
  const heads = ['held', 'MB', 'threads', 'clients', 'providers', 'Unix sockets', 'other descriptors'];
  const row = (when, held) => [when, held.memory_mb, held.threads, held.clients, held.providers, held.unix, held.others];
  const rows = [row('at the start', start), row('at the end', end)];
  return { faults, text: `${table(heads, rows)}\nmost memory ever: ${peak_mb} MB` };
}

export function judge({ honest, attacks, weather, waits, target, held, cpu_s, seconds, sanitized }) {
  const parts = [
    judgeHonest(honest, weather, waits, sanitized), judgeAttackers(attacks, target, sanitized), judgeHeld(held, sanitized),
  ];
  const happened = Object.entries(weather.counts).map(([what, n]) => `${what} ${n}`).join(', ');
  return {
    faults: [...parts.flatMap(({ faults }) => faults), ...weather.failures],
    text: [
      ...parts.map(({ text }) => text), `processor: ${cpu_s.toFixed(1)} s in ${seconds.toFixed(0)} s`, `weather: ${happened}`,
    ].join('\n\n'),
  };
}
