// What is put into pages: the golden fragments as a crawler finds them in a page, and the golden scripts, run in
// a stand-in for a page that has no more than they may use. Real browsers: tests/browser.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';

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

// A page with one script tag in its body. Whatever the script asks for that is not here is an error.
class Page {
  constructor({ attributes = {}, nonce = '', targets = {}, inHead = false, loading = false, module = false } = {}) {
    this.body = [];
    this.warnings = [];
    this.listeners = [];
    const tag = {
      nonce, getAttribute: (name) => attributes[name] ?? null,
      parentNode: { insertBefore: (fragment) => this.body.push(...fragment.nodes) },
    };
    this.document = {
      currentScript: module ? null : tag, readyState: loading ? 'loading' : 'interactive',
      head: { contains: (node) => node === tag && inHead },
      querySelector: (selector) => targets[selector] ?? null,
      createElement: (name) => (name === 'template' ? Page.template() : { name }),
      addEventListener: (...listener) => this.listeners.push(listener),
    };
    this.global = createContext({ document: this.document, console: { warn: (text) => this.warnings.push(text) } });
    runInContext('var window = this', this.global);
    this.names = Object.getOwnPropertyNames(this.global).sort();
  }

  static template() {
    const content = {
      nodes: [], get firstChild() { return this.nodes[0] ?? null; }, appendChild: (node) => content.nodes.push(node),
    };
    return { content, set innerHTML(html) { content.nodes = html === '' ? [] : [{ name: 'html', html }]; } };
  }

  static target() {
    const nodes = [];
    return { nodes, appendChild: (fragment) => nodes.push(...fragment.nodes) };
  }

  run(script) {
    runInContext(script, this.global);
    assert.deepEqual(Object.getOwnPropertyNames(this.global).sort(), this.names, 'the script leaves a global');
    return this;
  }
}

const tour = golden('js').find(({ path }) => path.includes('a-script-holds-the-list-and-the-block')).text;
const fragment = golden('html').find(({ path }) => path.includes('the-list-alone')).text;

function assertShown(nodes, { list = true, block = true, nonce } = {}) {
  assert.deepEqual(nodes.map(({ name }) => name), [...(list ? ['html'] : []), ...(block ? ['script'] : [])]);
  if (list) assert.match(nodes[0].html, /^<section class="marquee-events"[^]*<\/section>\n$/);
  if (!block) return;
  const script = nodes.at(-1);
  assert.equal(script.type, 'application/ld+json');
  assert.equal(script.nonce, nonce);
  assert.ok(JSON.parse(script.textContent).length > 0 && !/[<>&]/.test(script.textContent));
}

test('A script puts list and block where its tag stands, as often as it is there.', () => {
  const page = new Page().run(tour);
  assertShown(page.body);
  page.run(tour);
  assertShown(page.body.slice(2));
  assert.deepEqual(page.warnings, []);
});

test('A script hands its nonce on.', () => {
  assertShown(new Page({ nonce: 'r4nd0m' }).run(tour).body, { nonce: 'r4nd0m' });
});

test('A script puts all into the element that data-target names.', () => {
  const target = Page.target();
  const page = new Page({ attributes: { 'data-target': '#tour' }, targets: { '#tour': target }, inHead: true });
  assertShown(page.run(tour).body.concat(target.nodes));
  assert.equal(target.nodes.length, 2);
});

test('A script that comes before its target waits for it, and only once.', () => {
  const target = Page.target();
  const targets = {};
  const page = new Page({ attributes: { 'data-target': '#tour' }, targets, loading: true }).run(tour);
  assert.deepEqual([page.listeners.length, page.body.length, page.warnings.length], [1, 0, 0]);
  const [[event, listener, options]] = page.listeners;
  assert.deepEqual([event, options.once], ['DOMContentLoaded', true]);
  page.document.readyState = 'interactive';
  targets['#tour'] = target;
  listener();
  assertShown(target.nodes);
});

test('A script leaves out the half that data-markup leaves out.', () => {
  assertShown(new Page({ attributes: { 'data-markup': 'only' } }).run(tour).body, { list: false });
  assertShown(new Page({ attributes: { 'data-markup': 'none' } }).run(tour).body, { block: false });
  assertShown(new Page({ attributes: { 'data-markup': 'only' }, inHead: true }).run(tour).body, { list: false });
});

test('A script that cannot do its work says so on the console and does nothing else.', () => {
  const pages = {
    target: new Page({ attributes: { 'data-target': '#tour' } }),
    head: new Page({ inHead: true }),
    module: new Page({ module: true }),
  };
  for (const page of Object.values(pages)) {
    page.run(tour);
    assert.equal(page.body.length, 0);
    assert.equal(page.warnings.length, 1);
    assert.match(page.warnings[0], /^marquee: /);
  }
  assert.match(pages.target.warnings[0], /#tour/);
});

test('A script without events shows that there are none, and no block.', () => {
  const { text } = golden('js').find(({ path }) => path.includes('without-events'));
  const { body } = new Page().run(text);
  assertShown(body, { block: false });
  assert.match(body[0].html, /No upcoming dates/);
});

test('A script has less than 2 KB besides its data.', () => {
  assert.ok(tour.indexOf('})(document.currentScript,') < 2048);
  assert.ok(!/document\.write|eval|\bsrc\b/.test(tour.slice(0, tour.indexOf('})(document.currentScript,'))));
});

test('A name that is HTML is text in fragments and scripts.', () => {
  const shown = ALIEN.replaceAll('<', '&#60;').replaceAll('>', '&#62;');
  const html = golden('html').find(({ path }) => path.includes('no-name-can-become-HTML')).text;
  const [list, block] = new Page().run(golden('js').find(({ path }) => path.includes('break-out')).text).body;
  for (const text of [html.slice(0, html.indexOf('<script')), list.html]) {
    assert.ok(text.includes(shown) && !/<img|onerror=(?!alert\(1\)&#62;)/.test(text));
  }
  assert.equal(JSON.parse(block.textContent)[0].performer[0].name, ALIEN);
  assert.ok(!fragment.includes('<script'));
});
