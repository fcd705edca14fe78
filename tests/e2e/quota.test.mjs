// A client's budget of cold work: a token bucket for what is not in memory, and a cap on what is under way. What is
// in memory is for everybody, always.
import assert from 'node:assert/strict';

import { artist, getHttps, scenario, sleep, until } from './harness.mjs';

const NARROW = { limits: { client_cold_per_minute: 60, client_cold_burst: 3 } };
const ID = 90004004;

// From another address of this machine, which is another client.
function getAs(stage, address, path) {
  return getHttps(stage.httpsPort, stage.ca, path, { localAddress: address });
}

function named(path_n) {
  return artist(ID, { name: `Name ${path_n}` });
}

scenario('Cold answers say what is left, and past it there is 429 with a Retry-After that can be trusted.', {
  settings: NARROW,
}, async (stage) => {
  for (let left = 2; left >= 0; left--) {
    const got = await stage.get(named(left));
    assert.equal(got.status, 200);
    assert.equal(got.headers['ratelimit-policy'], '"cold";q=3;w=3');
    assert.match(got.headers.ratelimit, new RegExp(`^"cold";r=[${left}-2];t=[1-3]$`));
  }
  const refused = await until('the end of the budget', async () => {
    const got = await stage.get(named(Math.random()));
    return got.status !== 200 && got;
  });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['content-type'], 'application/problem+json');
  assert.equal(refused.headers['cache-control'], 'no-store');
  assert.match(refused.headers.ratelimit, /^"cold";r=0;t=[1-3]$/);
  assert.equal(refused.headers['retry-after'], '1');
  assert.match(refused.json.type, /client-limit/);
  assert.equal(refused.json.upstreams, undefined, 'it is nobody else\'s fault');
  await sleep(1050);
  assert.equal((await stage.get(named('patient'))).status, 200);
  assert.ok((await stage.metric('clients_limited')) >= 1);
});

scenario('What is in memory costs nothing, however often, and says nothing of a budget.', {
  settings: NARROW,
}, async (stage) => {
  const warm = named('warm');
  const whole = (await stage.get(warm)).body;
  for (const other of ['a', 'b']) await stage.get(named(other));
  await until('the end of the budget', async () => (await stage.get(named(Math.random()))).status === 429);
  for (let i = 0; i < 50; i++) {
    const got = await stage.get(warm);
    assert.equal(got.status, 200);
    assert.deepEqual(got.body, whole);
    assert.equal(got.headers.ratelimit, undefined);
    assert.equal(got.headers['ratelimit-policy'], undefined);
  }
  const path = artist(4041234);
  await until('room for one', async () => (await stage.get(path)).status === 404);
  await until('the end of the budget', async () => (await stage.get(named(Math.random()))).status === 429);
  assert.equal((await stage.get(path)).status, 404, 'that there is nothing is in memory too');
});

scenario('A crowd behind one address that asks for one cold document is one client that asks once.', {
  settings: { limits: { client_cold_per_minute: 60, client_cold_burst: 2, client_cold_parallel: 2 } },
}, async (stage) => {
  await stage.setLatency(300);
  const visitors = Array.from({ length: 5 }, () => stage.openH2());
  const all = await Promise.all(Array.from({ length: 100 }, (_, i) => visitors[i % 5].get(named('crowd'))));
  assert.deepEqual([...new Set(all.map((got) => got.status))], [200]);
  assert.equal(await stage.metric('clients_limited'), 0);
  assert.equal(all.filter((got) => got.headers.ratelimit !== undefined).length, 1, 'one has spent something');
  assert.equal((await stage.get(named('another'))).status, 200);
});

scenario('All who ask for the pages of one host share its budget, which is no other host\'s.', {
  settings: { limits: { client_cold_per_minute: 1, client_cold_burst: 3 } },
}, async (stage) => {
  const page = (host, n) => `/tour/songkick/${ID}/?name=Name%20${n}&pages=https://${host}/tour`;
  const began = performance.now();
  const greedy = [];
  for (let i = 0; i < 4; i++) greedy.push((await getAs(stage, '127.0.0.10', page('a.example', i))).status);
  assert.deepEqual(greedy, [200, 200, 200, 429], 'one client has its own budget');
  let granted = 0;
  for (let i = 4; i < 40; i++) granted += (await getAs(stage, `127.0.0.${10 + i}`, page('a.example', i))).status === 200;
  const refilled = Math.ceil((performance.now() - began) / 60_000 * 8);
  assert.ok(granted >= 8 * 3 - 3 && granted <= 8 * 3 - 3 + refilled, `${granted} of the budget of eight clients were left`);
  assert.equal((await getAs(stage, '127.0.0.9', page('b.example', 0))).status, 200);
  assert.equal((await getAs(stage, '127.0.0.9', page('a.example', 0))).status, 200, 'what is warm costs nothing');
});

scenario('One client over its budget does not touch another.', { settings: NARROW }, async (stage) => {
  for (let i = 0; i < 6; i++) await getAs(stage, '127.0.0.2', named(`greedy ${i}`));
  assert.equal((await getAs(stage, '127.0.0.2', named('greedy again'))).status, 429);
  const got = await getAs(stage, '127.0.0.3', named('modest'));
  assert.equal(got.status, 200);
  assert.match(got.headers.ratelimit, /^"cold";r=2;/);
});

