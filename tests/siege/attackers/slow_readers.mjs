// HTTP/1.1, so that the kernels' buffers fill and not a window of HTTP/2.
import tls from 'node:tls';

import { sleep, within } from '../../e2e/parts.mjs';
import { stopwatch } from '../waits.mjs';
import { LARGE } from '../paths.mjs';

const CONNECTIONS = 20;
const REQUESTS = 20;
const request = `GET ${LARGE} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function readSlowly({ port, ca, address, deadline_s }) {
  const socket = tls.connect({ host: '127.0.0.1', port, ca, localAddress: address, servername: 'localhost' });
  const closed = new Promise((done) => socket.once('close', () => done(true)));
  socket.on('error', () => {});
  const held_s = stopwatch();
  socket.write(request.repeat(REQUESTS));
  socket.pause();
  // Who does not read learns of the end by what it writes: a byte of the next request.
  const drip = setInterval(() => {
    socket.read(1);
    socket.write('G');
  }, 500);
  const cut = await within((3 * deadline_s + 5) * 1000, 'the end', closed).catch(() => false);
  clearInterval(drip);
  socket.destroy();
  return { took: REQUESTS, held_s: held_s(), cut, answers: 0, bytes: socket.bytesRead };
}

export default {
  name: 'slow readers',
  does: `asks ${REQUESTS} times for a large document, reads two bytes a second`,
  unit: 'requests',
  pause_ms: 500,
  longest_s: ({ deadline_s }) => 2 * deadline_s + 5,
  bout: (target) => Promise.all(Array.from({ length: CONNECTIONS }, async (_, i) => {
    await sleep(i * 20);
    return readSlowly(target);
  })),
};
