// Behind proxies: plain HTTP for those that end TLS, and the PROXY protocol, from trusted addresses alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';

import { artist, freePort, getHttp, scenario, sleep, until } from './harness.mjs';

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

function v2(command, family, addresses, extra = Buffer.alloc(0)) {
  const head = Buffer.alloc(16);
  SIGNATURE.copy(head);
  head[12] = command;
  head[13] = family;
  head.writeUInt16BE(addresses.length + extra.length, 14);
  return Buffer.concat([head, addresses, extra]);
}

const v4 = (address) => Buffer.from([...address.split('.').map(Number), 192, 0, 2, 9, 0x12, 0x34, 0x01, 0xbb]);

// Sends the header and then asks over TLS; the answer's text, '' when the connection is closed instead.
function askBehind(stage, port, header, { pieces = 1, from = '127.0.0.1', target = artist(90004004), headers = '' } = {}) {
  return new Promise((done) => {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: from });
    let text = '';
    const finish = () => {
      socket.destroy();
      done(text);
    };
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('connect', async () => {
      for (let i = 0; i < pieces; i++) {
        socket.write(header.subarray(Math.floor((header.length * i) / pieces), Math.floor((header.length * (i + 1)) / pieces)));
        if (pieces > 1) await sleep(5);
      }
      if (socket.destroyed) return;
      const secure = tls.connect({ socket, ca: stage.ca, servername: 'localhost' }, () => {
        secure.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`);
      });
      secure.on('data', (part) => (text += part));
      secure.on('error', finish);
      secure.on('end', finish);
    });
  });
}

async function open(stage, trusted = '127.0.0.1') {
  stage.proxyPort = await freePort();
  stage.plainPort = await freePort();
  stage.settings.listen = {
    proxy_protocol: `127.0.0.1:${stage.proxyPort}`, plain: `127.0.0.1:${stage.plainPort}`, trusted_proxies: trusted,
  };
  await stage.startMarquee();
}

scenario('A PROXY header of version 1 or 2 is read, whole or in pieces, and TLS follows.', { marquee: false }, async (stage) => {
  await open(stage);
  for (const header of [
    Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n'), Buffer.from('PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n'),
    Buffer.from('PROXY UNKNOWN\r\n'), Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n'), v2(0x21, 0x11, v4('192.0.2.1')),
    v2(0x21, 0x21, Buffer.alloc(36, 1)), v2(0x20, 0, Buffer.alloc(0)), v2(0x21, 0, Buffer.alloc(0)),
    v2(0x21, 0x11, v4('192.0.2.1'), Buffer.alloc(508, 4)),
  ]) {
    for (const pieces of [1, header.length > 100 ? 7 : header.length]) {
      assert.match(await askBehind(stage, stage.proxyPort, header, { pieces }), /^HTTP\/1\.1 200 /, header.toString('latin1'));
    }
  }
});

scenario('What is no PROXY header is closed, and one that does not come is not waited for.', { marquee: false }, async (stage) => {
  await open(stage);
  for (const header of [
    'PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\n', 'PROXY TCP4 192.0.2.1 192.0.2.2 56324\r\n', 'PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n', 'PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n',
    'PROXY TCP4 ::1 ::1 1 2\r\n', 'PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n', 'PROXY TCP5 1 2 3 4\r\n', 'proxy UNKNOWN\r\n',
    `PROXY UNKNOWN ${'x'.repeat(100)}\r\n`, 'GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01',
  ].map((text) => Buffer.from(text, 'latin1')).concat([
    v2(0x31, 0x11, v4('192.0.2.1')), v2(0x22, 0x11, v4('192.0.2.1')), v2(0x21, 0x12, v4('192.0.2.1')), v2(0x21, 0x11, Buffer.alloc(11)),
    v2(0x21, 0x11, v4('192.0.2.1'), Buffer.alloc(509)),
  ])) {
    assert.equal(await askBehind(stage, stage.proxyPort, header), '', header.toString('latin1'));
  }
  const started_ms = performance.now();
  await new Promise((done) => {
    const socket = net.connect(stage.proxyPort, '127.0.0.1', () => socket.write('PROXY TCP4 192'));
    socket.on('close', done);
    socket.on('error', () => {});
    socket.resume();
  });
  assert.ok(performance.now() - started_ms > 700 && performance.now() - started_ms < 4000);
  assert.match(await askBehind(stage, stage.proxyPort, Buffer.from('PROXY UNKNOWN\r\n')), / 200 /);
});

scenario('The client of a PROXY header has a budget of its own, and no header of its own changes that.', {
  marquee: false, settings: { limits: { client_cold_per_minute: 1, client_cold_burst: 1, client_cold_parallel: 0 } },
}, async (stage) => {
  await open(stage);
  const of = (address) => Buffer.from(`PROXY TCP4 ${address} 192.0.2.2 1 443\r\n`);
  const status = async (address, id, headers) =>
    Number((await askBehind(stage, stage.proxyPort, of(address), { target: artist(id), headers })).slice(9, 12));
  assert.equal(await status('198.51.100.1', 90004001), 200);
  assert.equal(await status('198.51.100.1', 90004002), 429);
  assert.equal(await status('198.51.100.1', 90004003, 'X-Forwarded-For: 198.51.100.77\r\n'), 429);
  assert.equal(await status('198.51.100.2', 90004004), 200);
});

scenario('Plain HTTP serves the service to trusted proxies, by the client that they name.', {
  marquee: false, settings: { limits: { client_cold_per_minute: 1, client_cold_burst: 1, client_cold_parallel: 0 } },
}, async (stage) => {
  await open(stage);
  const ask = (id, from) => getHttp(stage.plainPort, artist(id), { headers: { host: 'events.test', 'x-forwarded-for': from } });
  const first = await ask(90004001, '198.51.100.1');
  assert.equal(first.status, 200);
  assert.equal(first.headers['content-type'], 'application/ld+json');
  assert.equal((await ask(90004002, '198.51.100.1')).status, 429);
  assert.equal((await ask(90004003, '198.51.100.2')).status, 200);
  assert.equal((await getHttp(stage.plainPort, '/')).status, 200);
});

scenario('Whoever is no trusted proxy is closed before a byte is read.', { marquee: false }, async (stage) => {
  await open(stage, '127.0.0.2');
  const closed = (port) => new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1');
    let got = 0;
    socket.on('data', (part) => (got += part.length));
    socket.on('error', () => {});
    socket.on('close', () => done(got === 0));
  });
  assert.ok(await closed(stage.plainPort));
  assert.ok(await closed(stage.proxyPort));
  const header = Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n');
  assert.equal(await askBehind(stage, stage.proxyPort, header), '');
  assert.match(await askBehind(stage, stage.proxyPort, header, { from: '127.0.0.2' }), / 200 /);
  const ini = await stage.writeConfiguration({ listen: { trusted_proxies: '' } });
  assert.match((await stage.runMarquee(['check-config', ini])).stderr, /\[listen\] plain = .* trusted_proxies alone, which is empty/);
});

scenario('Behind a proxy that ends TLS no certificate is needed, and the public URL is.', { marquee: false }, async (stage) => {
  const port = await freePort();
  const alone = {
    listen: { https: '', http: '', plain: `127.0.0.1:${port}`, trusted_proxies: '127.0.0.1' },
    tls: { certificate: '', key: '' }, site: { public_url: 'https://events.test' },
  };
  Object.assign(stage.settings, alone);
  await stage.startMarquee();
  const got = await getHttp(port, artist(90004004), { headers: { host: 'events.test' } });
  assert.equal(got.status, 200);
  assert.match(got.text, /https:\/\/events\.test\/songkick\/event/);
  assert.match(got.headers['strict-transport-security'], /max-age/);
  stage.marquee.signal('SIGHUP');
  await until('the reload', () => /event=reloaded/.test(stage.marquee.output()));
  assert.equal((await getHttp(port, artist(90004004))).status, 200);
  assert.equal((await stage.runMarquee(['check-config', stage.file('marquee.ini')])).code, 0);
  const ini = stage.changeSettings({ site: { public_url: '' } }, 'nowhere.ini');
  assert.match((await stage.runMarquee(['check-config', ini])).stderr, /\[site\] public_url is missing; without https/);
  const tls = stage.changeSettings({ listen: { https: `127.0.0.1:${await freePort()}` } }, 'tls.ini');
  assert.match((await stage.runMarquee(['check-config', tls])).stderr, /\[tls\] certificate is missing/);
});

scenario('Addresses for TLS keep their certificate over a reload that would take it away.', { marquee: false }, async (stage) => {
  await open(stage);
  stage.changeSettings({ listen: { https: '', proxy_protocol: '' }, tls: { certificate: '', key: '' }, site: { public_url: 'https://events.test' } });
  stage.marquee.signal('SIGHUP');
  await until('the refusal', () => /event=reload_failed why=".*certificate and key are needed/.test(stage.marquee.output()));
  assert.equal((await stage.get(artist(90004004))).status, 200);
});

// ---- challenges on the plain port ----

scenario('Challenges of a certificate authority are answered on the plain port, and nothing else of the directory.', {
  simulator: false, marquee: false,
}, async (stage) => {
  const directory = stage.file('challenges');
  mkdirSync(directory);
  mkdirSync(join(directory, 'folder'));
  const path = (name) => `/.well-known/acme-challenge/${name}`;
  writeFileSync(join(directory, 'a-Token_1'), 'a-Token_1.thumbprint');
  writeFileSync(join(directory, 'large'), Buffer.alloc(4097, 'x'));
  writeFileSync(join(directory, 'full'), Buffer.alloc(4096, 'x'));
  writeFileSync(join(directory, 'dot.txt'), 'x');
  symlinkSync('/etc/passwd', join(directory, 'link'));
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  stage.settings.listen = { acme_directory: directory };
  await stage.startMarquee();
  const got = await getHttp(stage.httpPort, path('a-Token_1'));
  assert.deepEqual([got.status, got.text], [200, 'a-Token_1.thumbprint']);
  assert.equal((await getHttp(stage.httpPort, path('full'))).text.length, 4096);
  for (const name of ['none', 'large', 'link', 'pipe', 'folder']) {
    assert.equal((await getHttp(stage.httpPort, path(name))).status, 404, name);
  }
  // What is no name of a challenge leads to HTTPS, like everything else.
  for (const name of ['', 'dot.txt', '..', '%2e%2e', 'a%2DToken_1', 'folder/x', 'a-Token_1?x', 'x'.repeat(129)]) {
    assert.equal((await getHttp(stage.httpPort, path(name))).status, 308, name);
  }
  assert.equal((await stage.get(path('a-Token_1'))).status, 404);
  const without = stage.changeSettings({ listen: { acme_directory: stage.file('nothing') } });
  assert.match((await stage.runMarquee(['check-config', without])).stderr, /\[listen\] acme_directory = .*nothing: is no directory/);
});

// ---- providers behind a proxy ----

function startProxy(credentials) {
  const asked = { tunnels: 0, refused: 0 };
  const server = http.createServer((request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => {});
    if (credentials !== null && request.headers['proxy-authorization'] !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      asked.refused++;
      socket.end('HTTP/1.1 407 No\r\n\r\n');
      return;
    }
    asked.tunnels++;
    const [, host, port] = /^(.*):(\d+)$/.exec(request.url);
    const upstream = net.connect(port, host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(Object.assign(asked, { server, port: server.address().port }))));
}

scenario('Providers are asked by the proxy of the configuration, and never by one of the environment.', { marquee: false },
  async (stage) => {
    const proxy = await startProxy('me:pass-word');
    try {
      stage.moreEnvironment = { https_proxy: `http://127.0.0.1:${proxy.port}`, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, ALL_PROXY: 'x' };
      await stage.startMarquee();
      assert.equal((await stage.get(artist(90004001))).status, 200);
      assert.deepEqual([proxy.tunnels, proxy.refused], [0, 0]);
      await stage.marquee.stop();
      stage.settings.upstream = { proxy: `http://me:pass-word@127.0.0.1:${proxy.port}` };
      await stage.startMarquee();
      assert.equal((await stage.get(artist(90004002))).status, 200);
      assert.ok(proxy.tunnels > 0);
      const shown = await stage.runMarquee(['check-config', stage.file('marquee.ini')]);
      assert.match(shown.stdout, /^proxy = \(set\)$/m);
      await stage.marquee.stop();
      stage.settings.upstream = { proxy: `http://me:wrong-one@127.0.0.1:${proxy.port}` };
      await stage.startMarquee();
      assert.equal((await stage.get(artist(90004003))).status, 502);
      assert.ok(proxy.refused > 0);
      assert.doesNotMatch(stage.marquee.output() + shown.stdout + (await getHttp(stage.adminPort, '/status.json')).text, /pass-word|wrong-one/);
      for (const wrong of ['127.0.0.1:1', 'ftp://a', 'http://', 'http://a.example/path']) {
        const refused = await stage.runMarquee(['check-config', stage.changeSettings({ upstream: { proxy: wrong } }, 'wrong.ini')]);
        assert.match(refused.stderr, /\[upstream\] proxy must be http/, wrong);
      }
    } finally {
      proxy.server.close();
      proxy.server.closeAllConnections();
    }
  });
