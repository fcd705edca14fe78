// Slow clients and the limits of the process: connections, descriptors, deadlines. A full service says so, does not
// spin, and is itself again as soon as there is room.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

import {
  artist, memory_mb, peakMemory_mb, scenario, sleep, until, within,
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

// Processor time of the service so far.
function spent_ms(stage) {
  const fields = readFileSync(`/proc/${stage.marquee.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

// Share of one core that it takes while it has nothing to do but wait.
async function assertQuiet(stage, what) {
  const before_ms = spent_ms(stage);
  await sleep(1000);
  const share_ms = spent_ms(stage) - before_ms;
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
  assert.equal(sockets.filter((socket) => socket !== null).length, 8);
  assert.equal((await stage.get(WARM)).status, 200);
  sockets.find((socket) => socket !== null).destroy();
  await until('room', async () => (await handshake(stage, { localAddress: '127.0.0.2' })) !== null);
});

scenario('At max_connections idle ones make room for those who wait; nobody is turned away.', {
  settings: { listen: { max_connections: 30, request_timeout_ms: 60_000 } },
}, async (stage) => {
  await stage.get(WARM);
  const idle = await Promise.all(Array.from({ length: 30 }, () => handshake(stage)));
  assert.ok(idle.every((socket) => socket !== null));
  const started_ms = performance.now();
  assert.equal((await stage.get(WARM)).status, 200);
  assert.ok(performance.now() - started_ms < 10_000);
  assert.ok((await stage.metric('connections_refused')) > 0);
});

// As another user, or root would raise the limit again.
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--pdeathsig', 'KILL'];

for (const files of [40, 64]) {
  scenario(`With ${files} descriptors it neither spins nor dies, answers an honest client, and recovers.`, {
    marquee: false,
    settings: { listen: { request_timeout_ms: 3000, threads: 1 } },
    skip: process.getuid() !== 0 && 'only root can become another user',
  }, async (stage) => {
    const program = stage.forNobody();
    await stage.startMarquee([...AS_NOBODY, 'prlimit', `--nofile=${files}:${files}`, program]);
    assert.match(stage.marquee.output(), new RegExp(`event=connections_lowered .*open_files=${files} enough=\\d{4}`));
    assert.equal((await stage.get(WARM)).status, 200);
    const half = Array.from({ length: 40 }, () => connect(stage));
    half.forEach((socket) => socket.write(HALF));
    await sleep(300);
    await assertQuiet(stage, 'full of half requests');
    const got = await within(15_000, 'an answer beside them', stage.get(WARM));
    assert.equal(got.status, 200);
    half.forEach((socket) => socket.destroy());
    await until('recovery', async () => (await stage.get(WARM)).elapsed_ms < 500);
    assert.equal((await stage.get(artist(90004004))).status, 200, 'cold work needs descriptors too');
    assert.equal(await stage.isReady(), true);
  });
}
