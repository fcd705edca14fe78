// One identity for an artist: ids and pages from MusicBrainz, and that nobody waits for it.
import assert from 'node:assert/strict';

import { artist, scenario, sleep } from './harness.mjs';

const TOUR = 90054050; // its MBID is the only one it has
const CONTACT = { musicbrainz: { contact: 'ops@marquee.example' } };

function pages(got) {
  const performers = [got.json[0].performer].flat();
  return [performers[0].sameAs].flat();
}

async function counts(stage) {
  const { paths } = await stage.counters({ paths: 1 });
  const of = (name) => Object.entries(paths).filter(([path]) => path.startsWith(`/${name}/`))
    .reduce((sum, [, { requests }]) => sum + requests, 0);
  return { songkick: of('songkick'), musicbrainz: of('musicbrainz') };
}

scenario('With a contact the artist has its pages from MusicBrainz, and Songkick is asked no more than without.', {
  settings: CONTACT,
}, async (stage) => {
  const got = await stage.get(artist(TOUR));
  assert.ok(pages(got).some((page) => page.startsWith('https://www.wikidata.org/wiki/Q')), pages(got));
  assert.ok(!pages(got).some((page) => page.includes('plus.google.com')), 'a page that has ended');
  assert.deepEqual(await counts(stage), { songkick: 52, musicbrainz: 1 });
});

scenario('Without a contact MusicBrainz is not asked, and the document is whole.', {}, async (stage) => {
  const got = await stage.get(artist(TOUR));
  assert.ok(!pages(got).some((page) => page.includes('wikidata')));
  assert.match(got.headers['server-timing'], /52 requests, 3 rounds/);
  assert.ok(Number(/max-age=(\d+)/.exec(got.headers['cache-control'])[1]) > 3600);
  assert.deepEqual(await counts(stage), { songkick: 52, musicbrainz: 0 });
});

scenario('A MusicBrainz that does not answer delays a document for a moment, and completes the next.', {
  settings: { musicbrainz: { ...CONTACT.musicbrainz, supplement_timeout_ms: 300 }, cache: { incomplete_fresh_s: 1 } },
}, async (stage) => {
  await stage.setLatency(3000, { match: 'musicbrainz' });
  const got = await stage.get(artist(TOUR));
  assert.equal(got.json.length, 54);
  assert.ok(got.elapsed_ms < 2500, `${got.elapsed_ms} ms`);
  assert.ok(!pages(got).some((page) => page.includes('wikidata')));
  for (let i = 0; ; i++) {
    const again = await stage.get(artist(TOUR));
    assert.equal(again.status, 200);
    if (pages(again).some((page) => page.includes('wikidata'))) break;
    assert.ok(i < 100, 'never completed');
    await sleep(100);
  }
  assert.deepEqual(await counts(stage), { songkick: 52, musicbrainz: 1 });
});

scenario('MusicBrainz in trouble leaves documents as they are without it.', {
  settings: CONTACT,
}, async (stage) => {
  await stage.setMode('503', { match: 'musicbrainz' });
  const got = await stage.get(artist(TOUR));
  assert.equal(got.status, 200);
  assert.equal(got.json.length, 54);
});

scenario('A MusicBrainz id leads to the artist at Ticketmaster, by its name there.', {
  settings: { ...CONTACT, ticketmaster: { requests_per_s: 0 } },
}, async (stage) => {
  const known = await stage.get('/api/ticketmaster/artist?id=K8vZ6395144&format=graph');
  const mbid = known.json['@graph'][0].sameAs.map((page) => /musicbrainz\.org\/artist\/(\S+)$/.exec(page)?.[1]).find(Boolean);
  const got = await stage.get(`/api/ticketmaster/artist?id=mbid:${mbid}`);
  assert.equal(got.status, 200);
  assert.equal(got.json.length, 54);
  assert.equal((await stage.get('/api/ticketmaster/artist?id=mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01')).status, 404);
});

scenario('A MusicBrainz id leads to the artist at Bandsintown, which has the same one.', {
  settings: CONTACT,
}, async (stage) => {
  const known = await stage.get('/api/bandsintown/artist?id=id_6395144&format=graph');
  const mbid = known.json['@graph'][0].sameAs.map((page) => /musicbrainz\.org\/artist\/(\S+)$/.exec(page)?.[1]).find(Boolean);
  const got = await stage.get(`/api/bandsintown/artist?id=mbid:${mbid}&format=graph`);
  assert.equal(got.status, 200);
  const events = ({ json }) => json['@graph'].map((node) => node['@id']).filter((id) => id.endsWith('#event'));
  assert.ok(events(got).length > 40);
  assert.deepEqual(events(got), events(known));
  assert.equal((await stage.get('/api/bandsintown/artist?id=mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01')).status, 404);
});

scenario('An artist whose MusicBrainz entry was merged is found by way of the redirect.', {
  settings: CONTACT,
}, async (stage) => {
  await stage.setMode('redirect-once', { match: 'musicbrainz' });
  const known = await stage.get('/api/bandsintown/artist?id=id_6395144&format=graph');
  const mbid = known.json['@graph'][0].sameAs.map((page) => /musicbrainz\.org\/artist\/(\S+)$/.exec(page)?.[1]).find(Boolean);
  assert.equal((await stage.get(`/api/bandsintown/artist?id=mbid:${mbid}`)).status, 200);
  assert.equal((await counts(stage)).musicbrainz % 2, 0, 'a redirect is a request of its own');
});

scenario('When MusicBrainz fails a document it is named, and not the provider.', {
  settings: CONTACT,
}, async (stage) => {
  await stage.setMode('500', { match: 'musicbrainz' });
  const got = await stage.get('/api/ticketmaster/artist?id=mbid:0b1c2d3e-4f50-4a61-8b72-9c83ad94be01');
  assert.equal(got.status, 502);
  assert.match(got.headers['proxy-status'], /; next-hop=musicbrainz$/);
  assert.deepEqual(got.json.upstreams, [{ name: 'musicbrainz', status: 'upstream-error' }]);
  assert.match(got.json.detail, /^musicbrainz /);
});
