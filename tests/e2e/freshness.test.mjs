// Freshness: the matrix of what is cached and how the upstream is, and what follows from lifetimes: refreshes that
// are early, spread, in one round, once for many instances, and sure of their clock.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe } from 'node:test';

import { artist, getHttp, getHttps, scenario, sleep, until } from './harness.mjs';

const TOUR = 90054004; // 54 events, two pages, 4 venues: 6 requests
const EVENTS = 54;
const QUESTIONS = 6;
const TIMEOUT_MS = 1000;
const AT_ONCE_MS = 600; // less than the time-out, and enough for a busy machine

// Where all is to come to memcached: a busy machine takes longer for one put than clients would wait.
const PATIENT = { cache: { memcached_timeout_ms: 1000 } };

function lifetimes(fresh_s, keep_s) {
  return {
    songkick: { fresh_s, venue_fresh_s: fresh_s, artist_fresh_s: fresh_s, keep_s, timeout_ms: TIMEOUT_MS },
    limits: { document_deadline_ms: 4000 },
    listen: { threads: 1 },
  };
}

function madeAt_s(got) {
  return Date.parse(got.headers.date) / 1000 - Number(got.headers.age);
}

function whole(got) {
  assert.equal(got.status, 200, got.text);
  assert.equal(got.json.length, EVENTS);
  return got;
}

async function quiet(stage) {
  await until('the end of all jobs', async () => (await stage.metric('jobs_running')) === 0);
}

function lifeOver(got, seconds) {
  return until(`the end of ${seconds} s`, () => Date.now() / 1000 > madeAt_s(got) + seconds + 0.1);
}

// ---- the matrix ----

const UPSTREAMS = {
  healthy: { make: () => {} },
  erroring: { make: (stage) => stage.setMode('500'), problem: 502, mark: /destination_unavailable/ },
  down: { make: (stage) => stage.simulator.kill(), problem: 502, mark: /destination_unavailable/ },
  'too slow': { make: (stage) => stage.setMode('hang'), problem: 504, mark: /http_response_timeout/, slow: true },
};

// What was asked of the upstream, or null when it is gone.
async function asked(stage) {
  return stage.simulator.over === null ? (await stage.counters()).requests : null;
}

function assertTime(got, upstream) {
  const limit_ms = upstream.slow ? TIMEOUT_MS + AT_ONCE_MS : AT_ONCE_MS;
  assert.ok(got.elapsed_ms < limit_ms, `${got.elapsed_ms} ms`);
}

const STATES = {
  'a fresh copy': {
    settings: lifetimes(300, 600),
    wait: () => {},
    async check(stage, old) {
      const got = whole(await stage.get(artist(TOUR)));
      assert.match(got.headers['cache-status'], /^marquee; hit; ttl=[1-9]/);
      assert.deepEqual(got.body, old.body);
      assert.equal(got.headers['proxy-status'], undefined);
      assert.equal((await asked(stage)) ?? 0, 0);
    },
  },
  'a stale copy': {
    settings: lifetimes(1, 600),
    wait: (old) => lifeOver(old, 1),
    async check(stage, old, upstream) {
      const stale = whole(await stage.get(artist(TOUR)));
      assert.ok(stale.elapsed_ms < AT_ONCE_MS, `it waited ${stale.elapsed_ms} ms`);
      assert.deepEqual(stale.body, old.body);
      await until('the refresh', async () => (await stage.metric('refreshes')) === 1);
      await quiet(stage);
      const got = whole(await stage.get(artist(TOUR)));
      if (upstream.mark) assert.match(got.headers['proxy-status'], upstream.mark);
      else assert.ok(madeAt_s(got) > madeAt_s(old), 'it was not made anew');
      assert.equal((await asked(stage)) ?? QUESTIONS, QUESTIONS);
    },
  },
  'only stale answers': { // as after the document was thrown out, or for another form of it
    settings: lifetimes(1, 600),
    wait: (old) => lifeOver(old, 1),
    async check(stage, old, upstream) {
      const got = whole(await stage.get(artist(TOUR, { name: 'Another Name' })));
      assertTime(got, upstream);
      assert.match(got.headers['cache-status'], /^marquee; fwd=miss; stored/);
      if (upstream.mark) assert.match(got.headers['proxy-status'], upstream.mark);
      else assert.equal(got.headers['proxy-status'], undefined);
      assert.equal((await asked(stage)) ?? QUESTIONS, QUESTIONS, 'the stale answers were taken for fresh ones');
    },
  },
  'nothing, or only what may no longer be shown': {
    settings: lifetimes(1, 2),
    wait: (old) => lifeOver(old, 2),
    async check(stage, old, upstream) {
      const got = await stage.get(artist(TOUR));
      assertTime(got, upstream);
      if (!upstream.problem) {
        assert.ok(madeAt_s(whole(got)) > madeAt_s(old));
        return;
      }
      assert.equal(got.status, upstream.problem);
      assert.equal(got.headers['content-type'], 'application/problem+json');
      assert.equal(got.headers['cache-control'], 'no-store');
      assert.match(got.headers['proxy-status'], upstream.mark);
    },
  },
};

