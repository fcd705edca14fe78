// Hostile clients over HTTP/2: floods that cost them little and a careless server much. Beside each of them an honest
// client goes on asking, and the service's memory is watched. Malformed HTTP/1.1 is in malformed.test.mjs, slowness and
// limits in limits.test.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as h2 from './frames.mjs';
import { artist, memory_mb, peakMemory_mb, root, scenario, until, within } from './harness.mjs';

const WARM = artist(90012010);
const LARGE = artist(90234050); // some hundred kB
const MAX_GROWTH_MB = 48;
const SLOWEST_MS = 2500;

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

async function open(stage, options) {
  const raw = new h2.RawHttp2(stage.httpsPort, stage.ca, options);
  stage.clients.push(raw);
  await within(10_000, 'the handshake', raw.open);
  return raw;
}

// Runs an attack with an honest client beside it, over a connection of its own; what the attack returns.
async function besideHonest(stage, attack) {
  const honest = stage.openH2();
  const calm = [];
  const whole = (await honest.get(WARM)).body;
  for (let i = 0; i < 20; i++) calm.push((await honest.get(WARM)).elapsed_ms);
  const before_mb = memory_mb(stage.marquee.pid);
  const busy = [];
  let over = false;
  const asking = (async () => {
    while (!over) {
      const got = await honest.get(WARM);
      assert.equal(got.status, 200);
      assert.deepEqual(got.body, whole);
      busy.push(got.elapsed_ms);
      await new Promise((next) => setTimeout(next, 2));
    }
  })();
  asking.catch(() => {});
  const result = await attack();
  over = true;
  await asking;
  assert.ok(Math.max(...busy) < SLOWEST_MS, `an honest answer took ${Math.max(...busy)} ms`);
  assert.ok(median(busy) < 30 + 20 * median(calm), `honest: ${median(calm)} ms calm, ${median(busy)} ms beside`);
  const growth_mb = peakMemory_mb(stage.marquee.pid) - before_mb;
  assert.ok(growth_mb < MAX_GROWTH_MB, `memory grew by ${growth_mb} MB`);
  return result;
}

async function isCut(raw, what) {
  await within(10_000, `the end of ${what}`, raw.closed);
}

scenario('Rapid reset: who resets what it asks for is cut off after some hundred streams.', {}, async (stage) => {
  await besideHonest(stage, async () => {
    for (const path of [WARM, LARGE, artist('abc')]) {
      const raw = await open(stage);
      const sent = await raw.flood(20_000, (i) => Buffer.concat([h2.get(2 * i + 1, path), h2.reset(2 * i + 1)]));
      await isCut(raw, path);
      assert.ok(sent < 20_000, `${path}: all were taken`);
    }
  });
  assert.ok((await stage.metric('connections_cut')) >= 3);
});

scenario('MadeYouReset: so is who makes us reset the streams.', {}, async (stage) => {
  await besideHonest(stage, async () => {
    for (const [what, spoil] of [
      ['WINDOW_UPDATE of 0', (stream) => h2.windowUpdate(stream, 0)],
      ['a window that overflows', (stream) => h2.windowUpdate(stream, 0x7fffffff)],
      ['a stream that depends on itself', (stream) => h2.dependsOn(stream, stream)],
    ]) {
      const raw = await open(stage);
      const sent = await raw.flood(20_000, (i) => Buffer.concat([h2.get(2 * i + 1, LARGE), spoil(2 * i + 1)]));
      await isCut(raw, what);
      assert.ok(sent < 20_000, `${what}: all were taken`);
    }
  });
});

