// The form at / as people use it: by keyboard, by pasting, on a phone, in the dark, without scripts, and when things
// go wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';

import {
  DEMO, DESKTOP, PHONE, focused, origin, paste, press, says, scenario, screenshot, text, withPage,
} from './stage.mjs';

const MBID = '0383dadf-2a4e-4d10-a46a-e9e041da8eb3';

// Goes on with Tab until the element with this id has the focus.
async function tabTo(page, id) {
  for (let i = 0; i < 60; i++) {
    if ((await focused(page)) === id) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${id}`);
}

scenario('By keyboard alone an artist is found, the link copied and a snippet chosen.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto('/');
    await press(page, 'Tab');
    assert.equal(await focused(page), 'Skip to the result');
    await tabTo(page, 'q');
    await page.keyboard.type('Velvet Harbour');
    await press(page, 'Enter');
    await says(page, '#heading', /Who is it/);
    assert.equal(await focused(page), 'heading');
    await press(page, 'Tab');
    assert.match(await focused(page), /^Velvet Harbour\s+54 upcoming · on tour until \d{4}/);
    await press(page, 'Enter');
    await says(page, '#heading', /Velvet Harbour: upcoming dates/);
    assert.equal(await focused(page), 'heading');
    await tabTo(page, 'url');
    await press(page, 'Tab');
    await press(page, 'Enter');
    await says(page, '.copyable .copy', /Copied/);
    const link = `${origin(stage)}/api/songkick/artist?id=${DEMO}`;
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    await tabTo(page, 'way-pages');
    await press(page, 'ArrowRight', 8);
    assert.equal(await focused(page), 'way-script');
    await page.locator('#snippet-script').waitFor();
    assert.equal(await page.locator('#snippet-php').isVisible(), false);
    const tag = `<script async src="${link.replace('&', '&amp;')}&amp;format=js"></script>\n`;
    assert.equal(await page.locator('#snippet-script').textContent(), tag);
  });
});

scenario('What is pasted is understood, whatever it is.', {}, async (stage) => {
  const pasted = [
    ['https://www.songkick.com/artists/6395144-milky-chance?utm_source=x', `/artist?id=${DEMO}`],
    ['songkick.com/venues/30031-a-hall', '/venue?id=30031'],
    [`Look at X on Songkick https://www.songkick.com/de/artists/${DEMO}-x`, `/artist?id=${DEMO}`],
    [DEMO, `/artist?id=${DEMO}`],
    [MBID, `/artist?id=mbid%3A${MBID}`],
    [`https://musicbrainz.org/artist/${MBID}`, `/artist?id=mbid%3A${MBID}`],
    [`https://elsewhere.example/api/songkick/artist?id=${DEMO}&limit=2`, `/artist?id=${DEMO}&limit=2`],
    [`/api/songkick/artist?id=${DEMO}&format=html&markup=only`, `/artist?id=${DEMO}&format=html&markup=only`],
  ];
  await withPage(stage, {}, async (page) => {
    for (const [what, link] of pasted) {
      await page.goto('/');
      await paste(page, what);
      await page.locator('#url').waitFor();
      assert.equal(await page.locator('#url').inputValue(), `${origin(stage)}/api/songkick${link}`, what);
    }
    await page.goto('/');
    await paste(page, 'Harbour');
    await says(page, '#heading', /Who is it/);
    assert.ok((await page.locator('.candidates li').count()) > 3);
    await page.goBack();
  });
});

scenario('A link follows the options, and Back leads back.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto('/');
    await page.locator('#q').fill(DEMO);
    await page.locator('#go').click();
    await page.locator('#url').waitFor();
    await page.locator('#name').fill('The Harbour');
    await page.locator('#name').press('Tab');
    await page.waitForFunction(() => document.getElementById('url').value.includes('name=The%20Harbour'));
    await page.locator('#more > summary').click();
    await page.locator('#format').selectOption('ics');
    await page.waitForFunction(() => document.getElementById('url').value.includes('format=ics'));
    assert.match(page.url(), /name=The\+Harbour.*format=ics/);
    await says(page, '#heading', /The Harbour: upcoming dates/);
    await page.goBack();
    await page.locator('.intro').waitFor();
  });
});

scenario('What is wrong is said at the field.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto('/');
    await page.locator('#q').fill('https://example.com/some/page');
    await page.locator('#weburl').fill('ftp://artist.example');
    await page.locator('#go').click();
    await says(page, '#q-fault', /no artist, venue or event/);
    assert.equal(await focused(page), 'q');
    assert.equal(await page.locator('#q').getAttribute('aria-invalid'), 'true');
    await page.locator('#q').fill(DEMO);
    await page.locator('#go').click();
    await page.waitForFunction(() => document.querySelectorAll('[aria-invalid]').length === 1);
    await says(page, '#weburl-fault', /no web address such as https/);
    assert.equal(await text(page, '#q-fault'), '');
    assert.equal(await page.locator('#q').getAttribute('aria-invalid'), null);
    assert.equal(await focused(page), 'weburl');
    await page.locator('#weburl').fill('artist.example');
    await page.locator('#go').click();
    await page.locator('#url').waitFor();
    assert.match(await page.locator('#url').inputValue(), /weburl=https%3A%2F%2Fartist.example/);
  });
});

