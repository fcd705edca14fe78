// What is no TLS, no HTTP/2, no HTTP/1.1, or a body far too large.
import net from 'node:net';
import tls from 'node:tls';

import * as h2 from '../../e2e/frames.mjs';
import { within } from '../../e2e/parts.mjs';
import { WARM } from '../paths.mjs';
import { stopwatch } from '../waits.mjs';

const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), h2.settings()]);
const BODY = Buffer.concat([
  h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.postBlock(WARM)),
  ...Array.from({ length: 5 }, () => h2.frame(h2.DATA, 0, 1, Buffer.alloc(16384))),
]);
// null: without TLS
const KINDS = [
  [null, Buffer.alloc(1000, 0xff)],
  [null, Buffer.from('160301000901000005ffffffffff', 'hex')],
  ['http/1.1', Buffer.alloc(1000, 0xff)],
  ['http/1.1', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx')],
  ['h2', Buffer.alloc(1000, 0xff)],
  ['h2', Buffer.concat([PREFACE, h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 1, Buffer.alloc(100, 0xff))])],
  ['h2', Buffer.concat([PREFACE, h2.frame(h2.DATA, 0, 1, Buffer.alloc(1 << 20))])],
  ['h2', Buffer.concat([PREFACE, BODY])],
];

async function send({ port, ca, address, request_s }, [protocol, bytes]) {
  const held_s = stopwatch();
  const where = { host: '127.0.0.1', port, localAddress: address };
  const socket = protocol === null ? net.connect(where)
    : tls.connect({ ...where, ca, servername: 'localhost', ALPNProtocols: [protocol] });
  const closed = new Promise((done) => socket.once('close', () => done(true)));
  socket.on('error', () => {}).resume();
  socket.write(bytes);
  const cut = await within((2 * request_s + 10) * 1000, 'the end', closed).catch(() => false);
  socket.destroy();
  return { took: bytes.length, held_s: held_s(), cut, answers: 0, bytes: socket.bytesRead };
}

export default {
  name: 'garbage',
  does: 'sends what is no TLS, no HTTP, or a body far too large',
  unit: 'bytes',
  pause_ms: 100,
  longest_s: ({ request_s }) => request_s + 7,
  bout: (target) => Promise.all(KINDS.map((kind) => send(target, kind))),
};
