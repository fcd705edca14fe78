// SIGHUP while the service is at work. Certificates: tls.test.mjs; limits of clients: quota.test.mjs.
import assert from 'node:assert/strict';

import { artist, scenario, until } from './harness.mjs';

function count(stage, event) {
  return stage.marquee.output().split(`event=${event} `).length - 1;
}

async function reload(stage) {
  stage.marquee.signal('SIGHUP');
  await until('the reload', () => count(stage, 'reloaded') === 1);
}

function restartsNeeded(stage) {
  return [...stage.marquee.output().matchAll(/event=restart_needed for=(\S+)/g)].map(([, section]) => section);
}

// What was replaced used to be thrown away after 15 s, whatever document_deadline_ms said; and a second SIGHUP
// within them was forgotten. What needs a restart was found by comparing with the reload before.
scenario('A document that takes long is finished by the configuration before, and no SIGHUP is lost.', {
  settings: { limits: { document_deadline_ms: 20_000 }, songkick: { timeout_ms: 20_000 } },
}, async (stage) => {
  await stage.setMode('ok', { latency_ms: 0 });
  await stage.setLatency(16_500);
  const slow = stage.get(artist(90000000)); // one request
  await until('the request', async () => (await stage.metric('jobs_running')) === 1);
  await stage.changeSettings({ listen: { max_connections: 100 }, cache: { memory_mb: 65 } });
  await reload(stage);
  assert.deepEqual(restartsNeeded(stage), ['[listen]', '[cache]']);
  await stage.changeSettings({ listen: { max_connections: 100 } });
  stage.marquee.signal('SIGHUP');
  await until('the second to wait', () => count(stage, 'reload_postponed') === 1);
  assert.equal((await slow).status, 200);
  await until('the second reload', () => count(stage, 'reloaded') === 2, 15_000);
  assert.deepEqual(restartsNeeded(stage), ['[listen]', '[cache]', '[listen]']);
});

// Only a few of the settings were compared.
scenario('Every setting that a reload cannot change is said to need a restart.', { simulator: false },
  async (stage) => {
    await stage.changeSettings({ listen: { max_connections: 100, drain_ms: 1 }, cache: { hint_keep_s: 1 } });
    await reload(stage);
    assert.deepEqual(restartsNeeded(stage), ['[listen]']);
  });