scenario('Where the provider fails people learn what they can do.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await stage.setMode('500');
    await page.goto(`/?q=${DEMO}`);
    assert.match(await text(page, '.problem'), /answered with an error[\s\S]*The link below is right all the same/);
    assert.equal(await page.locator('#url').inputValue(), `${origin(stage)}/api/songkick/artist?id=${DEMO}`);
    await screenshot(page, 'failing');
    await page.goto('/?q=Harbour');
    assert.match(await text(page, '.problem'), /paste the address of the artist’s page/);
    await stage.setMode('ok');
    await page.goto('/?q=4040001');
    assert.match(await text(page, '.problem'), /knows no artist with the id 4040001/);
    await page.locator('.problem button').click();
    await says(page, '#heading', /Nobody found/);
    await page.locator('.problem a, footer a').first().click();
    assert.match(await text(page, 'h1'), /What can go wrong/);
  });
});

scenario('The last good copy is shown, and called that.', { settings: { songkick: { fresh_s: 1 } } }, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto(`/?q=${DEMO}`);
    assert.equal(await page.locator('.note').count(), 0);
    await stage.setMode('500');
    await page.waitForTimeout(2100);
    await page.goto(`/?q=${DEMO}`); // stale: shown at once, and a refresh begins
    for (let i = 0; (await page.locator('.note').count()) === 0 && i < 50; i++) {
      await page.waitForTimeout(100);
      await page.reload();
    }
    assert.match(await text(page, '.note'), /Songkick cannot be asked at this moment: this is the last good copy/);
    assert.equal(await page.locator('.sheet .marquee-event').count(), 6);
  });
});

scenario('Each provider is asked in its own way.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto('/');
    await paste(page, 'https://www.bandsintown.com/a/4711-the-paper-lanterns');
    await page.locator('#url').waitFor();
    assert.match(await page.locator('#url').inputValue(), /\/api\/bandsintown\/artist\?id=id_4711$/);
    assert.equal(await page.locator('input[value=bandsintown]').isChecked(), true);
    await page.goto('/');
    await paste(page, 'https://www.ticketmaster.de/artist/nobody-at-all-tickets/12');
    await says(page, '.news', /knows no artist called nobody at all/);
    await page.goto('/');
    await page.locator('input[value=ticketmaster]').check();
    await page.locator('#q').fill('Harbour');
    await page.locator('#go').click();
    await says(page, '#heading', /Who is it/);
    await page.locator('.candidates button').first().click();
    await page.locator('#url').waitFor();
    assert.match(await page.locator('#url').inputValue(), /\/api\/ticketmaster\/artist\?id=/);
  });
});

// Bandsintown without a key, Ticketmaster switched off.
const UNSERVED = { marquee: false, settings: { ticketmaster: { enabled: 'no' } } };
const NO_BAND = /Bandsintown is not set up on this server: it needs a key\./;
const NO_TICKETS = /Ticketmaster is switched off on this server\./;

async function startUnserved(stage, environment = {}) {
  stage.extraEnvironment = { MARQUEE_BANDSINTOWN_API_KEY: '', ...environment };
  await stage.startMarquee();
}

for (const javaScriptEnabled of [true, false]) {
  const scripts = javaScriptEnabled ? 'With' : 'Without';
  scenario(`${scripts} scripts the form says which providers are not served, and why.`, UNSERVED, async (stage) => {
    await startUnserved(stage);
    await withPage(stage, { javaScriptEnabled, viewport: PHONE }, async (page) => {
      await page.goto('/');
      const unserved = await text(page, '.unserved');
      assert.match(unserved, NO_BAND);
      assert.match(unserved, NO_TICKETS);
      assert.doesNotMatch(unserved, /Songkick/);
      assert.equal(await page.locator('input[name=provider]').count(), 0); // one is no choice
      await screenshot(page, `unserved-${javaScriptEnabled ? 'script' : 'plain'}`);
      const pasted = {
        'https://www.bandsintown.com/a/4711-the-paper-lanterns': NO_BAND,
        'https://www.ticketmaster.com/x-tickets/artist/806762': NO_TICKETS,
      };
      for (const [address, why] of Object.entries(pasted)) {
        await page.locator('#q').fill(address);
        await page.locator('#go').click();
        await says(page, '#q-fault', why);
        assert.match(await text(page, '#q-fault'), /Type the artist’s name to look at Songkick\.$/);
        assert.equal(await page.locator('#q').getAttribute('aria-invalid'), 'true');
      }
      await screenshot(page, `unserved-pasted-${javaScriptEnabled ? 'script' : 'plain'}`);
      await page.locator('#q').fill(DEMO);
      await page.locator('#go').click();
      await page.locator('#url').waitFor();
      await page.goto('/');
      await page.locator('.unserved a').click();
      assert.match(await text(page, ':target'), /enabled = yes[\s\S]*api_key_file/);
    });
  });
}

