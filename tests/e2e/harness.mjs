// The stage of one end-to-end test: a simulator, where asked for a memcached, and the service, all real, on
// free ports and in a temporary directory. scenario() is node's test() with such a stage:
//
//     scenario('A sentence that is true.', { settings: { songkick: { fresh_s: 1 } } }, async (stage) => {
//       const got = await stage.get(artist(90054050));
//       assert.equal((await stage.counters()).requests, 52);
//     });
//
// When the test is over everything is stopped by process id, the service must end with status 0, and the API key
// must be in no log and nowhere in memcached.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';

import { Control, Http2Client, askMemcached, getHttp, getHttps } from './client.mjs';
import {
  Program, freePort, isListening, localCertificates, marqueeProgram, root, run, simulatorProgram, temporaryDirectory,
} from './parts.mjs';

export * from './client.mjs';
export * from './parts.mjs';

const TEST_MS = 60_000;
const MAX_STARTS = 5; // another program may take a free port before the service does

// Path and query of an artist's document.
export function artist(id, parameters = {}) {
  return `/api/songkick/artist?${new URLSearchParams({ id, ...parameters })}`;
}

export class Stage {
  constructor(settings) {
    this.settings = settings;
    this.directory = temporaryDirectory();
    this.certificates = localCertificates();
    this.ca = readFileSync(join(this.certificates, 'ca.pem'));
    // Characters that must be escaped in a URL are in it on purpose; the middle is what logs are searched for.
    this.keyMark = randomBytes(12).toString('hex');
    this.apiKey = `s3/${this.keyMark}+&=`;
    this.moreEnvironment = {};
    this.programs = [];
    this.clients = [];
  }

  file(name) {
    return join(this.directory, name);
  }

  start(name, command, options) {
    const n = this.programs.filter((program) => program.name === name).length;
    const program = new Program(name, command, { log: this.file(`${name}-${n + 1}.log`), ...options });
    this.programs.push(program);
    return program;
  }

  // ---- the simulator ----

