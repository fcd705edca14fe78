// Wrong configuration: one line that says where and what to do, exit status 2, nothing started. And where settings
// come from.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { artist, freePort, isListening, root, scenario } from './harness.mjs';

const ALONE = { simulator: false, marquee: false };

// Runs `serve` with this text for a configuration; it must end by itself with one line and status 2.
async function refused(stage, text, env = {}) {
  const ini = stage.file('wrong.ini');
  writeFileSync(ini, text);
  const got = await stage.runMarquee(['serve', '--config', ini], { env });
  assert.equal(got.code, 2, got.stderr);
  assert.equal(got.stdout, '');
  assert.match(got.stderr, /^[^\n]{20,}\n$/, 'one line');
  assert.ok(!got.stderr.includes(stage.keyMark));
  return got.stderr;
}

async function sound(stage) {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const [certificate, key] = ['cert.pem', 'key.pem'].map((name) => join(stage.certificates, name));
  return {
    ports,
    listen: `[listen]\nhttps = 127.0.0.1:${ports[0]}\nhttp = 127.0.0.1:${ports[1]}\nadmin = 127.0.0.1:${ports[2]}\n`,
    tls: `[tls]\ncertificate = ${certificate}\nkey = ${key}\n`,
  };
}

scenario('A line that is wrong is named with file, line and remedy.', ALONE, async (stage) => {
  const { listen, tls, ports } = await sound(stage);
  const before = listen.split('\n').length + tls.split('\n').length - 2;
  for (const [lines, line, remedy] of [
    ['[cache]\nmemroy_mb = 64', 2, /memroy_mb/],
    ['[cash]\nmemory_mb = 64', 1, /\[cash\].*check-config/],
    ['[cash]', 1, /\[cash\]/],
    ['[cache]\nmemory_mb = lots', 2, /memory_mb.*whole number from 1 to/],
    ['[cache]\nmemory_mb = 64M', 2, /memory_mb.*without a unit/],
    ['[cache]\nmemory_mb = -1', 2, /memory_mb.*from 1 to/],
    ['[cache]\nmemory_mb = 0', 2, /memory_mb.*from 1 to/],
    ['[cache]\nmemory_mb = 99999999999999999999', 2, /memory_mb/],
    ['[cache]\nmemory_mb =', 2, /memory_mb/],
    ['[cache]\nmemory_mb = 1\nmemory_mb = 2', 3, /memory_mb.*twice/],
    ['[cache]\nmemory_mb', 2, /name = value|memory_mb/],
    ['[songkick]\nenabled = maybe', 2, /enabled.*yes or no/],
    ['[songkick]\nbase_url = http://api.songkick.com', 2, /base_url.*https/],
    ['[songkick]\nfresh_s = 4h', 2, /fresh_s.*without a unit/],
  ]) {
    const said = await refused(stage, `${listen}${tls}${lines}\n`);
    assert.ok(said.includes(`wrong.ini:${before + line}:`), `${lines}: ${said}`);
    assert.match(said, remedy, lines);
  }
  for (const port of ports) assert.equal(await isListening(port), false);
});

scenario('A certificate or key that cannot be used is named with the remedy.', ALONE, async (stage) => {
  const { listen } = await sound(stage);
  const [cert, key, ca] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => join(stage.certificates, name));
  writeFileSync(stage.file('no.pem'), 'nothing of the kind\n');
  for (const [certificate, private_key, said] of [
    [stage.file('missing.pem'), key, /missing\.pem.*certificate/],
    [cert, stage.file('missing.pem'), /missing\.pem.*key/],
    [stage.directory, key, /certificate/i],
    [stage.file('no.pem'), key, /no\.pem.*PEM/],
    [cert, stage.file('no.pem'), /no\.pem.*PEM/],
    [ca, key, /key\.pem.*does not belong.*ca\.pem/],
  ]) {
    assert.match(await refused(stage, `${listen}[tls]\ncertificate = ${certificate}\nkey = ${private_key}\n`), said);
  }
  assert.match(await refused(stage, `${listen}[tls]\nkey = ${key}\n`), /\[tls\] certificate.*PEM/);
  assert.match(await refused(stage, `${listen}[tls]\ncertificate = ${cert}\n`), /\[tls\] key.*PEM/);
});

scenario('A port in use is named with the remedy, and no other port is opened.', ALONE, async (stage) => {
  const server = net.createServer();
  const busy = await new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
  try {
    for (const name of ['https', 'http', 'admin']) {
      const { listen, tls, ports } = await sound(stage);
      const text = listen.replace(new RegExp(`^${name} = .*`, 'm'), `${name} = 127.0.0.1:${busy}`) + tls;
      const said = await refused(stage, text);
      assert.ok(said.includes(`127.0.0.1:${busy}`), said);
      assert.match(said, /in use/);
      assert.match(said, /stop it|change/);
      for (const port of ports) assert.equal(await isListening(port), false);
    }
  } finally {
    server.close();
  }
});