describe('The matrix: what is there, and how the upstream is.', { concurrency: 4 }, () => {
  for (const [have, state] of Object.entries(STATES)) {
    for (const [how, upstream] of Object.entries(UPSTREAMS)) {
      scenario(`There is ${have}; the upstream is ${how}.`, { settings: state.settings }, async (stage) => {
        const old = whole(await stage.get(artist(TOUR)));
        await state.wait(old);
        await stage.resetCounters();
        await upstream.make(stage);
        await state.check(stage, old, upstream);
      });
    }
  }
});

// ---- lifetimes ----

scenario('Artists that are cached together do not expire together.', {
  settings: lifetimes(1000, 5000),
}, async (stage) => {
  const client = stage.openH2();
  const all = await Promise.all(Array.from({ length: 40 }, (_, i) => client.get(artist(90000000001 + i))));
  const lives_s = all.map((got) => Number(/max-age=(\d+)/.exec(got.headers['cache-control'])[1]));
  for (const life_s of lives_s) assert.ok(life_s > 900 && life_s <= 1000, `${life_s} s`);
  assert.ok(new Set(lives_s).size > 10, `all live for about the same time: ${lives_s}`);
});

scenario('A document that is asked for in the last tenth of its life is made anew before it is stale.', {
  settings: lifetimes(10, 600),
}, async (stage) => {
  const first = whole(await stage.get(artist(TOUR)));
  await stage.resetCounters();
  const client = stage.openH2();
  await until('the new document', async () => {
    const got = whole(await client.get(artist(TOUR)));
    assert.ok(!/ttl=(0|-)/.test(got.headers['cache-status']), 'a client got a stale document');
    await sleep(100);
    return madeAt_s(got) > madeAt_s(first);
  }, 15_000);
  const { requests } = await stage.counters();
  assert.equal(requests, QUESTIONS);
  assert.equal(await stage.metric('hits_stale'), 0);
});

scenario('A failed early refresh takes nothing from a fresh document.', {
  settings: lifetimes(10, 600),
}, async (stage) => {
  const first = whole(await stage.get(artist(TOUR)));
  await stage.setMode('500');
  await until('a refresh', async () => {
    const got = whole(await stage.get(artist(TOUR)));
    if (/ttl=[1-9]/.test(got.headers['cache-status'])) assert.equal(got.headers['proxy-status'], undefined);
    await sleep(100);
    return (await stage.metric('refreshes')) > 0 && Date.now() / 1000 > madeAt_s(first) + 10;
  }, 15_000);
});

// ---- what is remembered ----

scenario('A refresh by an instance that never saw the artist is one round, too.', {
  memcached: true, settings: { ...lifetimes(2, 600), ...PATIENT },
}, async (stage) => {
  const first = whole(await stage.get(artist(TOUR)));
  await until('document, answers and hints in memcached', async () =>
    (await stage.metric('memcached_puts')) >= QUESTIONS + 2);
  await stage.restartMarquee();
  await lifeOver(first, 2);
  await stage.resetCounters();
  await stage.setLatency(300);
  whole(await stage.get(artist(TOUR)));
  await until('the refresh', async () => (await stage.counters()).requests === QUESTIONS);
  await quiet(stage);
  const counters = await stage.counters();
  assert.equal(counters.requests, QUESTIONS);
  assert.equal(counters.rounds.length, 1);
});

