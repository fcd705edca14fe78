// Pages of other origins that embed the events: what visitors see, and what a crawler finds in the rendered page.
import assert from 'node:assert/strict';

import WebAutoExtractor from '@marbec/web-auto-extractor';

import { otherSite, tag } from './site.mjs';
import { DEMO, scenario, screenshot, text, withPage } from './stage.mjs';

const EVIL = '</script><img src=x onerror=alert(1)>';

function found(html) {
  const { jsonld } = new WebAutoExtractor({ addLocation: false, embedSource: [] }).parse(html);
  return Object.values(jsonld ?? {}).flat().filter((node) => /MusicEvent|Festival/.test(node['@type']));
}

async function assertEmbedded(page, n, blocks = 1) {
  await page.locator('.marquee-event').first().waitFor();
  assert.equal(await page.locator('.marquee-event').count(), n);
  assert.equal(await page.locator('.marquee-event').first().isVisible(), true);
  const data = await page.locator('script[type="application/ld+json"]').allTextContents();
  assert.equal(data.length, blocks);
  for (const block of data) assert.equal(JSON.parse(block).length, n);
  assert.equal(found(await page.content()).length, n * blocks);
}

function fragment(stage, parameters) {
  return stage.get(`/api/songkick/artist?${new URLSearchParams({ id: DEMO, format: 'html', ...parameters })}`);
}

scenario('A script tag puts list and data where it stands, or where it is told to.', {}, async (stage) => {
  const pages = {
    '/here': `<h1>Tour</h1>${tag(stage)}<footer>x</footer>`,
    '/there': `${tag(stage, {}, 'data-target="#dates"')}<h1>Tour</h1><div id="dates"></div>`,
  };
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/here`);
      await assertEmbedded(page, 54);
      assert.equal(await page.locator('h1 + section').count(), 1);
      await page.goto(`${site}/there`);
      await assertEmbedded(page, 54);
      assert.equal(await page.locator('#dates > section').count(), 1);
      await screenshot(page, 'embed-script');
    }));
});

scenario('A site with a strict policy lends the script its nonce.', {}, async (stage) => {
  const policy = "default-src 'none'; script-src 'nonce-n0nce'";
  await otherSite({ '/': `<h1>Tour</h1>${tag(stage, {}, 'nonce="n0nce"')}` }, { 'content-security-policy': policy }, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      await assertEmbedded(page, 54);
    }));
});

scenario('A fragment included by the server is whole without scripts.', {}, async (stage) => {
  const pages = { '/': `<h1>Tour</h1>${(await fragment(stage)).text}` };
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site], javaScriptEnabled: false }, async (page) => {
      await page.goto(`${site}/`);
      await assertEmbedded(page, 54);
      await screenshot(page, 'embed-fragment');
    }));
});

scenario('Two ways, or two artists, stand in one page.', {}, async (stage) => {
  const list = (await fragment(stage, { markup: 'none' })).text;
  const pages = {
    '/split': `${list}${tag(stage, { markup: 'only' })}`,
    '/both': `${(await fragment(stage, { limit: 3 })).text}${tag(stage, { id: '90003003' })}`,
  };
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/split`);
      await page.locator('script[type="application/ld+json"]').waitFor({ state: 'attached' });
      await assertEmbedded(page, 54);
      await page.goto(`${site}/both`);
      await page.waitForFunction(() => document.querySelectorAll('.marquee-events').length === 2);
      assert.equal(await page.locator('.marquee-event').count(), 6);
      assert.equal(found(await page.content()).length, 6);
    }));
});

scenario('A page stays whole when there are no events, or no answer.', {}, async (stage) => {
  const failing = (await stage.get('/api/songkick/artist?id=4040001&format=html')).text;
  const pages = {
    '/none': `<h1>Tour</h1>${tag(stage, { id: '90000000' })}`,
    '/failing': `<h1>Tour</h1>${failing}${tag(stage, { id: '4040001' })}<p>The end</p>`,
  };
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site], silent: false }, async (page) => {
      await page.goto(`${site}/none`);
      await page.locator('.marquee-none').waitFor();
      assert.equal(await page.locator('script[type="application/ld+json"]').count(), 0);
      await page.goto(`${site}/failing`);
      assert.equal((await text(page, 'body')).replace(/\s+/g, ' '), 'Tour The end');
    }));
});

scenario('A name that would be markup is text in every embed.', {}, async (stage) => {
  const pages = {
    '/': `${(await fragment(stage, { name: EVIL, limit: 20 })).text}${tag(stage, { name: EVIL, limit: 20 })}`,
  };
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      await page.waitForFunction(() => document.querySelectorAll('.marquee-events').length === 2);
      assert.equal(await page.locator('img').count(), 0);
      assert.equal((await text(page, '.marquee-events >> nth=0')).includes(EVIL), true);
      assert.equal((await text(page, '.marquee-events >> nth=1')).includes(EVIL), true);
      const events = found(await page.content());
      assert.equal(events.length, 40);
      assert.ok(JSON.stringify(events).includes(JSON.stringify(EVIL).slice(1, -1)));
    }));
});
