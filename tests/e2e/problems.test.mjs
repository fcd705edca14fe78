// What the upstream can do wrong, and what a client gets then: a problem that says whose fault it is, a poorer
// document, or the last good copy; never half a tour.
import assert from 'node:assert/strict';

import { artist, scenario, sleep, until } from './harness.mjs';

const TOUR = 90054050; // 2 pages, 50 venues
const SMALL = 90004004; // 4 events, 4 venues: 5 requests
const SHORT_LIVED = { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 60 } };

function assertProblem(got, status) {
  assert.equal(got.status, status, got.text);
  assert.equal(got.headers['content-type'], 'application/problem+json');
  assert.equal(got.headers['cache-control'], 'no-store');
  assert.equal(got.json.status, status);
  for (const member of ['type', 'title', 'detail']) assert.equal(typeof got.json[member], 'string', member);
  return got.json;
}

// The path of the venue page of the artist's first event that has one.
async function someVenuePath(stage, id) {
  await stage.get(artist(id));
  const { paths } = await stage.counters({ paths: 1 });
  const path = Object.keys(paths).find((one) => /\/venues\/\d+\.json$/.test(one));
  return /\/venues\/\d+\.json/.exec(path)[0];
}

// ---- unknown, empty ----

scenario('An unknown artist is a 404 that is remembered.', {}, async (stage) => {
  const first = assertProblem(await stage.get(artist(4041234)), 404);
  assert.match(first.type, /not-found/);
  assert.equal((await stage.counters()).requests, 1);
  assertProblem(await stage.get(artist(4041234)), 404);
  assertProblem(await stage.getH2(artist(4041234, { name: 'Another Name' })), 404);
  assert.equal((await stage.counters()).requests, 1, 'the upstream was asked again');
});

scenario('An unknown artist is asked for again after a while.', {
  settings: { cache: { not_found_fresh_s: 1 } },
}, async (stage) => {
  assertProblem(await stage.get(artist(4041234)), 404);
  await sleep(1100);
  assertProblem(await stage.get(artist(4041234)), 404);
  assert.equal((await stage.counters()).requests, 2);
});

scenario('An artist without events is an empty array and 200, and remembered.', {}, async (stage) => {
  for (let i = 0; i < 2; i++) {
    const got = await stage.get(artist(90000000));
    assert.equal(got.status, 200);
    assert.equal(got.headers['content-type'], 'application/ld+json');
    assert.deepEqual(got.json, []);
  }
  assert.equal((await stage.counters()).requests, 2, 'its calendar and its name, once each');
  await stage.get(artist(90000000, { name: 'Rusty Meadow' }));
  assert.equal((await stage.counters()).requests, 2, 'a given name needs no other');
});

// ---- the key ----

scenario('A refused key is a 502 that names the provider and what to do, and a line in the log.', {},
  async (stage) => {
    await stage.setMode('403');
    const got = await stage.get(artist(SMALL));
    const problem = assertProblem(got, 502);
    assert.match(problem.type, /upstream-key/);
    assert.match(`${problem.title} ${problem.detail}`, /Songkick/i);
    assert.match(problem.detail, /key/i);
    assert.equal(problem.upstreams[0].name, 'songkick');
    assert.match(got.headers['proxy-status'], /^marquee; error=/);
    assert.match(stage.marquee.output(), /level=(warn|error) event=upstream_refused_key provider=songkick/);
    assert.match(stage.marquee.output(), /api_key_file/);
    assert.ok(!got.text.includes(stage.keyMark), 'the key is in the answer');
  });

scenario('A wrong key is refused by the provider, and works once it is right.', { marquee: false },
  async (stage) => {
    const right = stage.apiKey;
    stage.apiKey = `wrong${stage.keyMark}`;
    await stage.startMarquee();
    assertProblem(await stage.get(artist(SMALL)), 502);
    stage.apiKey = right;
    await stage.restartMarquee();
    assert.equal((await stage.get(artist(SMALL))).json.length, 4);
  });

// ---- one venue ----