  async startSimulator(options = []) {
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(this.certificates, name));
    this.simulator = this.start('simulator', [
      simulatorProgram, '--certificate', cert, '--key', key, '--api-key', this.apiKey, ...options,
    ]);
    await this.simulator.ready('its first line', () => /^ready .*\n/m.test(this.simulator.output()));
    this.origin = /^ready (https:\S+)/m.exec(this.simulator.output())[1];
    this.rawOrigin = /^ready .* raw (https:\S+)/m.exec(this.simulator.output())?.[1];
    this.control = new Control(this.origin, this.ca);
    this.clients.push(this.control);
    await this.control.ask('counters');
  }

  counters(options = {}) {
    return this.control.ask('counters', options);
  }

  resetCounters() {
    return this.control.ask('reset');
  }

  // A hostile mode for the requests that contain `match`, or 'ok' for none any more.
  setMode(mode, options = {}) {
    return this.control.ask('set', { mode, ...options });
  }

  setLatency(latency_ms, options = {}) {
    return this.control.ask('set', { latency_ms, ...options });
  }

  // ---- memcached ----

  get memcachedSocket() {
    return this.file('m.sock');
  }

  async startMemcached() {
    rmSync(this.memcachedSocket, { force: true });
    this.memcached = this.start('memcached', [
      'memcached', '-s', this.memcachedSocket, '-a', '0700', '-m', '64', '-I', '2m', '-t', '2', '-u',
      userInfo().username, '-vv',
    ]);
    await this.memcached.ready('its socket', async () => {
      try {
        return await askMemcached(this.memcachedSocket, 'version\r\nverbosity 2');
      } catch {
        return false;
      }
    });
  }

  // One that wants a user, over TCP: marquee@cache with the password. It speaks no text protocol.
  async startMemcachedWithLogin() {
    this.memcachedPort ??= await freePort();
    this.memcachedPassword ??= randomBytes(12).toString('hex');
    await this.setMemcachedPassword(this.memcachedPassword);
    writeFileSync(this.file('memcached.conf'),
      `mech_list: plain\npwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${this.file('sasldb')}\n`);
    writeFileSync(this.file('memcached.password'), `${this.memcachedPassword}\n`);
    this.memcached = this.start('memcached', [
      'memcached', '-S', '-l', '127.0.0.1', '-p', this.memcachedPort, '-m', '64', '-I', '2m', '-t', '2', '-u', userInfo().username,
    ], { env: { SASL_CONF_PATH: this.directory } });
    await this.memcached.ready('its port', () => isListening(this.memcachedPort));
  }

  async setMemcachedPassword(password) {
    writeFileSync(this.file('password'), password);
    execFileSync('sh', ['-c', `/usr/sbin/saslpasswd2 -p -c -a memcached -u cache -f "$0" marquee < "$1"`,
      this.file('sasldb'), this.file('password')]);
  }

  get memcachedSettings() {
    if (this.memcached === undefined) return {};
    if (this.memcachedPort === undefined) return { memcached: this.memcachedSocket };
    return {
      memcached: `127.0.0.1:${this.memcachedPort}`,
      memcached_user: 'marquee@cache',
      memcached_password_file: this.file('memcached.password'),
    };
  }

  // Everything stored, by key; each character of a value is a byte.
  async memcachedItems() {
    const list = await askMemcached(this.memcachedSocket, 'lru_crawler metadump all');
    const items = {};
    for (const [, escaped] of list.matchAll(/^key=(\S+)/gm)) {
      const key = decodeURIComponent(escaped);
      const text = await askMemcached(this.memcachedSocket, `get ${key}`);
      const found = /^VALUE \S+ \d+ (\d+)\r\n/.exec(text);
      if (found) items[key] = text.slice(found[0].length, found[0].length + Number(found[1]));
    }
    return items;
  }

  storeInMemcached(key, value) {
    return askMemcached(this.memcachedSocket, `set ${key} 0 0 ${value.length}\r\n${value}`);
  }

  // ---- the service ----

  async writeConfiguration(extra = {}) {
    const [https, http, admin] = await Promise.all([freePort(), freePort(), freePort()]);
    Object.assign(this, { httpsPort: https, httpPort: http, adminPort: admin });
    return this.changeSettings(extra);
  }

  // The same ports, other settings: for a reload.
  changeSettings(extra, name = 'marquee.ini') {
    const { httpsPort: https, httpPort: http, adminPort: admin } = this;
    const base = {
      listen: { https: `127.0.0.1:${https}`, http: `127.0.0.1:${http}`, admin: `127.0.0.1:${admin}`, threads: 2 },
      tls: { certificate: join(this.certificates, 'cert.pem'), key: join(this.certificates, 'key.pem') },
      site: {},
      cache: this.memcachedSettings,
      // All clients of a test are one address.
      limits: { client_cold_per_minute: 0, client_cold_parallel: 0 },
      log: {},
      bandsintown: this.provider('bandsintown'),
      songkick: this.provider('songkick/api/3.0'),
      ticketmaster: this.provider('ticketmaster/discovery/v2'),
      musicbrainz: this.provider('musicbrainz/ws/2'), // not asked until a test gives a contact
    };
    let text = '';
    for (const section of Object.keys({ ...base, ...this.settings, ...extra })) {
      const settings = { ...base[section], ...this.settings[section], ...extra[section] };
      text += `[${section}]\n${Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`).join('')}`;
    }
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  provider(path) {
    if (this.origin === undefined) return {};
    return { base_url: `${this.origin}/${path}`, ca_file: join(this.certificates, 'ca.pem') };
  }

  get environment() {
    return {
      ...this.moreEnvironment,
      MARQUEE_BANDSINTOWN_API_KEY: this.apiKey,
      MARQUEE_SONGKICK_API_KEY: this.apiKey,
      MARQUEE_TICKETMASTER_API_KEY: this.apiKey,
      ...this.extraEnvironment,
      LSAN_OPTIONS: `suppressions=${join(root, 'tests/e2e/lsan.supp')}:print_suppressions=0`,
    };
  }

  // What the service needs becomes readable for every user; the path of a copy of the program.
  forNobody() {
    chmodSync(this.directory, 0o755);
    chmodSync(this.certificates, 0o755);
    for (const name of ['ca.pem', 'cert.pem', 'key.pem']) chmodSync(join(this.certificates, name), 0o644);
    copyFileSync(marqueeProgram, this.file('marquee'));
    return this.file('marquee');
  }

  // `program` may be the words of a command that ends by running it.
  async startMarquee(program = marqueeProgram) {
    for (let i = 1; ; i++) {
      const ini = await this.writeConfiguration();
      this.marquee = this.start('marquee', [program, 'serve', '--config', ini].flat(), { env: this.environment });
      try {
        await this.marquee.ready('/readyz', () => this.isReady());
        return;
      } catch (error) {
        if (i === MAX_STARTS || !/in use/i.test(this.marquee.output())) throw error;
      }
    }
  }

  // A second service beside the first, on the same ports and by the same file.
  async startSecond() {
    const second = this.start('marquee', [marqueeProgram, 'serve', '--config', this.file('marquee.ini')], {
      env: this.environment,
    });
    await second.ready('the start', () => /event=serving/.test(second.output()));
    return second;
  }

  async isReady() {
    try {
      return (await getHttp(this.adminPort, '/readyz')).status === 200;
    } catch {
      return false;
    }
  }

  // Stops the service in good order and starts it anew, with nothing in memory.
  async restartMarquee() {
    assert.deepEqual(await this.marquee.stop(), { code: 0, signal: null });
    await this.startMarquee();
  }

  // Runs a sub-command to its end.
  runMarquee(words, options = {}) {
    return run([marqueeProgram, ...words], { ...options, env: { ...this.environment, ...options.env } });
  }

  get(path, options) {
    return getHttps(this.httpsPort, this.ca, path, options);
  }

  openH2(answer_ms = undefined) {
    const client = new Http2Client(this.httpsPort, this.ca, answer_ms);
    this.clients.push(client);
    return client;
  }

  async getH2(path, headers) {
    const client = new Http2Client(this.httpsPort, this.ca);
    try {
      return await client.get(path, headers);
    } finally {
      client.close();
    }
  }

  // One of the service's own figures.
  async metric(name) {
    const { text } = await getHttp(this.adminPort, '/metrics');
    const found = new RegExp(`^marquee_${name} (\\d+)$`, 'm').exec(text);
    assert.ok(found, `no marquee_${name} on /metrics`);
    return Number(found[1]);
  }

  // ---- the end ----

  logs() {
    return readdirSync(this.directory).filter((name) => name.endsWith('.log'));
  }

  async tearDown() {
    for (const client of this.clients) client.close();
    let ending = { code: 0, signal: null };
    if (this.marquee !== undefined && this.marquee.over === null) {
      ending = await this.marquee.stop().catch(() => this.marquee.kill());
    }
    for (const program of this.programs) await program.kill();
    assert.deepEqual(ending, { code: 0, signal: null }, 'the service ends in good order');
    for (const name of this.logs()) {
      const text = readFileSync(this.file(name), 'utf8');
      assert.ok(!text.includes(this.keyMark), `the API key is in ${name}`);
      assert.ok(!this.memcachedPassword || !text.includes(this.memcachedPassword), `memcached's password is in ${name}`);
      assert.doesNotMatch(text, /(Address|Leak|Thread)Sanitizer|runtime error:/, name);
    }
  }

  // The ends of all logs, for whoever looks at a failed test.
  story() {
    return this.logs().filter((name) => !name.startsWith('memcached')).map((name) => {
      const lines = readFileSync(this.file(name), 'utf8').trimEnd().split('\n');
      return `${name}: ${lines.slice(-12).join('\n')}`;
    });
  }
}

// A test with a stage. Options: `settings` of the service by section; `memcached: true`, or 'login' for one
// that wants a user; `simulator`, its arguments, or false for none; `marquee: false` to start the service later or
// not at all; `timeout_ms`, where a minute is little; node's `skip`, `todo`.
export function scenario(name, options, body) {
  test(name, { timeout: options.timeout_ms ?? TEST_MS, skip: options.skip, todo: options.todo }, async (t) => {
    const stage = new Stage(options.settings ?? {});
    try {
      if (options.simulator !== false) await stage.startSimulator(options.simulator);
      if (options.memcached === 'login') await stage.startMemcachedWithLogin();
      else if (options.memcached) await stage.startMemcached();
      if (options.marquee !== false) await stage.startMarquee();
      await body(stage, t);
    } catch (error) {
      for (const part of stage.story()) t.diagnostic(part);
      await stage.tearDown().catch((late) => t.diagnostic(`and then: ${late.message}`));
      rmSync(stage.directory, { recursive: true, force: true });
      throw error;
    }
    await stage.tearDown().finally(() => rmSync(stage.directory, { recursive: true, force: true }));
  });
}
