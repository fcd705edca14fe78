// Everything that two threads do at once, under ThreadSanitizer: hits and misses, refreshes, upstreams in trouble,
// clients that leave, memcached, a reload, the end. `make test` makes the build for it, `make tsan` runs this alone.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { build, scenario, sleep, until, within } from './harness.mjs';
import { RoughLoad } from './load.mjs';

const program = join(build, 'tsan/marquee');
const skip = !existsSync(program) && 'no build with ThreadSanitizer: make tsan, or make test';

scenario('No data race is found under a rough load, a reload and SIGTERM.', {
  marquee: false,
  memcached: true,
  skip,
  settings: {
    listen: { threads: 3 }, cache: { memory_mb: 2, not_found_fresh_s: 1 },
    songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 30 },
  },
}, async (stage) => {
  await stage.startMarquee(program);
  const load = new RoughLoad(stage);
  await load.more(150);
  stage.marquee.signal('SIGHUP');
  await until('the reload', () => /event=reloaded/.test(stage.marquee.output()));
  await stage.setMode('500', { times: 40 });
  await load.more(150);
  await stage.setMode('ok');
  stage.memcached.signal('SIGSTOP');
  await load.more(50);
  stage.memcached.signal('SIGCONT');
  await sleep(1500); // documents go stale and are made anew
  await load.more(100);
  for (const name of ['hits_stale', 'refreshes', 'misses', 'jobs_collapsed']) {
    assert.ok((await stage.metric(name)) > 0, `the load made no ${name}`);
  }
  stage.marquee.signal('SIGTERM');
  const ending = await within(20_000, 'the end', stage.marquee.ended);
  await load.end();
  // ThreadSanitizer's exit status is 66 when it has reported something.
  assert.deepEqual(ending, { code: 0, signal: null }, stage.marquee.output().slice(0, 6000));
});
