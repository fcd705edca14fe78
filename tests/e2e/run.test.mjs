// `make run`: everything on one machine by one command. It runs in a tree of links, so that its .run/ is not that of
// somebody who is trying the service in this one.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { build, freePort, isListening, root, until, within } from './harness.mjs';

const READY_MS = 90_000; // it may have to build
const TEST_MS = 150_000;

function treeOfLinks() {
  const tree = mkdtempSync(join(tmpdir(), 'mq-'));
  for (const name of readdirSync(root)) {
    if (!name.startsWith('.') && name !== 'build') symlinkSync(join(root, name), join(tree, name));
  }
  mkdirSync(join(tree, 'home'));
  return tree;
}

// The variables that make was called with, without its job slots.
function variablesOfMake() {
  return (process.env.MAKEFLAGS ?? '').split(' -- ')[1] ?? '';
}

// Programs whose command line names the tree.
function leftRunning(tree) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command.includes(tree) ? [`${pid} ${command}`] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

class MakeRun {
  constructor(tree, ports, env = {}) {
    this.output = '';
    const environment = { ...process.env };
    for (const name of ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'SONGKICK_API_KEY', 'NODE_TEST_CONTEXT']) {
      delete environment[name];
    }
    const variables = variablesOfMake();
    Object.assign(environment, variables === '' ? {} : { MAKEFLAGS: ` -- ${variables}` }, env);
    const [HTTPS_PORT, HTTP_PORT, ADMIN_PORT] = ports.map(String);
    // A process group of its own: that is what Ctrl-C reaches.
    this.child = spawn('make', ['--no-print-directory', 'run', `BUILD=${build}`], {
      cwd: tree,
      env: { ...environment, HTTPS_PORT, HTTP_PORT, ADMIN_PORT },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    }
    this.over = null;
    this.ended = new Promise((done) => {
      this.child.once('close', (code, signal) => done((this.over = { code, signal })));
    });
  }

  async ready() {
    await until('"marquee is ready"', () => {
      assert.equal(this.over, null, `it ended: ${this.output}`);
      return /Ctrl-C stops everything/.test(this.output);
    }, READY_MS);
  }

  signal(name) {
    process.kill(-this.child.pid, name);
  }

  async finish() {
    if (this.over === null) {
      this.signal('SIGTERM');
      await within(30_000, 'make run to end', this.ended).catch(() => this.signal('SIGKILL'));
    }
  }
}

function shell(command) {
  const env = { ...process.env, no_proxy: '*', NO_PROXY: '*' };
  return new Promise((done, failed) => {
    execFile('bash', ['-c', command.text], { cwd: command.cwd, env, timeout: 20_000 }, (error, stdout) => {
      if (error) failed(error);
      else done(stdout);
    });
  });
}

// A test with a tree and three free ports; whatever it leaves running is its failure.
function onTree(name, body) {
  test(name, { timeout: TEST_MS }, async (t) => {
    const tree = treeOfLinks();
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const runs = [];
    const start = (...args) => {
      runs.push(new MakeRun(tree, ...args));
      return runs.at(-1);
    };
    try {
      await body({ tree, ports, start });
    } catch (error) {
      for (const run of runs) t.diagnostic(run.output);
      throw error;
    } finally {
      for (const run of runs) await run.finish();
      await until('an end of all it started', () => leftRunning(tree).length === 0, 15_000);
      rmSync(tree, { recursive: true, force: true });
    }
  });
}

// "One request" of README.md, run as it stands there, answers what is shown there: but for the port, and the day, which
// the simulator counts from today.
async function assertReadmeIsTrue(tree, port) {
  const [, text, shown] = /^```\n(curl .*)\n```\n\n```json\n([^]*?)\n```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'));
  const answer = await shell({ text: `${text.replace(':8443', `:${port}`)} --silent --fail`, cwd: tree });
  const withoutDay = (json) => json.trim().replace(/("startDate": )"[^"]*"/, '$1""').split('\n');
  assert.deepEqual(withoutDay(answer.replaceAll(`localhost:${port}`, 'localhost:8443')), withoutDay(shown));
}

