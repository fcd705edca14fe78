// SIGHUP while the service is at work. Certificates: tls.test.mjs; limits of clients: quota.test.mjs.
import assert from 'node:assert/strict';

import { artist, scenario, until } from './harness.mjs';

function count(stage, event) {
  return stage.marquee.output().split(`event=${event} `).length - 1;
}

// What was replaced used to be thrown away after 15 s, whatever document_deadline_ms said; and a second SIGHUP
// within them was forgotten.
scenario('A document that takes long is finished by the configuration before, and no SIGHUP is lost.', {
  settings: { limits: { document_deadline_ms: 20_000 }, songkick: { timeout_ms: 20_000 } },
}, async (stage) => {
  await stage.setMode('ok', { latency_ms: 0 });
  await stage.setLatency(16_500);
  const slow = stage.get(artist(90000000)); // one request
  await until('the request', async () => (await stage.metric('jobs_running')) === 1);
  stage.marquee.signal('SIGHUP');
  await until('the first reload', () => count(stage, 'reloaded') === 1);
  stage.marquee.signal('SIGHUP');
  await until('the second to wait', () => count(stage, 'reload_postponed') === 1);
  assert.equal((await slow).status, 200);
  await until('the second reload', () => count(stage, 'reloaded') === 2, 15_000);
});

// Only a few of the settings were compared.
scenario('Every setting that a reload cannot change is said to need a restart.', { simulator: false },
  async (stage) => {
    await stage.changeSettings({ listen: { max_connections: 100, drain_ms: 1 }, cache: { hint_keep_s: 1 } });
    stage.marquee.signal('SIGHUP');
    await until('the reload', () => count(stage, 'reloaded') === 1);
    assert.match(stage.marquee.output(), /event=restart_needed for=\[listen\]\n/);
  });