scenario('MadeYouReset before the request is whole: streams that end without a request are counted as well.', {}, async (stage) => {
  await besideHonest(stage, async () => {
    for (const [what, spoil] of [
      ['WINDOW_UPDATE of 0', (stream) => h2.windowUpdate(stream, 0)],
      ['RST_STREAM', (stream) => h2.reset(stream)],
    ]) {
      const raw = await open(stage);
      const streams = (i) => Buffer.concat([
        h2.frame(h2.HEADERS, h2.END_HEADERS, 2 * i + 1, h2.postBlock(WARM)), spoil(2 * i + 1),
      ]);
      const sent = await raw.flood(100_000, streams);
      await isCut(raw, what);
      assert.ok(sent < 20_000, `${what}: ${sent} were taken`);
      assert.ok((raw.received[h2.RST_STREAM] ?? 0) < 1000, `${what}: ${raw.received[h2.RST_STREAM]} were reset`);
    }
  });
});

for (const [what, first, piece] of [
  ['empty DATA', [h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.postBlock(WARM))], h2.frame(h2.DATA, 0, 1)],
  ['empty CONTINUATION', [h2.frame(h2.HEADERS, 0, 1, h2.getBlock(WARM))], h2.frame(h2.CONTINUATION, 0, 1)],
  ['PING', [], h2.frame(h2.PING, 0, 0, Buffer.alloc(8))],
  ['SETTINGS', [], h2.settings([[h2.INITIAL_WINDOW_SIZE, 65535]])],
]) {
  scenario(`A flood of ${what} with nothing to answer ends within two seconds.`, {}, async (stage) => {
    await besideHonest(stage, async () => {
      const raw = await open(stage);
      await until('the settings', () => raw.received[h2.SETTINGS] > 0);
      const started_ms = performance.now();
      raw.send(...first);
      const many = Buffer.concat(Array.from({ length: 1000 }, () => piece));
      const sent = await raw.flood(20_000, () => many, { batch: 4 });
      await isCut(raw, what);
      assert.ok(performance.now() - started_ms < 2000, `${performance.now() - started_ms} ms`);
      assert.ok(sent < 20_000, 'all were taken');
      assert.ok([null, h2.ENHANCE_YOUR_CALM].includes(raw.goaway), `GOAWAY ${raw.goaway}`);
    });
    assert.ok((await stage.metric('connections_cut')) >= 1);
  });
}

scenario('Honest requests pay for frames: thousands of them on one connection, and a document read in small windows.', {}, async (stage) => {
  await stage.get(LARGE);
  const raw = await open(stage);
  raw.send(h2.windowUpdate(0, 1 << 30));
  for (let i = 0; i < 60; i++) {
    const before = raw.ended;
    for (let k = 0; k < 50; k++) raw.send(h2.get(2 * (50 * i + k) + 1, '/robots.txt'), h2.frame(h2.PING, 0, 0, Buffer.alloc(8)));
    await until('the answers', () => raw.over || raw.ended === before + 50);
  }
  const stream = 2 * 60 * 50 + 1;
  raw.send(h2.get(stream, LARGE));
  const drip = setInterval(() => raw.send(h2.windowUpdate(stream, 1000)), 1);
  try {
    await until('the document', () => raw.over || raw.ended === 3001, 20_000);
  } finally {
    clearInterval(drip);
  }
  assert.equal(raw.over, false);
  assert.equal(raw.ended, 3001);
});

// curl sends it again after REFUSED_STREAM, five times.
scenario('A body of up to 64 KB over HTTP/2 is answered; a larger one ends the connection.', {}, async (stage) => {
  const post = async (bytes, streams = 1) => {
    const raw = await open(stage);
    const ids = Array.from({ length: streams }, (_, i) => 2 * i + 1);
    raw.send(...ids.map((id) => h2.frame(h2.HEADERS, h2.END_HEADERS, id, h2.postBlock('/robots.txt'))));
    for (let at = 0; at < bytes; at += 16384) {
      const piece = Buffer.alloc(Math.min(16384, bytes - at));
      raw.send(...ids.map((id) => h2.frame(h2.DATA, at + 16384 >= bytes ? h2.END_STREAM : 0, id, piece)));
    }
    await until('an answer or the end', () => raw.over || raw.ended === streams);
    raw.close();
    return raw;
  };
  for (const bytes of [1, 8192, 8193, 65536]) {
    const raw = await post(bytes);
    assert.equal(raw.status, 405, `${bytes} bytes`);
    assert.equal(raw.received[h2.RST_STREAM], undefined, `${bytes} bytes`);
  }
  assert.equal((await post(60_000, 7)).ended, 7, 'seven beside each other');
  // Sometimes all of it comes with the end of the handshake.
  for (const bytes of [65537, 1_000_000, 1_000_000, 1_000_000, 1_000_000]) {
    const raw = await post(bytes);
    assert.equal(raw.over, true, `${bytes} bytes`);
    assert.equal(raw.ended, 0, `${bytes} bytes`);
    assert.equal(raw.received[h2.RST_STREAM], undefined, `${bytes} bytes: refused, so that it is sent again`);
  }
  assert.equal((await stage.get('/robots.txt')).status, 200);
});

