// <marquee-dates> in pages that are applications: React 19 (rendered by a server, too), Vue 3, Turbo and htmx as they
// are. However often it is made, moved and put back, its list is there once, and the console says nothing untrue.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build as bundle } from 'esbuild';

import { otherSite, packaged, snippet } from './site.mjs';
import { DEMO, getHttps, origin, root, run, scenario, withPage } from './stage.mjs';

const BLOCK = 'script[type="application/ld+json"]';

const scriptTag = (stage) => `<script async src="${origin(stage)}/static/marquee-dates.js"></script>`;
const address = (stage, id = DEMO) => `${origin(stage)}/api/songkick/artist?id=${id}`;
const element = (stage, id) => `<marquee-dates src="${address(stage, id)}"></marquee-dates>`;

async function assertOnce(page, n = 1) {
  await page.waitForFunction((it) => document.querySelectorAll('marquee-dates > .marquee-events').length === it, n);
  await page.waitForTimeout(100); // a second one would come now
  assert.equal(await page.locator('.marquee-events').count(), n);
  assert.equal(await page.locator(BLOCK).count(), n);
  for (const block of await page.locator(BLOCK).allTextContents()) assert.ok(JSON.parse(block).length > 10);
}

// ---- the element ----

scenario('The element shows list and data, and may be moved, removed, put back and asked for another artist.', {}, async (stage) => {
  await otherSite({ head: scriptTag(stage), '/': `<main>${element(stage)}</main><aside></aside>` }, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      let asked = 0;
      page.on('request', (request) => { asked += /format=html/.test(request.url()); });
      await page.goto(`${site}/`);
      await assertOnce(page);
      await page.evaluate(() => document.querySelector('aside').append(document.querySelector('marquee-dates')));
      await assertOnce(page);
      await page.evaluate(() => { window.kept = document.querySelector('marquee-dates'); window.kept.remove(); });
      await assertOnce(page, 0);
      await page.evaluate(() => document.querySelector('main').append(window.kept));
      await assertOnce(page);
      assert.equal(asked, 1);
      await page.evaluate((src) => window.kept.setAttribute('src', src), address(stage, '90012001'));
      await page.waitForFunction(() => document.querySelectorAll('.marquee-event').length === 12);
      await assertOnce(page);
      await page.evaluate((html) => document.querySelector('aside').insertAdjacentHTML('beforeend', html), element(stage).replace('?', '.js?'));
      await assertOnce(page, 2);
    }));
});

// The list and the data of the one stayed, under the name of the other.
scenario('Where another artist cannot be had the element shows nobody\'s dates.', {}, async (stage) => {
  await otherSite({ head: scriptTag(stage), '/': element(stage) }, {}, (site) =>
    withPage(stage, { hosts: [site], silent: false }, async (page) => {
      const turnTo = (id) => page.evaluate((src) => document.querySelector('marquee-dates').setAttribute('src', src), address(stage, id));
      const isShown = (n) => page.waitForFunction((want) => document.querySelectorAll('.marquee-event').length === want &&
        document.querySelectorAll('script[type="application/ld+json"]').length === (want > 0 ? 1 : 0), n);
      await page.goto(`${site}/`);
      await assertOnce(page);
      await turnTo('4041234');
      await isShown(0);
      await turnTo('90012001');
      await isShown(12);
    }));
});

scenario('The element works under strict policies, in a shadow tree, and says truly why it cannot.', {}, async (stage) => {
  const policies = {
    'content-security-policy': `default-src 'none'; script-src ${origin(stage)}; connect-src ${origin(stage)}; require-trusted-types-for 'script'`,
    'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin',
  };
  await otherSite({ head: scriptTag(stage), '/': element(stage) }, policies, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      await assertOnce(page);
    }));
  const wrong = {
    [element(stage).replace(origin(stage), 'https://elsewhere.example')]: /its src is on https:\/\/elsewhere\.example, and this script is from/,
    [element(stage, '4040001')]: /404/,
    '<marquee-dates></marquee-dates>': /has no src/,
    [element(stage).replace('?', '?limit=0&')]: /limit: It is not a whole number/,
  };
  const pages = { head: scriptTag(stage), '/': '<div id="host"></div>' };
  Object.keys(wrong).forEach((html, i) => { pages[`/${i}`] = html; });
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site], silent: false }, async (page) => {
      const warnings = [];
      page.on('console', (message) => { if (message.type() === 'warning') warnings.push(message.text()); });
      for (const [i, why] of Object.values(wrong).entries()) {
        await page.goto(`${site}/${i}`);
        for (let n = 0; n < 40 && warnings.length === 0; n++) await page.waitForTimeout(50);
        assert.equal(warnings.length, 1);
        assert.match(warnings.pop(), why);
      }
      await page.goto(`${site}/`);
      await page.evaluate((html) => { document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = html; }, element(stage));
      await page.locator('#host .marquee-events').waitFor();
      assert.deepEqual(warnings, []);
    }));
});

