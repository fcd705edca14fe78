// Operation without interruption, under load: new configuration and certificate, another process that takes over, and
// a clock that is set. No request may fail.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';

import { artist, root, scenario, sleep, until, within } from './harness.mjs';
import { Load, WARM } from './load.mjs';

const HOUR_S = 3600;

function handshake(stage, options) {
  const socket = tls.connect({
    host: '127.0.0.1', port: stage.httpsPort, servername: 'localhost', ca: stage.ca, ...options,
  });
  return within(10_000, 'a handshake', new Promise((done, failed) => {
    socket.once('secureConnect', () => done(socket));
    socket.once('error', failed);
  }));
}

async function ownCertificate(stage) {
  const own = stage.file('tls');
  mkdirSync(own);
  for (const name of ['ca.pem', 'ca.key', 'cert.pem', 'key.pem']) {
    copyFileSync(join(stage.certificates, name), join(own, name));
  }
  stage.settings.tls = { certificate: join(own, 'cert.pem'), key: join(own, 'key.pem') };
  return () => {
    execFileSync('rm', [join(own, 'cert.pem')]);
    execFileSync(join(root, 'deploy/make-certificates'), [own], { timeout: 20_000 });
  };
}

scenario('SIGHUP under load: a new certificate, new settings, old sessions, and no request that fails.', {
  marquee: false,
}, async (stage) => {
  const renew = await ownCertificate(stage);
  await stage.startMarquee();
  const before = await handshake(stage, { maxVersion: 'TLSv1.2' });
  const session = before.getSession();
  const serial = before.getPeerCertificate().serialNumber;
  before.destroy();
  const load = new Load(stage);
  await load.more(100);
  renew();
  await stage.changeSettings({ songkick: { fresh_s: 100 } });
  stage.marquee.signal('SIGHUP');
  await until('the reload', () => /event=reloaded/.test(stage.marquee.output()));
  await load.more(200);
  const after = await handshake(stage, { maxVersion: 'TLSv1.2' });
  assert.notEqual(after.getPeerCertificate().serialNumber, serial, 'the old certificate is served');
  after.destroy();
  const resumed = await handshake(stage, { maxVersion: 'TLSv1.2', session });
  assert.ok(resumed.isSessionReused(), 'sessions were lost');
  resumed.destroy();
  const max_age_s = Number(/max-age=(\d+)/.exec((await stage.get(load.cold())).headers['cache-control'])[1]);
  assert.ok(max_age_s <= 100, `fresh for ${max_age_s} s`);
  await load.end();
});

