// Every hostile mode of the simulator, over HTTP/2 (main port) and HTTP/1.1 (raw port, which has more modes), in four
// situations: nothing is cached; only the tour's second page is hostile; only the venues are; a stale copy is there.
// What comes of it is a table in tests/README.md, written by `make matrix`, and printed by `make stress`.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { Stage, artist, getHttp, getHttps, peakMemory_mb, run, simulatorProgram, sleep, until } from './harness.mjs';
import { readMatrix, writeMatrix } from './matrix.mjs';

const STRESS = 'STRESS' in process.env; // `make stress`: the defaults' deadlines, and minutes
const ROWS_AT_ONCE = STRESS ? 12 : 6; // each has a simulator and a service of its own
const TIMEOUT_MS = STRESS ? 5000 : 1000;
const DEADLINE_MS = STRESS ? 8000 : 4000;
const SLACK_MS = 2000; // the machine may be busy
const MAX_MEMORY_MB = 256;
const SETTINGS = {
  songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 600, timeout_ms: TIMEOUT_MS },
  limits: { document_deadline_ms: DEADLINE_MS },
  listen: { threads: 1 },
};

// Artists with 54 events, so two pages, at 4 venues: 6 requests. Half a tour would be 50 or 4 events.
const EVENTS = 54;
const QUESTIONS = 6;
const [COLD, PAGE, VENUES, STALE, AFTER] = [1, 2, 3, 4, 5].map((n) => artist(90054004000 + n));

const STATUSES = ['400', '401', '403', '404', '410', '429', '500', '503'];
const RAW_ONLY = ['garbage', 'http09', 'bad-chunks', 'drip-header', 'truncated-header', '1xx-flood'];
const HEAVY = ['deep', 'huge-array', 'gzip-bomb']; // a simulator needs a while to make these, once; so one does
// Chance, or how busy the machine is, decides between two right outcomes.
const BY_CHANCE = ['third', 'flaky', 'rst', 'huge', 'endless', 'huge-array', 'gzip-bomb', 'many-headers', 'big-header'];

const TABLE = 'hostile upstreams';
const HEADING = ['mode', 'port', 'nothing cached', 'second page bad', 'venues bad', 'stale copy there',
  'upstream requests', 'longest ms', 'memory MB'];
const OUTCOMES = HEADING.slice(0, 6); // the columns that every run must find again

// Every mode that the simulator names, so that none is left out.
async function modesOfSimulator() {
  const { stdout } = await run([simulatorProgram, '--help']);
  const list = stdout.slice(stdout.indexOf('400 to 599'));
  return [...list.matchAll(/^ {2}(\S+) {2,}/gm)].map(([, name]) => name);
}

// ---- what a client gets ----

function assertProblem(got) {
  assert.equal(got.headers['content-type'], 'application/problem+json');
  assert.equal(got.headers['cache-control'], 'no-store');
  const problem = got.json;
  assert.equal(problem.status, got.status);
  for (const member of ['type', 'title', 'detail', 'instance']) assert.equal(typeof problem[member], 'string', member);
  assert.equal(problem.upstreams[0].name, 'songkick');
  if (got.status !== 404) assert.match(got.headers['proxy-status'], /^marquee; error=\w+; next-hop=songkick$/);
  const wait_s = Number(got.headers['retry-after'] ?? 1);
  assert.ok(wait_s >= 1 && wait_s <= 3600, `Retry-After: ${wait_s}`);
  assert.ok(got.status !== 503 || 'retry-after' in got.headers, 'a 503 says when to come back');
}

function madeAt_s(got) {
  return Date.parse(got.headers.date) / 1000 - Number(got.headers.age);
}

// The answer in two or three words. Whatever it is: whole, or marked, or a problem.
function wordsFor(got, before_s) {
  if (got.status !== 200) {
    assert.ok([404, 502, 503, 504].includes(got.status), `status ${got.status}`);
    assertProblem(got);
    return `${got.status} ${got.json.type.split('#')[1]}`;
  }
  const incomplete = got.headers['cache-status'].includes('detail=incomplete');
  const n = got.json.length;
  assert.ok(n === EVENTS || incomplete, `${n} events as if that were all`);
  if (got.headers['proxy-status'] !== undefined) return '200 stale';
  if (incomplete) return n === EVENTS ? '200 incomplete' : `200 incomplete, ${n} of ${EVENTS}`;
  if (before_s === undefined) return '200';
  assert.ok(madeAt_s(got) > before_s, 'an old copy that is not marked');
  return '200 new';
}

// ---- a row ----

class Row {
  constructor(mode, port) {
    Object.assign(this, { mode, port, got: [], requests: [], longest_ms: 0, memory_mb: 0 });
  }

  async start() {
    const origin = this.port === 'raw' ? this.stage.rawOrigin : this.stage.origin;
    const songkick = { ...SETTINGS.songkick, base_url: `${origin}/songkick/api/3.0` };
    this.stage.settings = { ...SETTINGS, songkick };
    if (HEAVY.includes(this.mode)) {
      await this.stage.setMode(this.mode);
      const once = () => getHttps(new URL(origin).port, this.stage.ca, '/songkick/api/3.0/artists/1/calendar.json');
      await once().catch(once);
    }
    await this.stage.control.ask('reset', { all: 1 });
    await this.stage.startMarquee();
  }

