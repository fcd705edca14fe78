// A page of Debian's chromium before a stage of the end-to-end harness. Whatever a test does, the page may ask
// nobody but the hosts it was told of, and says nothing wrong on its console.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';

import { chromium } from 'playwright-core';

import { build } from '../e2e/harness.mjs';

export * from '../e2e/harness.mjs';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
export const PHONE = { width: 375, height: 812 };
export const DESKTOP = { width: 1280, height: 900 };
export const DEMO = '6395144'; // Velvet Harbour, 54 events

let browser;
after(() => browser?.close());

export function chromiumArguments() {
  return ARGUMENTS;
}

async function launched() {
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
  return browser;
}

export function origin(stage) {
  return `https://localhost:${stage.httpsPort}`;
}

// Runs `body` with a page. Options: `viewport`, `colorScheme`, `javaScriptEnabled`; `hosts` that may be asked besides
// the stage's own; `silent: false` where errors on the console are part of the test.
export async function withPage(stage, options, body) {
  const { hosts = [], silent = true, ...rest } = options;
  const context = await (await launched()).newContext({
    viewport: DESKTOP, ignoreHTTPSErrors: true, baseURL: origin(stage), ...rest,
  });
  const complaints = [];
  context.setDefaultTimeout(10_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const allowed = [origin(stage), ...hosts];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && !allowed.includes(url.origin)) complaints.push(`it asked ${url.origin}`);
  });
  page.on('pageerror', (error) => complaints.push(`a script failed: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog said: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('console', (message) => {
    if (silent && message.type() === 'error') complaints.push(`the console said: ${message.text()}`);
  });
  try {
    await body(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

// For people to look at.
export async function screenshot(page, name) {
  const directory = join(build, 'screenshots');
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

export function text(page, selector) {
  return page.locator(selector).innerText();
}

// Waits until what an element says matches.
export async function says(page, selector, pattern) {
  await page.waitForFunction(
    ([at, source]) => new RegExp(source).test(document.querySelector(at)?.innerText ?? ''),
    [selector, pattern.source],
  );
}

export async function press(page, key, times = 1) {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

export function focused(page) {
  return page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
}

export async function paste(page, what) {
  await page.evaluate((it) => navigator.clipboard.writeText(it), what);
  await page.locator('#q').focus();
  await page.keyboard.press('Control+V');
}
