// A memcached that wants a user and a password (SASL) is as good as one that does not; one that refuses them is left
// alone, and says why.
import assert from 'node:assert/strict';
import net from 'node:net';
import { writeFileSync } from 'node:fs';

import { artist, getHttp, scenario, until } from './harness.mjs';

const TOUR = 90054050; // 52 answers, and a document and its hints
const ENTRIES = 54;

function smallTour(i) {
  return artist(90001001000 + i);
}

async function stored(stage, n) {
  await until(`${n} entries in memcached`, async () => (await stage.metric('memcached_puts')) >= n);
}

async function serverState(stage) {
  return JSON.parse((await getHttp(stage.adminPort, '/status.json')).text).memcached[0].state;
}

// The service serves, memcached is left alone, and log and status page say why.
async function assertRefused(stage, why) {
  assert.equal((await stage.get(smallTour(0))).status, 200);
  await until('the server is left alone', async () => (await stage.metric('memcached_servers_down')) === 1);
  const said = await until('the line in the log', () => /^.*event=memcached_down.*$/m.exec(stage.marquee.output()));
  assert.match(said[0], new RegExp(`server=127\\.0\\.0\\.1:${stage.memcachedPort}`));
  assert.match(said[0], why);
  assert.match(await serverState(stage), why);
  assert.equal((await stage.get(smallTour(1))).status, 200);
  assert.equal((await getHttp(stage.adminPort, '/readyz')).status, 200);
}

scenario('Behind a user and a password everything is kept, found by many keys at once, and asked for once.', {
  memcached: 'login',
  settings: { cache: { memcached_timeout_ms: 1000 } },
}, async (stage) => {
  const first = await stage.get(artist(TOUR));
  assert.equal(first.json.length, 54);
  await stored(stage, ENTRIES);
  await stage.restartMarquee();
  await stage.resetCounters();
  const again = await stage.get(artist(TOUR));
  assert.deepEqual(again.json, first.json);
  assert.match(again.headers['cache-status'], /^marquee-memcached; hit/);
  const other = await stage.get(artist(TOUR, { name: 'Another Name' }));
  assert.equal(other.json.length, 54);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('Two instances behind the same user ask upstream once.', {
  memcached: 'login',
  settings: { cache: { memcached_timeout_ms: 1000 } },
}, async (stage) => {
  await stage.setLatency(300);
  const one = stage.marquee;
  const onePort = stage.httpsPort;
  await stage.startMarquee();
  await stage.resetCounters();
  const answers = [stage.get(smallTour(7))];
  stage.httpsPort = onePort;
  answers.push(stage.get(smallTour(7)));
  for (const got of await Promise.all(answers)) assert.equal(got.status, 200);
  assert.equal((await stage.counters()).requests, 2);
  assert.deepEqual(await one.stop(), { code: 0, signal: null });
});

scenario('A memcached that freezes behind its login slows one miss by its timeout, then none, and is used again.', {
  memcached: 'login',
  settings: { cache: { memcached_timeout_ms: 500, memcached_probe_ms: 200 } },
}, async (stage) => {
  assert.equal((await stage.get(smallTour(0))).status, 200);
  await stored(stage, 2);
  stage.memcached.signal('SIGSTOP');
  for (let i = 1; i < 4; i++) assert.equal((await stage.get(smallTour(i))).status, 200);
  // A thread that has to connect first has four times as long.
  await until('it is left alone', async () => /no answer, or not in time/.test(await serverState(stage)));
  stage.memcached.signal('SIGCONT');
  await until('memcached is in use', async () => (await serverState(stage)) === 'in use');
  await until('the line in the log', () => /event=memcached_back/.test(stage.marquee.output()));
  const before = await stage.metric('memcached_puts');
  assert.equal((await stage.get(smallTour(5))).status, 200);
  await stored(stage, before + 2);
});

scenario('A wrong password is said in the log and on the status page, and memcached is used once it is right.', {
  memcached: 'login',
  marquee: false,
  settings: { cache: { memcached_timeout_ms: 1000, memcached_probe_ms: 200 } },
}, async (stage) => {
  await stage.setMemcachedPassword('another one');
  await stage.startMarquee();
  await assertRefused(stage, /refuses memcached_user/);
  await stage.setMemcachedPassword(stage.memcachedPassword);
  await until('memcached is in use', async () => (await serverState(stage)) === 'in use');
  const before = await stage.metric('memcached_puts');
  assert.equal((await stage.get(smallTour(9))).status, 200);
  await stored(stage, before + 2);
});

scenario('Without a user a memcached that wants one is left alone, and the log says what it wants.', {
  memcached: 'login',
  marquee: false,
  settings: { cache: { memcached_user: '', memcached_password_file: '', memcached_timeout_ms: 1000 } },
}, async (stage) => {
  await stage.startMarquee();
  await assertRefused(stage, /give memcached_user and a password/);
});

scenario('Where the server offers no PLAIN the password is not sent, and the log says so.', {
  marquee: false,
}, async (stage) => {
  const heard = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (request) => {
      heard.push(request);
      const mechanisms = Buffer.from('SCRAM-SHA-1 DIGEST-MD5');
      const answer = Buffer.alloc(24 + mechanisms.length);
      answer.set([0x81, request[1]]);
      answer.writeUInt32BE(mechanisms.length, 8);
      request.copy(answer, 12, 12, 16);
      mechanisms.copy(answer, 24);
      socket.write(answer);
    });
  });
  await new Promise((started) => server.listen(0, '127.0.0.1', started));
  try {
    stage.memcachedPort = server.address().port;
    stage.settings.cache = {
      memcached: `127.0.0.1:${stage.memcachedPort}`, memcached_timeout_ms: 1000,
      memcached_user: 'marquee', memcached_password: 'opensesame',
    };
    await stage.startMarquee();
    await assertRefused(stage, /offers no PLAIN/);
    assert.deepEqual([...new Set(heard.map((request) => request[1]))], [0x20]);
  } finally {
    server.close();
  }
});