scenario('Resetting cold requests makes no more documents than the limits allow.', {
  settings: { limits: { client_cold_per_minute: 60, client_cold_burst: 10, client_cold_parallel: 10 } },
}, async (stage) => {
  await stage.setLatency(200);
  const raw = await open(stage);
  await raw.flood(2000, (i) => Buffer.concat([h2.get(2 * i + 1, artist(90001000001 + i)), h2.reset(2 * i + 1)]));
  await isCut(raw, 'the resets');
  assert.ok((await stage.metric('jobs_started')) <= 12);
});

for (const [what, piece] of [
  ['PING', () => h2.frame(h2.PING, 0, 0, Buffer.alloc(8))],
  ['SETTINGS', () => h2.settings([[h2.INITIAL_WINDOW_SIZE, 65535]])],
  ['PRIORITY', (i) => h2.dependsOn(2 * i + 1, 0)],
  ['empty DATA', (i) => h2.frame(h2.DATA, 0, 1)],
  ['WINDOW_UPDATE', () => h2.windowUpdate(0, 1)],
]) {
  scenario(`A flood of ${what} that reads no answer is held back or cut off.`, {}, async (stage) => {
    await besideHonest(stage, async () => {
      const raw = await open(stage, { read: false });
      if (what === 'empty DATA') raw.send(h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.getBlock(WARM)));
      await raw.flood(100_000, piece, { batch: 500 });
      raw.close();
    });
  });
}

scenario('A CONTINUATION flood ends the connection before it fills the memory.', {}, async (stage) => {
  await besideHonest(stage, async () => {
    const raw = await open(stage);
    const more = Buffer.concat(Array.from({ length: 30 }, (_, i) => h2.field(`x-filler-${i}`, 'x'.repeat(400))));
    raw.send(h2.frame(h2.HEADERS, h2.END_STREAM, 1, h2.getBlock(WARM)));
    const sent = await raw.flood(5000, () => h2.frame(h2.CONTINUATION, 0, 1, more), { batch: 4 });
    await isCut(raw, 'the flood');
    assert.ok(sent < 5000);
    assert.equal(raw.received[h2.HEADERS], undefined, 'it was answered');
  });
});

scenario('Small fields that a table makes large (HPACK bomb) are refused.', {}, async (stage) => {
  await besideHonest(stage, async () => {
    const raw = await open(stage);
    // One field of 3.9 kB into the dynamic table, then two thousand references to it of one byte each.
    const stored = Buffer.concat([Buffer.from([0x40]), h2.field('x-bomb', 'x'.repeat(3900)).subarray(1)]);
    const block = Buffer.concat([h2.getBlock(WARM), stored, Buffer.alloc(2000, 0x80 | 62)]);
    for (let i = 0; i < 50; i++) raw.send(h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 2 * i + 1, block));
    await until('the refusals', () => raw.over || (raw.received[h2.HEADERS] ?? 0) + (raw.received[h2.RST_STREAM] ?? 0) > 0);
    raw.close();
  });
});

