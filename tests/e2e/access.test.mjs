// [access]: every path that yields a document, by links that are signed, unsigned, ended and changed; artists that are
// served and that are not; the form behind its password; and the examples of signing.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { marqueeLink } from '../../deploy/examples/sign.mjs';
import { getHttp, getHttps, root, run, scenario, sleep, until } from './harness.mjs';

const authorization = (password) => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;

function close(stage, extra = {}) {
  stage.linkKey = randomBytes(32).toString('hex');
  writeFileSync(stage.file('link.key'), `${stage.linkKey}\n`);
  writeFileSync(stage.file('form.password'), 'correct\n');
  stage.settings.access = { key_file: stage.file('link.key'), form_password_file: stage.file('form.password'), ...extra };
}

async function sign(stage, target, words = []) {
  const got = await stage.runMarquee(['sign', target, '--config', stage.file('marquee.ini'), ...words]);
  assert.equal(got.code, 0, got.stderr);
  return got.stdout.trimEnd();
}

const withQuery = (target, pair) => `${target}${target.includes('?') ? '&' : '?'}${pair}`;

// By hand, for times that have passed: what `marquee sign` does not make.
const signedBy = (key, parameters, expires) =>
  marqueeLink('', key, 'songkick', 'artist', parameters, expires);

async function refused(stage, target, words, options) {
  const got = await stage.get(target, options);
  assert.equal(got.status, 403, `${target}: ${got.text}`);
  assert.equal(got.headers['cache-control'], 'no-store', target);
  assert.equal(got.headers.etag, undefined);
  if (options?.method !== 'HEAD') assert.match(got.text, words, target);
  return got;
}

const TARGETS = [
  '/api/songkick/artist?id=90004004', '/api/songkick/artist?skid=90004004', '/api/songkick/artist/?id=90004004',
  '/api/songkick/artist.ics?id=90004004', '/api/songkick/artist.json?id=90004004', '/api/songkick/artist.html?id=90004004',
  '/api/songkick/artist.js?id=90004004', '/api/songkick/artist?id=90004004&format=graph&indent=1',
  '/api/songkick/artist?id=90004004&format=report', '/api/songkick/artist?id=90004004&format=html&markup=none&calendar=1',
  '/api/songkick/artist?id=90004004&name=J%C3%B6rg+%26+Co&weburl=https%3A%2F%2Fartist.example&limit=3',
  '/api/songkick/search?q=velvet', '/api/bandsintown/artist?id=id_90004004', '/api/ticketmaster/artist?id=K8vZ90004004',
  '/tour/songkick/90004004/', '/tour/songkick/90004004/?name=Own', '/tour/songkick/90004004/dates.ics',
  '/tour/songkick/90004004/feed.json?pages=https%3A%2F%2Fartist.example%2Ftour',
];

scenario('Every path that yields a document is answered to signed links alone.', { marquee: false }, async (stage) => {
  close(stage);
  await stage.startMarquee();
  for (const target of TARGETS) {
    await refused(stage, target, /signed links only/);
    await refused(stage, target, /signed/, { method: 'HEAD' });
    await refused(stage, withQuery(target, `sig=${'0'.repeat(32)}`), /does not belong to this link/);
    for (const sig of ['', '0', 'x'.repeat(32), '0'.repeat(64), `${'0'.repeat(32)}&sig=${'1'.repeat(32)}`]) {
      await refused(stage, withQuery(target, `sig=${sig}`), /signature|signed/);
    }
    const link = await sign(stage, target);
    const good = await stage.get(link);
    assert.equal(good.status, 200, `${link}: ${good.text}`);
    assert.equal((await stage.get(link, { method: 'HEAD' })).status, 200);
    const etag = { 'if-none-match': good.headers.etag };
    assert.equal((await stage.get(link, { headers: etag })).status, 304);
    await refused(stage, target, /signed/, { headers: etag });
    // What is no parameter changes nothing.
    assert.equal((await stage.get(withQuery(link, 'utm_source=x'))).status, 200);
    // What is one does.
    if (!target.startsWith('/api/songkick/search')) await refused(stage, withQuery(link, 'image=https%3A%2F%2Fa.example%2Fb'), /does not belong/);
  }
  assert.ok((await stage.metric('access_refused')) > TARGETS.length * 8);
});

