// The rules that the form gives for the artist's web server, as they stand there, in the servers they are for: pages
// below /tour/ of another host, which nothing that a visitor sends can change.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { parseAllRedirects } from '@netlify/redirect-parser';
import { getTransformedRoutes } from '@vercel/routing-utils';

import { artist, freePort, getHttp, scenario } from './harness.mjs';
import { assertDatePage, assertXml, attributeOf, hrefsOf, unescapeText } from './site.mjs';

const TOUR = '90012005'; // 12 events on 5 venues
const HOST = 'velvet.example';
const PAGES = `https://${HOST}/tour`;
const NAME = "L'Été $1 50% {a} \"b\" \\ & `c` ?d#e;f :g (h) *i +j"; // says something else in every configuration
const WEBURL = 'https://velvet.example/?a=1&b=$2';
const PARAMETERS = { name: NAME, weburl: WEBURL, pages: PAGES };
const EVIL = '?style=https%3A%2F%2Fevil.example%2Fa.css&name=x&pages=https%3A%2F%2Fevil.example&image=https%3A%2F%2Fevil.example%2Fa.png';

const query = new URLSearchParams(PARAMETERS);
const directly = (stage, page = '') => stage.get(`/tour/songkick/${TOUR}/${page}?${query}`);

async function rule(stage, name, pages = PAGES) {
  const path = `/?${new URLSearchParams({ q: TOUR, name: NAME, weburl: WEBURL, pages })}`;
  const { text } = await stage.get(path, { headers: { host: `localhost:${stage.httpsPort}` } });
  const found = new RegExp(`<code id="snippet-pages_${name}">([^]*?)</code>`).exec(text);
  assert.ok(found, `no rule for ${name}`);
  return unescapeText(found[1]);
}

const slugsOf = (html) => hrefsOf(html).map((href) => /^(\d{4}-[^/]*)\/$/.exec(href)?.[1]).filter(Boolean);

const ca = (stage) => join(stage.certificates, 'ca.pem');

// A site of its own in a directory, through which all is then asked for.
class Site {
  constructor(stage, port) {
    Object.assign(this, { stage, port });
  }

  get(path, headers = {}) {
    return getHttp(this.port, path, { headers: { host: HOST, ...headers } });
  }

  async isUp() {
    return this.get('/').then(({ text }) => text.includes('The artist'), () => false);
  }

  async assertPages() {
    const { stage } = this;
    const events = (await stage.get(artist(TOUR, { name: NAME, weburl: WEBURL }))).json;
    const tour = await this.get('/tour/');
    assert.equal(tour.status, 200, tour.text.slice(0, 500));
    assert.equal(tour.text, (await directly(stage)).text);
    assert.equal(attributeOf(tour.text, /<link rel="canonical" href="([^"]*)"/), `${PAGES}/`);
    assert.equal(tour.headers['strict-transport-security'], undefined);
    assert.equal(tour.headers['x-robots-tag'], undefined);
    const slugs = slugsOf(tour.text);
    assert.equal(slugs.length, events.length);
    for (const [i, event] of events.entries()) {
      const date = await this.get(`/tour/${slugs[i]}/`);
      assertDatePage(date.text, event, `${PAGES}/${slugs[i]}/`);
    }
    const sitemap = await this.get('/tour/sitemap.xml');
    assertXml(sitemap.text);
    assert.equal(sitemap.text.match(/<loc>https:\/\/velvet\.example\/tour\//g).length, events.length + 1);
    assert.match((await this.get(`/tour/${slugs[0]}/date.ics`)).text, /^BEGIN:VCALENDAR\r\n/);
    return slugs;
  }

  async assertRest(slugs) {
    const tour = await this.get('/tour/');
    assert.equal((await this.get('/tour/sitemap.xml')).headers['access-control-allow-origin'], '*');
    // A visitor's query changes no byte; neither do words in the path that would be one.
    assert.equal((await this.get(`/tour/${EVIL}`)).text, tour.text);
    assert.equal((await this.get(`/tour/${slugs[0]}/${EVIL}`)).text, (await this.get(`/tour/${slugs[0]}/`)).text);
    for (const path of [`/tour/%3Fstyle=https://evil.example/a.css`, '/tour/x%0d%0aSet-Cookie:a', '/tour/..%2f..%2fapi/']) {
      const got = await this.get(path);
      assert.ok([400, 403, 404].includes(got.status), `${path}: ${got.status}`);
      assert.doesNotMatch(got.text, /evil\.example/);
      assert.equal(got.headers['set-cookie'], undefined);
    }
    // Without its slash, with other words, unknown.
    const bare = await this.get('/tour');
    assert.equal(bare.status, 308);
    assert.equal(new URL(bare.headers.location, `http://${HOST}/tour`).pathname, '/tour/');
    assert.equal((await this.get('/tour?style=https://evil.example/a.css')).headers.location.includes('evil'), false);
    const old = await this.get(`/tour/2019-01-01-old-${/\d+$/.exec(slugs[0])[0]}/`);
    assert.equal(old.status, 308);
    assert.equal(new URL(old.headers.location, `http://${HOST}/tour/x/`).pathname, `/tour/${slugs[0]}/`);
    const unknown = await this.get('/tour/2019-01-01-old-1/');
    assert.equal(unknown.status, 404);
    assert.equal(hrefsOf(unknown.text)[0], '../');
    // Whoever has a page is told so, and the rest of the site is as it was.
    const again = await this.get('/tour/', { 'if-none-match': tour.headers.etag });
    assert.equal(again.status, 304);
    assert.equal((await this.get('/')).text.includes('The artist'), true);
    assert.doesNotMatch((await this.get('/tourist')).text ?? '', /Été/);
  }

  async assertAll() {
    await this.assertRest(await this.assertPages());
  }
}

function directory(stage) {
  const path = stage.file('site');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'index.html'), '<h1>The artist</h1>\n');
  return path;
}