scenario('Addresses that are none are refused.', ALONE, async (stage) => {
  const { tls } = await sound(stage);
  for (const address of ['localhost:8443', '127.0.0.1', '127.0.0.1:', '127.0.0.1:70000', '::1:8443', '1.2.3:1']) {
    const said = await refused(stage, `[listen]\nhttps = ${address}\nhttp =\nadmin =\n${tls}`);
    assert.ok(said.includes(address), said);
  }
  assert.match(await refused(stage, `[listen]\nhttps =\n${tls}`), /https.*empty/);
});

scenario('Settings that make no sense together are refused.', ALONE, async (stage) => {
  const { listen, tls } = await sound(stage);
  for (const [lines, said] of [
    ['[songkick]\nkeep_s = 86401', /keep_s.*86400/],
    ['[ticketmaster]\nfresh_s = 172800', /\[ticketmaster\] fresh_s = 172800 .*at most 86400/],
    ['[musicbrainz]\nrequests_per_s = 50', /\[musicbrainz\] requests_per_s = 50 .*at most 1/],
    [`[songkick]\nca_file = ${stage.file('missing.pem')}`, /ca_file/],
    ['[log]\nlevel = loud', /level.*debug/],
    ['[cache]\nmemcached = host:port:port', /memcached/],
    ['[listen]\ntrusted_proxies = 10.0.0.0/33', /trusted_proxies.*10\.0\.0\.0\/8/],
  ]) {
    assert.match(await refused(stage, `${listen}${tls}${lines}\n`), said);
  }
});

// A service that no document of any artist fitted was let start.
scenario('A limit that one page of events and its venue do not fit is refused; one that they just fit is taken.', {
  marquee: false,
}, async (stage) => {
  const limits = { max_document_bytes: 524288 };
  const least = { limits, musicbrainz: { contact: 'a@b.example' } };
  const ini = await stage.writeConfiguration(least);
  for (const [provider, id] of [
    ['songkick', '80050001'], ['bandsintown', 'id_80050001'], ['ticketmaster', 'K8vZ80050001'],
  ]) {
    const got = await stage.runMarquee(['get', provider, 'artist', `id=${id}`, '--config', ini]);
    assert.equal(got.code, 0, got.stderr);
    assert.ok(JSON.parse(got.stdout).length > 20, 'the page was a short one');
  }
  const low = await stage.writeConfiguration({ limits: { max_document_bytes: limits.max_document_bytes - 1 } });
  const got = await stage.runMarquee(['check-config', low]);
  assert.equal(got.code, 2);
  assert.match(got.stderr, /max_document_bytes in \[limits\] must be from 524288 /);
});

scenario('A key file that is missing or empty is refused, and one that is there is used.', { marquee: false },
  async (stage) => {
    const { listen, tls } = await sound(stage);
    const file = stage.file('songkick.key');
    const noKey = { MARQUEE_SONGKICK_API_KEY: '' };
    const text = `${listen}${tls}[songkick]\napi_key_file = ${file}\n`;
    assert.match(await refused(stage, text, noKey), /songkick\.key/);
    writeFileSync(file, '\n');
    assert.match(await refused(stage, text, noKey), /songkick\.key.*empty/);
    writeFileSync(file, `  ${stage.apiKey}\n`);
    stage.settings.songkick = { api_key_file: file };
    Object.defineProperty(stage, 'environment', { value: { ...stage.environment, ...noKey } });
    await stage.startMarquee();
    assert.equal((await stage.get(artist(90004004))).status, 200);
  });

