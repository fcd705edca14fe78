// The snippets that the page gives out, as they stand there, run by what they are for.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { assertList, directory, snippet, withPlaceTaken } from './site.mjs';
import { DEMO, freePort, getHttp, run, scenario, until } from './stage.mjs';

// The head and the beginning of a list.
function cutOff(response) {
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': 6000 });
  response.write('<section class="marquee-events">', () => setTimeout(() => response.destroy(), 50));
}

async function output(command, options) {
  const { code, stdout, stderr } = await run(command, options);
  assert.equal(code, 0, `${stdout}${stderr}`);
  return stdout;
}

// The ways in which a PHP can ask: its settings, and whether it can at all.
const PHPS = {
  'with cURL': { settings: (ca) => ['-d', `curl.cainfo=${ca}`, '-d', 'allow_url_fopen=0'] },
  'without cURL': { settings: (ca) => ['-d', `openssl.cafile=${ca}`, '-d', 'disable_functions=curl_init'] },
};

// What the page says, and what the error log has got since.
function phpSite(stage, settings, source) {
  const site = directory(stage, `site${Math.random()}`);
  const [page, log] = [join(site, 'tour.php'), join(site, 'error.log')];
  writeFileSync(page, `<h1>Tour</h1>\n${source}<p>The end</p>\n`);
  const show = () => output(['php', '-d', 'log_errors=1', '-d', 'display_errors=1', '-d', `error_log=${log}`, ...settings, page]);
  const logged = () => {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
    writeFileSync(log, '');
    return text.split('\n').filter((line) => line !== '').map((line) => line.replace(/^\[[^\]]*\] /, ''));
  };
  return { site, show, logged };
}

for (const [name, { settings }] of Object.entries(PHPS)) {
  scenario(`PHP ${name} shows the list, and the last good copy when the service is gone, and its log says why.`, {}, async (stage) => {
    const { site, show, logged } = phpSite(stage, settings(join(stage.certificates, 'ca.pem')), await snippet(stage, 'php'));
    const first = await show();
    assertList(first);
    assert.match(first, /^<h1>Tour<\/h1>\n<section[^]*<p>The end<\/p>\n$/);
    assert.deepEqual(logged(), []);
    const copy = join(site, readdirSync(site).find((file) => file.startsWith('dates-')));
    assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
    for (const why of [/^marquee: no new concert dates: .*[Cc]onnect/, null]) {
      if (why) utimesSync(copy, 0, 0);
      assert.equal(await show(), first);
      const lines = logged();
      assert.equal(lines.length, why ? 1 : 0, `${lines}`); // one line for each try, not for each visitor
      if (why) assert.match(lines[0], why);
    }
    utimesSync(copy, 0, 0);
    await withPlaceTaken(stage, cutOff, async (server) => {
      assert.equal(await show(), first, 'half a list takes the place of none');
      assert.equal(server.asked, 1);
      assert.equal(await show(), first);
      assert.equal(server.asked, 1, 'it is asked again in five minutes');
      assert.match(logged().join('|'), /^marquee: no new concert dates: [^|]+$/);
    });
  });

  scenario(`PHP ${name} waits but once for a service that does not answer.`, {}, async (stage) => {
    const { show, logged } = phpSite(stage, settings(join(stage.certificates, 'ca.pem')), await snippet(stage, 'php'));
    await withPlaceTaken(stage, () => {}, async (server) => {
      assert.equal(await show(), '<h1>Tour</h1>\n<p>The end</p>\n');
      assert.equal(await show(), '<h1>Tour</h1>\n<p>The end</p>\n');
      assert.equal(server.asked, 1);
      assert.equal(logged().length, 1);
    });
  });
}

scenario('A PHP that cannot ask, or knows no authority, says so in its log, once for each try.', {}, async (stage) => {
  const ca = join(stage.certificates, 'ca.pem');
  const cannot = {
    'neither the extension curl nor allow_url_fopen': ['-d', 'disable_functions=curl_init', '-d', 'allow_url_fopen=0'],
    'certificate verify failed': ['-d', 'disable_functions=curl_init', '-d', 'openssl.cafile='],
    'SSL certificate problem': ['-d', 'allow_url_fopen=0'],
  };
  for (const [why, settings] of Object.entries(cannot)) {
    const { show, logged } = phpSite(stage, settings, await snippet(stage, 'php'));
    assert.equal(await show(), '<h1>Tour</h1>\n<p>The end</p>\n');
    assert.equal(await show(), '<h1>Tour</h1>\n<p>The end</p>\n');
    const lines = logged();
    assert.equal(lines.length, 1, `${lines}`);
    assert.ok(lines[0].startsWith('marquee: no new concert dates: ') && lines[0].includes(why), lines[0]);
  }
  const { site, show, logged } = phpSite(stage, PHPS['with cURL'].settings(ca), (await snippet(stage, 'php')).replace('__DIR__', "'/proc'"));
  assertList(await show());
  assert.ok(site);
  assert.match(logged().join('|'), /^marquee: no copy of the concert dates: [^|]+$/);
});