scenario('Where no provider is served the form says so.', UNSERVED, async (stage) => {
  await startUnserved(stage, { MARQUEE_SONGKICK_ENABLED: 'no' });
  await withPage(stage, { colorScheme: 'dark' }, async (page) => {
    await page.goto('/');
    assert.match(await text(page, '#q-hint'), /^No provider is set up on this server/);
    assert.equal(await page.locator('.unserved li').count(), 3);
    assert.equal(await page.locator('.intro a').count(), 0); // no example that cannot be shown
    await screenshot(page, 'unserved-all');
    await page.locator('#q').fill('Harbour');
    await page.locator('#go').click();
    await says(page, '#q-fault', /^No provider is set up on this server, so that nothing can be looked up\.$/);
  });
});

scenario('Without scripts the form does the same.', {}, async (stage) => {
  await withPage(stage, { javaScriptEnabled: false, viewport: PHONE }, async (page) => {
    await page.goto('/');
    await page.locator('#q').fill('Velvet Harbour');
    await page.locator('#weburl').fill('harbour.example');
    await page.locator('#go').click();
    await page.locator('.candidates button').first().click();
    const link = await page.locator('#url').inputValue();
    assert.equal(link, `${origin(stage)}/api/songkick/artist?id=${DEMO}&weburl=https%3A%2F%2Fharbour.example`);
    assert.equal(await page.locator('button.copy').first().isVisible(), false);
    assert.ok(await page.locator('#heading').evaluate((it) => it.getBoundingClientRect().top < innerHeight));
    assert.equal(await page.locator('.sheet .marquee-event').count(), 6);
    await page.locator('#way-wordpress').check();
    assert.equal(await page.locator('#snippet-wordpress').isVisible(), true);
    await page.locator('.data summary').click();
    const [event] = JSON.parse(await page.locator('#jsonld').textContent());
    assert.equal(event['@type'], 'MusicEvent');
    await page.goto(`/?q=${DEMO}&limit=0`);
    assert.match(await text(page, '#limit-fault'), /^It is not a whole number from 1 to 500\.$/);
  });
});

scenario('The report says what is missing, why it matters and where to complete it.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto('/?q=90024020');
    assert.deepEqual(await page.locator('.verdict').allInnerTexts(), [
      'Google would list none of these 24 dates: none has a page of its own.',
      'All 24 dates have the details that Google requires.',
    ]);
    assert.equal(await page.locator('.report summary').count(), 0); // of dates that lack nothing but an end
    const page_of_its_own = await text(page, '.fields li:first-child');
    assert.match(page_of_its_own, /A page of its own[\s\S]*Missing everywhere[\s\S]*eventurl/);
    await page.goto('/?q=90024020&eventurl=https%3A%2F%2Fa.example%2F%7Bdate%7D');
    assert.doesNotMatch(await text(page, '.fields'), /A page of its own/);
    assert.match(await text(page, '.pages'), /data of that date alone, which \/api\/songkick\/event\?id=… gives/);
    await page.goto('/?q=90024020&limit=1');
    assert.deepEqual(await page.locator('.verdict').allInnerTexts(), [
      'Google would not list this date: it has no page of its own.', 'The one date has the details that Google requires.',
    ]);
    await page.goto('/?q=80024020');
    await page.locator('.report summary').click();
    assert.ok((await page.locator('.report tbody tr').count()) > 0);
    assert.match(await page.locator('.report tbody a').first().getAttribute('href'), /^https:\/\/www\.songkick\.com\//);
  });
  const report = (await stage.get('/api/songkick/artist?id=80024020&format=report')).json;
  assert.equal(report.list.length, report.events);
  for (const { property, missing } of report.fields) {
    assert.equal(report.list.filter((event) => event.missing.includes(property)).length, missing, property);
  }
});