scenario('Behind trusted proxies each client has a budget of its own, and nobody else is taken at his word.', {
  settings: {
    limits: { client_cold_per_minute: 1, client_cold_burst: 3 },
    listen: { trusted_proxies: '127.0.0.1 127.1.0.0/16' },
  },
}, async (stage) => {
  let n = 0;
  const left = (got) => (got.status === 429 ? 'none' : Number(/r=(\d)/.exec(got.headers.ratelimit)[1]));
  const ask = async (via, told) => {
    const headers = told === undefined ? {} : { 'x-forwarded-for': told };
    return left(await getHttps(stage.httpsPort, stage.ca, named(n++), { localAddress: via, headers }));
  };
  const spend = async (via, told) => {
    for (const expected of [2, 1, 0, 'none']) assert.equal(await ask(via, told), expected);
  };
  await spend('127.0.0.1', '192.0.2.1');
  assert.equal(await ask('127.0.0.1', '192.0.2.2'), 2);
  assert.equal(left(await stage.getH2(named(n++), { 'x-forwarded-for': '192.0.2.2' })), 1);
  assert.equal(await ask('127.0.0.1', '192.0.2.77, 192.0.2.1'), 'none', 'what the client has written itself');
  assert.equal(await ask('127.1.2.3', ['192.0.2.77', '192.0.2.1, 127.0.0.1']), 'none', 'two proxies');
  // Without an address it is the proxy's own.
  assert.equal(await ask('127.0.0.1'), 2);
  for (const rubbish of ['unknown', '192.0.2.9 x']) await ask('127.0.0.1', rubbish);
  for (const rubbish of [',,', '[::1', 'x'.repeat(500)]) assert.equal(await ask('127.0.0.1', rubbish), 'none');
  // Who is no proxy is one client, however many he claims to be.
  for (let i = 0; i < 3; i++) assert.equal(await ask('127.0.0.2', `192.0.2.${100 + i}`), 2 - i);
  assert.equal(await ask('127.0.0.2', '192.0.2.200'), 'none');
  assert.equal(await ask('127.0.0.1', '192.0.2.100'), 2, 'nor is it on their account');
});

scenario('Only so many documents are under way for one client; a finished one makes room.', {
  settings: { limits: { client_cold_parallel: 4 } },
}, async (stage) => {
  await stage.setLatency(150);
  const client = stage.openH2();
  const all = await Promise.all(Array.from({ length: 12 }, (_, i) => client.get(artist(90001001 + i * 1000000))));
  const statuses = all.map((got) => got.status);
  assert.equal(statuses.filter((status) => status === 429).length, 8, `${statuses}`);
  assert.equal(statuses.filter((status) => status === 200).length, 4, `${statuses}`);
  for (const got of all.filter((one) => one.status === 429)) {
    assert.equal(got.headers['retry-after'], '1');
    assert.equal(got.headers.ratelimit, undefined, 'there is no budget per minute to speak of');
  }
  assert.equal((await client.get(artist(90099001))).status, 200);
});

scenario('A client that resets its cold requests gets no more work done than one that waits.', {
  settings: { limits: { client_cold_parallel: 4 } },
}, async (stage) => {
  await stage.setLatency(1000);
  const client = stage.openH2();
  await client.get('/robots.txt');
  for (let i = 0; i < 40; i++) {
    const stream = client.session.request({ ':path': artist(90001001 + i * 1000000) });
    stream.on('error', () => {});
    await sleep(1); // or it would be reset before it is sent
    stream.close();
  }
  await until('the refusals', async () => (await stage.metric('clients_limited')) >= 36);
  assert.equal(await stage.metric('jobs_started'), 4);
});

scenario('In a page that includes it, a refusal is a comment.', { settings: NARROW }, async (stage) => {
  await until('the end of the budget', async () => (await stage.get(named(Math.random()))).status === 429);
  const got = await stage.get(artist(ID, { format: 'html', name: 'Page' }));
  assert.equal(got.status, 429);
  assert.match(got.text, /^<!-- marquee: 429 .* -->\n$/);
});

scenario('New limits are in force after SIGHUP.', { settings: NARROW }, async (stage) => {
  await until('the end of the budget', async () => (await stage.get(named(Math.random()))).status === 429);
  await stage.changeSettings({ limits: { client_cold_per_minute: 6000, client_cold_burst: 1000 } });
  stage.marquee.signal('SIGHUP');
  await until('the new limits', () => /event=reloaded/.test(stage.marquee.output()));
  const got = await until('room', async () => {
    const one = await stage.get(named(Math.random()));
    return one.status === 200 && one;
  });
  assert.equal(got.headers['ratelimit-policy'], '"cold";q=1000;w=10');
});

// Those that found the inbox full were counted by both sides of it.
scenario('Each refused order is counted once.', {
  settings: { limits: { max_jobs: 1, client_cold_per_minute: 0, client_cold_parallel: 0 } },
}, async (stage) => {
  await stage.setLatency(300);
  const client = stage.openH2();
  const all = await Promise.all(Array.from({ length: 80 }, (_, i) => client.get(artist(90001001000 + i))));
  const refused = all.filter((got) => got.status === 503).length;
  assert.ok(refused > 0, 'none was refused');
  assert.equal(await stage.metric('orders_refused'), refused);
});
