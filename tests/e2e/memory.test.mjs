// An allocation of the back thread that fails costs a document at most, and never the process. The allocator that fails is
// failing_malloc.c; what is listed in service/process/exhaustion.h runs on other threads or before the first request.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { artist, build, scenario, sleep } from './harness.mjs';

const library = join(build, 'failing_malloc.so');
const FIRST = 90004004000; // 5 requests; what is added makes others of the same size
const CALLS = 500; // what a cold document takes
const EVERY = 11;

// A sanitizer brings an allocator of its own.
const skip = process.env.MARQUEE !== undefined ? 'another build of the service'
  : !existsSync(library) && 'no failing_malloc.so: make e2e';

for (const offset of [1, 6]) {
  scenario(`An allocation of a cold document fails: call ${offset}, and every ${EVERY}th after it.`, {
    marquee: false, skip,
  }, async (stage) => {
    const order = stage.file('which');
    stage.moreEnvironment = { LD_PRELOAD: library, FAILING_MALLOC: order };
    const statuses = new Set();
    for (let k = offset; k < CALLS; k += EVERY) {
      await stage.startMarquee();
      writeFileSync(order, `${k}`);
      stage.marquee.signal('SIGUSR2');
      await sleep(5);
      const got = await stage.get(artist(FIRST + k));
      assert.ok([200, 502, 503, 504].includes(got.status), `call ${k}: status ${got.status}`);
      if (got.status !== 200) assert.equal(got.headers['content-type'], 'application/problem+json');
      statuses.add(got.status);
      assert.equal(stage.marquee.over, null, `call ${k} ended the process: ${stage.marquee.output()}`);
      assert.equal((await stage.get('/')).status, 200);
      assert.deepEqual(await stage.marquee.stop(), { code: 0, signal: null });
    }
    assert.ok(statuses.has(200) && statuses.size > 1, `there were only ${[...statuses]}`);
  });
}
