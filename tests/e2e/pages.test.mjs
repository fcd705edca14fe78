// The pages of a tour, as the service serves them: what leads where, what a crawler and a visitor read, and what is
// said of pages that are not there.
import assert from 'node:assert/strict';

import { icsEvents, icsFaults } from '../conformance/ics.mjs';
import { artist, scenario, until } from './harness.mjs';
import { assertDatePage, assertXml, attributeOf, blocksOf, hrefsOf, visibleText } from './site.mjs';

const DEMO = '6395144'; // Velvet Harbour: 54 events
const TOUR = '90012005'; // 12 events on 5 venues
const PAGES = 'https://velvet.example/tour';

const at = (id, page = '', parameters = {}) => {
  const query = new URLSearchParams(parameters).toString();
  return `/tour/songkick/${id}/${page}${query && `?${query}`}`;
};
const slugsOf = (html) => hrefsOf(html).map((href) => /^(\d{4}-[^/?]*)\//.exec(href)?.[1]).filter(Boolean);

async function page(stage, path, headers = {}) {
  const got = await stage.get(path, { headers });
  assert.equal(got.status, 200, `${path}: ${got.status} ${got.text.slice(0, 300)}`);
  return got;
}

scenario('A tour has a page for each date, which holds that date alone and says all of it.', {}, async (stage) => {
  for (const id of [DEMO, '80060020', '70021400']) {
    const parameters = { pages: PAGES, weburl: 'https://velvet.example' };
    const events = (await stage.get(artist(id, { weburl: 'https://velvet.example' }))).json;
    const tour = await page(stage, at(id, '', parameters));
    assert.equal(blocksOf(tour.text).length, 0);
    const slugs = slugsOf(tour.text);
    assert.equal(slugs.length, events.length);
    assert.equal(new Set(slugs).size, slugs.length);
    for (const [i, event] of events.entries()) {
      const got = await page(stage, at(id, `${slugs[i]}/`, parameters));
      const { id: name } = assertDatePage(got.text, event, `${PAGES}/${slugs[i]}/`);
      assert.equal(name, `${PAGES}/#event-${/(\d+)#event$/.exec(event['@id'])[1]}`);
    }
  }
});

scenario('Public pages name the address that visitors see, previews are not listed.', {}, async (stage) => {
  const tour = await page(stage, at(TOUR, '', { pages: `${PAGES}/` }));
  assert.equal(attributeOf(tour.text, /<link rel="canonical" href="([^"]*)"/), `${PAGES}/`);
  assert.equal(tour.headers['x-robots-tag'], undefined);
  assert.equal(tour.headers['strict-transport-security'], undefined);
  assert.equal(tour.headers['referrer-policy'], 'no-referrer');
  assert.match(tour.headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-/);
  const [slug] = slugsOf(tour.text);
  const date = await page(stage, at(TOUR, `${slug}/`, { pages: PAGES }));
  assert.equal(attributeOf(date.text, /<link rel="canonical" href="([^"]*)"/), `${PAGES}/${slug}/`);
  for (const href of hrefsOf(tour.text + date.text)) assert.doesNotMatch(href, /localhost|[?&]pages=/);

  const preview = await page(stage, at(TOUR, '', { name: 'Other Name' }));
  assert.match(preview.text, /<meta name="robots" content="noindex">/);
  assert.equal(preview.headers['x-robots-tag'], 'noindex');
  assert.equal(preview.headers['strict-transport-security'], 'max-age=31536000');
  assert.match(preview.text, /<h1[^>]*>Other Name<\/h1>/);
  assert.ok(hrefsOf(preview.text).includes(`${slug}/?name=Other%20Name`));
  const other = await page(stage, at(TOUR, `${slug}/`, { name: 'Other Name' }));
  assert.ok(hrefsOf(other.text).includes('../?name=Other%20Name'));
});

scenario('One job makes all pages of a tour, and costs the upstream what a document costs.', {}, async (stage) => {
  await stage.get(artist(TOUR));
  const { requests } = await stage.counters();
  const tour = await page(stage, at(TOUR, '', { pages: PAGES }));
  assert.equal((await stage.counters()).requests, requests);
  const jobs = await stage.metric('jobs_started');
  for (const slug of slugsOf(tour.text)) {
    const got = await page(stage, at(TOUR, `${slug}/`, { pages: PAGES }));
    assert.match(got.headers['cache-status'], /^marquee; hit/);
    await page(stage, at(TOUR, `${slug}/date.ics`, { pages: PAGES }));
  }
  for (const name of ['dates.ics', 'feed.json', 'feed.xml', 'sitemap.xml']) {
    await page(stage, at(TOUR, name, { pages: PAGES }));
  }
  assert.equal(await stage.metric('jobs_started'), jobs);
});

scenario('Who asks for many pages of a cold tour at once gets them all from one job.', {}, async (stage) => {
  const tour = await page(stage, at(DEMO));
  const slugs = slugsOf(tour.text);
  await stage.restartMarquee();
  await stage.resetCounters();
  const got = await Promise.all(slugs.map((slug) => stage.get(at(DEMO, `${slug}/`))));
  for (const [i, { status, text }] of got.entries()) {
    assert.equal(status, 200);
    assert.ok(text.includes(`/${slugs[i]}/`), slugs[i]);
  }
  assert.equal(await stage.metric('jobs_started'), 1);
});

scenario('Whoever has a page already is told so.', {}, async (stage) => {
  for (const name of ['', 'dates.ics', 'feed.xml', 'sitemap.xml']) {
    const { headers } = await page(stage, at(TOUR, name, { pages: PAGES }));
    const again = await stage.get(at(TOUR, name, { pages: PAGES }), { headers: { 'if-none-match': headers.etag } });
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
  }
});

scenario('Addresses that lack something, or have other words, lead to the right one.', {}, async (stage) => {
  const tour = await page(stage, at(TOUR));
  const [slug] = slugsOf(tour.text);
  const id = /\d+$/.exec(slug)[0];
  const moved = [
    [`/tour/songkick/${TOUR}`, `./${TOUR}/`],
    [`/tour/songkick/${TOUR}/${slug}`, `${slug}/`],
    [`/tour/songkick/${TOUR}/2019-01-01-old-town-${id}/`, `../${slug}/`],
    [`/tour/songkick/${TOUR}/2019-01-01-old-town-${id}`, `${slug}/`],
    [`/tour/songkick/${TOUR}/x-${id}/date.ics?name=a`, `../${slug}/date.ics`],
  ];
  for (const [path, location] of moved) {
    const got = await stage.get(path);
    assert.equal(got.status, 308, path);
    assert.equal(got.headers.location, location);
  }
});

scenario('A date that the tour does not have is a page that leads back, without asking anybody.', {}, async (stage) => {
  await page(stage, at(TOUR));
  const { requests } = await stage.counters();
  for (const name of ['2027-01-01-berlin-999/', '2027-01-01-berlin-999', 'x/date.ics', 'x-1/']) {
    const got = await stage.get(at(TOUR, name));
    assert.equal(got.status, 404);
    assert.equal(got.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(got.headers['cache-control'], 'no-store');
    assert.equal(hrefsOf(got.text)[0], name.includes('/') ? '../' : './');
  }
  assert.equal((await stage.counters()).requests, requests);
  const cold = await stage.get(at('90003002', 'x-1/'));
  assert.equal(cold.status, 404);
  assert.match(visibleText(cold.text), /There is no such date here/);
});

scenario('What is wrong below /tour/ is said on a page.', {}, async (stage) => {
  const wrong = {
    '/tour/songkick/abc/': 404, '/tour/nobody/1/': 404, '/tour/songkick/': 404, '/tour/songkick/1/%2e%2e/': 404,
    [at(TOUR, 'feed.xml')]: 404, [at(TOUR, 'sitemap.xml')]: 404, [at(TOUR, 'other.xml/x')]: 404,
    [at(TOUR, '', { pages: 'http://velvet.example/tour' })]: 400,
    [at(TOUR, '', { pages: 'https://velvet.example/tour?x' })]: 400,
    [at(TOUR, '', { image: 'https://velvet.example/a#b' })]: 400,
    [at(TOUR, '', { style: 'https://velvet.example/a.css' })]: 400,
    [at(TOUR, '', { pages: PAGES, style: 'https://evil.example/a.css' })]: 400,
    [at('4040001')]: 404,
  };
  for (const [path, status] of Object.entries(wrong)) {
    const got = await stage.get(path);
    assert.equal(got.status, status, path);
    assert.equal(got.headers['content-type'], 'text/html; charset=utf-8', path);
    assert.equal(got.headers['cache-control'], 'no-store');
    assert.match(got.text, /^<!DOCTYPE html>/);
  }
  const { text } = await stage.get(at(TOUR, '', { style: 'https://velvet.example/a.css' }));
  assert.match(visibleText(text), /style: The style sheet is not on the host of pages\./);
});

scenario('Feeds, sitemap and calendars hold the dates that the pages hold.', {}, async (stage) => {
  const parameters = { pages: PAGES };
  const tour = await page(stage, at(DEMO, '', parameters));
  const addresses = slugsOf(tour.text).map((slug) => `${PAGES}/${slug}/`);
  const [json, atom, sitemap, ics] = await Promise.all(['feed.json', 'feed.xml', 'sitemap.xml', 'dates.ics']
    .map((name) => page(stage, at(DEMO, name, parameters))));
  assert.deepEqual(JSON.parse(json.text).items.map(({ url }) => url), addresses);
  assertXml(atom.text);
  assert.deepEqual([...atom.text.matchAll(/<entry>[^]*?<link rel="alternate" type="text\/html" href="([^"]*)"/g)]
    .map(([, href]) => href), addresses);
  assertXml(sitemap.text);
  assert.deepEqual([...sitemap.text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, loc]) => loc), [`${PAGES}/`, ...addresses]);
  assert.equal(sitemap.headers['access-control-allow-origin'], '*');
  assert.deepEqual(icsFaults(Buffer.from(ics.text)), []);
  assert.equal(icsEvents(Buffer.from(ics.text)).length, 54);
  const one = await page(stage, at(DEMO, `${addresses[0].slice(PAGES.length + 1)}date.ics`, parameters));
  assert.deepEqual(icsFaults(Buffer.from(one.text)), []);
  assert.equal(icsEvents(Buffer.from(one.text)).length, 1);
});