scenario('The script of the element is kept an hour, and has an ETag in each encoding.', {}, async (stage) => {
  const path = '/static/marquee-dates.js';
  const etags = new Set();
  for (const encoding of ['identity', 'gzip', 'br']) {
    const got = await getHttps(stage.httpsPort, stage.ca, path, { headers: { 'accept-encoding': encoding } });
    assert.equal(got.status, 200);
    assert.equal(got.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(got.headers['cache-control'], 'public, max-age=3600');
    assert.equal(got.headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(got.headers['access-control-allow-origin'], '*');
    assert.equal(got.headers.vary, 'Accept-Encoding');
    etags.add(got.headers.etag);
    const again = await getHttps(stage.httpsPort, stage.ca, `${path}?ver=6.1`, {
      headers: { 'accept-encoding': encoding, 'if-none-match': got.headers.etag },
    });
    assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', got.headers.etag]);
  }
  assert.equal(etags.size, 3);
});

// ---- pages that are kept ----

const libraries = {
  'Turbo 8': { file: '@hotwired/turbo/dist/turbo.es2017-umd.js', body: (inside) => inside },
  'htmx 1.9': { file: 'htmx-1/dist/htmx.min.js', body: (inside) => `<div hx-boost="true">${inside}</div>` },
  'htmx 2.0': { file: 'htmx.org/dist/htmx.min.js', body: (inside) => `<div hx-boost="true">${inside}</div>` },
};

for (const [name, { file, body }] of Object.entries(libraries)) {
  scenario(`With ${name} the element is in its page once, whenever that comes back.`, {}, async (stage) => {
    const pages = {
      head: `<script src="/library.js" defer></script>${scriptTag(stage)}`,
      '/library.js': packaged(file),
      '/tour': body(`<h1>Tour</h1>${element(stage)}<a href="/other">Other</a>`),
      '/other': body('<h1>Other</h1><a href="/tour">Dates</a>'),
    };
    await otherSite(pages, {}, (site) =>
      withPage(stage, { hosts: [site] }, async (page) => {
        await page.goto(`${site}/tour`);
        await assertOnce(page);
        for (let n = 1; n <= 2; n++) {
          await page.getByText('Other', { exact: true }).first().click();
          await page.getByRole('heading', { name: 'Other' }).waitFor();
          await page.goBack();
          await page.getByRole('heading', { name: 'Tour' }).waitFor();
          await assertOnce(page);
        }
        await page.getByText('Other', { exact: true }).first().click();
        await page.getByText('Dates', { exact: true }).click();
        await page.getByRole('heading', { name: 'Tour' }).waitFor();
        await assertOnce(page);
      }));
  });
}

// ---- React ----

// An application with a button that takes the dates away and puts them back.
const APPLICATION = `
import { StrictMode, useState } from 'react';
import { Dates } from './dates.jsx';
export function Application() {
  const [shown, show] = useState(true);
  return <StrictMode><h1>Tour</h1><button onClick={() => show(!shown)}>toggle</button>{shown ? <main><Dates /></main> : <p>Nothing</p>}<footer>x</footer></StrictMode>;
}`;
const BARE = (src) => `export function Dates() { return <marquee-dates src="${src}" />; }`;

// What the browser runs, and the HTML that the server would send.
async function react(stage, dates) {
  const directory = stage.file(`react${Math.random()}`);
  mkdirSync(directory);
  const write = (name, text) => writeFileSync(join(directory, name), text);
  write('dates.jsx', dates);
  write('application.jsx', APPLICATION);
  write('mount.jsx', "import { createRoot } from 'react-dom/client'; import { Application } from './application.jsx';\n" +
    "createRoot(document.querySelector('#root')).render(<Application />);");
  write('hydrate.jsx', "import { hydrateRoot } from 'react-dom/client'; import { Application } from './application.jsx';\n" +
    "hydrateRoot(document.querySelector('#root'), <Application />);");
  write('server.jsx', "import { renderToString } from 'react-dom/server'; import { Application } from './application.jsx';\n" +
    'process.stdout.write(renderToString(<Application />));');
  const options = { absWorkingDir: directory, bundle: true, jsx: 'automatic', nodePaths: [join(root, 'tests/node_modules')], outdir: directory, logLevel: 'silent' };
  await bundle({ ...options, entryPoints: ['mount.jsx', 'hydrate.jsx'], define: { 'process.env.NODE_ENV': '"development"' } });
  await bundle({ ...options, entryPoints: ['server.jsx'], platform: 'node', outExtension: { '.js': '.cjs' } });
  const html = await run([process.execPath, join(directory, 'server.cjs')]);
  assert.equal(html.code, 0, html.stderr);
  const script = (name) => ({ type: 'text/javascript', body: readFileSync(join(directory, name)) });
  return {
    '/mount.js': script('mount.js'),
    '/hydrate.js': script('hydrate.js'),
    '/mounted': '<div id="root"></div><script type="module" src="/mount.js"></script>',
    '/hydrated': `<div id="root">${html.stdout}</div><script type="module" src="/hydrate.js"></script>`,
  };
}

scenario('React 19 mounts and hydrates the snippet, and the bare element, as often as it likes.', {}, async (stage) => {
  const jsx = await snippet(stage, 'react');
  for (const [name, dates] of Object.entries({ snippet: jsx, bare: BARE(address(stage)) })) {
    const pages = { head: scriptTag(stage), ...await react(stage, dates) };
    await otherSite(pages, {}, (site) =>
      withPage(stage, { hosts: [site] }, async (page) => {
        for (const path of ['/mounted', '/hydrated']) {
          await page.goto(`${site}${path}`);
          await assertOnce(page);
          for (let n = 0; n < 2; n++) {
            await page.getByText('toggle').click();
            await page.getByText('Nothing').waitFor();
            await assertOnce(page, 0);
            await page.getByText('toggle').click();
            await assertOnce(page);
          }
          assert.equal(await page.locator('main + footer').count(), 1, name);
        }
      }));
  }
});

// ---- Vue ----

scenario('Vue 3 mounts and hydrates the element, as often as it likes.', {}, async (stage) => {
  const template = `<h1>Tour</h1><button @click="shown = !shown">toggle</button><main v-if="shown">${element(stage)}</main><p v-else>Nothing</p>`;
  const application = (create) => `${create}({ data: () => ({ shown: true }), template: ${JSON.stringify(template)} })`;
  const configured = (create) => `const application = ${application(create)}; application.config.compilerOptions.isCustomElement = (tag) => tag === 'marquee-dates';`;
  const rendered = await run([process.execPath, '-e', `
    const { createSSRApp } = require('vue'); const { renderToString } = require('vue/server-renderer');
    ${configured('createSSRApp')} renderToString(application).then((html) => process.stdout.write(html));`], { cwd: join(root, 'tests') });
  assert.equal(rendered.code, 0, rendered.stderr);
  const pages = {
    head: `<script src="/vue.js"></script>${scriptTag(stage)}`,
    '/vue.js': packaged('vue/dist/vue.global.js'),
    '/mounted': `<div id="root"></div><script>${configured('Vue.createApp')} application.mount('#root');</script>`,
    '/hydrated': `<div id="root">${rendered.stdout}</div><script>${configured('Vue.createSSRApp')} application.mount('#root');</script>`,
  };
  await otherSite(pages, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      for (const path of ['/mounted', '/hydrated']) {
        await page.goto(`${site}${path}`);
        await assertOnce(page);
        for (let n = 0; n < 2; n++) {
          await page.getByText('toggle').click();
          await page.getByText('Nothing').waitFor();
          await page.getByText('toggle').click();
          await assertOnce(page);
        }
      }
    }));
});

// ---- fetch ----

scenario('The fetch snippet brings the list into any application.', {}, async (stage) => {
  const code = await snippet(stage, 'fetch');
  await otherSite({ '/': `<div id="dates"></div><script>${code}</script>` }, {}, (site) =>
    withPage(stage, { hosts: [site] }, async (page) => {
      await page.goto(`${site}/`);
      await page.waitForFunction(() => document.querySelectorAll('#dates .marquee-event').length === 54);
      assert.equal(await page.locator(BLOCK).count(), 1);
    }));
});
