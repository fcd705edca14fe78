// With memcached nothing is lost in a restart and instances share what they have; without it, whatever it does,
// nothing is slow. Its timeout is made long where a test must tell "waited once" from "waits each time".
import assert from 'node:assert/strict';
import net from 'node:net';

import { artist, scenario, sleep, until } from './harness.mjs';

const TOUR = 90054050; // 52 answers, and a document and its hints
const ENTRIES = 54;
const BACK_WITHIN_MS = 3000;

// Different artists with one venue each: 2 requests.
function smallTour(i) {
  return artist(90001001000 + i);
}

async function fill(stage, id = TOUR) {
  const got = await stage.get(artist(id));
  assert.equal(got.status, 200);
  return got;
}

async function stored(stage, n) {
  // Not memcached's own figure: that counts locks as well.
  await until(`${n} entries in memcached`, async () => (await stage.metric('memcached_puts')) >= n);
}

// Misses for ever new documents, until one of them is stored.
async function untilUsedAgain(stage) {
  const started_ms = performance.now();
  const before = await stage.metric('memcached_puts');
  for (let i = 500; (await stage.metric('memcached_puts')) === before; i++) {
    assert.ok(performance.now() - started_ms < BACK_WITHIN_MS, 'memcached is still not used');
    assert.equal((await stage.get(smallTour(i))).status, 200);
    await sleep(50);
  }
}

// ---- kept ----

scenario('A service that is restarted finds the document in memcached and asks nothing.', { memcached: true },
  async (stage) => {
    const first = await fill(stage);
    await stored(stage, ENTRIES);
    await stage.restartMarquee();
    await stage.resetCounters();
    const got = await stage.get(artist(TOUR));
    assert.equal(got.status, 200);
    assert.deepEqual(got.json, first.json);
    assert.match(got.headers['cache-status'], /^marquee-memcached; hit; ttl=\d+, marquee; fwd=miss; stored/);
    assert.match((await stage.get(artist(TOUR))).headers['cache-status'], /^marquee; hit/);
    assert.equal((await stage.counters()).requests, 0);
  });

scenario('A restarted service makes a new document of the upstream answers in memcached.', {
  memcached: true,
  settings: { cache: { memcached_timeout_ms: 1000 } },
}, async (stage) => {
  await fill(stage);
  await stored(stage, ENTRIES);
  await stage.restartMarquee();
  await stage.resetCounters();
  const got = await stage.get(artist(TOUR, { name: 'Another Name' }));
  assert.equal(got.json.length, 54);
  assert.equal((await stage.counters()).requests, 0);
});

// Who asked in the turn of the loop in which memcached gave the document was never answered.
scenario('A stampede on a restarted service gives everybody what memcached has.', {
  memcached: true,
  settings: { listen: { response_deadline_ms: 3000 } },
}, async (stage) => {
  const paths = Array.from({ length: 40 }, (_, i) => smallTour(i));
  const before = stage.openH2();
  for (const got of await Promise.all(paths.map((path) => before.get(path)))) assert.equal(got.status, 200);
  await stored(stage, 2 * paths.length);
  await stage.restartMarquee();
  const clients = Array.from({ length: 4 }, () => stage.openH2());
  await Promise.all(clients.map((client) => client.get('/robots.txt')));
  const answers = [];
  for (const path of paths) {
    for (let i = 0; i < 100; i++) answers.push(clients[i % clients.length].get(path));
    await sleep(2);
  }
  for (const got of await Promise.all(answers)) assert.equal(got.status, 200);
});