for (const [what, spoil] of [
  ['setting', (stage) => appendFileSync(stage.file('marquee.ini'), '[cache]\nnonsense = 1\n')],
  ['key', (stage) => writeFileSync(join(stage.file('tls'), 'key.pem'), 'nonsense')],
]) {
  scenario(`SIGHUP with a broken ${what}, under load: everything stays as it was, and the log says why.`, {
    marquee: false,
  }, async (stage) => {
    await ownCertificate(stage);
    await stage.startMarquee();
    const load = new Load(stage);
    await load.more(50);
    spoil(stage);
    for (let i = 0; i < 3; i++) {
      stage.marquee.signal('SIGHUP');
      await until('the refusal', () => stage.marquee.output().split('event=reload_failed').length > i + 1);
      await load.more(50);
    }
    assert.match(stage.marquee.output(), what === 'key' ? /event=reload_failed why=".*key.pem/ : /marquee\.ini:\d+: .*nonsense/);
    await load.end();
  });
}

scenario('A second process takes over the port under load, and no request fails.', {}, async (stage) => {
  const load = new Load(stage);
  await load.more(100);
  const second = await stage.startSecond();
  await load.more(100);
  stage.marquee.signal('SIGTERM');
  assert.deepEqual(await within(15_000, 'the end of the first', stage.marquee.ended), { code: 0, signal: null });
  assert.match(stage.marquee.output(), /event=stopped requests_cut=no/);
  stage.marquee = second;
  await load.more(200);
  await load.end();
});

// ---- the clock ----

const libraries = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`);
const faketime = libraries.find((path) => existsSync(path));

function clockScenario(name, options, body) {
  scenario(name, { ...options, marquee: false, skip: faketime === undefined && 'no libfaketime: deploy/install-deps --test' },
    async (stage) => {
      const file = stage.file('clock');
      const set = (offset_s) => writeFileSync(file, `${offset_s < 0 ? '' : '+'}${offset_s}\n`);
      set(0);
      stage.moreEnvironment = {
        LD_PRELOAD: faketime, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1',
      };
      await stage.startMarquee();
      await body(stage, set);
    });
}

async function hasDate(stage, offset_s) {
  const { headers } = await stage.get('/robots.txt');
  return Math.abs(Date.parse(headers.date) - Date.now() - offset_s * 1000) < 30_000;
}

for (const [what, offset_s] of [['forward by an hour', HOUR_S], ['back by an hour', -HOUR_S]]) {
  clockScenario(`The clock is set ${what} while requests are under way: none is cut, none hangs.`, {}, async (stage, set) => {
    await stage.get(WARM);
    const load = new Load(stage);
    await load.more(50);
    await stage.setLatency(300);
    const slow = Array.from({ length: 10 }, (_, i) => stage.get(artist(90004004001 + i)));
    await until('the requests', async () => (await stage.metric('jobs_running')) >= 10);
    set(offset_s);
    for (const got of await Promise.all(slow)) assert.equal(got.status, 200);
    await until('the new time', () => hasDate(stage, offset_s));
    await stage.setLatency(0);
    await load.more(100);
    await load.end();
    assert.equal(await stage.metric('connections_cut'), 0);
  });

  clockScenario(`Timeouts still end what is slow after the clock was set ${what}.`, {
    settings: { listen: { request_timeout_ms: 1500, response_deadline_ms: 1500 } },
  }, async (stage, set) => {
    const before = await handshake(stage);
    before.write('GET / HTTP/1.1\r\nX: ');
    const ended = new Promise((done) => before.once('close', done));
    await sleep(300);
    const started_ms = performance.now();
    set(offset_s);
    await within(8000, 'the end of the half request', ended);
    assert.ok(performance.now() - started_ms > 500, 'it was cut by the clock');
    const after = await handshake(stage);
    after.write('GET / HTTP/1.1\r\nX: ');
    await within(8000, 'the end of the next', new Promise((done) => after.once('close', done)));
    await stage.setMode('hang');
    const hung = stage.get(artist(90004004)).then((got) => got.status, (error) => error.code);
    assert.notEqual(await within(8000, 'the deadline', hung), 200);
  });
}

clockScenario('A day later by the clock, what is over its ceiling is asked for again.', {}, async (stage, set) => {
  await stage.get(WARM);
  const { requests } = await stage.counters();
  set(HOUR_S);
  assert.match((await stage.get(WARM)).headers.age, /^3[56]\d\d$/);
  set(25 * HOUR_S);
  const got = await until('the new time', async () => (await hasDate(stage, 25 * HOUR_S)) && stage.get(WARM));
  assert.equal(got.status, 200);
  assert.ok(Number(got.headers.age) < 60, `Age: ${got.headers.age}`);
  assert.ok((await stage.counters()).requests > requests);
});

clockScenario('A clock that is set back makes nothing fresh for longer.', {}, async (stage, set) => {
  await stage.get(WARM);
  const { requests } = await stage.counters();
  set(-2 * HOUR_S);
  await until('the new time', () => hasDate(stage, -2 * HOUR_S));
  const got = await stage.get(WARM);
  assert.equal(got.status, 200);
  assert.equal(got.headers.age, '0');
  await until('a refresh', async () => (await stage.counters()).requests > requests);
  const [max_age_s] = [Number(/max-age=(\d+)/.exec((await stage.get(WARM)).headers['cache-control'])[1])];
  assert.ok(max_age_s <= 4 * HOUR_S);
});
