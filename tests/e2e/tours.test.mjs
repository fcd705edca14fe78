// Tours of the configuration: at /tour/NAME/, on hosts of their own with certificates of their own, and as files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';

import { artist, freePort, getHttp, scenario, until } from './harness.mjs';
import { assertDatePage, attributeOf, hrefsOf, visibleText } from './site.mjs';

const TOUR = '90012005'; // 12 events on 5 venues
const OTHER = '90003002';
const HOST = 'tour.velvet.example';

function certificate(stage, host) {
  const [cert, key] = ['crt', 'key'].map((ending) => stage.file(`${host}.${ending}`));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key,
    '-out', cert, '-days', '7', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`], { stdio: 'ignore' });
  return { certificate: cert, key };
}

// As a browser asks for a host: by its name in TLS and in the request. `names` of whom the certificate is.
function ask(stage, host, path, headers = {}, servername = host, port = stage.httpsPort) {
  return new Promise((resolve, reject) => {
    const request = https.request({
      port, host: '127.0.0.1', path, servername, rejectUnauthorized: false, headers: { host, ...headers }, agent: false,
    }, (response) => {
      const names = response.socket.getPeerCertificate().subjectaltname;
      let text = '';
      response.setEncoding('utf8').on('data', (part) => { text += part; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text, names }));
    });
    request.on('error', reject).end();
  });
}

const TOURS = { 'tour:velvet': { provider: 'songkick', id: TOUR, name: 'Velvet', weburl: 'https://velvet.example' } };

scenario('A configured tour stands at its name, whatever a visitor sends.', { settings: TOURS }, async (stage) => {
  const tour = await stage.get('/tour/velvet/');
  assert.equal(tour.status, 200);
  assert.match(tour.text, /<h1[^>]*>Velvet<\/h1>/);
  assert.equal(tour.headers['x-robots-tag'], undefined);
  const base = `https://localhost:${stage.httpsPort}/tour/velvet`;
  assert.equal(attributeOf(tour.text, /<link rel="canonical" href="([^"]*)"/), `${base}/`);
  const changes = ['?name=x', '?style=https://evil.example/a.css', '?pages=https://evil.example', '?id=1&limit=0&x'];
  for (const query of changes) assert.equal((await stage.get(`/tour/velvet/${query}`)).text, tour.text);
  for (const headers of [{ host: 'evil.example' }, { 'x-forwarded-host': 'evil.example' }, { forwarded: 'host=evil.example' }]) {
    assert.equal((await stage.get('/tour/velvet/', { headers })).text, tour.text);
  }
  const events = (await stage.get(artist(TOUR, { name: 'Velvet', weburl: 'https://velvet.example' }))).json;
  const slugs = hrefsOf(tour.text).map((href) => /^(\d{4}-[^/]*)\/$/.exec(href)?.[1]).filter(Boolean);
  assertDatePage((await stage.get(`/tour/velvet/${slugs[0]}/`)).text, events[0], `${base}/${slugs[0]}/`);
  assert.equal((await stage.get('/tour/velvet/sitemap.xml')).status, 200);
  assert.equal((await stage.get('/tour/velvet')).headers.location, './velvet/');
  assert.equal((await stage.get('/tour/nobody/')).status, 404);
  assert.equal((await stage.get('/tour/velvet/nothing.html')).status, 404);
});