scenario('Absences and empty tours are found again too.', { memcached: true }, async (stage) => {
  assert.equal((await stage.get(artist(4041234))).status, 404);
  assert.equal((await stage.get(artist(90000000))).status, 200);
  await stored(stage, 6); // three answers, two documents, hints of one
  await stage.restartMarquee();
  await stage.resetCounters();
  assert.equal((await stage.get(artist(4041234))).status, 404);
  assert.deepEqual((await stage.get(artist(90000000))).json, []);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('A second instance serves what the first one has made.', { memcached: true }, async (stage) => {
  const first = await fill(stage);
  await stored(stage, ENTRIES);
  const one = stage.marquee;
  await stage.startMarquee();
  await stage.resetCounters();
  const got = await stage.get(artist(TOUR));
  assert.equal(got.json.length, 54);
  assert.equal(got.json[0].startDate, first.json[0].startDate);
  assert.equal((await stage.counters()).requests, 0);
  assert.deepEqual(await one.stop(), { code: 0, signal: null });
});

scenario('The API key is in no key and no value.', { memcached: true }, async (stage) => {
  await fill(stage);
  await stored(stage, ENTRIES);
  const items = await stage.memcachedItems();
  assert.ok(Object.keys(items).length >= ENTRIES);
  for (const [key, value] of Object.entries(items)) {
    assert.ok(!key.includes(stage.keyMark) && !value.includes(stage.keyMark), key);
  }
});

// ---- foreign and torn entries ----

for (const [what, spoil] of [
  ['that somebody else wrote', () => 'hello'],
  ['that are empty', () => ''],
  ['cut in half', (value) => value.slice(0, value.length / 2)],
  ['with one bit wrong', (value) => value.slice(0, -1) + String.fromCharCode(value.charCodeAt(value.length - 1) ^ 1)],
  ['with a few bytes more', (value) => `${value}more`],
  ['that begin right and go on with rubbish', (value) => value.slice(0, 16) + '\xff'.repeat(value.length - 16)],
]) {
  scenario(`Entries ${what} are misses.`, { memcached: true }, async (stage) => {
    await fill(stage);
    await stored(stage, ENTRIES);
    await stage.marquee.stop();
    for (const [key, value] of Object.entries(await stage.memcachedItems())) {
      await stage.storeInMemcached(key, spoil(value));
    }
    await stage.startMarquee();
    await stage.resetCounters();
    assert.equal((await fill(stage)).json.length, 54);
    assert.equal((await stage.counters()).requests, 52);
  });
}

scenario('An entry under the key of another is a miss.', { memcached: true }, async (stage) => {
  await fill(stage);
  await stored(stage, ENTRIES);
  await stage.marquee.stop();
  const items = Object.entries(await stage.memcachedItems());
  for (let i = 0; i < items.length; i++) {
    await stage.storeInMemcached(items[i][0], items[(i + 1) % items.length][1]);
  }
  await stage.startMarquee();
  await stage.resetCounters();
  assert.equal((await fill(stage)).json.length, 54);
  assert.equal((await stage.counters()).requests, 52);
});

// ---- not there, killed, frozen ----

scenario('Without memcached the service is complete.', {}, async (stage) => {
  assert.equal((await fill(stage)).json.length, 54);
  assert.match((await stage.get(artist(TOUR))).headers['cache-status'], /^marquee; hit/);
});

scenario('A memcached that is dead at the start costs nothing, and is used once it is there.', {
  marquee: false,
}, async (stage) => {
  stage.settings.cache = { memcached: stage.memcachedSocket, memcached_timeout_ms: 1000 };
  await stage.startMarquee();
  const got = await fill(stage);
  assert.ok(got.elapsed_ms < 1000, `${got.elapsed_ms} ms`);
  assert.match((await stage.get(artist(TOUR))).headers['cache-status'], /^marquee; hit/);
  await stage.startMemcached();
  await untilUsedAgain(stage);
});

scenario('A memcached that is killed costs nothing, and is used again once it is back.', {
  memcached: true,
  settings: { cache: { memcached_timeout_ms: 1000 } },
}, async (stage) => {
  await fill(stage);
  await stage.memcached.kill();
  for (let i = 0; i < 5; i++) {
    const got = await stage.get(smallTour(i));
    assert.equal(got.status, 200);
    assert.ok(got.elapsed_ms < 1000, `${got.elapsed_ms} ms`);
  }
  assert.match((await stage.get(artist(TOUR))).headers['cache-status'], /^marquee; hit/);
  await stage.startMemcached();
  await untilUsedAgain(stage);
});

scenario('A memcached that is frozen slows one miss by its timeout, then none.', {
  memcached: true,
  settings: { cache: { memcached_timeout_ms: 1000, memcached_probe_ms: 60000 } },
}, async (stage) => {
  await fill(stage);
  stage.memcached.signal('SIGSTOP');
  const first = stage.get(smallTour(0));
  for (let i = 0; i < 5; i++) {
    const hit = await stage.get(artist(TOUR));
    assert.match(hit.headers['cache-status'], /^marquee; hit/);
    assert.ok(hit.elapsed_ms < 800, `a hit took ${hit.elapsed_ms} ms`);
  }
  const slow = await first;
  assert.equal(slow.status, 200);
  assert.ok(slow.elapsed_ms < 1900, `the first miss took ${slow.elapsed_ms} ms`);
  const started_ms = performance.now();
  for (let i = 1; i <= 6; i++) assert.equal((await stage.get(smallTour(i))).status, 200);
  const elapsed_ms = performance.now() - started_ms;
  assert.ok(elapsed_ms < 1000, `six more misses took ${elapsed_ms} ms`);
  assert.equal(await stage.metric('memcached_servers_down'), 1);
});

// It asked for the lock anew in every turn of the loop, until the queue was full.
scenario('A document whose time ends while memcached is frozen is over then, and asks memcached no more.', {
  memcached: true,
  settings: { cache: { memcached_timeout_ms: 1500 }, limits: { document_deadline_ms: 100 } },
}, async (stage) => {
  stage.memcached.signal('SIGSTOP');
  const got = await stage.get(smallTour(0));
  assert.equal(got.status, 504);
  assert.ok(got.elapsed_ms < 1000, `${got.elapsed_ms} ms`);
  assert.equal(await stage.metric('jobs_running'), 0);
  assert.ok((await stage.metric('memcached_gets')) < 16);
  assert.equal(await stage.metric('memcached_dropped'), 0);
});

scenario('A memcached that was frozen is used again within 3 s.', { memcached: true }, async (stage) => {
  await fill(stage);
  stage.memcached.signal('SIGSTOP');
  for (let i = 0; i < 3; i++) assert.equal((await stage.get(smallTour(i))).status, 200);
  assert.equal(await stage.metric('memcached_servers_down'), 1);
  stage.memcached.signal('SIGCONT');
  await untilUsedAgain(stage);
});

scenario('The service stops in good order while memcached is frozen.', { memcached: true }, async (stage) => {
  await fill(stage);
  stage.memcached.signal('SIGSTOP');
  assert.equal((await stage.get(smallTour(0))).status, 200);
  assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
});

// ---- a byte now and then ----

// Stores everything, and answers a get with the beginning of 900 kB of which a byte comes every 15 ms.
function startDripping(path) {
  const dripping = { gets: 0 };
  const sockets = new Set();
  const server = net.createServer((socket) => {
    let drip;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => clearInterval(drip));
    socket.on('data', (request) => {
      if (drip !== undefined || request.length < 24 || [0x00, 0x0a, 0x0b].includes(request[1])) return;
      const answer = Buffer.alloc(24);
      answer.set([0x81, request[1]]);
      request.copy(answer, 12, 12, 16);
      if (request[1] === 0x0d) {
        answer.writeUInt8(4, 4);
        answer.writeUInt32BE(900000, 8);
        drip = setInterval(() => socket.write('x'), 15);
        dripping.gets++;
      }
      socket.write(answer);
    });
  });
  dripping.stop = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return new Promise((started) => server.listen(path, () => started(dripping)));
}

function dripScenario(name, cache, body) {
  scenario(name, { marquee: false }, async (stage) => {
    const dripping = await startDripping(stage.memcachedSocket);
    try {
      stage.settings.cache = { memcached: stage.memcachedSocket, ...cache };
      await stage.startMarquee();
      await body(stage, dripping);
      assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
    } finally {
      dripping.stop();
    }
  });
}

// Every byte began the timeout anew: each miss waited, and the service never stopped.
dripScenario('A memcached that sends a byte now and then slows one miss by its timeout, then none.',
  { memcached_timeout_ms: 300, memcached_probe_ms: 100 }, async (stage, dripping) => {
    assert.equal((await stage.get(smallTour(0))).status, 200);
    await until('memcached is called down', async () => (await stage.metric('memcached_servers_down')) === 1);
    const asked = await stage.metric('memcached_gets');
    for (let i = 1; i <= 20; i++) assert.equal((await stage.get(smallTour(i))).status, 200);
    assert.ok((await stage.metric('memcached_dropped')) > 0);
    assert.ok((await stage.metric('memcached_gets')) > asked);
    assert.ok((await stage.metric('memcached_failures')) <= 2); // of as many threads
    assert.equal(await stage.metric('memcached_breaker_opened'), 1);
    await until('a probe', () => dripping.gets >= 2);
    assert.equal(await stage.metric('memcached_servers_down'), 1);
  });

dripScenario('The service stops in good order while memcached sends a byte now and then.',
  { memcached_timeout_ms: 500 }, async (stage, dripping) => {
    const under_way = stage.get(smallTour(0)).catch(() => {});
    await until('memcached is asked', () => dripping.gets > 0);
    assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
    await under_way;
  });
