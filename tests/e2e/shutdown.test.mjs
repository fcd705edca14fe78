// The way out: what is under way is finished, nothing new is begun, the exit status is 0. The same with the
// sanitizers' build, where there is one (`make test` makes it): then a leak is a failure.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { artist, build, isListening, marqueeProgram, scenario, sleep, until, within } from './harness.mjs';

const GOOD_END = { code: 0, signal: null };
const LATENCY_MS = 500;

async function untilUnderWay(stage, n) {
  await until(`${n} documents in the making`, async () => (await stage.metric('jobs_running')) >= n);
}

async function stopsUnderLoad(stage) {
  const client = stage.openH2();
  const warm = artist(90004004);
  assert.equal((await client.get(warm)).status, 200);
  await stage.setLatency(LATENCY_MS);
  const cold = [];
  for (let i = 0; i < 10; i++) {
    cold.push(stage.get(artist(90012010001 + i)), client.get(artist(90012010101 + i)));
  }
  await untilUnderWay(stage, 20);
  const started_ms = performance.now();
  stage.marquee.signal('SIGTERM');
  await until('the end of listening', async () => !(await isListening(stage.httpsPort)));
  await assert.rejects(stage.get(warm), { code: 'ECONNREFUSED' });
  for (const answer of cold) {
    const got = await answer;
    assert.equal(got.status, 200);
    assert.equal(got.json.length, 12);
  }
  assert.deepEqual(await within(10_000, 'the end of the service', stage.marquee.ended), GOOD_END);
  assert.ok(performance.now() - started_ms < 10_000);
  assert.match(stage.marquee.output(), /event=stopped requests_cut=no/);
}

scenario('SIGTERM under load: what is under way is answered, new connections are refused.', {}, stopsUnderLoad);

const sanitized = join(build, 'san/marquee');
scenario('The sanitizers find no leak after SIGTERM under load.', {
  marquee: false,
  memcached: true,
  skip: !existsSync(sanitized) && 'no build with sanitizers: make BUILD/san/marquee, or make test',
}, async (stage) => {
  await stage.startMarquee(sanitized);
  await stage.setMode('500', { match: '/venues/', times: 3 });
  assert.equal((await stage.get(artist(80054050))).status, 200);
  assert.equal((await stage.get(artist(4041234))).status, 404);
  await stage.setMode('ok');
  await stopsUnderLoad(stage);
});

scenario('SIGINT is as good.', {}, async (stage) => {
  assert.equal((await stage.get(artist(90004004))).status, 200);
  stage.marquee.signal('SIGINT');
  assert.deepEqual(await within(10_000, 'the end of the service', stage.marquee.ended), GOOD_END);
});

scenario('A service that nobody has asked anything stops as well.', {}, async (stage) => {
  assert.deepEqual(await stage.marquee.stop(), GOOD_END);
});

scenario('Requests that take longer than drain_ms are cut, and the service ends.', {
  settings: { listen: { drain_ms: 500 } },
}, async (stage) => {
  await stage.setMode('hang');
  const hung = stage.get(artist(90004004)).then((got) => got.status, (error) => error.code);
  await untilUnderWay(stage, 1);
  const started_ms = performance.now();
  assert.deepEqual(await stage.marquee.stop(), GOOD_END);
  assert.ok(performance.now() - started_ms < 5000, 'it waited for the upstream');
  assert.notEqual(await hung, 200);
  assert.match(stage.marquee.output(), /event=stopped requests_cut=yes/);
});

scenario('Idle connections do not keep the service from ending.', {
  settings: { listen: { request_timeout_ms: 60_000 } },
}, async (stage) => {
  const clients = Array.from({ length: 5 }, () => stage.openH2());
  for (const client of clients) assert.equal((await client.get(artist(90004004))).status, 200);
  const started_ms = performance.now();
  assert.deepEqual(await stage.marquee.stop(), GOOD_END);
  assert.ok(performance.now() - started_ms < 8000, 'it waited for idle clients');
});

