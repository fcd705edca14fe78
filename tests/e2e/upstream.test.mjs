// What an upstream is spared: breaker, pauses it asks for, budget for retries, quota, rate, concurrency, and
// connections that have gone dead.
import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { artist, peakMemory_mb, scenario, sleep, until } from './harness.mjs';

const TIMEOUTS = { timeout_ms: 1000 };

// Artists without events, whose name is given: one request each.
function lone(i) {
  return artist(90000000100 + i, { name: 'Rusty Meadow' });
}

function assertRefused(got, { retry_after_s }) {
  assert.equal(got.status, 503, got.text);
  assert.match(got.json.type, /#upstream-limit$/);
  const [least_s, most_s] = retry_after_s;
  const wait_s = Number(got.headers['retry-after']);
  assert.ok(wait_s >= least_s && wait_s <= most_s, `Retry-After: ${got.headers['retry-after']}`);
}

async function requests(stage) {
  return (await stage.counters()).requests;
}

describe('An upstream in trouble is left alone.', { concurrency: 4 }, () => {
  scenario('After five failures in a row nothing is asked for a while, then one probe, and the pause grows.', {
    settings: { songkick: TIMEOUTS },
  }, async (stage) => {
    await stage.setMode('500');
    for (let i = 0; i < 5; i++) assert.equal((await stage.get(lone(i))).status, 502);
    const opened_ms = performance.now();
    const refused = await stage.get(lone(5));
    assertRefused(refused, { retry_after_s: [1, 1] });
    assert.match(refused.headers['proxy-status'], /error=destination_unavailable/);
    assert.equal(await requests(stage), 5);
    assert.match(stage.marquee.output(), /event=breaker_opened provider=songkick pause_s=1/);

    await stage.setLatency(200);
    await sleep(1100 - (performance.now() - opened_ms));
    const waiting = await Promise.all(Array.from({ length: 10 }, (_, i) => stage.get(lone(10 + i))));
    assert.equal(await requests(stage), 6, 'more than one probe');
    assert.equal(waiting.filter((got) => got.status === 502).length, 1);
    for (const got of waiting.filter((one) => one.status !== 502)) assertRefused(got, { retry_after_s: [1, 2] });
    assert.equal(await stage.metric('breaker_opened'), 2);

    await stage.setMode('ok');
    await sleep(1100);
    assertRefused(await stage.get(lone(30)), { retry_after_s: [1, 1] });
    assert.equal(await requests(stage), 6, 'the pause did not grow');
    await sleep(1100);
    assert.equal((await stage.get(lone(31))).status, 200);
    const all = await Promise.all(Array.from({ length: 10 }, (_, i) => stage.get(lone(40 + i))));
    for (const got of all) assert.equal(got.status, 200);
  });

  for (const mode of ['429-seconds', '429-date', '503-retry']) {
    scenario(`A pause that the upstream asks for is kept (${mode}).`, { settings: { songkick: TIMEOUTS } },
      async (stage) => {
        await stage.setMode(mode, { times: 1 });
        const first = await stage.get(lone(0));
        const pause_s = Number(first.headers['retry-after'] ?? 1);
        assert.ok(first.status >= 500 && pause_s >= 1 && pause_s <= 3, `${first.status}, ${pause_s} s`);
        assertRefused(await stage.get(lone(1)), { retry_after_s: [1, 2] });
        assert.equal(await requests(stage), 1);
        await sleep(2100);
        assert.equal((await stage.get(lone(1))).status, 200);
      });
  }

  // libcurl reads a number that is too large as none at all.
  scenario('A pause of three thousand years is one of an hour.', {}, async (stage) => {
    await stage.setMode('429-absurd', { times: 1 });
    assertRefused(await stage.get(lone(0)), { retry_after_s: [3600, 3600] });
    assertRefused(await stage.get(lone(1)), { retry_after_s: [3590, 3600] });
    assert.equal(await requests(stage), 1);
  });

  scenario('A short pause that another request is asked for does not end a long one.', {}, async (stage) => {
    await stage.setMode('429-absurd', { match: '90000000100', latency_ms: 200 });
    await stage.setMode('429-seconds', { match: '90000000101', latency_ms: 500 });
    const [long, short] = await Promise.all([stage.get(lone(0)), stage.get(lone(1))]);
    assertRefused(long, { retry_after_s: [3600, 3600] });
    assertRefused(short, { retry_after_s: [1, 3] });
    assertRefused(await stage.get(lone(2)), { retry_after_s: [3590, 3600] });
    assert.equal(await requests(stage), 2);
  });

  scenario('What was asked before the breaker opened and fails during the probe leaves the word to the probe.', {
    settings: { songkick: { timeout_ms: 1500 } },
  }, async (stage) => {
    await stage.setMode('hang', { match: '90000000150' });
    const hanging = stage.get(lone(50));
    await until('it to hang', async () => (await requests(stage)) === 1);
    await stage.setMode('500', { times: 5 });
    const failed = await Promise.all([0, 1, 2, 3, 4].map((i) => stage.get(lone(i))));
    for (const got of failed) assert.equal(got.status, 502);
    assertRefused(await stage.get(lone(5)), { retry_after_s: [1, 1] });
    await stage.setLatency(600);
    await sleep(1050);
    const probe = stage.get(lone(6));
    assert.equal((await hanging).status, 504);
    assert.equal((await probe).status, 200);
    assert.equal((await stage.get(lone(7))).status, 200);
    assert.equal(await stage.metric('breaker_opened'), 1);
  });

  scenario('Of requests that break off, a fifth is tried again, not more.', { settings: { songkick: TIMEOUTS } },
    async (stage) => {
      let served = 0;
      for (let i = 0; i < 20; i++) {
        await stage.setMode('truncated', { times: 1 });
        served += (await stage.get(lone(2 * i))).status === 200;
        assert.equal((await stage.get(lone(2 * i + 1))).status, 200);
      }
      const retries = await stage.metric('upstream_retries');
      assert.equal(served, retries, 'a retry gives the document');
      assert.ok(retries >= 5 && retries <= 0.2 * 40 + 1, `${retries} retries of 40 requests`);
      assert.equal(await requests(stage), 40 + retries);
    });

  for (const simulator of [[], ['--http1-only']]) {
    scenario(`A connection that hangs is not used again (${simulator[0] ?? 'HTTP/2'}).`, {
      simulator, settings: { songkick: TIMEOUTS },
    }, async (stage) => {
      assert.equal((await stage.get(lone(0))).status, 200);
      await stage.setMode('stall');
      assert.equal((await stage.get(lone(1))).status, 504);
      for (let i = 2; i < 10; i++) {
        const got = await stage.get(lone(i));
        assert.equal(got.status, 200);
        assert.ok(got.elapsed_ms < TIMEOUTS.timeout_ms, `${got.elapsed_ms} ms`);
      }
    });
  }
});

describe('An upstream is asked no more than it allows.', { concurrency: 4 }, () => {
  scenario('The last twentieth of the day is for what nobody has a copy of, and the operator is told.', {
    settings: { songkick: { requests_per_day: 40, fresh_s: 1, keep_s: 600 } },
  }, async (stage) => {
    const first = await stage.get(lone(0));
    for (let i = 1; i < 38; i++) assert.equal((await stage.get(lone(i))).status, 200);
    assert.match(stage.marquee.output(), /level=warn event=quota_nearly_spent provider=songkick/);
    await until('the copy to be stale', () => Date.now() > Date.parse(first.headers.date) + 1100);
    await stage.get(lone(0));
    await until('the refresh', async () => (await stage.metric('refreshes')) > 0);
    await until('its end', async () => (await stage.metric('jobs_running')) === 0);
    const stale = await stage.get(lone(0));
    assert.equal(stale.status, 200);
    assert.match(stale.headers['proxy-status'], /error=connection_limit_reached/);
    assert.equal(await requests(stage), 38, 'a copy cost quota');
    for (let i = 40; i < 42; i++) assert.equal((await stage.get(lone(i))).status, 200);
    assertRefused(await stage.get(lone(42)), { retry_after_s: [1, 86400] });
    assert.equal(await requests(stage), 40);
    assert.equal(stage.marquee.output().match(/event=quota_nearly_spent/g).length, 1);
  });

  scenario('Requests are spread over the seconds.', { settings: { songkick: { requests_per_s: 20 } } },
    async (stage) => {
      const got = await stage.get(artist(90054050));
      assert.equal(got.json.length, 54);
      assert.doesNotMatch(got.headers['cache-status'], /incomplete/);
      const { arrivals_ms } = await stage.counters();
      assert.equal(arrivals_ms.length, 52);
      // 20 at once, then 20 a second.
      for (let i = 21; i < arrivals_ms.length; i++) {
        const elapsed_ms = arrivals_ms[i] - arrivals_ms[0];
        assert.ok(elapsed_ms > (i - 20) * 50 - 100, `${i} requests in ${elapsed_ms} ms`);
      }
    });

  scenario('No more requests than allowed are under way at once.', { settings: { songkick: { max_concurrent: 5 } } },
    async (stage) => {
      await stage.setLatency(50);
      assert.equal((await stage.get(artist(90054050))).json.length, 54);
      const { peak } = await stage.counters();
      assert.ok(peak > 1 && peak <= 5, `${peak} at once`);
    });

  scenario('What finds the queue full is refused, and the document is made without it.', {
    settings: { songkick: { max_concurrent: 5, max_queue: 10 } },
  }, async (stage) => {
    await stage.setLatency(100);
    const got = await stage.get(artist(90054050));
    assert.equal(got.json.length, 54);
    assert.match(got.headers['cache-status'], /incomplete/);
    assert.ok((await stage.metric('upstream_refused')) >= 30);
    assert.ok((await requests(stage)) <= 1 + 5 + 10 + 5);
  });

  // 50 answers without end, and each may have 16 MB.
  scenario('All answers together have a maximum.', {}, async (stage) => {
    await stage.setMode('endless', { match: '/venues/' });
    const got = await stage.get(artist(90054050));
    assert.equal(got.json.length, 54);
    assert.match(got.headers['cache-status'], /incomplete/);
    const memory_mb = peakMemory_mb(stage.marquee.pid);
    assert.ok(memory_mb < 256, `${memory_mb} MB`);
  });
});

// Of such tours one in ten came to nothing for five seconds (multiplexing.test.mjs says why).
scenario('Sixty cold tours of five pages each come whole, one after the other.', {
  settings: { limits: { client_cold_per_minute: 100000, client_cold_burst: 1000 } }, timeout_ms: 240_000,
}, async (stage) => {
  for (let i = 0; i < 60; i++) {
    const got = await stage.get(artist(`90234050${100 + i}`));
    assert.equal(got.status, 200, got.text.slice(0, 300));
    assert.ok(got.json.length > 200, `${got.json.length} events`);
  }
});