async function startNginx(stage, site, port, types, rules) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${site}/${it};`);
  writeFileSync(stage.file('nginx.conf'), `daemon off; ${process.getuid() === 0 ? 'user root;' : ''} pid ${site}/pid; error_log stderr; worker_processes 1;
    events {}
    http { access_log off; ${types} ${temporary.join(' ')}
    server { listen 127.0.0.1:${port}; server_name ${HOST}; root ${site};
    ${rules} } }`);
  const nginx = stage.start('nginx', ['/usr/sbin/nginx', '-p', site, '-c', stage.file('nginx.conf')], {});
  await nginx.ready('its page', () => new Site(stage, port).isUp());
}

scenario('nginx', {}, async (stage) => {
  const [site, port] = [directory(stage), await freePort()];
  await startNginx(stage, site, port, 'types { text/html html; }',
    (await rule(stage, 'nginx')).replace('/etc/ssl/certs/ca-certificates.crt', ca(stage)));
  await new Site(stage, port).assertAll();
});

// A plain file server, as a host of static sites is one.
scenario('The files of `marquee pages` behind nginx', {}, async (stage) => {
  const [site, port] = [directory(stage), await freePort()];
  const { code, stderr } = await stage.runMarquee(['pages', 'songkick', 'artist', `id=${TOUR}`,
    ...Object.entries(PARAMETERS).map(([name, value]) => `${name}=${value}`), '--out', join(site, 'tour'),
    '--config', stage.file('marquee.ini')]);
  assert.equal(code, 0, stderr);
  await startNginx(stage, site, port, 'include /etc/nginx/mime.types;', '');
  const front = new Site(stage, port);
  await front.assertPages();
  const slugs = slugsOf((await front.get('/tour/')).text);
  // Every link within the tour leads to a file of the type it is.
  const seen = new Set(['/tour/']);
  for (const path of seen) {
    const got = await front.get(path);
    assert.equal(got.status, 200, path);
    if (!got.headers['content-type'].startsWith('text/html')) continue;
    for (const href of hrefsOf(got.text)) {
      const url = new URL(href, `https://${HOST}${path}`);
      if (url.host === HOST && url.pathname !== '/') seen.add(url.pathname);
    }
  }
  assert.ok(slugs.every((slug) => seen.has(`/tour/${slug}/`)));
  for (const name of ['dates.ics', 'feed.xml', 'feed.json']) assert.ok(seen.has(`/tour/${name}`), name);
  assert.equal((await front.get('/tour')).status, 301);
  const tour = await front.get('/tour/');
  assert.equal((await front.get('/tour/', { 'if-none-match': tour.headers.etag })).status, 304);
});

