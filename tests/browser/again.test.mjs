// A script tag that is run again, late, or where it is not expected: by Turbo, htmx and jQuery as they are, in pages
// that were saved, and under the policies of careful sites. The list is there once, and the console says no untruth.
import assert from 'node:assert/strict';

import { otherSite, packaged, scriptUrl, tag } from './site.mjs';
import { DEMO, origin, scenario, withPage } from './stage.mjs';

const LIST = '.marquee-events';
const BLOCK = 'script[type="application/ld+json"]';

async function assertOnce(page, at = '') {
  await page.locator(`${at} ${LIST}`).first().waitFor();
  await page.waitForTimeout(150); // a second one would come now
  assert.equal(await page.locator(LIST).count(), 1);
  assert.equal(await page.locator(`${at} ${LIST}`).count(), 1);
  assert.equal(await page.locator(BLOCK).count(), 1);
  assert.equal(JSON.parse(await page.locator(BLOCK).textContent()).length, 54);
}

// The tag alone in a body, and in a page where the list has a place of its own.
const shapes = (stage) => ({
  'where it stands': `<h1>Tour</h1><main>${tag(stage)}</main>`,
  'in a target': `<h1>Tour</h1><main id="dates"></main>${tag(stage, {}, 'data-target="#dates"')}`,
});

const libraries = {
  'Turbo 8': { file: '@hotwired/turbo/dist/turbo.es2017-umd.js', body: (inside) => inside },
  'htmx 1.9': { file: 'htmx-1/dist/htmx.min.js', body: (inside) => `<div hx-boost="true">${inside}</div>` },
  'htmx 2.0': { file: 'htmx.org/dist/htmx.min.js', body: (inside) => `<div hx-boost="true">${inside}</div>` },
};

for (const [name, { file, body }] of Object.entries(libraries)) {
  scenario(`${name} keeps a page and shows it again, with one list.`, {}, async (stage) => {
    for (const [where, inside] of Object.entries(shapes(stage))) {
      const pages = {
        head: '<script src="/library.js" defer></script>',
        '/library.js': packaged(file),
        '/tour': body(`${inside}<a href="/other">Other</a>`),
        '/other': body('<h1>Other</h1><a href="/tour">Tour</a>'),
      };
      await otherSite(pages, {}, (site) =>
        withPage(stage, { hosts: [site] }, async (page) => {
          await page.goto(`${site}/tour`);
          await assertOnce(page, 'main');
          for (let n = 1; n <= 2; n++) {
            await page.getByText('Other', { exact: true }).first().click();
            await page.getByRole('heading', { name: 'Other' }).waitFor();
            await page.goBack();
            await page.getByRole('heading', { name: 'Tour' }).waitFor();
            await assertOnce(page, 'main');
          }
          assert.ok(where);
        }));
    }
  });
}

scenario('A page that was saved, or rendered before, shows its list once.', {}, async (stage) => {
  const pages = { ...shapes(stage) };
  for (const [where, inside] of Object.entries(shapes(stage))) {
    await otherSite({ '/': inside }, {}, (site) =>
      withPage(stage, { hosts: [site] }, async (page) => {
        await page.goto(`${site}/`);
        await assertOnce(page, 'main');
        pages[where] = await page.evaluate(() => document.body.innerHTML);
      }));
    await otherSite({ '/': pages[where] }, {}, (site) =>
      withPage(stage, { hosts: [site] }, async (page) => {
        await page.goto(`${site}/`);
        await assertOnce(page, 'main');
      }));
  }
});

scenario('Two artists in one target, and the halves of one, do not replace each other.', {}, async (stage) => {
  const target = 'data-target="#dates"';
  const tags = [
    tag(stage, {}, `${target} data-markup="none"`), tag(stage, { limit: 60 }, `${target} data-markup="only"`),
    tag(stage, { id: '90003003' }, target),
  ].join('').repeat(2);
  await otherSite({ '/': `<div id="dates"></div>${tags}` }, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      await page.waitForLoadState('load');
      await page.waitForFunction(() => document.querySelectorAll('.marquee-events').length === 2);
      assert.equal(await page.locator(BLOCK).count(), 2);
    }));
});

scenario('A target may come later, and one that never comes is named.', {}, async (stage) => {
  await otherSite({ '/': `<h1>Tour</h1>${tag(stage, {}, 'data-target="#late"')}` }, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      const warnings = [];
      page.on('console', (message) => warnings.push(message.text()));
      await page.goto(`${site}/`);
      await page.evaluate(() => document.body.appendChild(document.createElement('main')));
      await page.evaluate(() => { document.querySelector('main').id = 'late'; });
      await assertOnce(page, 'main');
      await page.clock.install();
      await page.goto(`${site}/`);
      assert.deepEqual(warnings, []);
      await page.clock.fastForward(31_000);
      await page.waitForTimeout(50);
      assert.deepEqual(warnings, ['marquee: nothing in this page has become #late within 30 seconds']);
      await page.evaluate(() => { document.body.insertAdjacentHTML('beforeend', '<main id="late"></main>'); });
      assert.equal(await page.locator(LIST).count(), 0);
    }));
});