scenario('Names are text, whatever they hold.', {}, async (stage) => {
  const evil = '</script><img src=x onerror=alert(1)>';
  const paths = { name: `/?q=90012010&name=${encodeURIComponent(evil)}`, search: `/?q=${encodeURIComponent(evil)}` };
  const shown = { name: ['.sheet', '#heading', '#jsonld'], search: ['#out'] };
  await withPage(stage, {}, async (page) => {
    const check = async () => {
      assert.equal(await page.locator('img').count(), 0);
      assert.equal(await page.locator('script:not([src])').count(), 0);
    };
    for (const [what, path] of Object.entries(paths)) {
      await page.goto(path);
      await check();
      for (const place of shown[what].slice(0, 2)) assert.ok((await text(page, place)).includes(evil), place);
    }
    await page.goto(paths.name);
    const [{ performer }] = JSON.parse(await page.locator('#jsonld').textContent());
    assert.ok([performer].flat().some(({ name }) => name === evil), JSON.stringify(performer));
    // The same through the script of the page.
    await page.goto('/');
    await page.locator('#q').fill(evil);
    await page.locator('#go').click();
    await says(page, '#heading', /Nobody found/);
    await check();
    await stage.setMode('script');
    for (const path of ['/?q=90013010', '/?q=Harbour']) {
      await page.goto(path);
      assert.match(await text(page, '#out'), /alert\(1\)<!--/);
      await check();
    }
  });
});

scenario('A long word breaks on the narrowest phone, and contrast themes show what is chosen.', {}, async (stage) => {
  await withPage(stage, { viewport: { width: 320, height: 640 }, forcedColors: 'active' }, async (page) => {
    await page.goto(`/?q=${'w'.repeat(120)}`);
    await says(page, '#heading', /Nobody found/);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    await page.goto(`/?q=${DEMO}`);
    const background = (id) => page.locator(`label:has(#${id})`).evaluate((it) => getComputedStyle(it).backgroundColor);
    assert.notEqual(await background('way-pages'), await background('way-node'));
  });
});

for (const [width, viewport] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
  for (const colorScheme of ['light', 'dark']) {
    scenario(`Nothing sticks out on a ${width} in ${colorScheme} colours.`, {}, async (stage) => {
      const states = {
        blank: '/', found: '/?q=Harbour', nobody: '/?q=zzzz', faulty: '/?q=1&weburl=ftp%3A%2F%2Fx&limit=0',
        link: `/?q=${DEMO}&eventurl=https%3A%2F%2Fa.example%2F%7Bdate%7D`, odd: '/?q=80024020', problems: '/problems',
      };
      await withPage(stage, { viewport, colorScheme }, async (page) => {
        for (const [state, path] of Object.entries(states)) {
          await page.goto(path);
          const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(excess <= 0, `${state} is ${excess} px too wide`);
          await screenshot(page, `${state}-${width}-${colorScheme}`);
        }
        const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const bright = paper.match(/\d+/g).every((part) => Number(part) > 128);
        assert.equal(bright, colorScheme === 'light', paper);
      });
    });
  }
}

scenario('Who says where the pages shall be gets the rule, sees the pages, and can check that they arrive.', {}, async (stage) => {
  const answers = {
    '/tour/sitemap.xml': (pages) => `<urlset><url><loc>${pages}/</loc></url></urlset>`,
    '/other/sitemap.xml': () => '<h1>Something else</h1>',
  };
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(stage.certificates, name)));
  const site = https.createServer({ cert, key }, (request, response) => {
    const answer = answers[request.url];
    response.writeHead(answer ? 200 : 404, answer ? { 'access-control-allow-origin': '*' } : {});
    response.end(answer?.(`https://localhost:${site.address().port}/tour`));
  });
  await new Promise((done) => { site.listen(0, 'localhost', done); });
  const host = `https://localhost:${site.address().port}`;
  try {
    await withPage(stage, { hosts: [host], silent: false }, async (page) => {
      await page.goto(`/?q=${DEMO}`);
      assert.equal(await page.locator('.server').count(), 0);
      await page.locator('.ask a').click();
      assert.equal(await page.evaluate(() => location.hash), '#pages');
      for (const [path, verdict] of [['tour', /They are there/], ['other', /Something else is at this address/], ['none', /Nothing could be read/]]) {
        await page.locator('#pages').fill(`${host}/${path}`);
        await page.locator('#go').click();
        await page.locator(`#snippet-pages_nginx:has-text("location = /${path} {")`).waitFor();
        await page.locator('#check').click();
        await says(page, '#checked', verdict);
      }
      assert.match(await text(page, '.verdict >> nth=0'), /All 54 dates have a page Google can list/);
      await page.locator('#server-cloudflare').check();
      assert.equal(await page.locator('#snippet-pages_nginx').isVisible(), false);
      assert.match(await text(page, '#snippet-pages_cloudflare'), /export default/);
      await page.locator('.look summary').click();
      const frame = page.frameLocator('.look iframe');
      await frame.locator('h1:has-text("Velvet Harbour")').waitFor();
      assert.equal(await frame.locator('.tour-date').count(), 54);
      await screenshot(page, 'pages-of-its-own');
    });
  } finally {
    site.closeAllConnections();
    await new Promise((done) => { site.close(done); });
  }
});