scenario('Order and aliases of parameters are the same link; another artist, name or format is another one.', {
  marquee: false,
}, async (stage) => {
  close(stage);
  await stage.startMarquee();
  const link = await sign(stage, '/api/songkick/artist?id=90004004&name=A&limit=2');
  const [, sig] = /sig=(\w+)/.exec(link);
  for (const same of ['limit=2&name=A&id=90004004', 'skid=90004004&name=%41&limit=02', 'id=90004004&name=+A+&limit=2&x=y',
    'id=90004004&name=A&limit=2&format=jsonld']) {
    assert.equal((await stage.get(`/api/songkick/artist?sig=${sig}&${same}`)).status, 200, same);
  }
  for (const other of ['id=90004005&name=A&limit=2', 'id=90004004&name=B&limit=2', 'id=90004004&name=A', 'id=90004004&name=A&limit=3',
    'id=90004004&name=A&limit=2&format=ics', 'id=90004004&name=A&limit=2&expires=4000000000']) {
    await refused(stage, `/api/songkick/artist?sig=${sig}&${other}`, /does not belong/);
  }
  await refused(stage, `/api/songkick/venue?sig=${sig}&id=90004004&name=A&limit=2`, /does not belong/);
  // A page of a tour is signed for the whole tour.
  const tour = await sign(stage, '/tour/songkick/90004004/');
  const feed = await stage.get(tour.replace('90004004/?', '90004004/dates.ics?'));
  assert.equal(feed.status, 200);
  await refused(stage, tour.replace('90004004', '90004005'), /does not belong/);
});

scenario('A link that ends is answered until then, and nobody keeps the document longer.', { marquee: false },
  async (stage) => {
    close(stage);
    await stage.startMarquee();
    const now_s = Math.floor(Date.now() / 1000);
    await refused(stage, signedBy(stage.linkKey, { id: '90004004' }, now_s - 5), /has ended/);
    const soon = await stage.get(signedBy(stage.linkKey, { id: '90004004' }, now_s + 600));
    assert.equal(soon.status, 200, soon.text);
    const [, fresh_s, stale_s] = /max-age=(\d+), stale-while-revalidate=(\d+)/.exec(soon.headers['cache-control']);
    assert.ok(Number(fresh_s) <= 605 && Number(fresh_s) > 500 && stale_s === '0', soon.headers['cache-control']);
    const long = await stage.get(await sign(stage, '/api/songkick/artist?id=90004004', ['--days', '300']));
    assert.match(long.headers['cache-control'], /max-age=1[34]\d\d\d, stale-while-revalidate=[1-9]/);
    for (const expires of ['0', 'x', '1e9', '0123']) {
      await refused(stage, `${await sign(stage, '/api/songkick/artist?id=90004004')}&expires=${expires}`, /signature/);
    }
  });

scenario('A refusal in what pages include is a comment.', { marquee: false }, async (stage) => {
  close(stage);
  await stage.startMarquee();
  const html = await refused(stage, '/api/songkick/artist?id=90004004&format=html', /^<!--[^]*signed links only[^]*-->\s*$/);
  assert.match(html.headers['content-type'], /^text\/html/);
  await refused(stage, '/api/songkick/artist.js?id=90004004', /^\/\*[^]*signed links only/);
});

scenario('Artists that are not listed, and artists and pages that are denied, are not served.', {
  settings: { access: { artists: 'songkick/9000* ticketmaster/* songkick/venue/*', deny: 'songkick/90004005 *.evil.example' } },
}, async (stage) => {
  assert.equal((await stage.get('/api/songkick/artist?id=90004004')).status, 200);
  assert.equal((await stage.get('/api/songkick/search?q=velvet')).status, 200);
  for (const target of ['/api/songkick/artist?id=6395144', '/api/bandsintown/artist?id=id_90004004', '/tour/songkick/6395144/',
    '/api/songkick/artist?id=90004005', '/api/songkick/artist.ics?skid=90004005', '/tour/songkick/90004005/dates.ics',
    '/tour/songkick/90004004/?pages=https%3A%2F%2Fwww.EVIL.example%2Ftour',
    '/api/songkick/artist?id=90004004&pages=https%3A%2F%2Fa.evil.example%2Ftour']) {
    await refused(stage, target, /does not serve this artist/);
  }
  assert.equal((await stage.get('/')).status, 200, 'the form is open');
});

