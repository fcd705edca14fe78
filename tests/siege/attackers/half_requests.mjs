// Slowloris: a header that drips.
import tls from 'node:tls';

import { within } from '../../e2e/parts.mjs';
import { stopwatch } from '../waits.mjs';

const CONNECTIONS = 40;

async function drip({ port, ca, address, request_s }) {
  const socket = tls.connect({ host: '127.0.0.1', port, ca, localAddress: address, servername: 'localhost' });
  const closed = new Promise((done) => socket.once('close', () => done(true)));
  socket.on('error', () => {}).resume();
  const held_s = stopwatch();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
  let took = 0;
  const timer = setInterval(() => (took += socket.write('x') ? 1 : 0), 200);
  const cut = await within((2 * request_s + 10) * 1000, 'the end', closed).catch(() => false);
  clearInterval(timer);
  socket.destroy();
  return { took, held_s: held_s(), cut, answers: 0, bytes: socket.bytesRead };
}

export default {
  name: 'half requests',
  does: 'sends a header byte by byte',
  unit: 'bytes',
  pause_ms: 500,
  most: 1000,
  longest_s: ({ request_s }) => request_s + 7,
  bout: (target) => Promise.all(Array.from({ length: CONNECTIONS }, () => drip(target))),
};