scenario('A stale document from memcached is made anew, once.', {
  memcached: true, settings: { ...lifetimes(2, 600), ...PATIENT },
}, async (stage) => {
  const first = whole(await stage.get(artist(TOUR)));
  await until('all in memcached', async () => (await stage.metric('memcached_puts')) >= QUESTIONS + 2);
  await stage.restartMarquee();
  await lifeOver(first, 2);
  await stage.resetCounters();
  assert.deepEqual(whole(await stage.get(artist(TOUR))).body, first.body);
  await until('the new document', async () => madeAt_s(await stage.get(artist(TOUR))) > madeAt_s(first));
  assert.equal((await stage.counters()).requests, QUESTIONS);
});

for (const memcached of [false, true]) {
  scenario(`An event that was moved upstream is rescheduled${memcached ? ', also after a restart' : ''}.`, {
    memcached, settings: lifetimes(1, 600),
  }, async (stage) => {
    const first = whole(await stage.get(artist(TOUR)));
    for (const event of first.json) assert.ok(!('previousStartDate' in event));
    if (memcached) {
      await until('the history in memcached', async () => Object.keys(await stage.memcachedItems()).length >= 9);
      await stage.restartMarquee();
    }
    await stage.setMode('moved', { match: 'page=1' });
    await lifeOver(first, 1);
    let moved;
    await until('the new date', async () => {
      const got = whole(await stage.get(artist(TOUR)));
      moved = got.json.filter((event) => 'previousStartDate' in event);
      return moved.length > 0;
    });
    assert.equal(moved.length, 1);
    const before = first.json.find((event) => event.url === moved[0].url);
    assert.equal(moved[0].eventStatus, 'https://schema.org/EventRescheduled');
    assert.equal(moved[0].previousStartDate.slice(0, 10), before.startDate.slice(0, 10));
    const days = (Date.parse(moved[0].startDate.slice(0, 10)) - Date.parse(before.startDate.slice(0, 10))) / 86400e3;
    assert.equal(days, 7);
  });
}

// ---- many instances ----

// Starts more instances; a way to ask each.
async function instances(stage, n) {
  const all = [{ program: stage.marquee, port: stage.httpsPort, adminPort: stage.adminPort }];
  while (all.length < n) {
    await stage.startMarquee();
    all.push({ program: stage.marquee, port: stage.httpsPort, adminPort: stage.adminPort });
  }
  return all;
}

async function askAll(stage, all, parameters) {
  return Promise.all(all.map((one) => getHttps(one.port, stage.ca, artist(TOUR, parameters))));
}

async function stopAll(all) {
  for (const { program } of all) assert.deepEqual(await program.stop(), { code: 0, signal: null });
}

for (const n of [2, 10]) {
  scenario(`${n} instances that share a memcached ask upstream once, for a cold document and for its refresh.`, {
    memcached: true,
    settings: { ...lifetimes(2, 600), ...PATIENT },
  }, async (stage) => {
    const all = await instances(stage, n);
    await stage.setLatency(200);
    const cold = await askAll(stage, all);
    for (const got of cold) whole(got);
    assert.equal((await stage.counters()).requests, QUESTIONS);
    await lifeOver(cold[0], 2);
    await stage.resetCounters();
    for (const got of await askAll(stage, all)) {
      assert.deepEqual(whole(got).body, cold[0].body);
      assert.ok(got.elapsed_ms < 3 * AT_ONCE_MS, `${got.elapsed_ms} ms`);
    }
    await until('the refresh', async () => (await stage.counters()).requests >= QUESTIONS);
    for (const { adminPort } of all) {
      await until('the end of all jobs', async () =>
        /^marquee_jobs_running 0$/m.test((await getHttp(adminPort, '/metrics')).text));
    }
    assert.equal((await stage.counters()).requests, QUESTIONS);
    await stopAll(all);
  });
}

scenario('When the instance that asks dies, another one asks instead.', {
  memcached: true,
  settings: { ...lifetimes(300, 600), ...PATIENT },
}, async (stage) => {
  const [one, other] = await instances(stage, 2);
  await stage.setMode('hang', { times: 1 });
  const lost = getHttps(one.port, stage.ca, artist(TOUR)).catch(() => null);
  await until('its first question', async () => (await stage.counters()).requests === 1);
  const late = getHttps(other.port, stage.ca, artist(TOUR));
  await one.program.kill();
  assert.equal(await lost, null);
  assert.ok(whole(await late).elapsed_ms < 4000);
});