scenario('A festival has both days and no hour on its page and in the feeds.', {}, async (stage) => {
  const parameters = { pages: PAGES };
  const { url } = (await stage.get(artist('1009', parameters))).json.find(({ endDate }) => /^[-\d]+$/.test(endDate));
  const { text: html } = await page(stage, at('1009', url.slice(PAGES.length + 1), parameters));
  const days = /date-when">([^]*?)<\/p>/.exec(html)[1].replace(/<[^>]*>/g, '');
  assert.match(days, /^\w+, \d+ \w+ \d{4} to \w+, \d+ \w+ \d{4}$/);
  assert.equal(html.split('</head>')[0].split(days).length - 1, 4); // title and description, twice each
  for (const name of ['feed.json', 'feed.xml']) {
    const { text } = await page(stage, at('1009', name, parameters));
    assert.ok(text.split(days).length - 1 >= 2, name);
    assert.ok(!text.includes(`${days.split(' to ')[0]}, `), name);
  }
});

scenario('Other formats lead to the pages, and Google’s carousel is possible with them.', {}, async (stage) => {
  const events = (await stage.get(artist(TOUR, { pages: PAGES, image: 'https://velvet.example/v.jpg' }))).json;
  const slugs = slugsOf((await page(stage, at(TOUR, '', { pages: PAGES }))).text);
  assert.deepEqual(events.map(({ url }) => url), slugs.map((slug) => `${PAGES}/${slug}/`));
  for (const event of events) assert.deepEqual(event.image, ['https://velvet.example/v.jpg']);
  const list = await stage.get(artist(TOUR, { pages: PAGES, format: 'itemlist' }));
  assert.equal(list.status, 200);
  const html = await stage.get(artist(TOUR, { pages: PAGES, format: 'html' }));
  assert.ok(hrefsOf(html.text).includes(`${PAGES}/${slugs[0]}/`));
  const ics = await stage.get(artist(TOUR, { pages: PAGES, format: 'ics' }));
  assert.ok(ics.text.replace(/\r\n /g, '').includes(`URL:${PAGES}/${slugs[0]}/`) ||
    ics.text.replace(/\r\n /g, '').includes(`URL;VALUE=URI:${PAGES}/${slugs[0]}/`));
  const report = (await stage.get(artist(TOUR, { pages: PAGES, format: 'report' }))).json;
  assert.ok(!report.fields.some(({ property }) => property === 'url'));
  const both = await stage.get(artist(TOUR, { pages: PAGES, eventurl: `${PAGES}/{id}` }));
  assert.equal(both.status, 400);
  assert.deepEqual(both.json.parameters.map(({ name }) => name), ['eventurl']);
});

