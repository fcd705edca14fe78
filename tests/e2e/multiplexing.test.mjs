// Answers that share one HTTP/2 connection to an upstream, which sends exactly the frames that a test says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';

import { DATA, END_HEADERS, END_STREAM, HEADERS, HEAD_BYTES, PREFACE, SETTINGS, ACK, field, frame, settings } from './frames.mjs';
import { artist, scenario } from './harness.mjs';

const PER_PAGE = 50, PAGES = 3, TIMEOUT_MS = 3000;
const STATUS_200 = Buffer.from([0x88]), STATUS_404 = Buffer.from([0x8d]); // the static table of HPACK
const RECORD_BYTES = 16384; // of TLS, and of what libcurl holds of one transfer
const FRAME_BYTES = RECORD_BYTES - HEAD_BYTES;

function show(id) {
  return {
    id, type: 'Concert', displayName: `Show ${id}`, status: 'ok', uri: `https://www.songkick.com/concerts/${id}`,
    start: { date: new Date(Date.now() + id * 86_400_000).toISOString().slice(0, 10) },
    venue: { displayName: 'Hall', metroArea: { displayName: 'Berlin', country: { displayName: 'Germany' } } },
    location: { city: 'Berlin, Germany' },
    performance: [{ billing: 'headline', displayName: 'Band', artist: { id: 1, displayName: 'Band' } }],
  };
}

// A page of `length` bytes: blanks after JSON mean nothing.
function page(number, length) {
  const event = Array.from({ length: PER_PAGE }, (_, i) => show((number - 1) * PER_PAGE + i + 1));
  const resultsPage = { status: 'ok', results: { event }, perPage: PER_PAGE, page: number, totalEntries: PER_PAGE * PAGES };
  return Buffer.from(JSON.stringify({ resultsPage }).padEnd(length));
}

function head(stream, status, { flags = 0, fields = [] } = {}) {
  return frame(HEADERS, END_HEADERS | flags, stream, Buffer.concat([status, ...fields]));
}

// Of each tour the first request gets page 1, the next two pages 2 and 3, which `sendPages(socket, streams)` sends.
class Upstream {
  constructor(certificates, sendPages) {
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(certificates, name)));
    this.sendPages = sendPages;
    this.startTour();
    this.sockets = [];
    this.server = tls.createServer({ cert, key, ALPNProtocols: ['h2'] }, (socket) => this.serve(socket));
  }

  startTour() {
    this.isFirstOver = false;
    this.streams = [];
  }

  async listen() {
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    return this.server.address().port;
  }

  serve(socket) {
    let rest = Buffer.alloc(0), isOpen = false;
    this.sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      if (!isOpen && rest.length >= PREFACE.length) {
        isOpen = true;
        rest = rest.subarray(PREFACE.length);
        socket.write(settings());
      }
      while (isOpen && rest.length >= HEAD_BYTES && rest.length >= HEAD_BYTES + rest.readUIntBE(0, 3)) {
        if (rest[3] === SETTINGS && (rest[4] & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0));
        if (rest[3] === HEADERS) this.answer(socket, rest.readUInt32BE(5));
        rest = rest.subarray(HEAD_BYTES + rest.readUIntBE(0, 3));
      }
    });
  }

  answer(socket, stream) {
    if (!this.isFirstOver) {
      this.isFirstOver = true;
      const bytes = page(1, 0), parts = [];
      for (let at = 0; at < bytes.length; at += FRAME_BYTES) parts.push(frame(DATA, 0, stream, bytes.subarray(at, at + FRAME_BYTES)));
      socket.write(Buffer.concat([head(stream, STATUS_200), ...parts, frame(DATA, END_STREAM, stream)]));
    } else if (this.streams.length < PAGES - 1) {
      this.streams.push(stream);
      if (this.streams.length === PAGES - 1) this.sendPages(socket, this.streams);
    } else {
      socket.write(head(stream, STATUS_404, { flags: END_STREAM }));
    }
  }

  async close() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}

// Of pages `a` and `b` all but the end is sent, and then in one piece more of `a` than libcurl holds, and the end of
// both. Who reads it for `b` has to leave some of it until `a` has taken what is there.
function sendEndsTogether(socket, streams, a, b) {
  const bytes = [2, 3].map((number) => page(number, 3 * RECORD_BYTES));
  const end = bytes[a].length, late = end - 1000, early = late - FRAME_BYTES;
  const data = (i, from, to, flags = 0) => frame(DATA, flags, streams[i], bytes[i].subarray(from, to));
  const first = [a, b].map((i) => head(streams[i], STATUS_200, { fields: [field('content-length', `${end}`)] }));
  for (const [i, until] of [[a, early], [b, late]])
    for (let at = 0; at < until; at += FRAME_BYTES) first.push(data(i, at, Math.min(at + FRAME_BYTES, until)));
  socket.write(Buffer.concat(first));
  setTimeout(() => socket.write(Buffer.concat([
    data(a, early, late), data(a, late, end, END_STREAM), data(b, late, end, END_STREAM),
  ])), 50);
}

scenario('An answer that shares its connection with larger ones does not wait for them until its time is over.', {
  simulator: false, marquee: false,
}, async (stage) => {
  let i = 0;
  // Which of the two is read for is libcurl's choice.
  const upstream = new Upstream(stage.certificates, (...given) => sendEndsTogether(...given, i % 2, 1 - i % 2));
  try {
    stage.settings.songkick = {
      base_url: `https://127.0.0.1:${await upstream.listen()}`, ca_file: join(stage.certificates, 'ca.pem'),
      timeout_ms: TIMEOUT_MS,
    };
    await stage.startMarquee();
    for (; i < 10; i++) {
      upstream.startTour();
      const got = await stage.get(artist(100 + i));
      assert.equal(got.status, 200, got.text.slice(0, 300));
      assert.equal(got.json.length, PER_PAGE * PAGES);
    }
  } finally {
    await upstream.close();
  }
});