scenario('Node and Eleventy get the list.', {}, async (stage) => {
  const site = directory(stage);
  const env = { NODE_EXTRA_CA_CERTS: join(stage.certificates, 'ca.pem') };
  writeFileSync(join(site, 'dates.mjs'), await snippet(stage, 'node'));
  writeFileSync(join(site, 'dates.cjs'), await snippet(stage, 'eleventy'));
  const show = "import('./dates.mjs').then(async ({ dates }) => { " +
    'const [first, second] = await Promise.all([dates(), dates()]); ' +
    "if (first !== second) throw new Error('one of two did not wait'); process.stdout.write(first) })";
  const build = "require('./dates.cjs')().then((html) => process.stdout.write(html))";
  const html = await output([process.execPath, '-e', show], { cwd: site, env });
  assertList(html);
  assert.equal(await output([process.execPath, '-e', build], { cwd: site, env }), html);
  assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
  const failing = async () => {
    const { stdout, stderr } = await run([process.execPath, '-e', show], { cwd: site, env });
    assert.equal(stdout, '');
    assert.match(stderr, /^no new concert dates: .*\n$/);
  };
  await failing();
  await withPlaceTaken(stage, cutOff, failing);
  assert.notEqual((await run([process.execPath, '-e', build], { cwd: site, env })).code, 0, 'a failed build is kept back');
});

scenario('Python gets the list, and keeps the last good copy.', {}, async (stage) => {
  const site = directory(stage);
  writeFileSync(join(site, 'dates.py'), await snippet(stage, 'python'));
  const go = join(site, 'go');
  writeFileSync(join(site, 'show.py'), [
    'import dates, os, sys, time', 'from concurrent.futures import ThreadPoolExecutor',
    'with ThreadPoolExecutor(4) as pool: lists = list(pool.map(lambda n: dates.dates(), range(4)))',
    "assert len(set(lists)) == 1, 'some did not wait'", "print(lists[0], 'The end', flush=True)",
    `while not os.path.exists('${go}'): time.sleep(0.05)`,
    'again = []',
    "for dates.URL in (dates.URL, 'https://127.0.0.1:9/'):", '    dates._next_time = 0', '    again.append(dates.dates())',
    "print('the same' if again == lists[:2] else 'another', flush=True)",
  ].join('\n'));
  const env = { SSL_CERT_FILE: join(stage.certificates, 'ca.pem'), PYTHONIOENCODING: 'utf-8' };
  const python = stage.start('python', ['python3', '-B', join(site, 'show.py')], { env });
  await python.ready('the list', () => python.output().includes('The end'));
  assertList(python.output());
  await withPlaceTaken(stage, cutOff, async () => {
    writeFileSync(go, '');
    await python.ended;
    assert.match(python.output(), /no new concert dates: IncompleteRead.*\nno new concert dates: .*\nthe same\n$/);
  });
});

scenario('Hugo builds a page with the list.', {}, async (stage) => {
  const site = directory(stage);
  for (const path of ['layouts/shortcodes', 'layouts/_default', 'content']) mkdirSync(join(site, path), { recursive: true });
  writeFileSync(join(site, 'config.toml'), 'baseURL = "https://artist.example/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap", "home", "section"]\n');
  writeFileSync(join(site, 'layouts/_default/single.html'), '<!DOCTYPE html><title>x</title>{{ .Content }}');
  writeFileSync(join(site, 'layouts/shortcodes/dates.html'), await snippet(stage, 'hugo'));
  writeFileSync(join(site, 'content/tour.md'), '---\ntitle: Tour\n---\n{{< dates >}}\n');
  const env = { SSL_CERT_FILE: join(stage.certificates, 'ca.pem'), HUGO_CACHEDIR: stage.file('hugo') };
  const build = (clock) => run(['hugo', '--quiet', '--clock', clock], { cwd: site, env });
  const first = await build('2027-03-01T10:10:00Z');
  assert.equal(first.code, 0, first.stderr);
  assertList(readFileSync(join(site, 'public/tour/index.html'), 'utf8'));
  assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
  assert.equal((await build('2027-03-01T10:50:00Z')).code, 0, 'within the hour the copy of this hour will do');
  assert.notEqual((await build('2027-03-01T11:10:00Z')).code, 0, 'a failed build is kept back');
});

scenario('nginx includes the list, and the last good copy when the service is gone.', {}, async (stage) => {
  const site = directory(stage);
  const port = await freePort();
  const [http, server] = (await snippet(stage, 'nginx')).split('# In server { ... }\n');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${site}/${it};`);
  writeFileSync(join(site, 'index.html'), '<h1>Tour</h1><!--#include virtual="/marquee-songkick-artist-6395144" --><p>The end</p>');
  writeFileSync(stage.file('nginx.conf'), `daemon off; ${process.getuid() === 0 ? 'user root;' : ''} pid ${site}/pid; error_log stderr; worker_processes 1;
    events {}
    http { access_log off; types { text/html html; } ${temporary.join(' ')}
    ${http.replace('/var/cache/nginx/marquee', `${site}/cache`)}
    server { listen 127.0.0.1:${port}; root ${site}; location / { try_files $uri $uri/ =404; } # as every server has one
    ${server.replace('/etc/ssl/certs/ca-certificates.crt', join(stage.certificates, 'ca.pem'))} } }`);
  const nginx = stage.start('nginx', ['/usr/sbin/nginx', '-p', site, '-c', stage.file('nginx.conf')], {});
  const get = () => getHttp(port, '/index.html').then(({ text }) => text, () => false);
  await nginx.ready('its page', get);
  const page = await until('a whole page', async () => (await get()) || false);
  assertList(page);
  assert.match(page, /^<h1>Tour<\/h1><section[^]*<p>The end<\/p>$/);
  assert.equal((await getHttp(port, `/marquee-songkick-artist-${DEMO}`)).status, 404, 'the fragment alone is not for clients');
  assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
  assert.equal(await get(), page);
});