// Each step of the exchange is answered by "go on": a login of its own would never end.
scenario('A server whose login never ends costs its timeout, then nothing.', { marquee: false }, async (stage) => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (request) => {
      const text = Buffer.from(request[1] === 0x20 ? 'PLAIN' : '');
      const answer = Buffer.alloc(24 + text.length);
      answer.set([0x81, request[1]]);
      if (request[1] !== 0x20) answer.writeUInt16BE(0x21, 6);
      answer.writeUInt32BE(text.length, 8);
      request.copy(answer, 12, 12, 16);
      text.copy(answer, 24);
      socket.write(answer);
    });
  });
  await new Promise((started) => server.listen(0, '127.0.0.1', started));
  try {
    stage.settings.cache = {
      memcached: `127.0.0.1:${server.address().port}`, memcached_timeout_ms: 300,
      memcached_user: 'marquee', memcached_password: 'opensesame',
    };
    await stage.startMarquee();
    assert.equal((await stage.get(smallTour(0))).status, 200);
    await until('the server is left alone', async () => (await stage.metric('memcached_servers_down')) === 1);
    const started_ms = performance.now();
    for (let i = 1; i < 6; i++) assert.equal((await stage.get(smallTour(i))).status, 200);
    assert.ok(performance.now() - started_ms < 5000); // one that waits takes 1.2 s
    assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
  } finally {
    server.close();
  }
});

scenario('check-config says what is wrong with user and password.', { marquee: false, simulator: false }, async (stage) => {
  writeFileSync(stage.file('empty'), '\n');
  for (const [cache, why] of [
    [{ memcached: '127.0.0.1:1', memcached_user: 'a' }, /marquee\.ini:\d+: .*memcached_user = a: it has no password/],
    [{ memcached: '127.0.0.1:1', memcached_password: 'opensesame' }, /memcached_password is for a user; give memcached_user/],
    [{ memcached: '/run/m.sock', memcached_user: 'a', memcached_password: 'opensesame' }, /memcached_user = a: .*over TCP alone/],
    [{ memcached: '127.0.0.1:1', memcached_user: 'a', memcached_password_file: stage.file('empty') }, /is empty; put the password/],
    [{ memcached: '127.0.0.1:1', memcached_user: 'a', memcached_password_file: '/nowhere' }, /\/nowhere: No such file/],
  ]) {
    stage.settings.cache = cache;
    const got = await stage.runMarquee(['check-config', await stage.writeConfiguration()]);
    assert.equal(got.code, 2, JSON.stringify(cache));
    assert.match(got.stderr, why);
    assert.doesNotMatch(got.stdout + got.stderr, /opensesame/);
  }
  stage.settings.cache = { memcached: '127.0.0.1:1', memcached_user: 'a', memcached_password: 'opensesame' };
  const good = await stage.runMarquee(['check-config', await stage.writeConfiguration()]);
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /memcached_password = \(set\)/);
  assert.doesNotMatch(good.stdout + good.stderr, /opensesame/);
});

scenario('Another password needs a restart, and a reload says so.', { memcached: 'login' }, async (stage) => {
  await stage.get(smallTour(0));
  writeFileSync(stage.file('memcached.password'), 'another');
  stage.marquee.signal('SIGHUP');
  await until('the word', () => /restart_needed.*\[cache\]/.test(stage.marquee.output()));
});
