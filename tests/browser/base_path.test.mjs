// The service below a path of its host, behind nginx: with and without the proxy taking the path off.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';

import { DEMO, freePort, getHttps, paste, says, scenario, withPage } from './stage.mjs';

const BASE = '/events';
const ways = { 'takes the path off': '/', 'leaves the path as it is': '' };

async function startNginx(stage, port, behind) {
  const site = stage.file('nginx');
  mkdirSync(site);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${site}/${it};`);
  writeFileSync(stage.file('nginx.conf'), `daemon off; ${process.getuid() === 0 ? 'user root;' : ''} pid ${site}/pid; error_log stderr; worker_processes 1;
    events {}
    http { access_log off; ${temporary.join(' ')}
    server { listen 127.0.0.1:${port} ssl; ssl_certificate ${join(stage.certificates, 'cert.pem')}; ssl_certificate_key ${join(stage.certificates, 'key.pem')};
      location / { return 404; }
      location = ${BASE} { proxy_pass https://127.0.0.1:${stage.httpsPort}${behind}; proxy_set_header Host $http_host; }
      location ${BASE}/ { proxy_pass https://127.0.0.1:${stage.httpsPort}${behind}; proxy_set_header Host $http_host; } } }`);
  const nginx = stage.start('nginx', ['/usr/sbin/nginx', '-p', site, '-c', stage.file('nginx.conf')], {});
  await nginx.ready('its port', () => getHttps(port, stage.ca, '/').then(() => true, () => false));
}

for (const [way, behind] of Object.entries(ways)) {
  const port = await freePort();
  const site = `https://localhost:${port}`;
  scenario(`Below a path of the public URL all works where the proxy ${way}.`, {
    settings: { site: { public_url: `${site}${BASE}` } },
  }, async (stage) => {
    await startNginx(stage, port, behind);
    const get = (path) => getHttps(port, stage.ca, path);
    await withPage(stage, { hosts: [site] }, async (page) => {
      const failed = [];
      page.on('response', (response) => { if (response.status() >= 400) failed.push(response.url()); });
      for (const path of [BASE, `${BASE}/`]) {
        await page.goto(`${site}${path}`);
        assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('.top')).display), '', 'the style sheet is there');
        assert.equal(await page.evaluate(() => document.styleSheets[0].cssRules.length > 10), true);
      }
      await paste(page, DEMO);
      await page.keyboard.press('Enter');
      await says(page, '#heading', /Velvet Harbour/);
      assert.equal(new URL(page.url()).pathname, `${BASE}/`);
      assert.equal(await page.locator('#url').inputValue(), `${site}${BASE}/api/songkick/artist?id=${DEMO}`);
      await page.reload();
      await says(page, '#heading', /Velvet Harbour/);
      await page.getByRole('link', { name: /What can go wrong|problems/i }).last().click();
      assert.equal(new URL(page.url()).pathname, `${BASE}/problems`);
      assert.equal(await page.evaluate(() => document.styleSheets[0].cssRules.length > 10), true);
      await page.locator('.brand a').click();
      assert.equal(new URL(page.url()).pathname, `${BASE}/`);
      assert.deepEqual(failed, []);
    });
    assert.match((await get(`${BASE}?q=${DEMO}`)).text, /Velvet Harbour/);
    const document = await get(`${BASE}/api/songkick/artist?id=${DEMO}`);
    assert.equal(document.json.length, 54);
    assert.ok(document.json[0]['@id'].startsWith(`${site}${BASE}/`));
    const problem = await get(`${BASE}/api/songkick/artist`);
    assert.equal(problem.status, 400);
    const type = new URL(problem.json.type, `${site}${BASE}/api/songkick/artist`);
    assert.equal((await get(type.pathname)).status, 200);
    assert.equal((await get(`${BASE}/tour/songkick/${DEMO}/`)).status, 200);
    // What comes without the proxy is the same.
    assert.equal((await stage.get(`/api/songkick/artist?id=${DEMO}`)).text, document.text);
  });
}
