// Bandsintown through the whole service: one list, refusals of every shape, a key that comes back in every address,
// and keys that belong to artists.
import assert from 'node:assert/strict';

import { scenario, sleep, until } from './harness.mjs';

const TOUR = 'id_6395144';
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const FORMATS = ['jsonld', 'graph', 'html', 'js', 'ics'];

function path(id, parameters = {}) {
  return `/api/bandsintown/artist?${new URLSearchParams({ id, ...parameters })}`;
}

function seconds(got, directive) {
  return Number(new RegExp(`(?:^|[ ,])${directive}=(\\d+)`).exec(got.headers['cache-control'])[1]);
}

scenario('A tour is one question, by id and by name, with events that have a place.', {}, async (stage) => {
  const got = await stage.get(path(TOUR));
  assert.equal(got.status, 200);
  assert.equal((await stage.counters()).requests, 1);
  assert.ok(got.json.length > 40, `${got.json.length} events`);
  for (const event of got.json) {
    assert.match(event['@id'], /\/bandsintown\/event\/\d+#event$/);
    assert.equal(event.eventStatus, 'https://schema.org/EventScheduled');
    assert.ok(event.location.address.addressCountry, event['@id']);
    assert.ok([event.performer].flat().some(({ name }) => name === 'Velvet Harbour'), event['@id']);
  }
  const named = await stage.get(path('name:Velvet Harbour'));
  assert.deepEqual(named.json.map((event) => event['@id']), got.json.map((event) => event['@id']));
});

scenario('A name with characters of its own is found.', {}, async (stage) => {
  const { json: graph } = await stage.get(path('id_1024', { format: 'graph' }));
  const { name } = graph['@graph'][0];
  const got = await stage.get(path(`name:${name}`, { format: 'graph' }));
  assert.equal(got.status, 200, name);
  assert.equal(got.json['@graph'][0].name, name);
});

scenario('An unknown artist is 404 whatever shape the answer has.', {}, async (stage) => {
  // The simulator has five shapes, and the last digit chooses.
  for (let i = 0; i < 5; i++) {
    const got = await stage.get(path(`id_404000${i}`));
    assert.equal(got.status, 404, got.text);
    assert.equal(got.headers['content-type'], 'application/problem+json');
    assert.match(got.json.type, /not-found/);
  }
  assert.equal((await stage.get(path('name:Nobody At All'))).status, 404);
  assert.equal((await stage.counters()).requests, 6);
  for (let i = 0; i < 5; i++) assert.equal((await stage.get(path(`id_404000${i}`))).status, 404);
  assert.equal((await stage.counters()).requests, 6, 'that there is none is remembered');
});

scenario('Ids of other forms are refused before anything is asked.', {}, async (stage) => {
  for (const id of ['6395144', 'id_', 'id_12x', 'fbid_7', 'name:', 'name:id_7', 'name:..', 'mbid:7', '../7']) {
    const got = await stage.get(path(id));
    assert.equal(got.status, 400, id);
    assert.match(got.text, id.startsWith('mbid:') ? /mbid: is no UUID/ : /id_ and digits/, id);
  }
  assert.equal((await stage.get('/api/bandsintown/venue?id=id_7')).status, 404);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('The key, which every answer repeats, is in nothing that is given out or kept.', { memcached: true },
  async (stage) => {
    const pages = [];
    for (const format of FORMATS) pages.push(await stage.get(path(TOUR, { format })));
    pages.push(await stage.get(path('id_4040000')));
    pages.push(await stage.get(`/?provider=bandsintown&q=${TOUR}`));
    pages.push(await stage.get(`/?q=${encodeURIComponent('https://www.bandsintown.com/a/6395144?app_id=mine')}`));
    await stage.setMode('500');
    pages.push(await stage.get(path('id_90004004')));
    assert.deepEqual(pages.map(({ status }) => status).slice(0, 6), [200, 200, 200, 200, 200, 404]);
    for (const page of pages) {
      assert.ok(!page.text.includes(stage.keyMark));
      assert.ok(!JSON.stringify(page.headers).includes(stage.keyMark));
    }
    for (const page of pages.slice(0, 6)) assert.doesNotMatch(page.text, /app_id/);
    assert.match(pages[0].text, /bandsintown\.com\/e\/\d+\?came_from=267/, 'the rest of an address stays');
    const items = await until('the answer in memcached', async () => {
      const all = await stage.memcachedItems();
      return Object.values(all).some((value) => value.includes('app_id=xxx')) && all;
    });
    for (const [key, value] of Object.entries(items)) {
      assert.ok(!key.includes(stage.keyMark) && !value.includes(stage.keyMark), key);
    }
  });

scenario('What it says is fresh for an hour, and kept for no more than a day.', {}, async (stage) => {
  const got = await stage.get(path(TOUR));
  const fresh_s = seconds(got, 'max-age');
  assert.ok(fresh_s > HOUR_S / 2 && fresh_s <= HOUR_S, `${fresh_s} s`);
  assert.ok(fresh_s + seconds(got, 'stale-while-revalidate') <= DAY_S);
  assert.ok(fresh_s + seconds(got, 'stale-if-error') <= DAY_S);
});

scenario('What is no longer kept is asked for again, however the provider is.', {
  settings: { bandsintown: { fresh_s: 1, artist_fresh_s: 1, keep_s: 2 } },
}, async (stage) => {
  assert.equal((await stage.get(path(TOUR))).status, 200);
  await stage.setMode('500', { match: 'bandsintown' });
  await sleep(3100);
  assert.equal((await stage.get(path(TOUR))).status, 502);
});

// ---- keys of artists ----

scenario('A key of an artist serves that artist, the other key all others.', { marquee: false }, async (stage) => {
  stage.settings = { 'bandsintown:velvet-harbour': { artist: TOUR, api_key: stage.apiKey } };
  stage.extraEnvironment = { MARQUEE_BANDSINTOWN_API_KEY: `wrong${stage.keyMark}` };
  await stage.startMarquee();
  assert.equal((await stage.get(path(TOUR))).status, 200);
  const got = await stage.get(path('id_90004004'));
  assert.equal(got.status, 502);
  assert.match(got.json.type, /upstream-key/);
  assert.ok(!got.text.includes(stage.keyMark));
});

scenario('With no other key than an artist\'s all others are 404, with what to do.', { marquee: false },
  async (stage) => {
    stage.settings = { 'bandsintown:velvet-harbour': { artist: TOUR, api_key: stage.apiKey } };
    stage.extraEnvironment = { MARQUEE_BANDSINTOWN_API_KEY: '' };
    await stage.startMarquee();
    assert.equal((await stage.get(path(TOUR))).status, 200);
    const got = await stage.get(path('id_90004004'));
    assert.equal(got.status, 404);
    assert.match(got.json.detail, /\[bandsintown\] api_key_file/);
    assert.equal((await stage.counters()).requests, 1);
  });

async function mbidOf(stage) {
  const { json } = await stage.get(path(TOUR, { format: 'graph' }));
  const pages = [json['@graph'][0].sameAs].flat();
  return pages.map((page) => /musicbrainz\.org\/artist\/(\S+)$/.exec(page)?.[1]).find(Boolean);
}

scenario('The key of an artist serves it by its MusicBrainz id too, in upper and lower case.', { marquee: false },
  async (stage) => {
    stage.settings = {
      'bandsintown:velvet-harbour': { artist: TOUR, api_key: stage.apiKey },
      musicbrainz: { contact: 'ops@marquee.example', requests_per_s: 0 },
    };
    for (const other of [`wrong${stage.keyMark}`, '']) {
      stage.extraEnvironment = { MARQUEE_BANDSINTOWN_API_KEY: other };
      await (stage.marquee === undefined ? stage.startMarquee() : stage.restartMarquee());
      const mbid = await mbidOf(stage);
      await stage.resetCounters();
      const [lower, upper] = [await stage.get(path(`mbid:${mbid}`)), await stage.get(path(`mbid:${mbid.toUpperCase()}`))];
      assert.equal(lower.status, 200, lower.text);
      assert.deepEqual(upper.body, lower.body);
      assert.match(upper.headers['cache-status'], /hit/);
      assert.ok((await stage.counters()).requests <= 1, 'the artist itself is in memory');
    }
    const unknown = await stage.get(path('name:Nobody At All'));
    assert.equal(unknown.status, 404);
    assert.match(unknown.json.detail, /\[bandsintown\] api_key_file/);
  });

scenario('A section for a MusicBrainz id in lower case is found in upper case.', { marquee: false }, async (stage) => {
  const mbid = '0b1c2d3e-4f50-4a61-8b72-9c83ad94be01';
  stage.settings = { 'songkick:paper-lanterns': { artist: `mbid:${mbid}`, api_key: stage.apiKey } };
  stage.extraEnvironment = { MARQUEE_SONGKICK_API_KEY: '' };
  await stage.startMarquee();
  const statuses = [];
  for (const id of [mbid, mbid.toUpperCase()]) statuses.push((await stage.get(`/api/songkick/artist?id=mbid:${id}`)).json);
  assert.deepEqual(statuses[1].detail, statuses[0].detail);
  assert.equal((await stage.counters()).requests, 2); // the calendar, which is empty, and who the artist is
});