scenario('Tours have hosts of their own, told apart by name, and a reload brings another.', { marquee: false }, async (stage) => {
  const [own, shared] = [certificate(stage, HOST), certificate(stage, 'tour.harbour.example')];
  stage.settings = { 'tour:velvet': { ...TOURS['tour:velvet'], host: HOST, ...own } };
  await stage.startMarquee();
  const tour = await ask(stage, HOST, '/?name=x');
  assert.equal(tour.names, `DNS:${HOST}`);
  assert.equal(tour.status, 200);
  assert.equal(attributeOf(tour.text, /<link rel="canonical" href="([^"]*)"/), `https://${HOST}/`);
  assert.equal(tour.headers['strict-transport-security'], 'max-age=31536000');
  const [slug] = hrefsOf(tour.text).map((href) => /^(\d{4}-[^/]*)\/$/.exec(href)?.[1]).filter(Boolean);
  assert.equal((await ask(stage, HOST, `/${slug}/`)).status, 200);
  assert.equal((await ask(stage, HOST, `/${slug}`)).headers.location, `${slug}/`);
  assert.equal((await ask(stage, HOST.toUpperCase(), '/')).text, tour.text);
  assert.equal((await ask(stage, `${HOST}:443`, '/', {}, HOST)).text, tour.text);
  assert.equal((await ask(stage, HOST, '/robots.txt')).text, `User-agent: *\nDisallow:\nSitemap: https://${HOST}/sitemap.xml\n`);
  assert.equal((await ask(stage, HOST, '/sitemap.xml')).status, 200);
  for (const path of ['/api/songkick/artist?id=1', '/tour/velvet/', '/problems', '/favicon.ico', '/x/y/z', '/%2e%2e/', '/nothing']) {
    const got = await ask(stage, HOST, path);
    assert.equal(got.status, 404, path);
    assert.equal(got.headers['content-type'], 'text/html; charset=utf-8');
  }
  // The service's own host, and names that nobody has.
  assert.equal((await stage.get('/tour/velvet/')).headers.location, `https://${HOST}/`);
  assert.equal((await stage.get(`/tour/velvet/${slug}/date.ics?name=x`)).headers.location, `https://${HOST}/${slug}/date.ics`);
  assert.match((await ask(stage, 'nobody.example', '/')).names, /DNS:localhost/);
  assert.match((await ask(stage, 'nobody.example', '/')).text, /<form id="form"/);
  assert.match((await stage.get('/robots.txt')).text, /^User-agent: \*\nDisallow:\n$/);
  const plain = await getHttp(stage.httpPort, `/${slug}/?a=b`, { headers: { host: HOST } });
  assert.equal(plain.headers.location, `https://${HOST}/${slug}/?a=b`);
  assert.equal((await getHttp(stage.httpPort, '/', { headers: { host: 'nobody.example' } })).headers.location, `https://nobody.example:${stage.httpsPort}/`);

  stage.settings['tour:harbour'] = { provider: 'songkick', id: OTHER, host: 'tour.harbour.example', ...shared };
  stage.changeSettings({});
  stage.marquee.signal('SIGHUP');
  await until('the new tour', async () => (await ask(stage, 'tour.harbour.example', '/')).names === 'DNS:tour.harbour.example');
  assert.equal((await ask(stage, 'tour.harbour.example', '/')).status, 200);
  assert.equal((await ask(stage, HOST, '/')).names, `DNS:${HOST}`);
});

