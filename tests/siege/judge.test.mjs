// That the siege fails when it should: the figures of a good one, with one thing wrong in turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attackers } from './attackers.mjs';
import { judge } from './judge.mjs';

const LATE = { from: 1000, to: 1700, waited_ms: 0, what: 'marquee; hit' };

const ATTACK = { connections: 5, cut: 5, refused: 0, most: 10, longest_s: 1, answers: 0, bytes: 0 };

function tally(more) {
  return { asked: 1000, answered: 1000, longest_ms: 20, n_late: 0, late: [], wrong: [], median_ms: 1, p99_ms: 5, ...more };
}

function goodSiege() {
  const held = { memory_mb: 50, threads: 6, clients: 0, providers: 2, unix: 4, others: 22 };
  return {
    honest: { hit: tally({ hit: true }), cold: tally({ provider: 'songkick' }), 'bare server': tally({ control: true }) },
    attacks: Object.fromEntries(attackers.map(({ name }) => [name, { ...ATTACK }])),
    weather: { counts: {}, failures: [], wasBad: (provider, from) => provider === 'songkick' && from >= 5000 },
    waits: { byOthers_ms: () => 0 },
    target: { deadline_s: 10, request_s: 3, document_s: 6 },
    held: { start: { ...held }, end: { ...held }, providers: 16, peak_mb: 100 },
    cpu_s: 1, seconds: 60,
  };
}

// A request of an honest client that came to something else.
function wrong(name, from, status) {
  return ({ honest }) => honest[name].wrong.push({ from, to: from + 1, status, why: '' });
}

function faultsOf(spoil) {
  const siege = goodSiege();
  spoil(siege);
  return judge(siege).faults;
}

for (const [what, spoil] of [
  ['a good siege', () => {}],
  ['a cold document that failed while its provider did', wrong('cold', 6000, 503)],
  ['a late hit for which the service waited', (siege) => {
    siege.honest.hit.late.push(LATE);
    siege.waits.byOthers_ms = () => 300;
  }],
  ['a late hit for which the client waited', ({ honest }) => honest.hit.late.push({ ...LATE, waited_ms: 300 })],
  ['a late hit beside a late bare server', ({ honest }) => {
    honest.hit.late.push(LATE);
    honest['bare server'].late.push({ from: 1100, to: 1600 });
  }],
  ['how fast and how large a build with a sanitizer is', (siege) => {
    siege.sanitized = true;
    siege.honest.hit.late.push(LATE);
    siege.attacks['rapid resets'].most = 100_000;
    siege.held.end.memory_mb = 500;
  }],
  ['memory within a fifth', ({ held }) => { held.end.memory_mb = 60; }],
]) {
  test(`Nothing is wrong with ${what}.`, () => assert.deepEqual(faultsOf(spoil), []));
}

for (const [what, fault, spoil] of [
  ['a late hit', /^hit: 700 ms/, ({ honest }) => honest.hit.late.push(LATE)],
  ['a late hit, and a bare server that was late at another time', /^hit: 700 ms/, ({ honest }) => {
    honest.hit.late.push(LATE);
    honest['bare server'].late.push({ from: 3000, to: 3900 });
  }],
  ['a hit that is an error, whatever the weather', /^hit: lost/, wrong('hit', 6000, 503)],
  ['a cold document that failed in good weather', /^cold: lost/, wrong('cold', 1, 503)],
  ['a cold document without an answer', /^cold: lost/, wrong('cold', 6000, null)],
  ['a cold document refused to an honest client', /^cold: lost/, wrong('cold', 6000, 429)],
  ['a machine that stood still', /stood still/, ({ honest }) => {
    honest['bare server'].n_late = 11; // more than are told, when the siege is long
  }],
  ['an attacker that is not cut', /were not cut/, ({ attacks }) => { attacks['slow readers'].cut = 4; }],
  ['an attacker that gets all', /were taken/, ({ attacks }) => { attacks['rapid resets'].most = 100_000; }],
  ['an attacker that holds a connection', /held a connection/, ({ attacks }) => { attacks['half requests'].longest_s = 99; }],
  ['an attacker that was none', /no connection/, ({ attacks }) => { Object.assign(attacks['empty DATA'], { connections: 0, cut: 0 }); }],
  ['memory that grew', /61 MB are resident/, ({ held }) => { held.end.memory_mb = 61; }],
  ['a thread that is left', /7 threads/, ({ held }) => { held.end.threads = 7; }],
  ['a client that is left', /1 clients/, ({ held }) => { held.end.clients = 1; }],
  ['a descriptor that is left', /23 others/, ({ held }) => { held.end.others = 23; }],
  ['connections to providers that are left', /17 connections/, ({ held }) => { held.end.providers = 17; }],
  ['connections to memcached that are left', /7 Unix sockets/, ({ held }) => { held.end.unix = 7; }],
  ['a reload that failed', /no reload/, ({ weather }) => weather.failures.push('operator: no reload')],
]) {
  test(`It fails for ${what}.`, () => {
    const faults = faultsOf(spoil);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0], fault);
  });
}
