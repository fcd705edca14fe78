// Pages of tours, judged one by one: each date's page holds its own event alone, equal to the one of format=jsonld but
// for url and @id, and each value of it is visible. Generated tours of each provider, and the golden cases.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parseAtomFeed, parseJsonFeed } from 'feedsmith';

import { scenario } from '../e2e/harness.mjs';
import { build, root, run } from '../e2e/parts.mjs';
import { assertAttributes, assertDatePage, assertXml, hrefsOf } from '../e2e/site.mjs';
import { NUMBERS } from './tours.mjs';

const AT_ONCE = 8;
const PAGES = 'https://artist.example/tour';
const SIZES = { complete: 40, odd: 60, short: 180, festivals: 2, plain: 18 };
const [PARTS, N_PART] = [4, 75]; // 300 tours, in parts that take less than a minute on a slow machine
const PROVIDERS = { songkick: (number) => number, ticketmaster: (number) => `K8vZ${number}`, bandsintown: (number) => `id_${number}` };

async function assertTour(client, provider, id) {
  const document = await client.get(`/api/${provider}/artist?id=${id}`);
  const get = async (page) => {
    const got = await client.get(`/tour/${provider}/${id}/${page}?pages=${encodeURIComponent(PAGES)}`);
    assert.equal(got.status, document.status, `${provider} ${id} ${page}: ${got.text}`);
    return got.text;
  };
  if (document.status !== 200) return 0;
  const tour = await get('');
  assertAttributes(tour);
  const slugs = hrefsOf(tour).map((href) => /^(\d{4}-[^/]*)\/$/.exec(href)?.[1]).filter(Boolean);
  assert.equal(new Set(slugs).size, document.json.length, `${provider} ${id}`);
  for (const [i, event] of document.json.entries()) assertDatePage(await get(`${slugs[i]}/`), event, `${PAGES}/${slugs[i]}/`);
  const addresses = slugs.map((slug) => `${PAGES}/${slug}/`);
  const [atom, sitemap] = await Promise.all([get('feed.xml'), get('sitemap.xml')]);
  assert.deepEqual((parseAtomFeed(atom).entries ?? []).map((entry) => entry.links[0].href), addresses);
  assert.deepEqual((parseJsonFeed(await get('feed.json')).items ?? []).map(({ url }) => url), addresses);
  assert.equal(sitemap.match(/<loc>/g).length, 1 + addresses.length);
  assertXml(atom);
  assertXml(sitemap);
  return addresses.length;
}

for (const [provider, idOf] of Object.entries(PROVIDERS)) {
  const ids = Object.entries(SIZES).flatMap(([kind, n]) => Array.from({ length: n }, (_, i) => idOf(NUMBERS[kind](i))));
  assert.equal(ids.length, PARTS * N_PART);
  for (let part = 0; part < PARTS; part++) {
    const mine = ids.filter((_, i) => i % PARTS === part);
    scenario(`The pages of ${N_PART} generated tours of ${provider} say all that is marked up (${part + 1} of ${PARTS}).`, {
      settings: { log: { level: 'error' }, [provider]: { requests_per_s: 0, requests_per_day: 0 } },
    }, async (stage) => {
      const client = stage.openH2();
      let n_dates = 0;
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        while (mine.length > 0) n_dates += await assertTour(client, provider, mine.shift());
      }));
      assert.ok(n_dates > N_PART, `only ${n_dates} dates`);
    });
  }
}

// `golden --pages` prints a line of JSON for each event of a case: its page, and the event as format=jsonld has it.
test('The pages of every golden document say all that is marked up.', async () => {
  const golden = join(root, 'tests/golden');
  const cases = readdirSync(golden, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .flatMap((provider) => readdirSync(join(golden, provider.name)).map((name) => join(golden, provider.name, name)));
  const { code, stdout, stderr } = await run([join(build, 'tests/golden/golden'), '--pages', ...cases]);
  assert.equal(code, 0, stderr);
  const lines = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  assert.ok(lines.length > cases.length / 2, `only ${lines.length} dates of ${cases.length} cases`);
  for (const { address, html, event } of lines) assertDatePage(html, event, address);
});