scenario('A window that stays shut holds an answer no longer than the deadline, and holds up nobody.', {
  settings: { listen: { response_deadline_ms: 1000 } },
}, async (stage) => {
  await stage.get(LARGE);
  await besideHonest(stage, async () => {
    const raws = await Promise.all(
      Array.from({ length: 20 }, () => open(stage, { first: [[h2.INITIAL_WINDOW_SIZE, 0]] })),
    );
    for (const raw of raws) for (let i = 0; i < 50; i++) raw.send(h2.get(2 * i + 1, LARGE));
    await Promise.all(raws.map((raw) => isCut(raw, 'the deadline')));
  });
});

// Frames that cost nothing restart libh2o's timer, and a request that has no end is no request to it.
scenario('Who begins requests and does not end them, or only sends PING, is cut off in time.', {
  settings: { listen: { request_timeout_ms: 500, response_deadline_ms: 1000 } },
}, async (stage) => {
  const begun = (i) => h2.frame(h2.HEADERS, h2.END_HEADERS, 2 * i + 1, h2.getBlock(WARM));
  const empty = (i) => h2.frame(h2.DATA, 0, 2 * i + 1);
  const hundred = Array.from({ length: 100 }, (_, i) => i);
  let asked = 0;
  const attacks = [
    ['one request', [begun(0)], () => [empty(0)]],
    ['a hundred', hundred.map(begun), () => hundred.map(empty)],
    ['a header without an end', [h2.frame(h2.HEADERS, h2.END_STREAM, 1, h2.getBlock(WARM))],
      () => [h2.frame(h2.CONTINUATION, 0, 1)]],
    ['one among honest ones', [begun(0)], () => [empty(0), h2.get(2 * ++asked + 1, '/robots.txt')]],
    ['PING', [], () => [h2.frame(h2.PING, 0, 0, Buffer.alloc(8))]],
  ];
  const quiet = await open(stage);
  const honest = stage.openH2();
  const raws = await Promise.all(attacks.map(() => open(stage)));
  // Nothing may come between a header and its CONTINUATION, not even the answer to SETTINGS.
  await until('the settings', () => raws.every((raw) => raw.received[h2.SETTINGS] > 0));
  attacks.forEach(([, first], i) => first.length > 0 && raws[i].send(...first));
  const drip = setInterval(() => {
    attacks.forEach(([, , more], i) => raws[i].send(...more()));
    honest.get('/robots.txt').catch(() => {});
  }, 100);
  try {
    await Promise.all(raws.map((raw, i) => isCut(raw, attacks[i][0])));
    await isCut(quiet, 'the quiet one');
    assert.equal(quiet.goaway, 0, 'the quiet one got no GOAWAY');
    assert.ok((raws[3].received[h2.HEADERS] ?? 0) > 0, 'the honest requests were not answered');
  } finally {
    clearInterval(drip);
  }
  // Where this machine is slow, one may have been quiet for long enough to end as such.
  const cut = await stage.metric('connections_cut');
  assert.ok(cut >= 1 && cut <= attacks.length, `${cut} were cut`);
});

// What a client does, and for how long it can: with a turn of a second until somebody looks.
const HOLDS = [
  ['a window of zero, nothing asked', (request) => request, { first: [[h2.INITIAL_WINDOW_SIZE, 0]] }],
  ['a window of zero, an answer outstanding', (_, deadline) => deadline,
    { first: [[h2.INITIAL_WINDOW_SIZE, 0]], ask: LARGE }],
  ['PING, nothing ever asked', (request) => 2 * request + 1, { drip: h2.frame(h2.PING, 0, 0, Buffer.alloc(8)) }],
  ['SETTINGS that nobody reads, nothing ever asked', (request) => 2 * request + 1,
    { read: false, drip: h2.settings([[h2.INITIAL_WINDOW_SIZE, 65535]]) }],
  ['PING after an answer', (_, deadline) => deadline + 1,
    { ask: '/robots.txt', drip: h2.frame(h2.PING, 0, 0, Buffer.alloc(8)) }],
];

