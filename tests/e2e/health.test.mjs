// What an operator asks: marquee health, the status page, and whether dashboard and alerts go by metrics that exist.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { artist, getHttp, root, scenario, until } from './harness.mjs';

const health = (stage, ini) => stage.runMarquee(['health', '--config', ini ?? stage.file('marquee.ini')]);

scenario('marquee health says by its exit status whether the service serves.', { simulator: false }, async (stage) => {
  const good = await health(stage);
  assert.deepEqual([good.code, good.stdout, good.stderr], [0, '', '']);
  const anyAddress = stage.changeSettings({ listen: { admin: `0.0.0.0:${stage.adminPort}` } }, 'any.ini');
  assert.equal((await health(stage, anyAddress)).code, 0, 'every address is asked on the loopback interface');
  const without = await health(stage, stage.changeSettings({ listen: { admin: '' } }, 'without.ini'));
  assert.equal(without.code, 2);
  assert.match(without.stderr, /admin.*is empty/);
  assert.equal((await health(stage, stage.file('missing.ini'))).code, 2);
  await stage.marquee.stop();
  const bad = await health(stage);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /not healthy: 127\.0\.0\.1:\d+: Connection refused/);
  stage.marquee = undefined;
});

scenario('marquee health does not wait for a port that never answers, and believes no other program.', {
  simulator: false, marquee: false,
}, async (stage) => {
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (server.words !== undefined) socket.end(server.words);
  });
  await stage.writeConfiguration();
  await new Promise((done) => server.listen(stage.adminPort, '127.0.0.1', done));
  try {
    const started_ms = performance.now();
    assert.equal((await health(stage)).code, 1);
    assert.ok(performance.now() - started_ms < 9000);
    for (const [words, code] of [['220 mail.example ESMTP\r\n', 1], ['HTTP/1.1 503 no\r\n\r\nnot ready\n', 1],
      ['HTTP/1.0 200 OK\r\n\r\nready\n', 0], ['', 1]]) {
      server.words = words;
      assert.equal((await health(stage)).code, code, words);
    }
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

async function status(stage) {
  const got = await getHttp(stage.adminPort, '/status.json');
  assert.equal(got.status, 200);
  assert.match(got.headers['content-type'], /^application\/json/);
  assert.ok(!got.text.includes(stage.keyMark), 'the key is in it');
  return JSON.parse(got.text);
}

const provider = (all, name) => all.providers.find((row) => row.name === name);

scenario('The status page says how providers, quota, memory and memcached are.', {
  memcached: true,
  settings: { songkick: { requests_per_day: 100 }, bandsintown: { enabled: 'no' } },
}, async (stage) => {
  const before = await status(stage);
  assert.equal(before.service.ready, true);
  assert.match(before.service.version, /^\d+\.\d+\.\d+$/);
  assert.ok(Math.abs(Date.parse(before.service.started_at) - Date.now()) < 3_600_000);
  assert.equal(provider(before, 'songkick').state, 'not asked yet');
  assert.equal(provider(before, 'bandsintown').state, 'switched off');
  assert.equal(provider(before, 'musicbrainz').state, 'without a contact');
  assert.deepEqual(before.memcached, [{ server: stage.memcachedSocket, state: 'in use', failures: 0 }]);

  await stage.resetCounters();
  assert.equal((await stage.get(artist(90004004))).status, 200);
  const asked = (await stage.counters()).requests;
  const after = await until('what has been asked to be shown', async () => {
    const now = await status(stage);
    return provider(now, 'songkick').asked_today > 0 && now;
  });
  const songkick = provider(after, 'songkick');
  assert.equal(songkick.state, 'asked');
  assert.equal(songkick.asked_today, asked);
  assert.equal(songkick.quota_left, 100 - asked);
  assert.equal(songkick.last_error, null);
  assert.ok(Date.parse(songkick.last_success_at) > 0);
  assert.ok(after.memory.entries > 0 && after.memory.budget_bytes === 64 << 20);
  assert.equal((await stage.counters()).requests, asked, 'the status page asked a provider');

  const page = await getHttp(stage.adminPort, '/');
  assert.match(page.headers['content-type'], /^text\/html; charset=utf-8/);
  for (const words of ['songkick', 'not asked yet', 'without a contact', 'quota left', stage.memcachedSocket]) {
    assert.ok(page.text.includes(words), words);
  }
  assert.ok(!page.text.includes(stage.keyMark));
});

scenario('A provider that fails is named with its error and the time when it is asked again.', {
  settings: { songkick: { timeout_ms: 1000 } },
}, async (stage) => {
  await stage.setMode('401');
  await stage.get(artist(90004004));
  const songkick = await until('the failure to be shown', async () => {
    const row = provider(await status(stage), 'songkick');
    return row.last_error !== null && row;
  });
  assert.match(songkick.last_error, /key/i);
  assert.ok(Date.parse(songkick.last_error_at) > 0);
  let other = 0;
  await until('the breaker to open', async () => {
    await stage.get(artist(90004004 + ++other));
    return provider(await status(stage), 'songkick').state === 'left alone after failures';
  });
  const paused = provider(await status(stage), 'songkick');
  assert.ok(paused.asked_again_at === null || Date.parse(paused.asked_again_at) > 0);
});

scenario('Dashboard and alerts go by metrics that exist.', { memcached: true }, async (stage) => {
  assert.equal((await stage.get(artist(90004004))).status, 200);
  const { text } = await until('the provider among the metrics', async () => {
    const got = await getHttp(stage.adminPort, '/metrics');
    return /^marquee_provider_requests_today\{section="songkick"\} \d+$/m.test(got.text) && got;
  });
  const known = new Set([...text.matchAll(/^(marquee_\w+)/gm)].map(([, name]) => name));
  for (const file of ['grafana-dashboard.json', 'alerts.yml']) {
    const words = readFileSync(join(root, 'deploy', file), 'utf8');
    const used = new Set(words.match(/\bmarquee_\w+/g));
    assert.ok(used.size >= 5, file);
    for (const name of used) assert.ok(known.has(name), `${file}: there is no ${name}`);
  }
  const dashboard = JSON.parse(readFileSync(join(root, 'deploy/grafana-dashboard.json'), 'utf8'));
  assert.ok(dashboard.panels.every((panel) => panel.targets.length > 0 && panel.title !== ''));
});
