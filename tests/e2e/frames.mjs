// HTTP/2 written by hand (RFC 9113, RFC 7541): connections that say what no library would let one say. Just enough
// of it for the tests of abuse: frames go out as they are given, what comes in is counted by type.
import { once } from 'node:events';
import tls from 'node:tls';

import { within } from './parts.mjs';

export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;

export const END_STREAM = 0x1;
export const ACK = 0x1;
export const END_HEADERS = 0x4;

export const INITIAL_WINDOW_SIZE = 4;

export const ENHANCE_YOUR_CALM = 11;

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const CANCEL = 8;
export const HEAD_BYTES = 9;

export function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function settings(pairs = []) {
  const payload = Buffer.alloc(pairs.length * 6);
  pairs.forEach(([name, value], i) => {
    payload.writeUInt16BE(name, i * 6);
    payload.writeUInt32BE(value, i * 6 + 2);
  });
  return frame(SETTINGS, 0, 0, payload);
}

export function reset(stream) {
  return frame(RST_STREAM, 0, stream, number(CANCEL));
}

export function windowUpdate(stream, increment) {
  return frame(WINDOW_UPDATE, 0, stream, number(increment));
}

export function dependsOn(stream, parent) {
  return frame(PRIORITY, 0, stream, Buffer.concat([number(parent), Buffer.from([15])]));
}

// A string of HPACK without Huffman coding; its length with a prefix of 7 bits.
function text(value) {
  const bytes = Buffer.from(value, 'latin1');
  const length = [];
  if (bytes.length < 127) {
    length.push(bytes.length);
  } else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

// A field that goes into no table.
export function field(name, value) {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

// The fields of a request: method and scheme by their index in the static table, path and authority by name index.
function block(method, path, fields) {
  return Buffer.concat([
    Buffer.from([method, 0x87, 0x01]), text('localhost'), Buffer.from([0x04]), text(path), ...fields,
  ]);
}

export function getBlock(path, fields = []) {
  return block(0x82, path, fields);
}

export function postBlock(path, fields = []) {
  return block(0x83, path, fields);
}

export function get(stream, path) {
  return frame(HEADERS, END_STREAM | END_HEADERS, stream, getBlock(path));
}

// A connection after the preface. Everything is bounded by whoever uses it: nothing is answered by itself but the
// server's SETTINGS.
export class RawHttp2 {
  constructor(port, ca, { first = [], read = true, localAddress } = {}) {
    this.received = {}; // frames by type
    this.goaway = null; // the error code
    this.bytes = 0;
    this.ended = 0; // answers that came to their end
    this.over = false;
    this.rest = Buffer.alloc(0);
    this.socket = tls.connect({
      host: '127.0.0.1', port, ca, localAddress, servername: 'localhost', ALPNProtocols: ['h2'],
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((done) => this.socket.once('close', () => done((this.over = true))));
    this.open = new Promise((done, failed) => {
      this.socket.once('secureConnect', () => {
        this.send(PREFACE, settings(first));
        if (read) this.socket.on('data', (bytes) => this.take(bytes));
        else this.socket.pause();
        done();
      });
      this.socket.once('close', () => failed(new Error('the connection was closed before it was open')));
    });
    this.open.catch(() => {});
  }

  take(bytes) {
    this.bytes += bytes.length;
    this.rest = Buffer.concat([this.rest, bytes]);
    while (this.rest.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + this.rest.readUIntBE(0, 3);
      if (this.rest.length < end) return;
      const [type, flags] = [this.rest[3], this.rest[4]];
      this.received[type] = (this.received[type] ?? 0) + 1;
      if ((type === DATA || type === HEADERS) && (flags & END_STREAM) !== 0) this.ended++;
      // A status that is in the static table, as 405 is not: its name is, and three digits follow.
      if (type === HEADERS) this.status = Number(/\x03(\d{3})/.exec(this.rest.subarray(HEAD_BYTES, end).toString('latin1'))?.[1]);
      if (type === GOAWAY) this.goaway = this.rest.readUInt32BE(HEAD_BYTES + 4);
      if (type === SETTINGS && (flags & ACK) === 0) this.send(frame(SETTINGS, ACK, 0));
      this.rest = this.rest.subarray(end);
    }
  }

  // False when our side's buffer is full: whoever floods goes on when drained() is over.
  send(...frames) {
    return this.over || this.socket.destroyed ? false : this.socket.write(Buffer.concat(frames));
  }

  async drained(timeout_ms) {
    const leave = new AbortController();
    const over = Promise.race(['drain', 'close'].map((what) => once(this.socket, what, { signal: leave.signal })));
    try {
      return await within(timeout_ms, 'room to send more', over).then(() => true, () => false);
    } finally {
      leave.abort();
    }
  }

  // Sends until `n` pieces are gone, the server closes, or it takes nothing for a while; how many went out.
  async flood(n, piece, { batch = 50, stall_ms = 1500 } = {}) {
    let sent = 0;
    while (sent < n && !this.over) {
      const frames = [];
      for (let i = 0; i < batch && sent < n; i++) frames.push(piece(sent++));
      if (!this.send(...frames) && !this.over && !(await this.drained(stall_ms))) break;
      await new Promise(setImmediate);
    }
    return sent;
  }

  close() {
    this.socket.destroy();
  }
}