scenario('An artist without dates has its own name on the page of its tour.', {}, async (stage) => {
  const { status, text } = await stage.get('/tour/songkick/90000000/?pages=https://a.example/tour');
  assert.equal(status, 200);
  assert.match(text, /<title>Rusty Meadow: /);
});

scenario('A venue has pages too.', {}, async (stage) => {
  const events = (await stage.get(artist(TOUR))).json;
  const venue = /venues\/(\d+)/.exec(events[0].location.sameAs)[1];
  const tour = await page(stage, `/tour/songkick/venue/${venue}/`);
  const [slug] = slugsOf(tour.text);
  assert.ok(slug);
  const date = await page(stage, `/tour/songkick/venue/${venue}/${slug}/`);
  assert.equal(blocksOf(date.text).length, 1);
});

const SHORT = {
  songkick: { fresh_s: 1, venue_fresh_s: 1, artist_fresh_s: 1, keep_s: 600 },
  listen: { threads: 1 },
};

scenario('The address of a record that was folded into a show leads to the page of the show.', {}, async (stage) => {
  const id = '1009'; // its calendar has records of every kind
  const { list } = (await stage.get(artist(id, { format: 'report' }))).json;
  const slugs = slugsOf((await page(stage, at(id))).text);
  const folded = list.flatMap((show) => (show.records ?? [])
    .filter(({ rule }) => rule.startsWith('folded'))
    .map((record) => ({ show, record })));
  assert.ok(folded.length > 3, `${folded.length} records`);
  for (const { show, record } of folded) {
    const slug = slugs.find((one) => one.endsWith(`-${show.id}`));
    const got = await stage.get(at(id, `${slug.slice(0, -show.id.length)}${record.id}/`));
    assert.equal(got.status, 308, record.id);
    assert.equal(got.headers.location, `../${slug}/`);
  }
});