// As systemd does it: a file of the directory is the credential ID_FILE.
scenario('With the unit\'s directory of keys those of any providers do.', { marquee: false }, async (stage) => {
  const unit = readFileSync(join(root, 'deploy/marquee.service'), 'utf8');
  const loads = [...unit.matchAll(/^LoadCredential=([^:\n]+)(?::(.*))?$/gm)];
  assert.deepEqual(loads.map(([, , path]) => path), ['/etc/marquee/keys']);
  const credentials = stage.file('credentials');
  mkdirSync(credentials);
  const ini = await stage.writeConfiguration();
  const environment = { CREDENTIALS_DIRECTORY: credentials };
  for (const name of ['BANDSINTOWN', 'SONGKICK', 'TICKETMASTER']) environment[`MARQUEE_${name}_API_KEY`] = '';
  for (const [name, there] of [[null, []], ['ticketmaster', ['ticketmaster']],
    ['bandsintown', ['bandsintown', 'ticketmaster']]]) {
    if (name !== null) writeFileSync(join(credentials, `${loads[0][1]}_${name}.key`), `${stage.apiKey}\n`);
    const got = await stage.runMarquee(['check-config', ini], { env: environment });
    assert.equal(got.code, 0, got.stderr);
    const withKey = [...got.stdout.matchAll(/^\[(\w+)\]\n(?:(?!\[).*\n)*?api_key = \(set\)$/gm)];
    assert.deepEqual(withKey.map(([, section]) => section).sort(), there);
  }
});

scenario('A wrong variable of the environment is named.', ALONE, async (stage) => {
  const { listen, tls } = await sound(stage);
  const text = listen + tls;
  assert.match(await refused(stage, text, { MARQUEE_NO_SUCH: '1' }), /MARQUEE_NO_SUCH/);
  assert.match(await refused(stage, text, { MARQUEE_LISTEN_THREADS: 'x' }), /MARQUEE_LISTEN_THREADS.*number/);
});

scenario('The environment wins over the file.', { marquee: false }, async (stage) => {
  const ini = await stage.writeConfiguration({ cache: { memory_mb: 7 } });
  const ask = (env) => stage.runMarquee(['check-config', ini], { env });
  assert.match((await ask({})).stdout, /^memory_mb = 7$/m);
  assert.match((await ask({ MARQUEE_CACHE_MEMORY_MB: '9' })).stdout, /^memory_mb = 9$/m);
  assert.match((await ask({ MARQUEE_SONGKICK_VENUE_FRESH_S: '11' })).stdout, /^venue_fresh_s = 11$/m);
});

scenario('check-config prints every setting but no secret, and finds what serve would.', { marquee: false },
  async (stage) => {
    const ini = await stage.writeConfiguration();
    const good = await stage.runMarquee(['check-config', ini]);
    assert.equal(good.code, 0, good.stderr);
    for (const section of ['listen', 'tls', 'site', 'cache', 'limits', 'log', 'songkick']) {
      assert.ok(good.stdout.includes(`[${section}]\n`), section);
    }
    assert.match(good.stdout, /^api_key = \(set\)$/m);
    assert.ok(!good.stdout.includes(stage.keyMark));
    const bad = await stage.runMarquee(['check-config', stage.file('missing.ini')]);
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /missing\.ini.*read/);
  });

scenario('What makes little sense is said, and served with all the same.', { marquee: false }, async (stage) => {
  const memory = { cache: { memory_mb: 8 } };
  const got = await stage.runMarquee(['check-config', await stage.writeConfiguration(memory)]);
  assert.equal(got.code, 0);
  assert.match(got.stderr, /^marquee: warning: \S+\.ini:\d+: \[cache\] memory_mb = 8 .*give memory_mb = \d+.*\n$/);
  const fresh = { songkick: { fresh_s: 90, venue_fresh_s: 91, keep_s: 60 } };
  const two = await stage.runMarquee(['check-config', await stage.writeConfiguration(fresh)]);
  assert.equal(two.code, 0);
  assert.match(two.stderr, /^.*\[songkick\] fresh_s = 90 .*\n.*\[songkick\] venue_fresh_s = 91 .*\n$/);
  const usual = await stage.runMarquee(['check-config', await stage.writeConfiguration()]);
  assert.deepEqual([usual.code, usual.stderr], [0, '']);
  stage.settings = memory;
  await stage.startMarquee();
  assert.match(stage.marquee.output(), /event=configuration .*memory_mb = 8/);
});

scenario('A file with settings that became constants is served with, and each is said.', { marquee: false },
  async (stage) => {
    const old = { limits: { max_rounds: 1000, max_questions: 600 }, songkick: { patience_ms: 100 } };
    const got = await stage.runMarquee(['check-config', await stage.writeConfiguration(old)]);
    assert.equal(got.code, 0, got.stderr);
    assert.match(got.stderr, /:\d+: max_rounds in \[limits\] is a constant now and has no effect; leave it out\n/);
    assert.match(got.stderr, /:\d+: patience_ms in \[songkick\] is called supplement_timeout_ms now; rename it\n/);
    assert.match(got.stdout, /^supplement_timeout_ms = 100$/m);
  });

scenario('Usage is explained, and wrong usage has status 2.', ALONE, async (stage) => {
  assert.match((await stage.runMarquee(['--version'])).stdout, /^marquee \d+\.\d+\.\d+\n$/);
  for (const words of [['--help'], ['serve', '--help'], ['get', '--help'], ['check-config', '--help'],
    ['check-config', '--sample']]) {
    const got = await stage.runMarquee(words);
    assert.equal(got.code, 0, words.join(' '));
    assert.match(got.stdout, /marquee/);
  }
  for (const words of [[], ['perform'], ['serve', '--port', '1'], ['serve', '--config'], ['check-config'], ['get'],
    ['serve', 'extra'], ['serve', '--sample']]) {
    const got = await stage.runMarquee(words);
    assert.equal(got.code, 2, words.join(' '));
    assert.equal(got.stdout, '');
    assert.ok(got.stderr.length > 20);
  }
});
