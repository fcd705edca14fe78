// The same document again: from memory, without the upstream, whoever asks and however the URL is written.
import assert from 'node:assert/strict';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { artist, getHttps, scenario, sleep } from './harness.mjs';

const TOUR = 90012010;

// One document in memory, counters at zero; the first answer.
async function fill(stage, path = artist(TOUR)) {
  const first = await stage.get(path);
  assert.equal(first.status, 200);
  await stage.resetCounters();
  return first;
}

async function assertNothingAsked(stage) {
  assert.equal((await stage.counters()).requests, 0, 'the upstream was asked');
}

scenario('The same again comes from memory and asks the upstream nothing.', {}, async (stage) => {
  const first = await fill(stage);
  for (const got of [await stage.get(artist(TOUR)), await stage.getH2(artist(TOUR))]) {
    assert.equal(got.status, 200);
    assert.deepEqual(got.body, first.body);
    assert.match(got.headers['cache-status'], /^marquee; hit; ttl=\d+$/);
    assert.match(got.headers.age, /^\d+$/);
    assert.match(got.headers.etag, /^"[^"]+"$/);
    assert.equal(got.headers.etag, first.headers.etag);
    assert.equal(got.headers['last-modified'], first.headers['last-modified']);
  }
  await assertNothingAsked(stage);
});

scenario('A list over several lines is one list.', {}, async (stage) => {
  const { headers } = await stage.get(artist(TOUR));
  for (const [etags, status] of [[[headers.etag, '"zz"'], 304], [['"a"', headers.etag, '"zz"'], 304], [['"a"', '"zz"'], 200]]) {
    const got = await stage.get(artist(TOUR), { headers: { 'if-none-match': etags } });
    assert.equal(got.status, status, `${etags}`);
  }
  const encodings = { 'accept-encoding': ['br;q=0.1', 'gzip', 'identity;q=0.5'] };
  assert.equal((await stage.get(artist(TOUR), { headers: encodings })).headers['content-encoding'], 'gzip');
});

scenario('If-None-Match gets 304 without a body, for each form of the field that names the document.', {},
  async (stage) => {
    const { headers: { etag } } = await fill(stage);
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      for (const got of [
        await stage.get(artist(TOUR), { headers: { 'if-none-match': value } }),
        await stage.getH2(artist(TOUR), { 'if-none-match': value }),
      ]) {
        assert.equal(got.status, 304, `If-None-Match: ${value}`);
        assert.equal(got.body.length, 0);
        assert.equal(got.headers.etag, etag);
        assert.ok(got.headers['cache-control'], 'a 304 renews the freshness');
        assert.ok(got.headers.vary);
      }
    }
    for (const value of ['"other"', 'W/"other"', etag.slice(1, -1)]) {
      const got = await stage.get(artist(TOUR), { headers: { 'if-none-match': value } });
      assert.equal(got.status, 200, `If-None-Match: ${value}`);
    }
    await assertNothingAsked(stage);
  });

scenario('If-Modified-Since with the date that was given gets 304.', {}, async (stage) => {
  const { headers } = await fill(stage);
  const since = headers['last-modified'];
  for (const got of [
    await stage.get(artist(TOUR), { headers: { 'if-modified-since': since } }),
    await stage.getH2(artist(TOUR), { 'if-modified-since': since }),
  ]) {
    assert.equal(got.status, 304);
    assert.equal(got.headers.etag, headers.etag);
  }
  const other = { 'if-modified-since': since, 'if-none-match': '"other"' };
  assert.equal((await stage.get(artist(TOUR), { headers: other })).status, 200);
});

scenario('The ETag survives a document that is made anew with the same content.', {
  settings: { songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 1 } },
}, async (stage) => {
  const first = await fill(stage);
  await sleep(1100);
  const got = await stage.get(artist(TOUR), { headers: { 'if-none-match': first.headers.etag } });
  assert.notEqual((await stage.counters()).requests, 0, 'it was still there');
  assert.equal(got.status, 304);
});

scenario('HEAD answers with the fields of GET and no body.', {}, async (stage) => {
  const first = await fill(stage);
  const got = await stage.get(artist(TOUR), { method: 'HEAD' });
  assert.equal(got.status, 200);
  assert.equal(got.body.length, 0);
  assert.equal(got.headers['content-length'], String(first.body.length));
  assert.equal(got.headers.etag, first.headers.etag);
  await assertNothingAsked(stage);
});

