// Slow clients and the limits of the process: connections, descriptors, deadlines. A full service says so, does not
// spin, and is itself again as soon as there is room.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

import {
  Http2Client, artist, memory_mb, peakMemory_mb, processor_s, scenario, sleep, until, within,
} from './harness.mjs';

const WARM = artist(90012010);
const LARGE = artist(90234050);
const HALF = 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';

function connect(stage, { localAddress } = {}) {
  const tcp = net.connect({ host: '127.0.0.1', port: stage.httpsPort, localAddress });
  const socket = tls.connect({ socket: tcp, ca: stage.ca, servername: 'localhost', ALPNProtocols: ['http/1.1'] });
  socket.on('error', () => {});
  tcp.on('error', () => {});
  socket.vanish = () => tcp.resetAndDestroy();
  stage.clients.push({ close: () => socket.destroy() });
  socket.closed_ = new Promise((done) => socket.once('close', done));
  return socket;
}

// The socket after its handshake, or null when it is closed instead.
function handshake(stage, options) {
  const socket = connect(stage, options);
  const done = Promise.race([
    new Promise((open) => socket.once('secureConnect', () => open(socket))), socket.closed_.then(() => null),
  ]);
  return within(10_000, 'the end of a handshake', done);
}

// The status of an answer on an open connection, or null when it is closed instead.
function statusOf(socket) {
  const first = new Promise((done) => socket.once('data', (bytes) => done(Number(String(bytes).split(' ')[1]))));
  socket.write('GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return within(10_000, 'an answer', Promise.race([first, socket.closed_.then(() => null)]));
}

// Share of one core that it takes while it has nothing to do but wait.
async function assertQuiet(stage, what) {
  const before_s = processor_s(stage.marquee.pid);
  await sleep(1000);
  const share_ms = (processor_s(stage.marquee.pid) - before_s) * 1000;
  assert.ok(share_ms < 300, `${what}: ${share_ms} ms of processor time in a second`);
}

// ---- slow clients ----

scenario('A header that drips is cut off after request_timeout_ms, and holds up nobody.', {
  settings: { listen: { request_timeout_ms: 1000 } },
}, async (stage) => {
  await stage.get(WARM);
  const sockets = Array.from({ length: 50 }, () => connect(stage));
  const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 100);
  sockets.forEach((socket) => socket.write(HALF));
  try {
    assert.equal((await stage.get(WARM)).status, 200);
    await within(8000, 'the end of all of them', Promise.all(sockets.map((socket) => socket.closed_)));
  } finally {
    clearInterval(drip);
  }
  assert.equal((await stage.get(WARM)).status, 200);
});

scenario('A handshake that is not finished, and a connection without a request, end as well.', {
  settings: { listen: { request_timeout_ms: 1000 } },
}, async (stage) => {
  const plain = net.connect(stage.httpsPort, '127.0.0.1');
  plain.on('error', () => {});
  const ended = new Promise((done) => plain.once('close', done));
  plain.write('\x16\x03\x01\x02');
  const idle = await handshake(stage);
  await within(8000, 'the end of the handshake', ended);
  await within(8000, 'the end of the idle connection', idle.closed_);
});

