// What holds for every provider alike: it can be switched off, it needs a key, and its terms set a ceiling.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';

import { scenario } from './harness.mjs';

const DAY_S = 86400;
// An artist of each.
const PROVIDERS = { bandsintown: 'id_90004004', songkick: '90004004', ticketmaster: 'K8vZ90004004' };
const NAMES = Object.keys(PROVIDERS);

function path(provider) {
  return `/api/${provider}/artist?id=${PROVIDERS[provider]}`;
}

async function assertUnserved(stage, names, remedy) {
  for (const provider of names) {
    const got = await stage.get(path(provider));
    assert.equal(got.status, 404, provider);
    assert.equal(got.headers['content-type'], 'application/problem+json');
    assert.ok(got.json.detail.includes(`[${provider}] ${remedy}`), got.json.detail);
  }
  assert.equal((await stage.counters()).requests, 0);
}

scenario('A provider that is switched off is 404 with what to do.', {
  settings: Object.fromEntries(NAMES.map((name) => [name, { enabled: 'no' }])),
}, async (stage) => {
  await assertUnserved(stage, NAMES, 'enabled = yes');
});

scenario('A provider without a key is 404 with what to do.', { marquee: false }, async (stage) => {
  stage.extraEnvironment = Object.fromEntries(NAMES.map((name) => [`MARQUEE_${name.toUpperCase()}_API_KEY`, '']));
  await stage.startMarquee();
  await assertUnserved(stage, NAMES, 'api_key_file');
});

scenario('One provider without a key takes nothing from the others.', {
  settings: { songkick: { enabled: 'no' } },
}, async (stage) => {
  assert.equal((await stage.get(path('songkick'))).status, 404);
  for (const provider of ['bandsintown', 'ticketmaster']) {
    const got = await stage.get(path(provider));
    assert.equal(got.status, 200);
    assert.equal(got.json.length, 4);
  }
});

scenario('To keep answers for longer than the terms allow is refused by name, for every provider.', {
  simulator: false, marquee: false,
}, async (stage) => {
  for (const [name, ceiling_s] of [...NAMES.map((provider) => [provider, DAY_S]), ['musicbrainz', 30 * DAY_S]]) {
    const ini = stage.file(`${name}.ini`);
    writeFileSync(ini, `[${name}]\nkeep_s = ${ceiling_s + 1}\n`);
    const got = await stage.runMarquee(['check-config', ini]);
    assert.equal(got.code, 2);
    assert.match(got.stderr, new RegExp(`${name}\\.ini:2: \\[${name}\\] keep_s .*at most ${ceiling_s}\\n$`));
  }
});