scenario('A client that reads nothing does not keep the service from ending.', {
  settings: { listen: { drain_ms: 1000 } },
}, async (stage) => {
  const client = stage.openH2();
  const stream = client.session.request({ ':path': artist(90054050) });
  stream.on('error', () => {});
  stream.pause();
  await until('the document', async () => (await stage.metric('jobs_started')) > 0);
  assert.deepEqual(await stage.marquee.stop(), GOOD_END);
});

scenario('Under a stream of hits no answer is cut off by the end.', {}, async (stage) => {
  const path = artist(90012010);
  const whole = (await stage.get(path)).body;
  const failures = [];
  let answered = 0;
  let over = false;
  const worker = async () => {
    while (!over) {
      try {
        const got = await stage.get(path);
        assert.deepEqual(got.body, whole);
        answered++;
      } catch (error) {
        // Refused: too late. A reset while connecting: accepted by the kernel, not yet by the service.
        if (error.code === 'ECONNREFUSED') return;
        failures.push(`${error.code} ${error.message}`);
      }
    }
  };
  const workers = Array.from({ length: 4 }, worker);
  await until('some answers', () => answered > 20);
  await sleep(100);
  assert.deepEqual(await stage.marquee.stop(), GOOD_END);
  over = true;
  await Promise.all(workers);
  assert.deepEqual(failures, []);
});

scenario('The port is free for the next service at once.', {}, async (stage) => {
  assert.equal((await stage.get(artist(90004004))).status, 200);
  const { httpsPort, httpPort, adminPort } = stage;
  assert.deepEqual(await stage.marquee.stop(), GOOD_END);
  stage.settings.listen = {
    https: `127.0.0.1:${httpsPort}`, http: `127.0.0.1:${httpPort}`, admin: `127.0.0.1:${adminPort}`,
  };
  const ini = await stage.writeConfiguration();
  Object.assign(stage, { httpsPort, httpPort, adminPort });
  stage.marquee = stage.start('marquee', [marqueeProgram, 'serve', '--config', ini], { env: stage.environment });
  await stage.marquee.ready('/readyz', () => stage.isReady());
  assert.equal((await stage.get(artist(90004004))).status, 200);
});

// Both ends of a pipe that no program reads, and that another may write to.
class UnreadPipe {
  constructor(path) {
    execFileSync('mkfifo', [path]);
    this.fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  fill() {
    const page = Buffer.alloc(4096, '.');
    try {
      for (;;) writeSync(this.fd, page);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }

  drain() {
    let text = '';
    const some = Buffer.alloc(65_536);
    try {
      for (;;) text += some.toString('latin1', 0, readSync(this.fd, some));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      return text;
    }
  }
}

// The back thread, front threads and main waited for whoever reads the log.
scenario('A log that nobody reads holds up neither cold requests nor the end, and what it lost is said.', {
  marquee: false,
}, async (stage) => {
  const log = new UnreadPipe(stage.file('unread'));
  const command = ['sh', '-c', 'exec "$@" 2> "$0"', stage.file('unread'), marqueeProgram];
  log.fill();
  await stage.startMarquee(command);
  await stage.setMode('500');
  assert.equal((await stage.get(artist(90001001000))).status, 502);
  await stage.setMode('ok');
  assert.equal((await stage.get(artist(90001001001))).status, 200);
  const lost = await stage.metric('log_lines_lost');
  assert.ok(lost > 0);
  log.drain();
  stage.marquee.signal('SIGHUP');
  let text = '';
  await until('the reload', () => /event=reloaded/.test((text += log.drain())));
  const told = Number(/event=log_lines_lost lines=(\d+) /.exec(text)?.[1]);
  assert.ok(told >= lost, text);
  log.fill();
  assert.equal((await stage.get(artist(90001001002))).status, 200);
  stage.marquee.signal('SIGTERM');
  assert.deepEqual(await within(10_000, 'the end of the service', stage.marquee.ended), GOOD_END);
  closeSync(log.fd);
});