// A tour that the operator has set up is for everybody, on its own host as well; what is denied is not there either.
scenario('All paths of a configured tour are open where links are signed, and closed where its artist is denied.', {
  marquee: false,
  settings: { 'tour:velvet': { provider: 'songkick', id: '90004004' }, 'tour:other': { provider: 'songkick', id: '90004005' } },
}, async (stage) => {
  for (const [name, id] of [['host', '90004006'], ['gone', '90004007']]) {
    const host = `tour.${name}.example`, [certificate, key] = ['crt', 'key'].map((ending) => stage.file(`${name}.${ending}`));
    const made = await run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key,
      '-out', certificate, '-days', '7', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]);
    assert.equal(made.code, 0, made.stderr);
    stage.settings[`tour:${name}`] = { provider: 'songkick', id, host, certificate, key };
  }
  close(stage, { artists: 'songkick/90004004', deny: 'songkick/90004005 songkick/90004007' });
  await stage.startMarquee();
  const tour = await stage.get('/tour/velvet/');
  assert.equal(tour.status, 200, tour.text);
  const slugs = [...tour.text.matchAll(/href="(\d{4}-[^"/?]*)\/"/g)].map(([, slug]) => slug);
  assert.equal(new Set(slugs).size, 4);
  const names = ['', 'dates.ics', 'feed.json', 'feed.xml', 'sitemap.xml', `${slugs[0]}/`, `${slugs[0]}/date.ics`];
  const hosts = { velvet: [undefined, '/tour/velvet/'], other: [undefined, '/tour/other/'], host: ['tour.host.example', '/'], gone: ['tour.gone.example', '/'] };
  const slugOf = (name, text) => [...text.matchAll(/href="(\d{4}-[^"/?]*)\/"/g)][0]?.[1] ?? slugs[0];
  for (const [name, [host, root]] of Object.entries(hosts)) {
    const options = { headers: host === undefined ? {} : { host } };
    const own = slugOf(name, (await stage.get(root, options)).text);
    for (const path of names.map((one) => `${root}${one.replace(slugs[0], own)}`)) {
      if (name === 'velvet' || name === 'host') {
        for (const more of ['', '?sig=0&expires=1', '?name=x']) {
          const got = await stage.get(`${path}${more}`, options);
          assert.equal(got.status, 200, `${host} ${path}${more}: ${got.text}`);
          assert.equal((await stage.get(path, { ...options, method: 'HEAD' })).status, 200, path);
        }
      } else {
        await refused(stage, path, /does not serve this artist/, options);
        await refused(stage, path, /./, { ...options, method: 'HEAD' });
      }
    }
  }
  // The same artist by anything but the configured address needs its signature, and all feeds of the tour do.
  for (const name of names) {
    const target = `/tour/songkick/90004004/${name}?pages=https%3A%2F%2Fartist.example%2Ftour`;
    await refused(stage, target, /signed links only/);
    assert.equal((await stage.get(await sign(stage, target))).status, 200, target);
  }
});

