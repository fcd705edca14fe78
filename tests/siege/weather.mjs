// What happens to the service meanwhile: four tracks that know nothing of each other. The upstreams fail in turn,
// memcached goes and comes, the operator reloads and brings certificates, the clock is set. It is remembered when a
// provider could not be expected to answer.
import { rmSync } from 'node:fs';
import tls from 'node:tls';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { within } from '../e2e/parts.mjs';
import { makeCertificates, setClock } from './clock.mjs';

// Not here: what is the upstream's word and obeyed. 404 and 410 say that an artist is gone, 429-absurd and quota that
// nothing may be asked for an hour.
const MODES = [
  'garbage', '500', 'html', 'rst', 'gzip-bomb', '1xx-flood', 'hang', 'endless', 'wrong-types', 'truncated', 'drip-header',
  'huge-array', 'bad-chunks', '429-seconds', 'flaky', 'half-json', 'http09', 'stall', 'deep', 'drip', 'big-header', 'cl-too-short',
  'truncated-header', 'many-headers', 'redirect-loopback', 'empty', '503-retry', 'garbage-body', 'gzip-bad', 'utf16', 'cl-too-long',
];
const RAW_ONLY = ['garbage', '1xx-flood', 'drip-header', 'bad-chunks', 'http09', 'truncated-header']; // bandsintown's
const FROZEN_EVERY = 6;

const HOUR_S = 3600;
const RELOADED_MS = 20_000;

// After the upstream is itself again: the longest pause that failures in so short a time make, and the request that is
// still under way then.
const GRACE_MS = 7000;

export class Weather {
  // `without`: tracks that are left out.
  constructor(stage, without = []) {
    this.stage = stage;
    this.without = without;
    this.bad = []; // { provider, from, to }; no provider: none of them
    this.counts = {};
    this.now = {};
    this.failures = [];
    this.ending = new AbortController();
  }

  begin() {
    const names = ['upstreams', 'memcached', 'operator', 'clock'].filter((name) => !this.without.includes(name));
    this.tracks = names.map((name) => this.follow(name));
  }

  async follow(name) {
    try {
      for (let i = 0; !this.over; i++) await this[name](i);
    } catch (error) {
      if (!this.over) this.failures.push(`${name}: ${error.message}`);
    }
  }

  get over() {
    return this.ending.signal.aborted;
  }

  // Each track puts right what it has done before it is over.
  async end() {
    this.ending.abort();
    await Promise.all(this.tracks);
  }

  sleep(ms) {
    return wait(ms, undefined, { signal: this.ending.signal }).catch(() => {});
  }

  is(track, what) {
    this.now[track] = what;
    if (what) this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  wasBad(provider, from, to) {
    return this.bad.some((bad) => (bad.provider ?? provider) === provider && bad.from <= to && from <= bad.to);
  }

  async upstreams(i) {
    const { stage } = this;
    if (i === 0) await this.sleep(2000);
    const mode = MODES[(i - Math.floor(i / FROZEN_EVERY)) % MODES.length];
    const frozen = i % FROZEN_EVERY === FROZEN_EVERY - 1;
    const provider = frozen ? null : RAW_ONLY.includes(mode) || i % 2 === 1 ? 'bandsintown' : 'songkick';
    const bad = { provider, from: Date.now(), to: Infinity };
    this.bad.push(bad);
    this.is('upstreams', frozen ? 'upstream SIGSTOP' : `${provider} ${mode}`);
    if (frozen) stage.simulator.signal('SIGSTOP');
    else await stage.setMode(mode, { match: provider });
    await this.sleep(2500);
    if (frozen) stage.simulator.signal('SIGCONT');
    else await stage.setMode('ok');
    bad.to = Date.now() + GRACE_MS;
    this.is('upstreams', '');
    await this.sleep(4500);
  }

  async memcached() {
    const { stage } = this;
    await this.sleep(3000);
    this.is('memcached', 'memcached stopped');
    await stage.memcached.stop();
    await this.sleep(3000);
    await stage.startMemcached();
    this.is('memcached', '');
    await this.sleep(4000);
    this.is('memcached', 'memcached SIGSTOP');
    stage.memcached.signal('SIGSTOP');
    await this.sleep(3000);
    stage.memcached.signal('SIGCONT');
    this.is('memcached', '');
  }

  async operator(i) {
    const { stage } = this;
    await this.sleep(3000);
    if (this.over) return;
    const swaps = i % 3 === 2;
    this.is('operator', swaps ? 'certificate swap' : 'reload');
    const before = swaps && (await this.serial());
    if (swaps) {
      rmSync(join(stage.ownCertificates, 'cert.pem'));
      await makeCertificates(stage.ownCertificates); // another one of the same authority
    }
    await stage.changeSettings({ songkick: { max_queue: 4000 + (i % 2) } });
    await this.reload();
    if (swaps && (await this.serial()) === before) throw new Error('the old certificate is still served');
    this.is('operator', '');
  }

  async reload() {
    const { marquee } = this.stage;
    const count = () => marquee.output().split('event=reloaded ').length - 1;
    const before = count();
    marquee.signal('SIGHUP');
    const end_ms = performance.now() + RELOADED_MS;
    while (count() === before) {
      if (performance.now() > end_ms) throw new Error(`no reload in ${RELOADED_MS} ms`);
      await wait(100);
    }
  }

  async serial() {
    const { httpsPort: port, ca } = this.stage;
    const socket = tls.connect({ host: '127.0.0.1', port, ca, servername: 'localhost' });
    const open = new Promise((done, failed) => socket.once('secureConnect', done).once('error', failed));
    await within(10_000, 'a handshake', open);
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  async clock(i) {
    const ahead_s = [HOUR_S, 0, -HOUR_S, 0][i % 4];
    await this.sleep(4000);
    this.is('clock', ahead_s === 0 ? '' : `clock ${ahead_s > 0 ? 'forward' : 'back'}`);
    setClock(this.stage, this.over ? 0 : ahead_s);
  }
}