scenario('Clients that never read are cut off at the deadline, and cost no memory of their own.', {
  settings: { listen: { response_deadline_ms: 1500 } },
}, async (stage) => {
  await stage.get(LARGE);
  const before_mb = memory_mb(stage.marquee.pid);
  const started_ms = performance.now();
  const sockets = await Promise.all(Array.from({ length: 40 }, () => handshake(stage)));
  for (const socket of sockets) {
    socket.pause();
    socket.write(`GET ${LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(20));
  }
  assert.equal((await stage.get(WARM)).status, 200);
  await until('the cuts', async () => (await stage.metric('connections_cut')) >= 40, 10_000);
  assert.ok(performance.now() - started_ms > 1000, 'before the deadline');
  await until('the end of all', async () => (await stage.metric('connections_open')) <= 2);
  assert.ok(peakMemory_mb(stage.marquee.pid) - before_mb < 96, `${peakMemory_mb(stage.marquee.pid)} MB`);
});

// How many connections the service has closed while their last bytes are still to be sent (FIN_WAIT1).
function unsent(stage) {
  const port = `:${stage.httpsPort.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/ +/));
  return rows.filter(([, local, , state]) => local?.endsWith(port) && state === '04').length;
}

scenario('What a client that never reads has not taken is given up by the kernel after the deadline.', {
  settings: { listen: { response_deadline_ms: 1000 } },
}, async (stage) => {
  await stage.get(LARGE);
  const socket = await handshake(stage);
  socket.pause();
  socket.write(`GET ${LARGE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await until('the close', () => unsent(stage) === 1, 5000);
  // Without TCP_USER_TIMEOUT it goes on for minutes, as long as the client's kernel answers.
  await until('the end', () => unsent(stage) === 0, 5000);
});

scenario('A client that reads slowly but steadily gets all of it.', {}, async (stage) => {
  const whole = (await stage.get(LARGE)).body;
  const socket = await handshake(stage);
  socket.write(`GET ${LARGE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let bytes = 0;
  socket.on('data', (more) => {
    bytes += more.length;
    socket.pause();
    setTimeout(() => socket.resume(), 5);
  });
  await within(20_000, 'the end', new Promise((done) => socket.once('end', done)));
  assert.ok(bytes > whole.length);
});

scenario('Clients that vanish while they are answered leave nothing behind.', {}, async (stage) => {
  await stage.get(LARGE);
  for (let i = 0; i < 100; i++) {
    const socket = connect(stage);
    socket.once('secureConnect', () => {
      socket.write(`GET ${LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(3));
      setTimeout(socket.vanish, i % 10);
    });
    if (i % 20 === 19) await sleep(30);
  }
  await sleep(200);
  await until('the end of all', async () => (await stage.metric('connections_open')) <= 2);
  assert.equal((await stage.get(LARGE)).status, 200, 'SIGPIPE, or worse');
});

// ---- caps ----

scenario('One address gets its share of connections; another is served.', {
  settings: { listen: { max_connections_per_address: 8 } },
}, async (stage) => {
  await stage.get(WARM);
  const sockets = await Promise.all(Array.from({ length: 20 }, () => handshake(stage, { localAddress: '127.0.0.2' })));
  const statuses = await Promise.all(sockets.map((socket) => socket && statusOf(socket)));
  assert.equal(statuses.filter((status) => status === 200).length, 8);
  assert.ok(statuses.filter((status) => status === 503).length > 0, statuses.join());
  assert.ok(statuses.every((status) => [200, 503, null].includes(status)), statuses.join());
  assert.equal((await stage.get(WARM)).status, 200);
  sockets[statuses.indexOf(200)].destroy();
  await until('room', async () => {
    const socket = await handshake(stage, { localAddress: '127.0.0.2' });
    return socket !== null && (await statusOf(socket)) === 200;
  });
});

scenario('At max_connections who comes gets 503 at once, over HTTP/2 too; who is idle for two seconds makes room.', {
  settings: { listen: { max_connections: 30, request_timeout_ms: 60_000 } },
}, async (stage) => {
  await stage.get(WARM);
  const idle = await Promise.all(Array.from({ length: 30 }, () => handshake(stage)));
  assert.ok(idle.every((socket) => socket !== null));
  const full = await stage.get(WARM);
  assert.equal(full.status, 503);
  assert.ok(full.elapsed_ms < 1000, `${full.elapsed_ms} ms`);
  assert.match(full.headers['content-type'], /problem\+json/);
  assert.ok(Number(full.headers['retry-after']) > 0);
  const http2 = new Http2Client(stage.httpsPort, stage.ca);
  assert.equal((await http2.get(WARM)).status, 503);
  await within(5000, 'the end of a refused connection', http2.closed);
  await sleep(2000);
  const room = await stage.get(WARM);
  assert.equal(room.status, 200);
  assert.ok(room.elapsed_ms < 1000, `${room.elapsed_ms} ms`);
  assert.ok((await stage.metric('connections_refused')) > 0);
});

scenario('A refused connection that asks nothing ends by itself.', {
  settings: { listen: { max_connections_per_address: 1, request_timeout_ms: 60_000 } },
}, async (stage) => {
  const first = await handshake(stage, { localAddress: '127.0.0.2' });
  assert.equal(await statusOf(first), 200);
  const second = await handshake(stage, { localAddress: '127.0.0.2' });
  await within(6000, 'the end', second.closed_);
  assert.equal(await statusOf(first), 200);
});

// As another user, or root would raise the limit again.
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--pdeathsig', 'KILL'];

for (const [files, attackers] of [[40, 40], [64, 40], [256, 85]]) {
  scenario(`With ${files} descriptors it neither spins nor dies, answers an honest client at once, and recovers.`, {
    marquee: false,
    settings: { listen: { request_timeout_ms: 3000, threads: 1 } },
    skip: process.getuid() !== 0 && 'only root can become another user',
  }, async (stage) => {
    const program = stage.forNobody();
    await stage.startMarquee([...AS_NOBODY, 'prlimit', `--nofile=${files}:${files}`, program]);
    assert.match(stage.marquee.output(), new RegExp(`event=connections_lowered .*open_files=${files} enough=\\d{4}`));
    assert.equal((await stage.get(WARM)).status, 200);
    const half = Array.from({ length: attackers }, () => connect(stage, { localAddress: '127.0.0.2' }));
    half.forEach((socket) => socket.write(HALF));
    await sleep(300);
    const got = await within(15_000, 'an answer beside them', stage.get(WARM));
    assert.equal(got.status, 200);
    assert.ok(got.elapsed_ms < 1000, `one address takes every place: ${got.elapsed_ms} ms`);
    await assertQuiet(stage, 'full of half requests');
    half.forEach((socket) => socket.destroy());
    await until('recovery', async () => (await stage.get(WARM)).elapsed_ms < 500);
    assert.equal((await stage.get(artist(90004004))).status, 200, 'cold work needs descriptors too');
    assert.equal(await stage.isReady(), true);
  });
}