scenario('Apache', {}, async (stage) => {
  const [site, port] = [directory(stage), await freePort()];
  const modules = ['mpm_event', 'authz_core', 'dir', 'mime', 'proxy', 'proxy_http', 'socache_shmcb', 'ssl', 'rewrite'];
  writeFileSync(stage.file('apache.conf'), `ServerName ${HOST}
    ${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
    ServerRoot ${site}\nPidFile ${site}/pid\nDefaultRuntimeDir ${site}\nErrorLog /dev/stderr\nListen 127.0.0.1:${port}
    ${process.getuid() === 0 ? 'User www-data\nGroup www-data' : ''}
    TypesConfig /etc/mime.types
    <VirtualHost 127.0.0.1:${port}>
    ServerName ${HOST}\nDocumentRoot ${site}\nDirectoryIndex index.html
    <Directory ${site}>\nRequire all granted\n</Directory>
    SSLProxyVerify require\nSSLProxyCACertificateFile ${ca(stage)}
    ${await rule(stage, 'apache')}
    </VirtualHost>\n`);
  stage.forNobody();
  const apache = stage.start('apache', ['/usr/sbin/apache2', '-f', stage.file('apache.conf'), '-DFOREGROUND'], {});
  const front = new Site(stage, port);
  await apache.ready('its page', () => front.isUp());
  await front.assertAll();
});

scenario('Caddy', {}, async (stage) => {
  const [site, port] = [directory(stage), await freePort()];
  writeFileSync(stage.file('Caddyfile'), `{\nadmin off\nauto_https off\n}
    http://${HOST}:${port} {\nbind 127.0.0.1\n${await rule(stage, 'caddy')}\nroot * ${site}\nfile_server\n}\n`);
  const caddy = stage.start('caddy', ['caddy', 'run', '--config', stage.file('Caddyfile'), '--adapter', 'caddyfile'], {
    env: { ...process.env, SSL_CERT_FILE: ca(stage), HOME: site, XDG_DATA_HOME: site, XDG_CONFIG_HOME: site },
  });
  const front = new Site(stage, port);
  await caddy.ready('its page', () => front.isUp());
  await front.assertAll();
});