// ---- clocks ----

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

// The service's wall clock, which the test can set while it runs; its monotonic clock goes on.
class WallClock {
  constructor(stage) {
    this.file = stage.file('wall-clock');
    this.set(0);
    stage.extraEnvironment = {
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  set(ahead_s) {
    writeFileSync(this.file, `+${ahead_s}\n`);
  }
}

const HOUR_S = 3600;

scenario('A wall clock that is set ahead makes documents stale, and no request late.', {
  marquee: false, settings: lifetimes(HOUR_S, 10 * HOUR_S),
}, async (stage) => {
  const clock = new WallClock(stage);
  await stage.startMarquee();
  whole(await stage.get(artist(TOUR)));
  await stage.setLatency(300);
  const underWay = stage.get(artist(TOUR, { name: 'Another Name' }));
  const cold = stage.get(artist(TOUR + 1000));
  await until('its first question', async () => (await stage.counters()).requests > QUESTIONS);
  clock.set(2 * HOUR_S);
  whole(await underWay);
  assert.notEqual((await cold).status, 504);
  const stale = whole(await stage.get(artist(TOUR)));
  assert.ok(Number(stale.headers.age) >= 2 * HOUR_S);
  assert.match(stale.headers['cache-status'], /ttl=-/);
  await until('the new document', async () => Number((await stage.get(artist(TOUR))).headers.age) < HOUR_S);
});

function maxAge_s(got) {
  return Number(/max-age=(\d+)/.exec(got.headers['cache-control'])[1]);
}

scenario('A wall clock that is set far ahead leaves nothing of what was there, and nobody waits for it.', {
  marquee: false, settings: lifetimes(HOUR_S, 10 * HOUR_S),
}, async (stage) => {
  const clock = new WallClock(stage);
  await stage.startMarquee();
  const client = stage.openH2();
  whole(await client.get(artist(TOUR)));
  clock.set(30 * 24 * HOUR_S);
  await stage.setMode('500');
  const none = await client.get(artist(TOUR));
  assert.equal(none.status, 502, none.text);
  assert.ok(none.elapsed_ms < 3 * AT_ONCE_MS, `${none.elapsed_ms} ms`);
  await stage.setMode('ok');
  const head = await stage.get(artist(TOUR), { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.ok(head.elapsed_ms < 3 * AT_ONCE_MS, `${head.elapsed_ms} ms`);
  assert.ok(Number(head.headers.age) < HOUR_S && maxAge_s(head) <= HOUR_S);
  const same = await stage.get(artist(TOUR), { headers: { 'if-none-match': head.headers.etag } });
  assert.equal(same.status, 304);
  assert.match(same.headers['cache-status'], /^marquee; hit; ttl=[1-9]/);
});

// A document that was made five hours ahead was fresh for five hours more, and changed in the future.
function assertOfUnknownAge(got) {
  assert.ok(Number(got.headers.age) >= maxAge_s(got), `${got.headers.age} s, ${got.headers['cache-control']}`);
  assert.doesNotMatch(got.headers['cache-status'], /ttl=[1-9]/);
  assert.ok(Date.parse(got.headers['last-modified']) <= Date.parse(got.headers.date), 'it changed after its Date');
}

scenario('A wall clock that is set back makes nothing younger than it is.', {
  marquee: false, settings: lifetimes(HOUR_S, 10 * HOUR_S),
}, async (stage) => {
  const clock = new WallClock(stage);
  clock.set(5 * HOUR_S);
  await stage.startMarquee();
  const first = whole(await stage.get(artist(TOUR)));
  await stage.resetCounters();
  clock.set(0);
  const later = whole(await stage.get(artist(TOUR)));
  assert.deepEqual(later.body, first.body);
  assertOfUnknownAge(later);
  await until('the new document', async () => (await stage.counters()).requests === QUESTIONS);
  await quiet(stage);
  await stage.resetCounters();
  assert.match((await stage.get(artist(TOUR))).headers['cache-status'], /^marquee; hit; ttl=[1-9]/);
  assert.equal((await stage.counters()).requests, 0, 'it is asked for again and again');
});