onTree('make run prints a curl line that answers 200 with an array; Ctrl-C leaves nothing running.',
  async ({ tree, ports, start }) => {
    const run = start(ports);
    await run.ready();
    const line = /^ *a document +(curl .*)$/m.exec(run.output)?.[1];
    assert.ok(line, run.output);
    assert.match(line, /id=6395144/);
    const answer = await shell({ text: `${line} --silent --write-out '\\n%{http_code}'`, cwd: tree });
    const split = answer.lastIndexOf('\n');
    assert.equal(answer.slice(split + 1), '200');
    const events = JSON.parse(answer.slice(0, split));
    assert.ok(Array.isArray(events));
    assert.equal(events[0]['@context'], 'https://schema.org');
    for (const provider of ['bandsintown', 'ticketmaster']) {
      const url = new RegExp(`https://\\S+/api/${provider}/\\S+`).exec(run.output)?.[0];
      assert.ok(url, run.output);
      const got = await shell({ text: `curl --silent --fail --cacert .run/ca.pem '${url}'`, cwd: tree });
      assert.ok(JSON.parse(got).length > 0, provider);
    }
    const pages = /^ *pages +(https:\S+)$/m.exec(run.output)?.[1];
    assert.ok(pages, run.output);
    assert.match(await shell({ text: `curl --silent --fail --cacert .run/ca.pem '${pages}'`, cwd: tree }), /<main class="tour/);
    await assertReadmeIsTrue(tree, ports[0]);
    assert.ok(leftRunning(tree).length >= 3, 'memcached, the simulator and the service are running');

    run.signal('SIGINT');
    await within(30_000, 'make run to end', run.ended);
    assert.deepEqual(leftRunning(tree), []);
    for (const port of ports) assert.equal(await isListening(port), false);
  });

onTree('make run works again in the same tree.', async ({ ports, start }) => {
  for (let i = 0; i < 2; i++) {
    const run = start(ports);
    await run.ready();
    run.signal('SIGTERM');
    await within(30_000, 'make run to end', run.ended);
  }
});

onTree('A port in use is a clear error of make run, with nothing left running.', async ({ tree, ports, start }) => {
  for (const [i, variable] of ['HTTPS_PORT', 'HTTP_PORT', 'ADMIN_PORT'].entries()) {
    const server = net.createServer();
    await new Promise((done) => server.listen(ports[i], '127.0.0.1', done));
    const run = start(ports);
    const { code } = await within(READY_MS, 'make run to end', run.ended);
    await new Promise((done) => server.close(done));
    assert.notEqual(code, 0);
    assert.ok(run.output.includes(`port ${ports[i]} is in use`), run.output);
    assert.ok(run.output.includes(variable), run.output);
    assert.deepEqual(leftRunning(tree), []);
  }
});

onTree('make run that is killed outright leaves nothing running.', async ({ tree, ports, start }) => {
  const run = start(ports);
  await run.ready();
  run.signal('SIGKILL');
  await run.ended;
  await until('the end of its programs', () => leftRunning(tree).length === 0, 15_000);
});

onTree('The key of the real API stays out of files, logs and command lines.', async ({ tree, ports, start }) => {
  const run = start(ports, { SONGKICK_API_KEY: 'sk-0123456789abcdef' });
  await run.ready();
  assert.match(run.output, /api\.songkick\.com/);
  assert.ok(!leftRunning(tree).some((line) => /simulator/.test(line)), 'the simulator is not needed');
  assert.ok(!leftRunning(tree).join('').includes('sk-0123456789abcdef'));
  for (const name of readdirSync(join(tree, '.run'), { withFileTypes: true })) {
    if (!name.isFile()) continue;
    assert.ok(!readFileSync(join(tree, '.run', name.name), 'utf8').includes('sk-0123456789abcdef'), name.name);
  }
});
