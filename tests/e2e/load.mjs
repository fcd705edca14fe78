// A mixed load that goes on until it is told to end, and counts what came of it.
import assert from 'node:assert/strict';

import { artist, sleep, until } from './harness.mjs';

export const WARM = artist(90012010);
const LARGE = artist(90234050);

// Clients of all kinds that go on asking: new connections, one that stays, over both versions; warm and cold.
export class Load {
  constructor(stage) {
    this.stage = stage;
    this.failures = [];
    this.statuses = {};
    this.over = false;
    this.id = 90001001;
    this.workers = [
      ...Array.from({ length: 4 }, () => this.work(() => stage.get(WARM))),
      this.work(() => stage.get(this.cold())),
      this.work(() => stage.get('/nothing')),
      this.work(() => stage.getH2(WARM)),
      this.work(() => this.stay(WARM)),
      this.work(() => this.stay(this.cold())),
    ];
  }

  // Over a connection that stays until the server says goodbye. A stream that crosses with the goodbye is refused
  // before anything was done, and every client asks again (RFC 9113, 8.7).
  async stay(path) {
    if (this.h2 === undefined || this.h2.session.closed || this.h2.session.destroyed) this.h2 = this.stage.openH2();
    try {
      return await this.h2.get(path);
    } catch (error) {
      if (!/REFUSED_STREAM/.test(error.message)) throw error;
      return this.stage.getH2(path);
    }
  }

  cold() {
    return artist((this.id += 1_000_000) % 9_000_000_000 + 90_000_000_000);
  }

  async work(ask) {
    while (!this.over) {
      try {
        const { status } = await ask();
        this.statuses[status] = (this.statuses[status] ?? 0) + 1;
        if (status !== 200 && status !== 404 && status !== 304 && status !== 400) this.failures.push(`status ${status}`);
      } catch (error) {
        this.failures.push(`${error.code ?? ''} ${error.message}`);
        await sleep(10);
      }
    }
  }

  get answered() {
    return Object.values(this.statuses).reduce((sum, n) => sum + n, 0);
  }

  // So many more answers.
  async more(n) {
    const so_far = this.answered;
    await until(`${n} more answers`, () => this.answered >= so_far + n || this.failures.length > 20, 20_000);
  }

  async end() {
    this.over = true;
    await Promise.all(this.workers);
    assert.deepEqual(this.failures, []);
  }
}

// Clients as the world has them: those of Load, others that know the document already, that go away in the middle, that
// do not read, that ask for nonsense. Failures are counted and not judged: some of them are wanted.
export class RoughLoad extends Load {
  constructor(stage, { documents = 400 } = {}) {
    super(stage);
    this.documents = documents;
    this.workers.push(
      this.work(() => this.known()),
      this.work(() => this.leave()),
      this.work(() => stage.get(artist('x'))),
      this.work(() => stage.get(LARGE, { headers: { 'accept-encoding': 'br' } })),
      this.work(() => stage.getH2(artist(4040000 + (this.id % 1000)))),
    );
  }

  // The same documents come again, so that what is kept of them has an end.
  cold() {
    this.n = ((this.n ?? 0) + 1) % this.documents;
    return artist(90012010001 + (this.n % 999), { name: `Artist ${this.n}` });
  }

  async known() {
    const first = await this.stage.get(WARM);
    if (first.status !== 200) return first;
    return this.stage.get(WARM, { headers: { 'if-none-match': first.headers.etag } });
  }

  async leave() {
    const client = this.stage.openH2();
    const streams = [LARGE, this.cold(), WARM].map((path) => client.session.request({ ':path': path }));
    streams.forEach((stream) => stream.on('error', () => {}));
    await sleep(Math.random() * 10);
    streams[0].close();
    await sleep(Math.random() * 10);
    client.close();
    this.stage.clients.splice(this.stage.clients.indexOf(client), 1);
    return { status: 200 };
  }

  async end() {
    this.over = true;
    await Promise.all(this.workers);
  }
}
