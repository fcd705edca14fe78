// Parameters and paths that are wrong: every fault named at once, and the upstream never asked.
import assert from 'node:assert/strict';

import { artist, scenario } from './harness.mjs';

const GOOD = { id: '90004004' };

// Query (a string, or parameters beside a good id), and the parameters that must be named.
const WRONG = [
  ['', ['id']],
  ['skid=abc', ['skid']],
  ['id=', ['id']],
  ['id=-1', ['id']],
  ['id=1%20OR%201', ['id']],
  ['id=mbid%3Anot-a-uuid', ['id']],
  ['id=1&skid=2', ['skid']],
  [{ name: '' }, ['name']],
  [{ name: 'x'.repeat(3000) }, ['name']],
  [{ name: 'x'.repeat(201) }, ['name']],
  [{ name: 'a\nb' }, ['name']],
  [`id=${GOOD.id}&name=%ff%fe`, ['name']],
  [`id=${GOOD.id}&name=%zz`, ['name']],
  [{ weburl: 'javascript:alert(1)' }, ['weburl']],
  [{ weburl: 'ftp://artist.example/' }, ['weburl']],
  [{ weburl: '//artist.example/' }, ['weburl']],
  [{ weburl: 'https://user:secret@artist.example/' }, ['weburl']],
  [{ weburl: `https://artist.example/${'x'.repeat(2100)}` }, ['weburl']],
  [{ limit: '0' }, ['limit']],
  [{ limit: '501' }, ['limit']],
  [{ limit: 'ten' }, ['limit']],
  [{ indent: '2' }, ['indent']],
  [{ format: 'xml' }, ['format']],
  [{ eventurl: 'https://artist.example/{nothing}' }, ['eventurl']],
  ['skid=abc&weburl=javascript:alert(1)', ['skid', 'weburl']],
  [{ name: '', weburl: 'nonsense', limit: '-5', indent: 'yes', format: '?' },
    ['name', 'weburl', 'limit', 'indent', 'format']],
];

function pathOf(query) {
  if (typeof query === 'string') return `/api/songkick/artist${query === '' ? '' : `?${query}`}`;
  return artist(GOOD.id, query);
}

scenario('Every wrong parameter is named with a reason, and nothing is asked upstream.', {}, async (stage) => {
  const client = stage.openH2();
  for (const [query, names] of WRONG) {
    for (const got of [await stage.get(pathOf(query)), await client.get(pathOf(query))]) {
      const label = pathOf(query).slice(0, 100);
      assert.equal(got.status, 400, `${label}: ${got.text}`);
      assert.equal(got.headers['content-type'], 'application/problem+json', label);
      assert.equal(got.headers['cache-control'], 'no-store', label);
      assert.deepEqual(got.json.parameters.map(({ name }) => name).sort(), [...names].sort(), label);
      for (const { reason } of got.json.parameters) assert.ok(reason.length > 5, `${label}: ${reason}`);
      assert.equal(got.json.status, 400);
      for (const name of names) assert.ok(got.json.detail.includes(name), got.json.detail);
    }
  }
  assert.equal((await stage.counters()).requests, 0);
});

scenario('The reason for an unknown format names the known ones.', {}, async (stage) => {
  const got = await stage.get(artist(GOOD.id, { format: 'xml' }));
  assert.match(got.json.parameters[0].reason, /jsonld/);
});

scenario('Values at their bounds are good.', {}, async (stage) => {
  for (const parameters of [
    { name: 'x'.repeat(200) }, { name: 'é'.repeat(200) }, { limit: '1' }, { limit: '500' },
    { weburl: `https://artist.example/${'x'.repeat(2048 - 23)}` }, { weburl: 'http://xn--bcher-kva.example/' },
  ]) {
    const got = await stage.get(artist(GOOD.id, parameters));
    assert.equal(got.status, 200, got.text);
  }
});

scenario('An MBID is as good an id as a number.', {}, async (stage) => {
  const path = artist('mbid:11111111-2222-4333-8444-555555555555');
  const got = await stage.get(path);
  assert.equal(got.status, 200, got.text);
  assert.deepEqual(got.json, []); // Songkick's answer for an MBID it does not know
});

scenario('A name with markup in it comes back as data.', {}, async (stage) => {
  const name = '</script><img src=x onerror=alert(1)> "Q" \\ é 漢字 𝄞';
  const got = await stage.get(artist(GOOD.id, { name }));
  assert.equal(got.status, 200);
  assert.ok([got.json[0].performer].flat().some((one) => one.name === name));
  assert.doesNotMatch(got.text, /<\/script|<img/i);
});

scenario('Paths that are not there are a 404 that helps.', {}, async (stage) => {
  for (const path of ['/api', '/api/', '/api/songkick', '/api/songkick/', '/api/songkick/label?id=1',
    '/api/nobody/artist?id=1', '/nothing', '/api/songkick/artist/1', '/API/songkick/artist?id=1']) {
    const got = await stage.get(path);
    assert.equal(got.status, 404, path);
    assert.equal(got.headers['content-type'], 'application/problem+json', path);
    assert.equal(got.headers['cache-control'], 'no-store', path);
    assert.ok(got.json.detail.length > 10, path);
  }
  assert.match((await stage.get('/api/songkick/label?id=1')).json.detail, /artist/);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('Methods other than GET, HEAD and OPTIONS are a 405 that says which there are.', {}, async (stage) => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE']) {
    const got = await stage.get(artist(GOOD.id), { method });
    assert.equal(got.status, 405, method);
    assert.equal(got.headers.allow, 'GET, HEAD, OPTIONS');
  }
  const options = await stage.get(artist(GOOD.id), { method: 'OPTIONS' });
  assert.equal(options.status, 204);
  assert.equal(options.headers['access-control-allow-methods'], undefined, 'no preflight asked');
  const headers = { origin: 'https://a.example', 'access-control-request-method': 'GET' };
  const preflight = await stage.get(artist(GOOD.id), { method: 'OPTIONS', headers });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers['access-control-allow-methods'], /GET/);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('A provider that is switched off answers 404.', {
  settings: { songkick: { enabled: 'no' } },
}, async (stage) => {
  const got = await stage.get(artist(GOOD.id));
  assert.equal(got.status, 404);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('A request line longer than 8 kB is refused, and the service goes on.', {}, async (stage) => {
  const got = await stage.get(artist(GOOD.id, { name: 'x'.repeat(9000) }));
  assert.ok([400, 414, 431].includes(got.status), `status ${got.status}`);
  assert.equal((await stage.get(artist(GOOD.id))).status, 200);
});