scenario('A HEAD for a cold document fills the cache for the GET that follows.', {}, async (stage) => {
  assert.equal((await stage.get(artist(TOUR), { method: 'HEAD' })).status, 200);
  await stage.resetCounters();
  assert.equal((await stage.get(artist(TOUR))).json.length, 12);
  await assertNothingAsked(stage);
});

scenario('Order, encoding and unknown parameters make no other document.', {}, async (stage) => {
  const base = '/api/songkick/artist';
  const first = await fill(stage, `${base}?id=${TOUR}&name=Two+Words&weburl=https%3A%2F%2Fartist.example%2F`);
  for (const query of [
    `name=Two%20Words&id=${TOUR}&weburl=https://artist.example/`,
    `skid=${TOUR}&weburl=https%3a%2f%2fartist.example%2f&name=Two+Words`,
    `id=${TOUR}&skid=${TOUR}&name=Two+Words&weburl=https%3A%2F%2Fartist.example%2F&ver=6.1&utm_source=mail`,
    `id=${TOUR}&&name=%54wo+Words&weburl=https%3A%2F%2Fartist.example%2F&=&x`,
  ]) {
    const got = await stage.get(`${base}?${query}`);
    assert.match(got.headers['cache-status'], /^marquee; hit/, query);
    assert.deepEqual(got.body, first.body);
  }
  await assertNothingAsked(stage);
});

scenario('Another name or limit is another document made of the same upstream answers.', {}, async (stage) => {
  const first = await fill(stage);
  const named = await stage.get(artist(TOUR, { name: 'Somebody' }));
  const limited = await stage.get(artist(TOUR, { limit: 3 }));
  const indented = await stage.get(artist(TOUR, { indent: 1 }));
  assert.notEqual(named.headers.etag, first.headers.etag);
  assert.deepEqual(limited.json, first.json.slice(0, 3));
  assert.deepEqual(indented.json, first.json);
  assert.match(indented.text, /\n {2}/);
  await assertNothingAsked(stage);
});

scenario('gzip and br are other representations of the same document.', {}, async (stage) => {
  const plain = await fill(stage);
  const unpack = { gzip: gunzipSync, br: brotliDecompressSync };
  const etags = new Set([plain.headers.etag]);
  for (const [encoding, decompress] of Object.entries(unpack)) {
    const got = await stage.get(artist(TOUR), { headers: { 'accept-encoding': encoding } });
    assert.equal(got.headers['content-encoding'], encoding);
    assert.equal(got.headers.vary, 'Accept-Encoding');
    assert.ok(got.body.length < plain.body.length / 2);
    assert.deepEqual(decompress(got.body), plain.body);
    etags.add(got.headers.etag);
    const again = await stage.get(artist(TOUR), {
      headers: { 'accept-encoding': encoding, 'if-none-match': got.headers.etag },
    });
    assert.equal(again.status, 304);
  }
  assert.equal(etags.size, 3);
  const refused = await stage.get(artist(TOUR), { headers: { 'accept-encoding': 'gzip;q=0, br;q=0' } });
  assert.equal(refused.headers['content-encoding'], undefined);
  await assertNothingAsked(stage);
});

scenario('Many hits at once over one HTTP/2 connection are all the whole document.', {}, async (stage) => {
  const first = await fill(stage);
  const client = stage.openH2();
  const all = await Promise.all(Array.from({ length: 80 }, () => client.get(artist(TOUR))));
  for (const got of all) {
    assert.equal(got.status, 200);
    assert.deepEqual(got.body, first.body);
  }
  await assertNothingAsked(stage);
});

scenario('What is served is one and the same on every front thread.', {
  settings: { listen: { threads: 4 } },
}, async (stage) => {
  const first = await fill(stage);
  // Every connection may be another thread's.
  for (let i = 0; i < 24; i++) {
    const got = await getHttps(stage.httpsPort, stage.ca, artist(TOUR));
    assert.deepEqual(got.body, first.body);
  }
  await assertNothingAsked(stage);
});