scenario('The form asks for its password, and signs for whoever has it.', { marquee: false }, async (stage) => {
  close(stage, { deny: 'songkick/90004005' });
  await stage.startMarquee();
  const paste = `/?q=${encodeURIComponent('https://www.songkick.com/artists/90004004')}`;
  for (const path of ['/', paste, '/?q=velvet&as=name']) {
    for (const headers of [{}, { authorization: authorization('wrong') }, { authorization: 'Basic !!!!' },
      { authorization: 'Bearer x' }, { authorization: `Basic ${'A'.repeat(4000)}` }]) {
      const got = await stage.get(path, { headers });
      assert.equal(got.status, 401, path);
      assert.match(got.headers['www-authenticate'], /^Basic realm="marquee"/);
      assert.ok(!got.text.includes('sig='));
    }
  }
  const headers = { authorization: authorization('correct') };
  const page = await stage.get(paste, { headers });
  assert.equal(page.status, 200);
  const links = [...page.text.matchAll(/https:\/\/[^"'<>\s]*\/api\/songkick\/artist[^"'<>\s]*/g)].map(([link]) =>
    link.split(/&quot;|&#39;/)[0].replaceAll(/&amp;(amp;)?/g, '&').replace(/[;,)]+$/, ''));
  assert.ok(links.length >= 3);
  for (const link of new Set(links)) {
    const path = new URL(link);
    assert.equal((await stage.get(path.pathname + path.search)).status, 200, link);
  }
  // The rule for the artist's web server and the preview have the tour's signature.
  const pages = await stage.get(`${paste}&pages=${encodeURIComponent('https://artist.example/tour')}&name=Own`, { headers });
  const rules = [...pages.text.matchAll(/(?:\/tour\/songkick\/90004004\/)?\?([^"'<>\s]*sig=\w{32})/g)].map(([, query]) =>
    query.replaceAll(/&amp;(amp;)?/g, '&').replaceAll('\\%', '%')).filter((query) => !query.startsWith('id='));
  assert.ok(rules.length >= 1, 'no rule is signed');
  for (const query of new Set(rules)) {
    for (const page of ['', 'dates.ics']) {
      const got = await stage.get(`/tour/songkick/90004004/${page}?${query}`);
      assert.equal(got.status, 200, `${query}: ${got.text}`);
    }
  }
  const denied = await stage.get('/?q=https%3A%2F%2Fwww.songkick.com%2Fartists%2F90004005', { headers });
  assert.match(denied.text, /does not serve this artist/);
});

scenario('A key is changed without an hour in which links are refused.', { marquee: false }, async (stage) => {
  close(stage);
  await stage.startMarquee();
  const old = await sign(stage, '/api/songkick/artist?id=90004004');
  const next = randomBytes(20).toString('hex');
  writeFileSync(stage.file('next.key'), next);
  const reload = async (access) => {
    const before = stage.marquee.output().match(/event=reloaded/g)?.length ?? 0;
    stage.changeSettings({ access: { ...stage.settings.access, ...access } });
    stage.marquee.signal('SIGHUP');
    for (let i = 0; i < 200 && (stage.marquee.output().match(/event=reloaded/g)?.length ?? 0) === before; i++) {
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  const byNext = signedBy(next, { id: '90004004' });
  await refused(stage, byNext, /does not belong/);
  await reload({ next_key_file: stage.file('next.key') });
  assert.deepEqual([(await stage.get(old)).status, (await stage.get(byNext)).status], [200, 200]);
  await reload({ key_file: stage.file('next.key') });
  assert.equal((await stage.get(byNext)).status, 200);
  await refused(stage, old, /does not belong/);
});

scenario('The examples in PHP, Node and Python sign as marquee does.', { marquee: false }, async (stage) => {
  close(stage);
  await stage.startMarquee();
  const cases = [['artist', { id: '90004004' }, 0], ['artist', { id: '90004004', format: 'html', markup: 'only', limit: '3', calendar: '1' }, 4000000000],
    ['artist', { id: '90004004', name: 'J\u00f6rg & Co', weburl: 'https://artist.example/?a=b', indent: '1' }, 0],
    ...['html', 'ics', 'jsonld'].flatMap((format) => ['en', 'en-US', 'de'].map((lang) =>
      ['artist', { id: '90004004', format, lang, ...(format === 'html' ? { calendar: '1' } : {}) }, 0])),
    ['search', { q: 'velvet' }, 4000000000]];
  const php = 'require $argv[1]; [$k, $r, $p, $e] = json_decode($argv[2], true); echo marquee_link("", $k, "songkick", $r, $p, $e);';
  const python = 'import json, sys; sys.path.insert(0, sys.argv[1]); from sign import marquee_link\n'
    + 'k, r, p, e = json.loads(sys.argv[2]); print(marquee_link("", k, "songkick", r, p, e), end="")';
  for (const [resource, parameters, expires] of cases) {
    const words = JSON.stringify([stage.linkKey, resource, parameters, expires]);
    const links = {
      node: marqueeLink('', stage.linkKey, 'songkick', resource, parameters, expires),
      php: (await run(['php', '-r', php, '--', join(root, 'deploy/examples/sign.php'), words])).stdout,
      python: (await run(['python3', '-B', '-c', python, join(root, 'deploy/examples'), words])).stdout,
    };
    for (const [language, link] of Object.entries(links)) {
      const got = await stage.get(link);
      assert.equal(got.status, 200, `${language}: ${link}: ${got.text}`);
    }
  }
});

scenario('Settings that would leave a hole are refused, and wrong use of sign is said.', { marquee: false }, async (stage) => {
  close(stage);
  const check = async (access) => stage.runMarquee(['check-config', await stage.writeConfiguration({ access })]);
  for (const [access, words] of [
    [{ form_password_file: '' }, /form_password_file: is missing: .* would sign links for everybody/],
    [{ key_file: stage.file('none') }, /marquee\.ini:\d+: \[access\] key_file = .*none: No such file/],
    [{ key_file: stage.file('short') }, /key_file: the key must have 16 to 256 bytes/],
    [{ artists: 'x '.repeat(80) + 'y'.repeat(10) }, null],
  ]) {
    writeFileSync(stage.file('short'), 'abc');
    const got = await check(access);
    if (words === null) assert.equal(got.code, 0, got.stderr);
    else assert.match(got.stderr, words);
  }
  const ini = await stage.writeConfiguration();
  for (const [words, said] of [[['sign'], /needs one link/], [['sign', '/nothing', '--config', ini], /no link to a document/],
    [['sign', '/api/songkick/artist?id=x', '--config', ini], /no link to a document/],
    [['sign', '/api/songkick/artist?id=1&sig=1', '--config', ini], /leave them out/],
    [['sign', '/api/songkick/artist?id=1', '--days', '0', '--config', ini], /--days must be/],
    [['sign', '/api/songkick/artist?id=1'], /key_file is empty/], [['get', 'songkick', 'artist', 'id=1', '--days', '3'], /--days/]]) {
    const got = await stage.runMarquee(words);
    assert.equal(got.code, 2, words.join(' '));
    assert.match(got.stderr, said);
  }
});

// ---- purge ----

// memcached had it still after a restart, and other instances in memory too.
scenario('What is purged is forgotten by every instance that shares the memcached, and after a restart.', { memcached: true }, async (stage) => {
  const asked = async (get) => {
    await stage.resetCounters();
    assert.equal((await get()).status, 200);
    return (await stage.counters()).requests;
  };
  const [one, two, third] = [90004004, 90004005, 90004006].map((id) => `/api/songkick/artist?id=${id}`);
  const purge = async (id) => {
    const got = await stage.runMarquee(['purge', 'songkick', id, '--config', stage.file('marquee.ini')]);
    assert.equal(got.code, 0, got.stderr);
    await sleep(1100); // what is made within the second is older than what was forgotten
  };
  const first = stage.marquee, port = stage.httpsPort;
  const ofFirst = (target) => getHttps(port, stage.ca, target);
  for (const target of [one, two]) await ofFirst(target);
  await until('memcached to have both', async () => (await stage.metric('memcached_puts')) >= 18); // with their answers
  await stage.startMarquee();
  for (const target of [one, two]) assert.equal(await asked(() => stage.get(target)), 0, 'they come from memcached');
  await purge('90004004');
  await purge('90004005');
  await stage.restartMarquee();
  assert.ok((await asked(() => stage.get(two))) > 0, 'it came from memcached');
  assert.equal(await asked(() => stage.get(two)), 0, 'what is made anew is kept');
  await until('the other instance to forget it', async () => (await asked(() => ofFirst(one))) > 0, 45_000);
  assert.deepEqual(await first.stop(), { code: 0, signal: null });
});

scenario('marquee purge forgets an artist in memory and in memcached, and nothing else.', { memcached: true }, async (stage) => {
  const purge = (...words) => stage.runMarquee(['purge', ...words, '--config', stage.file('marquee.ini')]);
  const asked = async (target) => {
    await stage.resetCounters();
    assert.equal((await stage.get(target)).status, 200, target);
    return (await stage.counters()).requests;
  };
  const [one, other] = ['/api/songkick/artist?id=90004004', '/api/songkick/artist?id=90004005'];
  for (const target of [one, `${one}&format=ics`, other, '/tour/songkick/90004004/']) await stage.get(target);
  assert.deepEqual([await asked(one), await asked(other)], [0, 0]);
  const got = await purge('songkick', '90004004');
  assert.equal(got.code, 0, got.stderr);
  assert.ok(Number(/^(\d+) entries forgotten\n$/.exec(got.stdout)[1]) >= 4, got.stdout);
  assert.equal(await asked(other), 0);
  // memcached has the document still, and it is not taken from there.
  await sleep(1100);
  assert.ok((await asked(one)) > 0, 'it came from memcached');
  assert.equal(await asked(one), 0, 'what is made anew is kept');
  assert.match(stage.marquee.output(), /event=purged provider=songkick id=90004004 entries=\d+/);
  for (const [words, code, said] of [[['songkick'], 2, /needs a provider and an id/], [['nobody', '1'], 1, /provider of this service/],
    [['songkick', 'x'.repeat(500)], 1, /./], [['songkick', ''], 1, /provider of this service/]]) {
    const wrong = await purge(...words);
    assert.equal(wrong.code, code, words.join(' ').slice(0, 40));
    assert.match(wrong.stderr, said);
  }
  // A page in a browser of the same machine cannot do it.
  assert.equal((await getHttp(stage.adminPort, '/purge?provider=songkick&id=90004005')).status, 403);
  assert.equal(await asked(other), 0);
});