scenario('A tag that other scripts put into a page finds its place.', {}, async (stage) => {
  const pages = { head: '<script src="/jquery.js"></script>', '/jquery.js': packaged('jquery/dist/jquery.min.js'), '/': '<main></main>' };
  const html = tag(stage);
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      await page.evaluate((it) => window.$('main').html(it), html);
      await assertOnce(page, 'main');
      await page.evaluate((it) => window.$('main').html(it), html);
      await assertOnce(page, 'main');
      await page.evaluate((src) => {
        document.querySelector('main').textContent = '';
        const script = document.createElement('script');
        script.src = src;
        document.querySelector('main').append(script);
      }, scriptUrl(stage));
      await assertOnce(page, 'main');
    }));
});

scenario('A tag in the head shows its list in a target, and its block where it stands.', {}, async (stage) => {
  const head = tag(stage, {}, 'data-target="main" data-markup="none"') + tag(stage, { limit: 60 }, 'data-markup="only"');
  await otherSite({ head, '/': '<main></main>' }, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      await assertOnce(page, 'main');
      assert.equal(await page.locator(`head ${BLOCK}`).count(), 1);
    }));
});

scenario('A tag in a shadow tree shows its list there.', {}, async (stage) => {
  await otherSite({ '/': '<main></main><div id="host"></div>' }, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      for (const selector of [null, '#inner']) {
        await page.evaluate(([src, at]) => {
          const host = document.querySelector('#host');
          const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
          root.innerHTML = '<div id="inner"></div>';
          const script = document.createElement('script');
          script.src = src;
          if (at) script.dataset.target = at;
          root.append(script);
        }, [scriptUrl(stage), selector]);
        await assertOnce(page, selector ?? '#host');
      }
    }));
});

// What the console says where no list can be shown.
const impossible = {
  'in the head': ['', (html) => html, /its tag is in the head/],
  'as a module': ['<main></main>', null, /loaded as a module/],
};

scenario('Where no list can be shown the console says why, truly.', {}, async (stage) => {
  for (const [where, [body, head, why]] of Object.entries(impossible)) {
    const module = tag(stage, {}, 'type="module"');
    await otherSite({ head: head ? head(tag(stage)) : '', '/': `<h1>Tour</h1>${body}${head ? '' : module}` }, {}, (site) =>
      withPage(stage, { hosts: [site] }, async (page) => {
        const warnings = [];
        page.on('console', (message) => warnings.push(message.text()));
        await page.goto(`${site}/`);
        await page.waitForTimeout(100);
        if (where === 'as a module') return assertOnce(page); // its tag is found all the same
        assert.equal(warnings.length, 1, where);
        assert.match(warnings[0], why);
        return assert.equal(await page.locator(LIST).count(), 0);
      }));
  }
});

scenario('Pages with Trusted Types have their list, with a policy of its own or without.', {}, async (stage) => {
  const policies = {
    "require-trusted-types-for 'script'": 0,
    "require-trusted-types-for 'script'; trusted-types marquee 'allow-duplicates'": 0,
    "require-trusted-types-for 'script'; trusted-types 'none'": 1, // the browser complains, and keeps the text
  };
  for (const [policy, complaints] of Object.entries(policies)) {
    await otherSite({ '/': `<main>${tag(stage)}</main>` }, { 'content-security-policy': policy }, (site) =>
      withPage(stage, { hosts: [site], silent: false }, async (page) => {
        const errors = [];
        page.on('console', (message) => errors.push(message.text()));
        await page.goto(`${site}/`);
        await assertOnce(page, 'main');
        assert.equal(errors.length > 0, complaints > 0, errors.join('\n'));
      }));
  }
});

scenario('Pages that are isolated from other origins load the script, the element and documents.', {}, async (stage) => {
  const headers = { 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin' };
  await otherSite({ '/': `<main>${tag(stage)}</main>` }, headers, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      assert.equal(await page.evaluate(() => window.crossOriginIsolated), true);
      await assertOnce(page, 'main');
      const status = await page.evaluate(async (url) => (await fetch(url, { mode: 'no-cors' })).type, `${origin(stage)}/api/songkick/artist?id=${DEMO}`);
      assert.equal(status, 'opaque');
    }));
});
