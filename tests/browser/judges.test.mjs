// The page under other people's judges: axe-core (WCAG 2.2 AA), the W3C's validator, Google's CSP evaluator and
// lighthouse; and its weight.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { chromium } from 'playwright-core';

import { DEMO, DESKTOP, PHONE, chromiumArguments, freePort, origin, run, scenario, withPage } from './stage.mjs';

const require = createRequire(import.meta.url);
const LIGHTHOUSE_MS = 90_000;
const PAGE_BYTES = 64 * 1024; // a third of it are snippets for sixteen ways

const STATES = {
  blank: '/',
  found: '/?q=Harbour',
  nobody: '/?q=zzzz',
  faulty: '/?q=1&weburl=ftp%3A%2F%2Fx&limit=0&format=y',
  unknown: '/?q=4040001',
  link: `/?q=${DEMO}`,
  odd: '/?q=80024020&eventurl=https%3A%2F%2Fa.example%2F%7Bdate%7D',
  kinds: '/?q=1009', // of records: shows told twice, tickets, words for names
  problems: '/problems',
};

const LOOKS = [{ viewport: PHONE, colorScheme: 'dark' }, { viewport: DESKTOP, colorScheme: 'light' }];

async function assertAxeIsSilent(stage, states) {
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  for (const look of LOOKS) {
    // axe is put in by the test, past the page's policy.
    await withPage(stage, { ...look, bypassCSP: true }, async (page) => {
      for (const [state, path] of Object.entries(states)) {
        await page.goto(path);
        for (const summary of await page.locator('summary').all()) await summary.click();
        await page.evaluate(axe);
        const complaints = await page.evaluate(async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations } = await window.axe.run(document, { runOnly: tags });
          return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
        });
        assert.deepEqual(complaints, [], `${state}, ${look.colorScheme}`);
      }
    });
  }
}

scenario('axe finds nothing to complain of, in any state, width and colours.', {}, (stage) => assertAxeIsSilent(stage, STATES));

scenario('axe finds nothing either where a provider is not served.', { settings: { ticketmaster: { enabled: 'no' } } }, (stage) =>
  assertAxeIsSilent(stage, { unserved: '/', pasted: '/?q=https%3A%2F%2Fwww.ticketmaster.com%2Fx%2Fartist%2F806762' }));

scenario("The W3C's validator has no message about any page, style sheet or embed.", {}, async (stage) => {
  const files = [];
  const keep = (name, text) => files.push((writeFileSync(stage.file(name), text), stage.file(name)));
  for (const [state, path] of Object.entries(STATES)) {
    const { text } = await stage.get(path);
    keep(`${state}.html`, text);
    if (state === 'blank') keep('style.css', (await stage.get(/href="(\/static\/[^"]*css)"/.exec(text)[1])).text);
  }
  for (const id of [DEMO, '80024020', '90000000', '1009']) {
    const { text } = await stage.get(`/api/songkick/artist?id=${id}&format=html`);
    keep(`embed-${id}.html`, `<!DOCTYPE html><html lang="en"><title>Tour</title><h1>Tour</h1>${text}</html>`);
  }
  const { code, stdout, stderr } = await run(
    ['java', '-Xss1m', '-jar', require.resolve('vnu-jar/build/dist/vnu.jar'), '--also-check-css', '--format', 'gnu', ...files],
    { timeout_ms: 50_000 },
  );
  assert.deepEqual([stdout + stderr, code], ['', 0]);
});

scenario('The policy leaves nothing open.', {}, async (stage) => {
  const { CspEvaluator } = require('csp_evaluator/dist/evaluator.js');
  const { CspParser } = require('csp_evaluator/dist/parser.js');
  for (const path of ['/', '/problems', `/api/songkick/artist?id=${DEMO}&format=html`]) {
    const { headers } = await stage.get(path);
    const findings = new CspEvaluator(new CspParser(headers['content-security-policy']).csp).evaluate();
    assert.deepEqual(findings.map(({ directive, description }) => `${path} ${directive}: ${description}`), []);
    assert.equal(headers['set-cookie'], undefined);
  }
});

scenario('The page and all its files are under 64 KB, and a third of that on the wire.', {}, async (stage) => {
  const headers = { 'accept-encoding': 'gzip, br' };
  const everything = ['name=Mira+Vale', 'weburl=https%3A%2F%2Fartist.example%2F', 'eventurl=https%3A%2F%2Fartist.example%2Ftour%2F%7Bdate%7D-%7Bcity%7D'];
  const page = await stage.get(`/?q=${DEMO}&${everything.join('&')}`, { headers });
  const html = gunzipSync(page.body).toString();
  assert.match(html, /id="jsonld"/);
  let [bytes, sent] = [Buffer.byteLength(html), page.body.length];
  for (const [, path] of html.matchAll(/(?:href|src)="(\/static\/[^"]+|\/favicon\.ico)"/g)) {
    const file = await stage.get(path, { headers });
    assert.equal(file.status, 200, path);
    sent += file.body.length;
    bytes += file.headers['content-encoding'] === 'br' ? brotliDecompressSync(file.body).length : file.body.length;
  }
  assert.ok(bytes < PAGE_BYTES, `${bytes} bytes`);
  assert.ok(sent < PAGE_BYTES / 3, `${sent} bytes on the wire`);
});

// A loaded machine draws slowly: `make lighthouse` asks for the speed, here what moves and what is sent is looked at.
const SPEED = process.env.LIGHTHOUSE_SPEED !== undefined;
const WITHOUT_CLOCK = ['cumulative-layout-shift', 'total-byte-weight', 'dom-size', 'unsized-images', 'uses-text-compression'];

function assertMarks(path, { categories, audits }) {
  const failed = Object.values(audits).filter(({ score }) => score !== null && score < 1).map(({ id, score }) => `${id} ${score}`);
  for (const { id, score } of Object.values(categories)) {
    if (id !== 'performance' || SPEED) assert.ok(score >= (id === 'performance' ? 0.95 : 1), `${path}: ${id} ${score}: ${failed.join(', ')}`);
  }
  for (const id of WITHOUT_CLOCK) {
    const { score, scoreDisplayMode, displayValue } = audits[id];
    assert.ok(scoreDisplayMode === 'notApplicable' || score >= 0.95, `${path}: ${id}: ${scoreDisplayMode} ${score} ${displayValue}`);
  }
}

scenario(`Lighthouse gives full marks${SPEED ? ', and 95 at least for speed' : ''}.`, { timeout_ms: 5 * LIGHTHOUSE_MS }, async (stage) => {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...chromiumArguments(), `--remote-debugging-port=${port}`, '--ignore-certificate-errors'],
  });
  try {
    for (const path of ['/', `/?q=${DEMO}`]) {
      const { code, stdout, stderr } = await run(
        [process.execPath, require.resolve('lighthouse/cli/index.js'), `${origin(stage)}${path}`, `--port=${port}`,
          '--output=json', '--quiet', '--no-enable-error-reporting',
          '--only-categories=accessibility,best-practices,seo,performance'],
        { timeout_ms: LIGHTHOUSE_MS },
      );
      assert.equal(code, 0, stderr);
      assertMarks(path, JSON.parse(stdout));
    }
  } finally {
    await browser.close();
  }
});