// nginx ends TLS for the host of a tour and speaks plain HTTP to the service.
async function startFront(stage, port, plain) {
  const [site, own] = [stage.file('nginx'), certificate(stage, HOST)];
  mkdirSync(site, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${site}/${it};`);
  writeFileSync(stage.file('nginx.conf'), `daemon off; ${process.getuid() === 0 ? 'user root;' : ''} pid ${site}/pid; error_log stderr; worker_processes 1;
    events {}
    http { access_log off; ${temporary.join(' ')}
    server { listen 127.0.0.1:${port} ssl; ssl_certificate ${own.certificate}; ssl_certificate_key ${own.key};
    location / { proxy_pass http://127.0.0.1:${plain}; proxy_set_header Host ${HOST}; proxy_set_header X-Forwarded-For $remote_addr; } } }`);
  const nginx = stage.start('nginx', ['/usr/sbin/nginx', '-p', site, '-c', stage.file('nginx.conf')], {});
  await nginx.ready('its page', () => ask(stage, HOST, '/', {}, HOST, port).then(({ status }) => status === 200, () => false));
}

scenario('The host of a tour behind nginx, which ends TLS.', { marquee: false }, async (stage) => {
  const [port, plain] = [await freePort(), await freePort()];
  Object.assign(stage.settings, {
    listen: { https: '', http: '', plain: `127.0.0.1:${plain}`, trusted_proxies: '127.0.0.1' },
    tls: { certificate: '', key: '' }, site: { public_url: 'https://events.test' },
    'tour:velvet': { ...TOURS['tour:velvet'], host: HOST },
  });
  await stage.startMarquee();
  await startFront(stage, port, plain);
  const get = (path, headers = {}) => ask(stage, headers.host ?? HOST, path, headers, HOST, port);
  const tour = await get('/');
  assert.match(tour.text, /<h1[^>]*>Velvet<\/h1>/);
  assert.equal(attributeOf(tour.text, /<link rel="canonical" href="([^"]*)"/), `https://${HOST}/`);
  assert.match(tour.headers['strict-transport-security'], /max-age/);
  const slugs = hrefsOf(tour.text).map((href) => /^(\d{4}-[^/]*)\/$/.exec(href)?.[1]).filter(Boolean);
  assert.equal(slugs.length, 12);
  for (const slug of slugs) {
    const date = await get(`/${slug}/`);
    assert.equal(attributeOf(date.text, /<link rel="canonical" href="([^"]*)"/), `https://${HOST}/${slug}/`);
    const again = await get(`/${slug}/`, { 'if-none-match': date.headers.etag });
    assert.deepEqual([again.status, again.text], [304, '']);
  }
  const sitemap = await get('/sitemap.xml');
  assert.equal(sitemap.text.match(new RegExp(`<loc>https://${HOST.replaceAll('.', '\\.')}/`, 'g')).length, 13);
  assert.match((await get('/robots.txt')).text, new RegExp(`Sitemap: https://${HOST}/sitemap.xml`));
  assert.equal((await get(`/${slugs[0]}`)).headers.location, `${slugs[0]}/`);
  for (const path of ['/', `/${slugs[0]}/`, '/sitemap.xml', '/feed.json', '/dates.ics']) {
    const true_one = (await get(path)).text;
    for (const headers of [{ 'x-forwarded-host': 'evil.example' }, { forwarded: 'host=evil.example;proto=http' },
      { 'x-forwarded-proto': 'http' }, { 'x-forwarded-port': '1' }, { 'x-original-url': '/api/' }]) {
      assert.equal((await get(path, headers)).text, true_one, `${path} ${JSON.stringify(headers)}`);
    }
    assert.equal((await get(`${path}?style=https://evil.example/a.css&name=x&pages=https://evil.example`)).text, true_one);
  }
});

scenario('What tours have wrong is said with its place.', { marquee: false }, async (stage) => {
  const [own, other] = [certificate(stage, HOST), certificate(stage, 'other.example')];
  const velvet = TOURS['tour:velvet'];
  const wrong = [
    [{ 'tour:velvet': { ...velvet, provider: 'nobody' } }, /provider: there is no provider of this name/],
    [{ 'tour:velvet': { id: '1' } }, /provider is missing/],
    [{ 'tour:velvet': { provider: 'songkick' } }, /id is missing/],
    [{ 'tour:velvet': { ...velvet, id: 'abc' } }, /id: It is not an id of this provider/],
    [{ 'tour:velvet': { ...velvet, resource: 'event' } }, /resource: must be artist or venue/],
    [{ 'tour:velvet': { ...velvet, pages: 'http://velvet.example' } }, /pages: It is not an absolute https address/],
    [{ 'tour:velvet': { ...velvet, style: 'https://evil.example/a.css' } }, /style: The style sheet is not on the host of pages/],
    [{ 'tour:velvet': { ...velvet, lang: 'tlh' } }, /lang: It is not a known language; there are: en, en-US, de, fr, es/],
    [{ 'tour:velvet': { ...velvet, host: 'Velvet' } }, /host is no name of a host/],
    [{ 'tour:velvet': { ...velvet, host: 'events.example' } }, /host is the one of \[site\] public_url/],
    [{ 'tour:velvet': { ...velvet, host: HOST, ...own }, 'tour:b': { ...velvet, host: HOST, ...own } }, /host is the one of another tour too: tour:velvet/],
    [{ 'tour:velvet': { ...velvet, host: HOST, ...other } }, /certificate = .*this certificate is not for tour\.velvet\.example/],
    [{ 'tour:velvet': { ...velvet, host: HOST } }, /host = tour\.velvet\.example has no certificate of its own, and that of \[tls\] is not for it/],
    [{ 'tour:velvet': { ...velvet, host: HOST, certificate: own.certificate } }, /certificate stands alone/],
    [{ 'tour:velvet': { ...velvet, host: HOST, certificate: own.certificate, key: other.key } }, /key = .*does not belong to the certificate/],
    [{ 'tour:velvet': { ...velvet, ...own } }, /is for a host of its own/],
    [{ 'tour:songkick': velvet }, /a tour cannot have the name of a provider/],
    [{ 'tour:Velvet': velvet }, /a name of a to z/],
    [{ 'tour:velvet': { ...velvet, colour: 'red' } }, /there is no setting "colour" in \[tour:velvet\]/],
    [{ site: { open_pages: 'perhaps' } }, /open_pages must be yes, preview or no/],
  ];
  for (const [settings, message] of wrong) {
    stage.settings = { ...settings, site: { public_url: 'https://events.example', ...settings.site } };
    const { code, stderr } = await stage.runMarquee(['check-config', await stage.writeConfiguration()]);
    assert.equal(code, 2, JSON.stringify(settings));
    assert.match(stderr, /^marquee: .*marquee\.ini:\d+: /, JSON.stringify(settings));
    assert.match(stderr, message);
  }
  stage.settings = {};
  const file = await stage.writeConfiguration();
  writeFileSync(file, `${readFileSync(file, 'utf8')}[tour:a]\nprovider = songkick\nid = 1\n[tour:a]\nname = x\n`);
  assert.match((await stage.runMarquee(['check-config', file])).stderr, /there are two tours of this name/);
});

scenario('The operator says which pages anybody may ask for.', { settings: { ...TOURS, site: { open_pages: 'preview' } } }, async (stage) => {
  assert.equal((await stage.get(`/tour/songkick/${TOUR}/`)).status, 200);
  const refused = await stage.get(`/tour/songkick/${TOUR}/?pages=https://a.example`);
  assert.equal(refused.status, 404);
  assert.match(visibleText(refused.text), /no pages for everybody/);
  assert.equal((await stage.get('/tour/velvet/')).status, 200);
  stage.settings.site = { open_pages: 'no' };
  await stage.restartMarquee();
  assert.equal((await stage.get(`/tour/songkick/${TOUR}/`)).status, 404);
  assert.equal((await stage.get('/tour/velvet/')).status, 200);
});

scenario('Configured tours become files, one or all; what fails is said at the end.', { settings: {
  ...TOURS, 'tour:other': { provider: 'songkick', id: OTHER, pages: 'https://other.example' }, 'tour:unknown': { provider: 'songkick', id: '4040001' },
} }, async (stage) => {
  const out = stage.file('site');
  const one = await stage.runMarquee(['pages', '--tour', 'velvet', '--out', out, '--config', stage.file('marquee.ini')]);
  assert.equal(one.code, 0, one.stderr);
  assert.ok(existsSync(join(out, 'index.html')));
  const all = stage.file('sites');
  const many = await stage.runMarquee(['pages', '--all', '--out', all, '--config', stage.file('marquee.ini')]);
  assert.equal(many.code, 1);
  assert.match(many.stderr, /knows no artist with the id 4040001[^]*1 of the tours could not be written; see above\n$/);
  assert.deepEqual(readdirSync(all).sort(), ['other', 'unknown', 'velvet']);
  assert.match(readFileSync(join(all, 'other', 'sitemap.xml'), 'utf8'), /<loc>https:\/\/other\.example\/</);
  const wrong = await stage.runMarquee(['pages', '--tour', 'nobody', '--out', out, '--config', stage.file('marquee.ini')]);
  assert.equal(wrong.code, 2);
});
