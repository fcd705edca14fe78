// The pages of a tour in a browser, under other people's judges: axe, html-validate, the W3C's validator; by keyboard,
// on a phone, in the dark, on paper.
import assert from 'node:assert/strict';
import { writeFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { HtmlValidate } from 'html-validate';

import { DEMO, PHONE, focused, press, run, scenario, screenshot, withPage } from './stage.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TOUR = `/tour/songkick/${DEMO}/`;
const QUERY = '?name=Velvet%20Harbour&weburl=https%3A%2F%2Fvelvet.example%2F';

const slugs = (page) => page.locator('.tour-date a').evaluateAll((links) => links.map((link) => new URL(link.href).pathname.split('/').at(-2)));

async function assertAccessible(page) {
  // The page's own policy lets no script in, so axe comes from outside of the page.
  const { violations } = await page.evaluate(`(() => { ${axe}; return axe.run(); })()`);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(' ')}`), []);
}

async function assertFits(page) {
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= inner, `${wide} > ${inner}: ${page.url()}`);
}

// Addresses to look at: all dates, a festival, one that is cancelled, one of which little is known, one that is not there.
async function addresses(stage, page) {
  await page.goto(TOUR + QUERY);
  const all = await slugs(page);
  const cancelled = await page.locator('.tour-cancelled a').first().getAttribute('href');
  const festival = await page.locator('.tour-date:has(.tour-name) a').first().getAttribute('href');
  return [TOUR + QUERY, ...[cancelled, festival].map((href) => TOUR + href), `${TOUR}${all[0]}/`, `${TOUR}${all.at(-1)}/`];
}

for (const colorScheme of ['light', 'dark']) {
  scenario(`Pages are accessible and nothing sticks out, in ${colorScheme} colours.`, {}, async (stage) => {
    for (const viewport of [{ width: 320, height: 640 }, PHONE, { width: 1280, height: 900 }]) {
      await withPage(stage, { viewport, colorScheme, silent: false }, async (page) => {
        for (const address of await addresses(stage, page)) {
          await page.goto(address);
          await assertFits(page);
          await assertAccessible(page);
        }
        await page.goto(`${TOUR}x-1/`);
        await assertFits(page);
        await assertAccessible(page);
        assert.match(await page.locator('h1').innerText(), /no such date/);
        await page.locator('a').click();
        assert.equal(await page.locator('.tour-date').count(), 54);
      });
    }
  });
}

scenario('Pages run no script and ask nobody, and their own sheet is in force.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    for (const address of await addresses(stage, page)) {
      const asked = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(address);
      assert.deepEqual(asked.map((url) => new URL(url).pathname), [new URL(address, page.url()).pathname]);
      page.removeAllListeners('request');
      assert.notEqual(await page.locator('body').evaluate((it) => getComputedStyle(it).maxWidth), 'none');
      assert.equal(await page.locator('script:not([type="application/ld+json"])').count(), 0);
    }
  });
});

scenario('Every link within a tour leads to a page.', {}, async (stage) => {
  await withPage(stage, { silent: false }, async (page) => {
    const seen = new Set([TOUR + QUERY]);
    for (const address of seen) {
      const got = await page.request.get(address);
      assert.equal(got.status(), 200, address);
      if (!got.headers()['content-type'].startsWith('text/html')) continue;
      const hrefs = [...(await got.text()).matchAll(/ href="([^"]*)"/g)].map(([, href]) => href.replace(/&#38;/g, '&'));
      for (const href of hrefs) {
        const url = new URL(href, new URL(address, `https://localhost:${stage.httpsPort}`));
        if (url.origin === `https://localhost:${stage.httpsPort}`) seen.add(url.pathname + url.search);
      }
    }
    await page.goto(TOUR + QUERY);
    const cancelled = await page.locator('.tour-cancelled').count(); // these are offered to no calendar
    assert.ok(cancelled > 0);
    assert.equal(seen.size, 2 + 2 * 54 - cancelled);
  });
});

async function tabTo(page, selector) {
  const isThere = () => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
  for (let i = 0; i < 40 && !(await isThere()); i++) await press(page, 'Tab');
  assert.ok(await isThere(), `no Tab leads to ${selector}`);
}

scenario('By keyboard alone a date is found, and the next one, and the way back.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto(TOUR + QUERY);
    await press(page, 'Tab', 2);
    assert.match(await focused(page), /\d/);
    await press(page, 'Enter');
    await page.locator('main.date').waitFor();
    await press(page, 'Tab');
    assert.match(await focused(page), /All dates of Velvet Harbour/);
    await tabTo(page, 'a[rel=next]');
    await press(page, 'Enter');
    await page.locator('a[rel=prev]').waitFor();
    await tabTo(page, '.tour-up a');
    await press(page, 'Enter');
    await page.locator('main.tour').waitFor();
  });
});

scenario('54 dates print on two sheets.', {}, async (stage) => {
  await withPage(stage, {}, async (page) => {
    await page.goto(TOUR + QUERY);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    const sheets = Math.max(...[...pdf.matchAll(/\/Count (\d+)/g)].map(([, n]) => Number(n)));
    assert.ok(sheets === 1 || sheets === 2, `${sheets} sheets`);
  });
});

scenario('The validators have no complaint about any page.', {}, async (stage) => {
  const validate = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    // Taste: attributes that are ours to write, the hash-less block of data, and how long a title may be.
    rules: { 'no-inline-style': 'off', 'no-raw-characters': 'off', 'long-title': 'off', 'require-sri': 'off', 'void-style': 'off', 'no-trailing-whitespace': 'off', 'prefer-native-element': 'off', 'tel-non-breaking': 'off' },
  });
  const files = [];
  await withPage(stage, { silent: false }, async (page) => {
    for (const address of [...await addresses(stage, page), `${TOUR}x-1/`]) {
      const text = await (await page.request.get(address)).text();
      const { results } = await validate.validateString(text);
      assert.deepEqual(results.flatMap(({ messages }) => messages.map((it) => `${it.ruleId}: ${it.message} (${it.selector})`)), [], address);
      files.push(stage.file(`${files.length}.html`));
      writeFileSync(files.at(-1), text);
    }
  });
  const vnu = require.resolve('vnu-jar/build/dist/vnu.jar');
  const { code, stdout, stderr } = await run(['java', '-jar', vnu, '--stdout', ...files], { timeout_ms: 60_000 });
  assert.equal(code, 0, `${stdout}${stderr}`);
});
