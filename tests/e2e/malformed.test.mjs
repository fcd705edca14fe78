// Malformed HTTP/1.1, byte by byte over TLS: whatever could be read in two ways is refused, the connection is closed,
// and what follows on it is never taken for another request (RFC 9112 sections 2.2, 3, 5, 6, 7 and 11.2).
import assert from 'node:assert/strict';
import tls from 'node:tls';

import { artist, scenario, within } from './harness.mjs';

const HOST = 'Host: localhost\r\n';
const NEXT = `GET /robots.txt HTTP/1.1\r\n${HOST}\r\n`;
const CLOSE_MS = 4000; // well below the time an idle connection may stay

// Sends bytes and waits for the end: {text, statuses, closed}.
async function exchange(stage, bytes, timeout_ms = CLOSE_MS) {
  const socket = tls.connect({
    host: '127.0.0.1', port: stage.httpsPort, ca: stage.ca, servername: 'localhost', ALPNProtocols: ['http/1.1'],
  });
  stage.clients.push({ close: () => socket.destroy() });
  let text = '';
  socket.setEncoding('latin1').on('data', (more) => (text += more)).on('error', () => {});
  socket.once('secureConnect', () => socket.write(Buffer.from(bytes, 'latin1')));
  const closed = await within(timeout_ms, 'the end', new Promise((done) => socket.once('close', done)))
    .then(() => true, () => false);
  socket.destroy();
  return { text, closed, statuses: [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map((one) => Number(one[1])) };
}

function get(target, fields = HOST, method = 'GET', version = 'HTTP/1.1') {
  return `${method} ${target} ${version}\r\n${fields}\r\n`;
}

function post(fields, body) {
  return `POST / HTTP/1.1\r\n${HOST}${fields}\r\n${body}`;
}

const many = (n) => Array.from({ length: n }, (_, i) => `X-${i}: y\r\n`).join('');

// What is sent (a whole request follows each), and the statuses it may be answered with; closing without an answer is
// as good.
const refused = [
  ['no Host', get('/', ''), [400]],
  ['an empty Host', get('/', 'Host: \r\n'), [400]],
  ['an empty Host of HTTP/1.0', get('/', 'Host: \r\n', 'GET', 'HTTP/1.0'), [400]],
  ['two Hosts', get('/', `${HOST}${HOST}`), [400]],
  ['two different Hosts', get('/', `Host: evil.example\r\n${HOST}`), [400]],
  ['two Hosts, one in capitals', get('/', `HOST: evil.example\r\n${HOST}`), [400]],
  ['a Host with a path', get('/', 'Host: localhost/x\r\n'), [400]],
  ['a Host with user info', get('/', 'Host: user@localhost\r\n'), [400]],
  ['a Host with a space', get('/', 'Host: local host\r\n'), [400]],
  ['a Host with a comma', get('/', 'Host: localhost, evil.example\r\n'), [400]],
  ['a Host with a port that is none', get('/', 'Host: localhost:99999\r\n'), [400]],
  ['a Host of nothing but colons', get('/', 'Host: [:::::]\r\n'), [400]],
  ['a Host of nothing but dots', get('/', 'Host: ..\r\n'), [400]],
  ['a space before the colon', get('/', `${HOST}X : y\r\n`), [400]],
  ['a space before the colon of Host', get('/', 'Host : localhost\r\n'), [400]],
  ['a field without a colon', get('/', `${HOST}nonsense\r\n`), [400]],
  ['a field without a name', get('/', `${HOST}: y\r\n`), [400]],
  ['a folded field', get('/', `${HOST}X: y\r\n z\r\n`), [400]],
  ['a folded Host', get('/', 'Host: local\r\n host\r\n'), [400]],
  ['a first line that begins with a space', get('/', ` ${HOST}`), [400]],
  ['NUL in a field', get('/', `${HOST}X: a\0b\r\n`), [400]],
  ['a bare CR in a field', get('/', `${HOST}X: a\rb\r\n`), [400]],
  ['lines that end with a bare LF', `GET / HTTP/1.1\n${HOST.trim()}\n\n`, [400]],
  ['one line that ends with a bare LF', `GET / HTTP/1.1\r\nX: y\n${HOST}\r\n`, [400]],
  ['a header field of 20 kB', get('/', `${HOST}X: ${'y'.repeat(20_000)}\r\n`), [400, 431]],
  ['a header field of 200 kB', get('/', `${HOST}X: ${'y'.repeat(200_000)}\r\n`), [400, 413, 431]],
  ['101 header fields', get('/', `${HOST}${many(100)}`), [400, 431]],
  ['66 header fields', get('/', `${HOST}${many(65)}`), [431]],
  ['a target of 9 kB', get(`/${'x'.repeat(9000)}`), [414]],
  ['a target with a fragment', get('/#x'), [400]],
  ['a target with a space', get('/a b'), [400]],
  ['a target with a control character', get('/a\x01b'), [400]],
  ['a target without a slash', get('robots.txt'), [400]],
  ['an empty target', 'GET  HTTP/1.1\r\nHost: localhost\r\n\r\n', [400]],
  ['the asterisk in a GET', get('*'), [400]],
  ['the authority as a target', get('localhost:443'), [400]],
  ['another scheme', get('ftp://localhost/'), [400]],
  ['CONNECT', get('localhost:443', HOST, 'CONNECT'), [400, 405]],
  ['TRACE', get('/', HOST, 'TRACE'), [405]],
  ['a method in small letters', get('/', HOST, 'get'), [405]],
  ['a method with a colon', get('/', HOST, 'GE:T'), [400, 405]],
  ['a method of 5 kB', get('/', HOST, 'G'.repeat(5000)), [400, 405]],
  ['HTTP/2.0 in words', get('/', HOST, 'GET', 'HTTP/2.0'), [400, 505]],
  ['HTTP/1.10', get('/', HOST, 'GET', 'HTTP/1.10'), [400, 505]],
  ['HTTP in small letters', get('/', HOST, 'GET', 'http/1.1'), [400]],
  ['HTTP/0.9', 'GET /\r\n\r\n', [400]],
  ['a POST', post('Content-Length: 5\r\n', 'hello'), [400, 405]],
  ['a POST without a length', post('', ''), [400, 405, 411]],
  ['a GET with a body', get('/', `${HOST}Content-Length: 5\r\n`) + 'hello', [400]],
  ['a GET whose body is a request', get('/', `${HOST}Content-Length: ${NEXT.length}\r\n`) + NEXT, [400]],
  ['a GET with a length of 0', get('/', `${HOST}Content-Length: 0\r\n`), [400]],
  ['a length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), [400, 405]],
  ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'), [400, 405]],
  ['two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello'), [400, 405]],
  ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello'), [400, 405]],
  ['a negative length', post('Content-Length: -1\r\n', ''), [400, 405]],
  ['a length with a plus', post('Content-Length: +5\r\n', 'hello'), [400, 405]],
  ['a length in hex', post('Content-Length: 0x5\r\n', 'hello'), [400, 405]],
  ['a length that overflows', post('Content-Length: 18446744073709551621\r\n', 'hello'), [400, 405, 413]],
  ['a length of a gigabyte', post('Content-Length: 1073741824\r\n', ''), [400, 405, 413]],
  ['a chunk size that is none', post('Transfer-Encoding: chunked\r\n', 'xyz\r\nhello\r\n0\r\n\r\n'), [400, 405]],
  ['a chunk size that overflows', post('Transfer-Encoding: chunked\r\n', `${'f'.repeat(17)}\r\nhello\r\n0\r\n\r\n`),
    [400, 405, 413]],
  ['a chunk that is longer than it says', post('Transfer-Encoding: chunked\r\n', '3\r\nhello\r\n0\r\n\r\n'), [400, 405]],
  ['chunks that hide a request', post('Transfer-Encoding: chunked\r\n', `0\r\n\r\n${NEXT}`), [400, 405]],
  ['another transfer coding', post('Transfer-Encoding: gzip\r\n', 'hello'), [400, 405, 501]],
  ['chunked, misspelt', post('Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n', 'hello'), [400, 405, 501]],
  ['chunked behind a tab', post('Transfer-Encoding:\tchunked\r\n', '0\r\n\r\n'), [400, 405]],
  ['a GET in chunks', get('/', `${HOST}Transfer-Encoding: chunked\r\n`) + '0\r\n\r\n', [400]],
  ['an expectation with a body', post('Expect: 100-continue\r\nContent-Length: 5\r\n', 'hello'), [100, 400, 405, 417]],
  ['the start of a TLS handshake', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', [400]],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 405, 505]],
];

scenario('What could be read in two ways is refused, and what follows it is not read.', {
  settings: { listen: { request_timeout_ms: 20_000 } },
}, async (stage) => {
  const faults = [];
  await Promise.all(refused.map(async ([what, bytes, statuses]) => {
    const got = await exchange(stage, bytes + NEXT);
    if (!got.closed) faults.push(`${what}: the connection stays open after ${got.statuses}`);
    const last = got.statuses.filter((status) => status !== 100);
    if (last.length > 1) faults.push(`${what}: ${got.statuses}, and what followed was answered`);
    if (last.length === 1 && !statuses.includes(last[0])) faults.push(`${what}: ${last}, not ${statuses}`);
  }));
  assert.deepEqual(faults, []);
  assert.equal((await stage.get('/robots.txt')).status, 200);
});

scenario('A refusal is a problem that says what was wrong.', { simulator: false }, async (stage) => {
  const got = await exchange(stage, get('/', ''));
  assert.match(got.text, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(got.text, /^content-type: application\/problem\+json\r$/m);
  assert.match(got.text, /^connection: close\r$/im);
  assert.match(JSON.parse(got.text.split('\r\n\r\n')[1]).detail, /Host/);
});

scenario('Unusual requests that mean one thing only are answered.', { simulator: false }, async (stage) => {
  for (const [what, bytes, status] of [
    ['an empty line in front', `\r\n${get('/robots.txt')}`, 200],
    ['the absolute form', get('https://localhost/robots.txt'), 200],
    ['the absolute form with a capital scheme', get('HTTPS://localhost/robots.txt'), 200],
    ['a Host with a port', get('/robots.txt', 'Host: localhost:8443\r\n'), 200],
    ['a Host that is an address', get('/robots.txt', 'Host: [::1]:8443\r\n'), 200],
    ['field names in capitals', get('/robots.txt', 'HOST: localhost\r\nACCEPT: */*\r\n'), 200],
    ['a value without a space before it', get('/robots.txt', 'Host:localhost\r\n'), 200],
    ['an empty field', get('/robots.txt', `${HOST}X:\r\n`), 200],
    ['bytes above ASCII in a field', get('/robots.txt', `${HOST}X: \xe4\r\n`), 200],
    ['HTTP/1.0', get('/robots.txt', HOST, 'GET', 'HTTP/1.0'), 200],
    ['HTTP/1.0 without Host, as health checks send it', get('/', '', 'OPTIONS', 'HTTP/1.0'), 204],
    ['a page over HTTP/1.0 without Host', get('/', '', 'GET', 'HTTP/1.0'), 200],
    ['OPTIONS of everything', get('*', HOST, 'OPTIONS'), 204],
    ['60 header fields', get('/robots.txt', `${HOST}${many(58)}Connection: close\r\n`), 200],
    ['two dots', get('/../robots.txt'), 404],
    ['percent signs that are none', get('/%zz'), 404],
  ]) {
    const closing = bytes.includes('Connection') ? bytes : bytes.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n');
    const got = await exchange(stage, closing);
    assert.deepEqual(got.statuses, [status], `${what}: ${got.text.slice(0, 300)}`);
  }
});

scenario('Requests in a row are answered in a row; a bad one among them is the last.', {}, async (stage) => {
  const warm = artist(90004004);
  await stage.get(warm);
  const four = await exchange(stage, NEXT + get(warm) + get('/nothing') + NEXT.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  assert.deepEqual(four.statuses, [200, 200, 404, 200]);
  const cut = await exchange(stage, NEXT + get(warm) + get('/', '') + NEXT);
  assert.deepEqual(cut.statuses, [200, 200, 400]);
  assert.equal(cut.closed, true);
});

scenario('A cold request in front of others does not mix up the answers.', {}, async (stage) => {
  await stage.setLatency(100);
  const last = NEXT.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  const got = await exchange(stage, get(artist(90004004)) + get(artist(4041234)) + get(artist('x')) + last, 10_000);
  assert.deepEqual(got.statuses, [200, 404, 400, 200]);
});