for (const [mode, what] of [
  ['500', 'answers 500'], ['garbage-body', 'answers garbage'], ['empty', 'answers nothing'],
  ['html', 'answers a web page'], ['hang', 'never answers'], ['rst', 'is reset'], ['truncated', 'is cut off'],
  ['wrong-types', 'has other types'], ['deep', 'nests too deep'], ['gzip-bomb', 'is a bomb'],
]) {
  scenario(`One venue that ${what} makes a document that is whole but marked incomplete.`, {
    settings: {
      // The simulator needs a while to make a bomb, and makes nothing else meanwhile.
      songkick: { timeout_ms: mode === 'hang' ? 1000 : 7000 },
      cache: { incomplete_fresh_s: 7 },
    },
  }, async (stage) => {
    const sound = (await stage.get(artist(SMALL, { name: 'Sound' }))).json;
    const bad = await someVenuePath(stage, SMALL);
    await stage.restartMarquee(); // without memcached: everything is asked again
    await stage.setMode(mode, { match: bad });
    const got = await stage.get(artist(SMALL, { name: 'Sound' }));
    assert.equal(got.status, 200, got.text);
    assert.equal(got.json.length, 4, 'an event is missing');
    const poorer = got.json.filter((event) => event.location.address.streetAddress === undefined);
    // A reset takes along what shares the connection, and not everything is asked twice.
    if (mode === 'rst') assert.ok(poorer.length >= 1);
    else assert.equal(poorer.length, 1, 'one event lacks what the venue page says');
    const same = sound.find((event) => event['@id'].endsWith(poorer[0]['@id'].split('/').at(-1)));
    assert.equal(poorer[0].location.name, same.location.name, 'the calendar names the place');
    assert.equal(poorer[0].location.address.addressLocality, same.location.address.addressLocality);
    assert.match(got.headers['cache-status'], /; detail=incomplete/);
    const left_s = Number(/max-age=(\d+)/.exec(got.headers['cache-control'])[1]) - Number(got.headers.age);
    assert.ok(left_s <= 7, `kept for ${left_s} s`);
    // It was reckoned for the time at which the client had asked.
    if (mode === 'hang') assert.ok(Number(got.headers.age) >= 1, 'the events came before the wait');
    const again = await stage.get(artist(SMALL, { name: 'Sound' }));
    assert.match(again.headers['cache-status'], /^marquee; hit.*; detail=incomplete/);
  });
}

scenario('One venue that the provider does not know makes a document that is complete without it.', {
  settings: { cache: { incomplete_fresh_s: 7 } },
}, async (stage) => {
  await stage.setMode('404', { match: await someVenuePath(stage, SMALL) });
  await stage.restartMarquee();
  const got = await stage.get(artist(SMALL));
  assert.equal(got.status, 200, got.text);
  assert.equal(got.json.filter((event) => event.location.address.streetAddress === undefined).length, 1);
  assert.equal(got.json.filter((event) => event.location.name !== undefined).length, 4, 'the calendar names the places');
  assert.doesNotMatch(got.headers['cache-status'], /incomplete/);
  assert.ok(Number(/max-age=(\d+)/.exec(got.headers['cache-control'])[1]) > 7, 'it is made anew as if it were poorer');
});

scenario('An incomplete document is completed once the venue can be had.', {
  settings: { cache: { incomplete_fresh_s: 1 } },
}, async (stage) => {
  await stage.setMode('500', { match: '/venues/' });
  const poor = await stage.get(artist(SMALL));
  assert.match(poor.headers['cache-status'], /incomplete/);
  await stage.setMode('ok');
  await until('the venues', async () => {
    const got = await stage.get(artist(SMALL));
    assert.equal(got.status, 200);
    return got.json.every((event) => event.location.address.streetAddress !== undefined) &&
      !got.headers['cache-status'].includes('incomplete');
  }, 6000);
  const { classes } = await stage.counters();
  assert.equal(classes.calendar.requests, 1, 'the calendar was good and is not asked for again');
});

// ---- a page of events ----

for (const [mode, status] of [['500', 502], ['html', 502], ['half-json', 502], ['hang', 504], ['404', 404]]) {
  scenario(`A second page that gives ${mode} is a problem, never half a tour.`, {
    settings: { songkick: { timeout_ms: 1000 } },
  }, async (stage) => {
    await stage.setMode(mode, { match: 'page=2' });
    const got = await stage.get(artist(TOUR));
    const problem = assertProblem(got, status);
    assert.match(JSON.stringify(problem), /songkick/i);
    await stage.setMode('ok');
    if (status !== 404) assert.equal((await stage.get(artist(TOUR))).json.length, 54, 'the failure was kept');
  });
}