scenario('A Worker of Cloudflare, run by workerd', {}, async (stage) => {
  const [site, port] = [directory(stage), await freePort()];
  writeFileSync(join(site, 'worker.mjs'), `import rule from './rule.mjs';
    const artist = (request) => ['/tour', '/tour/'].some((path) => new URL(request.url).pathname.startsWith(path)) &&
      !new URL(request.url).pathname.startsWith('/tourist');
    export default { fetch: (request) => (artist(request) ? rule.fetch(request) : new Response('<h1>The artist</h1>')) };\n`);
  writeFileSync(join(site, 'rule.mjs'), await rule(stage, 'cloudflare'));
  writeFileSync(join(site, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = (compatibilityDate = "2026-01-01",
      modules = [ (name = "worker.mjs", esModule = embed "worker.mjs"), (name = "rule.mjs", esModule = embed "rule.mjs") ])),
    (name = "internet", network = (allow = ["private", "local", "public"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = [ ${JSON.stringify(readFileSync(ca(stage), 'utf8'))} ]))) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ] );\n`);
  const require = createRequire(import.meta.url);
  const program = join(require.resolve('@cloudflare/workerd-linux-64/package.json'), '..', 'bin', 'workerd');
  const workerd = stage.start('workerd', [program, 'serve', join(site, 'config.capnp')], {});
  const front = new Site(stage, port);
  await workerd.ready('its page', () => front.isUp());
  await front.assertAll();
});

// What a host like these asks of us for a path: the rule's own query, and of the visitor's what the rule does not name.
async function assertAsks(stage, destination) {
  const url = new URL(destination);
  assert.equal(url.host, `localhost:${stage.httpsPort}`);
  for (const [name, value] of new URLSearchParams(EVIL)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  const got = await stage.get(url.pathname + url.search);
  assert.equal(got.status, 200, got.text);
  assert.equal(got.text, (await directly(stage)).text);
}

// Where Netlify leads a path, as it documents its rules: the first that matches, "regardless of whether or not they
// contain a trailing slash"; a splat is what comes after its rule. A rewrite ends the way, a redirect begins anew.
function atNetlify(redirects, path, hops = 0) {
  const bare = path.replace(/\/$/, '');
  const rule = redirects.find(({ from }) => (from.endsWith('/*') ? `${bare}/`.startsWith(from.slice(0, -1)) : from.replace(/\/$/, '') === bare));
  if (rule === undefined) return undefined;
  const to = rule.to.replace(':splat', path.slice(rule.from.length - 1));
  if (rule.status === 200) return to;
  assert.ok(hops < 5, `${path} is led in a circle by ${rule.from} ${rule.to}`);
  return atNetlify(redirects, to, hops + 1);
}

scenario('Netlify, read by its own parser', {}, async (stage) => {
  const file = stage.file('_redirects');
  writeFileSync(file, await rule(stage, 'netlify'));
  const { redirects, errors } = await parseAllRedirects({ redirectsFiles: [file], minimal: true, configRedirects: [] });
  assert.deepEqual(errors, []);
  for (const path of ['/tour', '/tour/']) await assertAsks(stage, atNetlify(redirects, path));
  const [slug] = slugsOf((await directly(stage)).text);
  const date = new URL(atNetlify(redirects, `/tour/${slug}/`));
  assert.equal((await stage.get(date.pathname + date.search)).text, (await directly(stage, `${slug}/`)).text);
  assert.equal(atNetlify(redirects, '/tourist'), undefined);
  assert.equal(atNetlify(redirects, '/'), undefined);
});

scenario('Vercel, read by its own router', {}, async (stage) => {
  const { routes, error } = getTransformedRoutes(JSON.parse(await rule(stage, 'vercel')));
  assert.equal(error, null);
  const [slash, pages] = routes.filter(({ src }) => src !== undefined);
  assert.match('/tour', new RegExp(slash.src));
  assert.doesNotMatch('/tour/', new RegExp(slash.src)); // or it would lead there again and again
  assert.equal(slash.status, 308);
  assert.equal(slash.headers.Location, '/tour/');
  const [, page] = new RegExp(pages.src).exec('/tour/2027-01-01-x-1/');
  assert.equal(page, '2027-01-01-x-1/');
  assert.doesNotMatch('/tourist', new RegExp(pages.src));
  await assertAsks(stage, pages.dest.replace(/\$(1|page)/, ''));
});

scenario('A host of its own, and an address that no rule can hold', {}, async (stage) => {
  const [site, port] = [directory(stage), await freePort()];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${site}/${it};`);
  writeFileSync(stage.file('nginx.conf'), `daemon off; ${process.getuid() === 0 ? 'user root;' : ''} pid ${site}/pid; error_log stderr; worker_processes 1;
    events {}
    http { access_log off; ${temporary.join(' ')}
    server { listen 127.0.0.1:${port}; server_name ${HOST};
    ${(await rule(stage, 'nginx', `https://${HOST}/`)).replace('/etc/ssl/certs/ca-certificates.crt', ca(stage))} } }`);
  const nginx = stage.start('nginx', ['/usr/sbin/nginx', '-p', site, '-c', stage.file('nginx.conf')], {});
  const front = new Site(stage, port);
  await nginx.ready('its page', () => front.get('/').then(({ status }) => status === 200, () => false));
  assert.equal(attributeOf((await front.get('/')).text, /<link rel="canonical" href="([^"]*)"/), `https://${HOST}/`);
  assertXml((await front.get('/sitemap.xml')).text);
  for (const pages of [`https://${HOST}/a;b`, `https://${HOST}/a%20b`, `https://${HOST}/a$b`, `https://${HOST}/a//b`]) {
    const { text } = await stage.get(`/?${new URLSearchParams({ q: TOUR, pages })}`);
    assert.doesNotMatch(text, /snippet-pages_/, pages);
    assert.match(text, /characters that rules of web servers take for their own/);
  }
});
