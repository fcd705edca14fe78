// SIGHUP while the service is at work. Certificates: tls.test.mjs; limits of clients: quota.test.mjs.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

import { artist, scenario, until } from './harness.mjs';

function count(stage, event) {
  return stage.marquee.output().split(`event=${event} `).length - 1;
}

async function reload(stage) {
  stage.marquee.signal('SIGHUP');
  await until('the reload', () => count(stage, 'reloaded') === 1);
}

// Artists without events, whose name is given: one request each.
function lone(i) {
  return artist(90000000100 + i, { name: 'Rusty Meadow' });
}

async function requests(stage) {
  return (await stage.counters()).requests;
}

function assertRefused(got, { retry_after_s }) {
  assert.equal(got.status, 503, got.text);
  assert.match(got.json.type, /#upstream-limit$/);
  const [least_s, most_s] = retry_after_s;
  const wait_s = Number(got.headers['retry-after']);
  assert.ok(wait_s >= least_s && wait_s <= most_s, `Retry-After: ${got.headers['retry-after']}`);
}

function restartsNeeded(stage) {
  return [...stage.marquee.output().matchAll(/event=restart_needed for=(\S+)/g)].map(([, section]) => section);
}

function backThreads(stage) {
  const tasks = `/proc/${stage.marquee.pid}/task`;
  return readdirSync(tasks).filter((id) => readFileSync(`${tasks}/${id}/comm`, 'utf8') === 'back\n').length;
}

// A reload used to start a second back thread: who asked for a document that was under way had it begun anew.
scenario('There is one back thread, and a document under way at a reload is asked for once.', {}, async (stage) => {
  assert.equal(backThreads(stage), 1);
  await stage.setLatency(1500);
  const before = [0, 1, 2, 3].map((i) => stage.get(lone(i)));
  await until('the requests', async () => (await stage.counters()).requests === 4);
  await reload(stage);
  const after = [0, 1, 2, 3].map((i) => stage.get(lone(i)));
  await until('the later ones to join', async () => (await stage.metric('jobs_collapsed')) === 4);
  assert.equal(backThreads(stage), 1);
  for (const got of await Promise.all([...before, ...after])) assert.equal(got.status, 200, got.text);
  assert.equal(await requests(stage), 4);
  assert.equal(backThreads(stage), 1);
});

// What was replaced used to be thrown away after 15 s, whatever document_deadline_ms said; and a second SIGHUP
// within them was forgotten. What needs a restart was found by comparing with the reload before.
scenario('A document that takes long is finished by the configuration before, and no SIGHUP is lost.', {
  settings: { limits: { document_deadline_ms: 20_000 }, songkick: { timeout_ms: 20_000 } },
}, async (stage) => {
  await stage.setMode('ok', { latency_ms: 0 });
  await stage.setLatency(16_500);
  const slow = stage.get(artist(90000000, { name: 'Rusty Meadow' })); // one request
  await until('the request', async () => (await stage.metric('jobs_running')) === 1);
  stage.settings.limits.document_deadline_ms = 1000;
  await stage.changeSettings({ listen: { max_connections: 100 }, cache: { memory_mb: 65 } });
  await reload(stage);
  assert.deepEqual(restartsNeeded(stage), ['[listen]', '[cache]']);
  await stage.changeSettings({ listen: { max_connections: 100 } });
  stage.marquee.signal('SIGHUP');
  await until('the second reload', () => count(stage, 'reloaded') === 2);
  assert.deepEqual(restartsNeeded(stage), ['[listen]', '[cache]', '[listen]']);
  assert.equal((await slow).status, 200);
});

// Only a few of the settings were compared.
scenario('Every setting that a reload cannot change is said to need a restart.', { simulator: false },
  async (stage) => {
    await stage.changeSettings({ listen: { max_connections: 100, drain_ms: 1 }, cache: { not_found_fresh_s: 1 } });
    await reload(stage);
    assert.deepEqual(restartsNeeded(stage), ['[listen]']);
  });

scenario('That a lower keep_s is not for what is stored already is said.', {
  simulator: false, settings: { ticketmaster: { keep_s: 1000 } },
}, async (stage) => {
  await stage.changeSettings({ songkick: { keep_s: 3600 }, ticketmaster: { keep_s: 2000 } });
  await reload(stage);
  assert.deepEqual(stage.marquee.output().match(/event=keep_s_lowered provider=\w+ keep_s=\d+ now="what is stored/g),
    ['event=keep_s_lowered provider=songkick keep_s=3600 now="what is stored']);
});

// Each of two configurations at work had places of its own.
scenario('No more than max_concurrent requests are under way, of both configurations together.', {
  settings: { songkick: { max_concurrent: 3 } },
}, async (stage) => {
  await stage.setLatency(300);
  const before = [0, 1, 2, 3].map((i) => stage.get(lone(i)));
  await until('requests to wait', async () => (await stage.metric('jobs_running')) === 4);
  await reload(stage);
  const after = [4, 5, 6, 7].map((i) => stage.get(lone(i)));
  for (const got of await Promise.all([...before, ...after])) assert.equal(got.status, 200, got.text);
  const { peak, requests: sent } = await stage.counters();
  assert.deepEqual({ peak, sent }, { peak: 3, sent: 8 });
});

// A reload forgot what had been asked of the upstreams, and how they had taken it.
scenario('What is spent of the day\'s quota stays spent, and a new quota is in force.', {
  settings: { songkick: { requests_per_day: 2 } },
}, async (stage) => {
  for (let i = 0; i < 2; i++) assert.equal((await stage.get(lone(i))).status, 200);
  assertRefused(await stage.get(lone(2)), { retry_after_s: [1, 86400] });
  stage.settings.songkick.requests_per_day = 3;
  await stage.changeSettings({});
  await reload(stage);
  assert.equal((await stage.get(lone(3))).status, 200);
  assertRefused(await stage.get(lone(4)), { retry_after_s: [1, 86400] });
  assert.equal(await requests(stage), 3);
  assert.equal(count(stage, 'quota_nearly_spent'), 1);
});

scenario('A pause that an upstream was promised is kept.', {}, async (stage) => {
  await stage.setMode('429-absurd', { times: 1 });
  assertRefused(await stage.get(lone(0)), { retry_after_s: [3600, 3600] });
  await reload(stage);
  assertRefused(await stage.get(lone(1)), { retry_after_s: [3590, 3600] });
  assert.equal(await requests(stage), 1);
  assert.equal(await stage.metric('breaker_opened'), 1);
});

scenario('A key that was refused and is replaced is tried at once.', { marquee: false }, async (stage) => {
  const file = stage.file('songkick.key');
  writeFileSync(file, 'mistyped\n');
  stage.settings.songkick = { api_key_file: file };
  Object.defineProperty(stage, 'environment', { value: { ...stage.environment, MARQUEE_SONGKICK_API_KEY: '' } });
  await stage.startMarquee();
  await until('the breaker to open', async () => {
    const got = await stage.get(lone(await requests(stage)));
    assert.match(got.json.type, /#upstream-key$/);
    return count(stage, 'breaker_opened') === 1;
  });
  const before = await requests(stage);
  writeFileSync(file, `${stage.apiKey}\n`);
  await reload(stage);
  assert.equal((await stage.get(lone(99))).status, 200);
  assert.equal(await requests(stage), before + 1);
});
