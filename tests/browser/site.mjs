// A site of another origin than the service's, and what it puts into its pages.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { DEMO, origin } from './stage.mjs';

const require = createRequire(import.meta.url);

// The file of an npm package, as a site would serve it.
export function packaged(path) {
  return { type: 'text/javascript', body: readFileSync(require.resolve(path)) };
}

// Serves pages by path, as another origin does: the inside of a body, or { type, body } as it is. `headers` go with
// every answer.
export async function otherSite(pages, headers, body) {
  const server = createServer((request, response) => {
    const page = pages[request.url];
    const { type = 'text/html; charset=utf-8', body: bytes } = typeof page === 'object' ? page : {
      body: page && `<!DOCTYPE html><html lang="en"><head>${pages.head ?? ''}<title>Tour</title></head><body>${page}</body></html>`,
    };
    response.writeHead(page === undefined ? 204 : 200, { 'content-type': type, ...headers });
    response.end(bytes ?? '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  try {
    await body(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

export function scriptUrl(stage, parameters = {}) {
  return `${origin(stage)}/api/songkick/artist?${new URLSearchParams({ id: DEMO, format: 'js', ...parameters })}`;
}

export function tag(stage, parameters = {}, attributes = '') {
  return `<script async ${attributes} src="${scriptUrl(stage, parameters).replaceAll('&', '&amp;')}"></script>`;
}

// ---- snippets ----

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
const NAME = "L'Été $name & Söhne"; // says something else in every language, where it is not escaped

export async function snippet(stage, name, q = DEMO) {
  const path = `/?${new URLSearchParams({ q, name: NAME })}`;
  const { text } = await stage.get(path, { headers: { host: `localhost:${stage.httpsPort}` } });
  const found = new RegExp(`<code id="snippet-${name}">([^]*?)</code>`).exec(text);
  return found[1].replace(/&(lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity]);
}

export function directory(stage, name = 'site') {
  const path = stage.file(name);
  mkdirSync(path, { recursive: true });
  return path;
}

export function assertList(html) {
  assert.match(html, /<section class="marquee-events"/);
  assert.equal(html.match(/<li class="marquee-event/g).length, 54);
  const block = /<script type="application\/ld\+json">([^]*?)<\/script>/.exec(html)[1];
  assert.equal(JSON.parse(block).length, 54);
  assert.ok(block.includes('Söhne'));
}

// In the place of the service one that fails in a way of its own, told by `answer(response)`; runs `body` meanwhile.
export async function withPlaceTaken(stage, answer, body) {
  if (stage.marquee.over === null) assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(stage.certificates, name)));
  const server = https.createServer({ cert, key }, (request, response) => {
    server.asked++;
    answer(response);
  });
  server.asked = 0;
  await new Promise((done, failed) => server.once('error', failed).listen(stage.httpsPort, '127.0.0.1', done));
  try {
    await body(server);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}