scenario('Zero windows, PING and SETTINGS hold a connection as long as tests/README.md says.', {
  settings: { listen: { request_timeout_ms: 1000, response_deadline_ms: 3000 } },
}, async (stage) => {
  const table = readFileSync(join(root, 'tests/README.md'), 'utf8');
  await stage.get(LARGE);
  await Promise.all(HOLDS.map(async ([what, bound, { ask, drip, ...options }]) => {
    assert.ok(table.includes(`| ${what} | ${bound(5, 30)} |`), `tests/README.md: ${what}`);
    const raw = await open(stage, options);
    const started_ms = performance.now();
    if (ask) raw.send(h2.get(1, ask));
    const timer = drip && setInterval(() => raw.send(drip), 50);
    try {
      await isCut(raw, what);
    } finally {
      clearInterval(timer);
    }
    const held_s = (performance.now() - started_ms) / 1000;
    assert.ok(held_s > bound(1, 3) - 0.5, `${what}: ${held_s} s`);
    assert.ok(held_s < bound(1, 3) + 3, `${what}: ${held_s} s`);
  }));
});

// The kernel has taken the first answer long before the client has; of the second it waits for room.
scenario('Who is slow to take an answer gets all of it, also beside a request that does not end.', {
  settings: { listen: { request_timeout_ms: 600, response_deadline_ms: 20_000 } },
}, async (stage) => {
  await stage.get(LARGE);
  const wide = await open(stage, { first: [[h2.INITIAL_WINDOW_SIZE, 1 << 24]] });
  const narrow = await open(stage);
  wide.send(h2.windowUpdate(0, 1 << 24), h2.get(1, LARGE));
  narrow.send(h2.get(1, LARGE), h2.frame(h2.HEADERS, h2.END_HEADERS, 3, h2.getBlock(WARM)));
  wide.socket.pause();
  const drip = setInterval(() => [wide, narrow].forEach((raw) => raw.send(h2.windowUpdate(0, 1))), 50);
  try {
    await new Promise((next) => setTimeout(next, 2700)); // request_timeout_ms, a turn, and the wait for the next look
    assert.equal(narrow.ended, 0);
    wide.socket.resume();
    narrow.send(h2.windowUpdate(0, 1 << 24), h2.windowUpdate(1, 1 << 24));
    await until('the whole answers', () => wide.ended === 1 && narrow.ended === 1, 3000);
    await isCut(narrow, 'the request without an end');
  } finally {
    clearInterval(drip);
  }
});

scenario('More streams at once than were allowed are refused.', {}, async (stage) => {
  await stage.setLatency(500);
  const raw = await open(stage);
  for (let i = 0; i < 400; i++) raw.send(h2.get(2 * i + 1, artist(90001000001 + i)));
  await until('a refusal', () => raw.over || (raw.received[h2.RST_STREAM] ?? 0) >= 200);
  raw.close();
  assert.equal((await stage.get(WARM)).status, 200);
});

scenario('Garbage instead of HTTP/2 ends the connection, and no other.', {}, async (stage) => {
  await besideHonest(stage, async () => {
    for (const garbage of [
      h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 1, Buffer.alloc(100, 0xff)),
      h2.frame(h2.HEADERS, h2.END_STREAM | h2.END_HEADERS, 2, h2.getBlock(WARM)),
      h2.frame(h2.DATA, 0, 0, Buffer.alloc(10)),
      h2.frame(h2.CONTINUATION, h2.END_HEADERS, 1, h2.getBlock(WARM)),
      h2.frame(h2.SETTINGS, 0, 0, Buffer.alloc(5)),
      h2.frame(h2.PING, 0, 0, Buffer.alloc(7)),
      h2.frame(h2.DATA, 0, 1, Buffer.alloc(1 << 20)),
      Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      Buffer.alloc(1000, 0xff),
    ]) {
      const raw = await open(stage);
      raw.send(garbage);
      await isCut(raw, garbage.subarray(0, 20).toString('hex'));
    }
  });
});