  async ask(path) {
    const got = await this.stage.get(path);
    assert.ok(got.elapsed_ms < DEADLINE_MS + SLACK_MS, `it took ${got.elapsed_ms} ms`);
    this.longest_ms = Math.max(this.longest_ms, got.elapsed_ms);
    return got;
  }

  async quiet() {
    await until('the end of jobs and requests', async () => {
      const { text } = await getHttp(this.stage.adminPort, '/metrics');
      return /^marquee_jobs_running 0$/m.test(text) && /^marquee_upstream_in_flight 0$/m.test(text);
    });
  }

  // Sets the mode for what matches and notes what comes of `situation`.
  async note(match, situation) {
    await this.stage.control.ask('reset', { all: 1 });
    await this.stage.setMode(this.mode, match === undefined ? {} : { match });
    this.got.push(await situation());
    await this.quiet();
    const { requests } = await this.stage.counters();
    // Each may be sent once more when its connection is dead, and there are a few retries.
    assert.ok(requests <= 2 * QUESTIONS + 4, `${requests} upstream requests for ${QUESTIONS} questions`);
    this.requests.push(requests);
    const { canary } = await this.stage.control.ask('canary');
    assert.equal(canary, 0, 'a redirect was followed');
  }

  cold(match, path) {
    return this.note(match, async () => wordsFor(await this.ask(path)));
  }

  async stale(warm) {
    await until('the copy to be stale', () => Date.now() / 1000 - madeAt_s(warm) > 1.1);
    await this.note(undefined, async () => {
      const first = await this.ask(STALE);
      assert.deepEqual(first.body, warm.body);
      assert.match(first.headers['cache-status'], /^marquee; hit; ttl=(0|-\d)/);
      await until('a refresh', async () => (await this.stage.metric('refreshes')) > 0);
      await this.quiet();
      return wordsFor(await this.ask(STALE), madeAt_s(warm));
    });
  }

  // It works again once the upstream does and may be asked.
  async recover() {
    await this.stage.setMode('ok');
    assert.equal((await getHttp(this.stage.adminPort, '/healthz')).status, 200);
    if (this.mode === '429-absurd') return; // not within the hour
    await until('a document after all', async () => {
      await sleep(100);
      return (await this.ask(AFTER)).status === 200;
    }, 2 * DEADLINE_MS);
  }

  async run() {
    await this.start();
    const warm = await this.ask(STALE);
    assert.equal(warm.json.length, EVENTS);
    await this.cold(undefined, COLD);
    await this.cold('page=2', PAGE);
    await this.cold('/venues/', VENUES);
    await this.stale(warm);
    await this.recover();
    this.memory_mb = peakMemory_mb(this.stage.marquee.pid);
    assert.ok(this.memory_mb < MAX_MEMORY_MB, `${this.memory_mb} MB`);
    assert.deepEqual(await this.stage.marquee.stop(), { code: 0, signal: null });
    assert.ok(!this.stage.marquee.output().includes(this.stage.keyMark), 'the key is in the log');
  }

  get cells() {
    return [`\`${this.mode}\``, this.port, ...this.got, this.requests.join(' '), String(Math.round(this.longest_ms)),
      String(this.memory_mb)];
  }
}

// ---- all rows ----

const stages = [];

before(async () => {
  for (let i = 0; i < ROWS_AT_ONCE; i++) {
    const stage = new Stage({});
    await stage.startSimulator(['--raw-port', '0']);
    stages.push(stage);
  }
});

after(async () => {
  for (const stage of stages) {
    await stage.tearDown();
    rmSync(stage.directory, { recursive: true, force: true });
  }
});

async function runRow(stage, row, t) {
  try {
    await row.run();
  } catch (error) {
    for (const part of stage.story()) t.diagnostic(part);
    throw error;
  } finally {
    if (stage.marquee?.over === null) await stage.marquee.kill();
  }
}

// What does not depend on chance.
function outcomes(cells) {
  const [mode, port, ...rest] = cells.slice(0, OUTCOMES.length);
  return BY_CHANCE.includes(mode.replaceAll('`', '')) ? `${mode} ${port}` : [mode, port, ...rest].join(' | ');
}

test('Whatever an upstream does, a client gets a whole document or a problem, in time.', {
  timeout: STRESS ? 1_800_000 : 280_000, concurrency: ROWS_AT_ONCE,
}, async (t) => {
  const modes = [...STATUSES, ...await modesOfSimulator()];
  const rows = modes.flatMap((mode) => ['main', 'raw'].filter((port) => port === 'raw' || !RAW_ONLY.includes(mode))
    .map((port) => new Row(mode, port)));
  const heavy = rows.filter((row) => HEAVY.includes(row.mode));
  const others = rows.filter((row) => !HEAVY.includes(row.mode));
  await Promise.all(stages.map(async (stage, i) => {
    const next = () => (i === 0 ? heavy.shift() : undefined) ?? others.shift();
    for (let row = next(); row !== undefined; row = next()) {
      row.stage = stage;
      await t.test(`${row.mode}, ${row.port} port`, (one) => runRow(stage, row, one));
    }
  }));
  const found = rows.map((row) => row.cells);
  if (STRESS) for (const cells of [HEADING, ...found]) console.log(`| ${cells.join(' | ')} |`);
  if (process.env.UPDATE_README) writeMatrix(TABLE, HEADING, found);
  await t.test('The table in tests/README.md says the same.', () => {
    assert.deepEqual(found.map(outcomes), readMatrix(TABLE).map(outcomes));
  });
});