scenario('A first page that fails asks for nothing else.', {}, async (stage) => {
  await stage.setMode('500', { match: 'calendar.json' });
  assertProblem(await stage.get(artist(TOUR)), 502);
  assert.equal((await stage.counters()).classes.venue.requests, 0);
});

for (const mode of ['500', 'hang', 'rst', 'garbage-body', '403']) {
  scenario(`A stale copy is served while the upstream gives ${mode}, and says so.`, {
    settings: { songkick: { ...SHORT_LIVED.songkick, timeout_ms: 1000 } },
  }, async (stage) => {
    const good = await stage.get(artist(TOUR));
    await stage.setMode(mode);
    await sleep(1100);
    // The first who finds it stale is answered at once; the refresh fails behind its back.
    const first = await stage.get(artist(TOUR));
    assert.equal(first.status, 200);
    assert.deepEqual(first.json, good.json);
    await until('the refresh', async () => (await stage.counters()).faulted > 0);
    await until('its end', async () => (await stage.metric('jobs_running')) === 0);
    const later = await stage.get(artist(TOUR));
    assert.equal(later.status, 200);
    assert.deepEqual(later.json, good.json);
    assert.match(later.headers['proxy-status'], /^marquee; error=/);
  });
}

scenario('A stale copy is forgotten at the end of its time, and then the problem is told.', {
  settings: { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 2 } },
}, async (stage) => {
  await stage.get(artist(SMALL));
  await stage.setMode('500');
  await sleep(2100);
  assertProblem(await stage.get(artist(SMALL)), 502);
});

// ---- never ----

for (const modes of [['redirect-loopback', 'redirect-https', 'redirect-file', 'redirect-gopher'], ['redirect-outside', 'redirect-above']]) {
  scenario(`Redirects out of the upstream's API are not followed (${modes.join(', ')}).`, {}, async (stage) => {
    for (const mode of modes) {
      await stage.setMode(mode);
      assertProblem(await stage.get(artist(SMALL, { name: mode })), 502);
      await stage.setMode('ok');
    }
    assert.equal((await stage.control.ask('canary')).canary, 0);
    assert.equal((await stage.counters()).requests, modes.length);
    assert.match(stage.marquee.output(), /why="a redirect that leads out of the API"/);
  });
}

scenario('Up to three redirects within the upstream\'s API are followed, and each is a request.', {
  settings: { site: { public_url: 'https://marquee.example' } },
}, async (stage) => {
  const whole = await stage.get(artist(SMALL));
  assert.equal(whole.status, 200);
  for (const [mode, each] of [['redirect-once', 2], ['redirect-thrice', 4]]) {
    await stage.restartMarquee();
    await stage.control.ask('reset', { all: 1 });
    await stage.setMode(mode);
    const got = await stage.get(artist(SMALL));
    assert.equal(got.status, 200);
    assert.deepEqual(got.json, whole.json);
    assert.equal((await stage.counters()).requests, 5 * each);
  }
});

scenario('A fourth redirect is a 502, and the log says why.', {}, async (stage) => {
  await stage.setMode('redirect-endless');
  assertProblem(await stage.get(artist(SMALL)), 502);
  assert.equal((await stage.counters()).requests, 4);
  assert.match(stage.marquee.output(), /why="redirects without end"/);
});

scenario('A redirect waits for its turn, and spends the quota of the day.', {
  settings: { songkick: { requests_per_day: 3, requests_per_s: 2 } },
}, async (stage) => {
  await stage.setMode('redirect-once');
  const first = await stage.get(artist(90000000100, { name: 'Rusty Meadow' }));
  assert.equal(first.status, 200);
  assert.equal((await stage.counters()).requests, 2);
  const { json } = await stage.get(artist(90000000101, { name: 'Rusty Meadow' }));
  assert.match(json.type, /upstream-limit$/);
  assert.equal((await stage.counters()).requests, 3, 'the second request went over the quota');
});

scenario('An upstream whose certificate is not trusted is not asked.', {
  settings: { songkick: { ca_file: '/etc/ssl/certs/ca-certificates.crt' } },
}, async (stage) => {
  assertProblem(await stage.get(artist(SMALL)), 502);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('An upstream that nobody listens for is a 502 that comes soon.', {}, async (stage) => {
  await stage.simulator.kill();
  const got = await stage.get(artist(SMALL));
  assertProblem(got, 502);
  assert.ok(got.elapsed_ms < 5000);
});