scenario('While the upstream is down the last good pages are served, and say so.', { settings: SHORT }, async (stage) => {
  const parameters = { pages: PAGES };
  const tour = await page(stage, at(TOUR, '', parameters));
  const slugs = slugsOf(tour.text);
  await stage.setMode('500');
  await until('the mark of the failed refresh', async () => {
    const got = await page(stage, at(TOUR, `${slugs[0]}/`, parameters));
    return /error=destination_unavailable/.test(got.headers['proxy-status'] ?? '');
  });
  const jobs = await stage.metric('jobs_started');
  for (const slug of slugs) {
    await until(`the mark on ${slug}`, async () => {
      const got = await page(stage, at(TOUR, `${slug}/`, parameters));
      return /error=destination_unavailable/.test(got.headers['proxy-status'] ?? '');
    });
  }
  const made = (await stage.metric('jobs_started')) - jobs;
  assert.ok(made < slugs.length / 2, `one failed making is enough for all pages, not ${made} for ${slugs.length}`);
  const cold = await stage.get(at('90003002', '', parameters));
  assert.ok([502, 503].includes(cold.status)); // 503 once the breaker is open
  assert.ok(Number(cold.headers['retry-after']) > 0);
  assert.match(visibleText(cold.text), /cannot be shown at this moment/);
});

scenario('Pages and addresses stay as they are when a tour is made anew.', { settings: SHORT }, async (stage) => {
  const parameters = { pages: PAGES };
  const names = ['', 'sitemap.xml', 'feed.xml', 'feed.json'];
  const before = await Promise.all(names.map((name) => page(stage, at(TOUR, name, parameters))));
  const refreshes = await stage.metric('refreshes');
  await until('a refresh', async () => {
    await page(stage, at(TOUR, '', parameters));
    return (await stage.metric('refreshes')) > refreshes && (await stage.metric('jobs_running')) === 0;
  });
  for (const [i, name] of names.entries()) {
    assert.equal((await page(stage, at(TOUR, name, parameters))).text, before[i].text, name);
  }
});

