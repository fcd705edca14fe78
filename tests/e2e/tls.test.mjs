// HTTPS as clients meet it: versions, protocols, the redirect of the plain port, certificates.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import net from 'node:net';
import tls from 'node:tls';

import { artist, getHttp, marqueeProgram, root, run, scenario, until, within } from './harness.mjs';

const SMALL = 90004004;

// A handshake: the socket, or null when it is refused.
function handshake(stage, options = {}) {
  const done = new Promise((resolve) => {
    const socket = tls.connect({
      host: '127.0.0.1', port: stage.httpsPort, servername: 'localhost', ca: stage.ca, ...options,
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', () => resolve(null));
    socket.once('close', () => resolve(null));
  });
  return within(10_000, 'the end of a handshake', done);
}

scenario('TLS 1.2 and 1.3 are spoken, older versions refused.', {}, async (stage) => {
  for (const [version, spoken] of [['TLSv1', false], ['TLSv1.1', false], ['TLSv1.2', true], ['TLSv1.3', true]]) {
    // Security level 0: otherwise our own side would refuse the old versions.
    const socket = await handshake(stage, { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' });
    assert.equal(socket !== null, spoken, version);
    if (spoken) assert.equal(socket.getProtocol(), version);
    socket?.destroy();
  }
});

scenario('Ciphers without forward secrecy are refused.', {}, async (stage) => {
  const limits = { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:AES256-SHA:@SECLEVEL=0' };
  assert.equal(await handshake(stage, limits), null);
});

scenario('HTTP/2 is chosen where the client has it, HTTP/1.1 otherwise, nothing else.', {}, async (stage) => {
  for (const [offered, chosen] of [
    [['h2', 'http/1.1'], 'h2'], [['http/1.1', 'h2'], 'h2'], [['http/1.1'], 'http/1.1'], [undefined, false],
  ]) {
    const socket = await handshake(stage, { ALPNProtocols: offered });
    assert.equal(socket.alpnProtocol, chosen, `${offered}`);
    socket.destroy();
  }
  assert.equal(await handshake(stage, { ALPNProtocols: ['spdy/3'] }), null);
});

scenario('A handshake that fails ends with the alert that says why.', {}, async (stage) => {
  const failure = (options) => within(10_000, 'the failure', new Promise((resolve) => {
    const socket = tls.connect({
      host: '127.0.0.1', port: stage.httpsPort, servername: 'localhost', ca: stage.ca, ...options,
    });
    socket.once('error', (error) => resolve(error.code));
    socket.once('secureConnect', () => resolve('it succeeded'));
  }));
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
  const weak = { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:AES256-SHA:@SECLEVEL=0' };
  assert.match(await failure(old), /ALERT_PROTOCOL_VERSION/);
  assert.match(await failure(weak), /ALERT_HANDSHAKE_FAILURE/);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    assert.match(await failure({ maxVersion, ALPNProtocols: ['spdy/3'] }), /ALERT_NO_APPLICATION_PROTOCOL/, maxVersion);
  }
  assert.match(await failure({ ecdhCurve: 'secp521r1' }), /ALERT_HANDSHAKE_FAILURE/);
  // A ClientHello that is none.
  const answer = await within(10_000, 'the end', new Promise((resolve) => {
    const socket = net.connect(stage.httpsPort, '127.0.0.1', () => socket.write(Buffer.from('160301000901000005ffffffffff', 'hex')));
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {}).on('close', () => resolve(Buffer.concat(chunks)));
  }));
  assert.equal(answer.subarray(0, 2).toString('hex'), '1503', 'no alert');
  assert.equal(answer[5], 2, 'not fatal');
});

scenario('http2 = no leaves HTTP/1.1 alone.', { settings: { listen: { http2: 'no' } } }, async (stage) => {
  const socket = await handshake(stage, { ALPNProtocols: ['h2', 'http/1.1'] });
  assert.equal(socket.alpnProtocol, 'http/1.1');
  socket.destroy();
  assert.equal((await stage.get(artist(SMALL))).status, 200);
});

scenario('A session is resumed, whichever thread it comes to.', { settings: { listen: { threads: 4 } } },
  async (stage) => {
    const first = await handshake(stage, { maxVersion: 'TLSv1.2' });
    const session = first.getSession();
    first.destroy();
    for (let i = 0; i < 8; i++) {
      const socket = await handshake(stage, { maxVersion: 'TLSv1.2', session });
      assert.ok(socket.isSessionReused());
      socket.destroy();
    }
  });

// Browsers use a ticket of TLS 1.3 once: every second connection had a whole handshake.
scenario('Each resumed connection of TLS 1.3 brings the ticket of the next.', {}, async (stage) => {
  let session;
  for (let i = 0; i < 5; i++) {
    const socket = await handshake(stage, { minVersion: 'TLSv1.3', session });
    assert.equal(socket.isSessionReused(), i > 0, `connection ${i}`);
    session = await within(10_000, 'a ticket', new Promise((resolve) => {
      socket.once('session', resolve);
      socket.resume().write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    }));
    socket.destroy();
  }
});

scenario('Instances that share their ticket keys by a file resume each other\'s sessions, also after a restart.', {
  marquee: false,
}, async (stage) => {
  const keys = stage.file('ticket-keys');
  stage.settings.tls = { ...stage.settings.tls, ticket_keys: keys };
  await stage.startMarquee();
  const [first, firstPort] = [stage.marquee, stage.httpsPort];
  await stage.startMarquee();
  const resumed = async (port, session) => {
    const socket = await handshake({ ...stage, httpsPort: port, ca: stage.ca }, { maxVersion: 'TLSv1.2', session });
    const reused = socket.isSessionReused();
    const next = socket.getSession();
    socket.destroy();
    return { reused, next };
  };
  const { next: session } = await resumed(firstPort);
  assert.equal((await resumed(stage.httpsPort, session)).reused, true, 'the other instance');
  await first.stop();
  await stage.marquee.stop();
  await stage.startMarquee();
  assert.equal((await resumed(stage.httpsPort, session)).reused, true, 'after a restart');
  assert.equal(statSync(keys).mode & 0o777, 0o600);
  assert.ok(!stage.marquee.output().includes(readFileSync(keys, 'utf8').split(' ')[1].slice(0, 32)), 'logged');
});

scenario('A file of ticket keys that cannot be used keeps the service from starting, and says what to do.', {
  marquee: false,
}, async (stage) => {
  const file = stage.file('no-keys');
  writeFileSync(file, 'these are no keys\n');
  stage.settings.tls = { ...stage.settings.tls, ticket_keys: file };
  await assert.rejects(stage.startMarquee());
  const checked = await run([marqueeProgram, 'check-config', stage.file('marquee.ini')]);
  assert.equal(checked.code, 2);
  assert.match(checked.stderr, /ticket_keys = .*remove it/);
  assert.match(stage.marquee.output(), /\[tls\] ticket_keys = .*no-keys: no keys of session tickets in it; remove it/);
});

scenario('The plain port redirects to HTTPS with 308 and keeps path and query.', {}, async (stage) => {
  const target = '/api/songkick/artist?skid=6395144&name=Milky+Chance&weburl=https%3A%2F%2Fa.example%2F%3Fx';
  for (const method of ['GET', 'HEAD']) {
    const got = await getHttp(stage.httpPort, target, { method });
    assert.equal(got.status, 308);
    assert.equal(got.headers.location, `https://127.0.0.1:${stage.httpsPort}${target}`);
    assert.equal(got.headers['strict-transport-security'], undefined, 'RFC 6797: not over plain HTTP');
  }
  for (const host of ['localhost', `localhost:${stage.httpPort}`]) {
    const got = await getHttp(stage.httpPort, '/', { headers: { host } });
    assert.equal(got.headers.location, `https://localhost:${stage.httpsPort}/`);
  }
  assert.equal((await stage.counters()).requests, 0);
});

scenario('The HTTPS port answers plain HTTP with a 308 to itself, as calendars and people with a port in the address come.', {},
  async (stage) => {
    const target = '/api/songkick/artist?skid=6395144&format=ics';
    for (const method of ['GET', 'HEAD']) {
      const got = await getHttp(stage.httpsPort, target, { method });
      assert.equal(got.status, 308);
      assert.equal(got.headers.location, `https://127.0.0.1:${stage.httpsPort}${target}`);
      assert.equal(got.headers['strict-transport-security'], undefined, 'RFC 6797: not over plain HTTP');
    }
    const forwarded = await getHttp(stage.httpsPort, '/', { headers: { host: 'events.example:8443' } });
    assert.equal(forwarded.headers.location, 'https://events.example:8443/');
    assert.equal((await getHttp(stage.httpsPort, '/', { method: 'DELETE' })).status, 405);
    assert.equal((await getHttp(stage.httpsPort, '/', { headers: { host: 'a b' } })).status, 400);
    assert.equal((await stage.counters()).requests, 0);
    assert.equal((await stage.get('/robots.txt')).status, 200);
  });

scenario('A client that sends nothing, or begins plain HTTP on the HTTPS port and does not end it, is cut off.', {
  settings: { listen: { request_timeout_ms: 1000 } },
}, async (stage) => {
  await Promise.all(['', 'G', 'GET / HTTP/1.1\r\nX-Slow: '].map((bytes) => {
    const socket = net.connect(stage.httpsPort, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => {}).resume();
    return within(8000, `the end after ${JSON.stringify(bytes)}`, new Promise((done) => socket.once('close', done)));
  }));
});

scenario('The plain port refuses a target that is no UTF-8, as HTTPS does.', {}, async (stage) => {
  const answer = await new Promise((resolve, reject) => {
    const socket = net.connect(stage.httpPort, '127.0.0.1', () => socket.write(
      Buffer.from('GET /\xc0\xaf HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 'latin1')));
    let text = '';
    socket.setTimeout(20000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => { text += chunk.toString('latin1'); });
    socket.on('end', () => resolve(text)).on('error', reject);
  });
  assert.match(answer, /^HTTP\/1\.1 400 /);
});

scenario('The redirect leads to the public URL, whatever Host says.', {
  settings: { site: { public_url: 'https://events.example' } },
}, async (stage) => {
  const got = await getHttp(stage.httpPort, '/x?y=z', { headers: { host: 'evil.example' } });
  assert.equal(got.headers.location, 'https://events.example/x?y=z');
  for (const path of ['//evil.example/', '/\\evil.example']) {
    const other = await getHttp(stage.httpPort, path);
    if (other.status === 308) assert.ok(other.headers.location.startsWith('https://events.example/'), path);
  }
});

scenario('Every answer over HTTPS carries Strict-Transport-Security.', {}, async (stage) => {
  for (const path of ['/', artist(SMALL), artist(4041234), '/nothing', '/api/songkick/artist?id=abc']) {
    for (const got of [await stage.get(path), await stage.getH2(path)]) {
      assert.match(got.headers['strict-transport-security'], /^max-age=\d{7,}/, path);
      assert.equal(got.headers['x-content-type-options'], 'nosniff', path);
    }
  }
});

scenario('SIGHUP brings a new certificate without losing a connection.', { marquee: false }, async (stage) => {
  const own = stage.file('tls');
  mkdirSync(own);
  for (const name of ['ca.pem', 'ca.key', 'cert.pem', 'key.pem']) {
    copyFileSync(join(stage.certificates, name), join(own, name));
  }
  stage.settings.tls = { certificate: join(own, 'cert.pem'), key: join(own, 'key.pem') };
  await stage.startMarquee();
  const old = await handshake(stage);
  const client = stage.openH2();
  assert.equal((await client.get(artist(SMALL))).status, 200);
  execFileSync('rm', [join(own, 'cert.pem')]);
  execFileSync(join(root, 'deploy/make-certificates'), [own]); // another one of the same authority
  stage.marquee.signal('SIGHUP');
  await until('the new certificate', () => /event=reloaded/.test(stage.marquee.output()));
  const renewed = await handshake(stage);
  assert.notEqual(renewed.getPeerCertificate().serialNumber, old.getPeerCertificate().serialNumber);
  renewed.destroy();
  old.destroy();
  assert.equal((await client.get(artist(SMALL))).status, 200, 'the old connection lives on');
});

scenario('A certificate that cannot be read at SIGHUP leaves the old one in use.', { marquee: false },
  async (stage) => {
    const own = stage.file('cert.pem');
    copyFileSync(join(stage.certificates, 'cert.pem'), own);
    stage.settings.tls = { certificate: own };
    await stage.startMarquee();
    execFileSync('rm', [own]);
    stage.marquee.signal('SIGHUP');
    await until('the refusal', () => /event=reload_failed/.test(stage.marquee.output()));
    assert.equal((await stage.get(artist(SMALL))).status, 200);
  });
