// What is put into pages: the golden fragments as a crawler finds them in a page, and what the golden scripts hold.
// What these do in a page: tests/browser.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import WebAutoExtractor from '@marbec/web-auto-extractor';

import { root } from '../e2e/parts.mjs';

const GOLDEN = join(root, 'tests/golden/songkick');
const ALIEN = '</script><img src=x onerror=alert(1)>';

function golden(extension) {
  return readdirSync(GOLDEN).map((name) => join(GOLDEN, name, `expected.${extension}`)).filter(existsSync)
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

// The block's JSON, null where there is none.
function blockOf(html) {
  const match = /<script type="application\/ld\+json">([^]*?)<\/script>/.exec(html);
  return match ? JSON.parse(match[1]) : null;
}

function found(html) {
  const page = `<!doctype html><title>x</title><main>${html}</main>`;
  const { jsonld } = new WebAutoExtractor({ addLocation: false, embedSource: [] }).parse(page);
  return Object.values(jsonld ?? {}).flat();
}

test('A crawler finds in a page with a fragment the events of its block, and no others.', () => {
  const fragments = golden('html');
  assert.ok(fragments.some(({ text }) => blockOf(text)?.length > 3) && fragments.some(({ text }) => !blockOf(text)));
  for (const { path, text } of fragments) {
    const ids = (events) => events.map((event) => event['@id']).sort();
    assert.deepEqual(ids(found(text)), ids(blockOf(text) ?? []), path);
  }
});

// ---- scripts ----

const CALL = '})(document.currentScript,';
const scripts = golden('js');
const fragment = golden('html').find(({ path }) => path.includes('the-list-alone')).text;

// The list in HTML, the JSON-LD, and what they are of.
function argumentsOf(text) {
  return JSON.parse(`[${text.slice(text.indexOf(CALL) + CALL.length).replace(/\);\n$/, '')}]`);
}

test('A script holds the list, the block and what they are of, and the same script each time.', () => {
  assert.ok(scripts.length >= 3);
  for (const { path, text } of scripts) {
    const [list, data, of] = argumentsOf(text);
    assert.match(list, /^<section class="marquee-events"[^]*<\/section>\n$/, path);
    assert.ok(Array.isArray(JSON.parse(data)), path);
    assert.match(of, /^songkick artist \d+$/, path);
    assert.equal(text.slice(0, text.indexOf(CALL)), scripts[0].text.slice(0, scripts[0].text.indexOf(CALL)), path);
  }
});

test('A script without events says so, and takes an old block away.', () => {
  const [list, data] = argumentsOf(scripts.find(({ path }) => path.includes('without-events')).text);
  assert.match(list, /No upcoming dates/);
  assert.equal(data, '[]');
});

test('A script has less than 5 KB besides its data, and no way to run what it was given.', () => {
  const [{ text }] = scripts;
  assert.ok(text.indexOf(CALL) < 5120);
  assert.ok(!/document\.write|\beval\(|innerHTML|insertAdjacentHTML|Function\(/.test(text.slice(0, text.indexOf(CALL))));
});

test('A name that is HTML is text in fragments and scripts.', () => {
  const shown = ALIEN.replaceAll('<', '&#60;').replaceAll('>', '&#62;');
  const html = golden('html').find(({ path }) => path.includes('no-name-can-become-HTML')).text;
  const [list, data] = argumentsOf(scripts.find(({ path }) => path.includes('break-out')).text);
  for (const text of [html.slice(0, html.indexOf('<script')), list]) {
    assert.ok(text.includes(shown) && !/<img|onerror=(?!alert\(1\)&#62;)/.test(text));
  }
  assert.equal(JSON.parse(data)[0].performer[0].name, ALIEN);
  assert.ok(!fragment.includes('<script'));
});