scenario('Where a date moves or a city gets another name, old addresses lead to the new ones.', { settings: SHORT }, async (stage) => {
  const parameters = { pages: PAGES };
  const location = async (slug) => {
    const got = await stage.get(at(TOUR, `${slug}/`, parameters));
    if (got.status === 200) return slug;
    assert.equal(got.status, 308, slug);
    return /^\.\.\/([^/?]+)\//.exec(got.headers.location)[1];
  };
  let slugs = slugsOf((await page(stage, at(TOUR, '', parameters))).text);
  const first = slugs;
  const change = async (mode) => {
    await stage.setMode(mode);
    const before = slugs;
    await until('other addresses', async () => {
      slugs = slugsOf((await page(stage, at(TOUR, '', parameters))).text);
      return slugs.join() !== before.join();
    });
    assert.equal(new Set(slugs).size, before.length);
    let events;
    await until('the same dates in the other format', async () => {
      events = (await stage.get(artist(TOUR, { pages: PAGES }))).json;
      return events.map(({ url }) => url).join() === slugs.map((slug) => `${PAGES}/${slug}/`).join();
    });
    for (const [i, slug] of slugs.entries()) {
      assertDatePage((await page(stage, at(TOUR, `${slug}/`, parameters))).text, events[i], `${PAGES}/${slug}/`);
    }
    for (const old of [...before, ...first]) {
      const number = /\w+$/.exec(old)[0];
      assert.equal(await location(old), slugs.find((slug) => slug.endsWith(`-${number}`)));
    }
    return before;
  };
  const before = await change('moved');
  assert.equal(slugs.filter((slug) => !before.includes(slug)).length, 1);
  await change('renamed');
  assert.ok(slugs.every((slug) => /-new-/.test(slug)));
  await change('ok');
  assert.deepEqual(slugs, first);
});

// Until a tour of so many dates is in memcached, two pages of each, five of all and the index; and nothing else comes.
async function settledInMemcached(stage, nDates) {
  let puts = 0;
  await until('all pages in memcached', async () => {
    const before = puts;
    puts = await stage.metric('memcached_puts');
    return puts >= 2 * nDates + 6 && puts === before;
  });
}

scenario('After a restart old addresses lead to the new ones, too.', { memcached: true, settings: SHORT }, async (stage) => {
  const parameters = { pages: PAGES };
  const before = slugsOf((await page(stage, at(TOUR, '', parameters))).text);
  await settledInMemcached(stage, before.length);
  await stage.restartMarquee();
  await stage.setMode('moved');
  let moved;
  await until('other addresses', async () => {
    const slugs = slugsOf((await page(stage, at(TOUR, '', parameters))).text);
    moved = before.filter((slug) => !slugs.includes(slug));
    return moved.length > 0;
  });
  for (const slug of moved) {
    const got = await stage.get(at(TOUR, `${slug}/`, parameters));
    assert.equal(got.status, 308, slug);
  }
});

scenario('Instances that share a memcached find each other’s pages.', { memcached: true }, async (stage) => {
  const tour = await page(stage, at(TOUR));
  const slugs = slugsOf(tour.text);
  await settledInMemcached(stage, slugs.length);
  await stage.restartMarquee();
  await stage.resetCounters();
  const got = await Promise.all(['', ...slugs.map((slug) => `${slug}/`)].map((name) => page(stage, at(TOUR, name))));
  assert.equal(got[0].text, tour.text);
  assert.equal((await stage.counters()).requests, 0);
});

// Of style and image. `make stress-variants` tries ten thousand, of a tour with one date: that takes minutes.
const VARIANTS = Number(process.env.VARIANTS ?? 150);
const VARIED = VARIANTS > 150 ? '90001001' : TOUR;

scenario('Endless variants of one tour ask the upstream nothing, and push out a quarter of the others at most.', {
  settings: { cache: { memory_mb: 4 }, limits: { client_cold_per_minute: 0, client_cold_parallel: 0 } }, timeout_ms: 60_000 + VARIANTS * 100,
}, async (stage) => {
  const others = Array.from({ length: 24 }, (_, i) => artist(`9000300${2000 + i}`, { format: 'report' }));
  await page(stage, at(VARIED));
  for (const path of others) assert.equal((await stage.get(path)).status, 200);
  const { requests } = await stage.counters();
  const client = stage.openH2();
  for (let i = 0; i < VARIANTS; i++) {
    const got = await client.get(at(VARIED, '', { pages: PAGES, image: `https://velvet.example/${i}.jpg`, style: `${PAGES}/${i}.css` }));
    assert.equal(got.status, 200);
  }
  assert.equal((await stage.counters()).requests, requests);
  const kept = [];
  for (const path of others) kept.push(/^marquee; hit/.test((await stage.get(path)).headers['cache-status']));
  assert.ok(kept.filter(Boolean).length >= others.length * 3 / 4, `${kept.filter(Boolean).length} of ${others.length} are left`);
});
