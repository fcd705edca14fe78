// A site of another origin than the service's, and what it puts into its pages.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

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
