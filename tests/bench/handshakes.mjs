// What a connection costs that brings one request, by its TLS handshake: a whole one, and one that a ticket resumes.
import assert from 'node:assert/strict';
import { connect } from 'node:tls';

import { within } from '../e2e/harness.mjs';

const CONNECTION_MS = 60_000; // a server under callgrind takes its time
// One for both servers: each prefers another one, and callgrind knows no instruction that makes a digest quick.
const CIPHER = 'TLS_AES_256_GCM_SHA384';

// { session: for the next connection, isResumed }
function ask({ port, ca, path, session }) {
  const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost', ciphers: CIPHER, session });
  let head = '', ticket, isResumed;
  socket.on('secureConnect', () => (isResumed = socket.isSessionReused()));
  socket.on('session', (got) => (ticket = got));
  socket.on('data', (bytes) => (head ||= bytes.toString('latin1', 0, 16)));
  const done = new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => resolve({ session: ticket, isResumed, head }));
  });
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  return within(CONNECTION_MS, 'the end of a connection', done);
}

// For Callgrind.each(): makes n connections, one after the other.
export function handshakes(server, isResumed) {
  let session;
  return async (n) => {
    if (isResumed && session === undefined) ({ session } = await ask(server));
    for (let i = 0; i < n; i++) {
      const got = await ask({ ...server, session });
      assert.match(got.head, /^HTTP\/1\.1 200 /);
      assert.equal(got.isResumed, isResumed);
      if (isResumed) session = got.session;
    }
  };
}
