// HTTP clients of the tests: one request over a connection of its own, many over one HTTP/2 connection, the
// simulator's control path, and memcached's text protocol.
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';

import { within } from './parts.mjs';

const ANSWER_MS = 20_000;

function answer(status, headers, chunks, started_ms) {
  const body = Buffer.concat(chunks);
  return {
    status,
    headers,
    body,
    elapsed_ms: performance.now() - started_ms,
    get text() {
      return body.toString('utf8');
    },
    get json() {
      return JSON.parse(this.text);
    },
  };
}

function exchange(module, options) {
  const started_ms = performance.now();
  const over = new Promise((done, failed) => {
    const request = module.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => done(answer(response.statusCode, response.headers, chunks, started_ms)));
    });
    request.on('error', failed);
    request.end();
  });
  return within(ANSWER_MS, `an answer to ${options.path}`, over);
}

// One HTTP/1.1 request over TLS.
export function getHttps(port, ca, path, { method = 'GET', ...others } = {}) {
  return exchange(https, { host: '127.0.0.1', servername: 'localhost', port, ca, path, method, agent: false, ...others });
}

// One HTTP/1.1 request in plain text.
export function getHttp(port, path, { method = 'GET', headers = {} } = {}) {
  return exchange(http, { host: '127.0.0.1', port, path, method, headers, agent: false });
}

// One HTTP/2 connection for many requests at once.
export class Http2Client {
  constructor(port, ca, answer_ms = ANSWER_MS, options = {}) {
    this.answer_ms = answer_ms;
    this.session = http2.connect(`https://127.0.0.1:${port}`, { ca, servername: 'localhost', ...options });
    this.session.on('error', (error) => (this.error = error));
    this.closed = new Promise((done) => this.session.once('close', done));
  }

  get(path, headers = {}) {
    const started_ms = performance.now();
    const over = new Promise((done, failed) => {
      const stream = this.session.request({ ':path': path, ...headers });
      const chunks = [];
      let fields = {};
      stream.on('response', (received) => (fields = received));
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('error', failed);
      stream.on('close', () => failed(new Error(`the stream of ${path} was closed without an answer`)));
      stream.on('end', () => done(answer(fields[':status'], fields, chunks, started_ms)));
    });
    return within(this.answer_ms, `an answer to ${path}`, over);
  }

  close() {
    this.session.destroy();
  }
}

// The simulator's control path, over one connection that stays, so that it is not counted among the service's.
export class Control {
  constructor(origin, ca) {
    const { port } = new URL(origin);
    this.options = { host: '127.0.0.1', servername: 'localhost', port, ca };
    this.agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  }

  async ask(path, parameters = {}) {
    const options = { ...this.options, path: `/control/${path}?${new URLSearchParams(parameters)}`, agent: this.agent };
    let got;
    try {
      got = await exchange(https, options);
    } catch (error) {
      // The simulator may have closed the idle connection just then.
      if (error.code !== 'ECONNRESET') throw error;
      got = await exchange(https, options);
    }
    if (got.status !== 200) throw new Error(`${options.path} was answered with ${got.status}: ${got.text}`);
    return got.json;
  }

  close() {
    this.agent.destroy();
  }
}

// Sends commands of memcached's text protocol; what comes until a line that ends the answer. A character is a byte.
export function askMemcached(socket_path, command) {
  const over = new Promise((done, failed) => {
    const socket = net.connect(socket_path);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('error', failed);
    socket.on('close', () => failed(new Error(`memcached closed the connection; it had said: ${text}`)));
    socket.on('data', (chunk) => {
      text += chunk;
      if (!/(^|\n)(END|OK|STORED|ERROR.*|CLIENT_ERROR.*)\r\n$/.test(text)) return;
      socket.removeAllListeners('close');
      socket.end();
      done(text);
    });
    socket.write(`${command}\r\n`, 'latin1');
  });
  return within(ANSWER_MS, `memcached's answer to ${command.slice(0, 40)}`, over);
}
