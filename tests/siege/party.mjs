// A process beside the siege's own: an attacker or the honest clients. The siege tells it where to go and when to end;
// it tells its figures when it has ended.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';

import { sleep, within } from '../e2e/parts.mjs';

const START_MS = 30_000;
const END_MS = 60_000; // a bout that has begun is fought to its end

export class Party {
  // `nice`: of what it takes from the processors, 0 as everybody to 19 for what nobody else wants.
  constructor(file, words, target, { nice = 0 } = {}) {
    this.child = fork(file, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    os.setPriority(this.child.pid, nice);
    this.figures = {};
    this.child.on('message', (figures) => (this.figures = figures));
    this.ended = once(this.child, 'exit');
    this.child.send(target);
  }

  started() {
    return within(START_MS, 'a party to start', once(this.child, 'message'));
  }

  // Its last figures.
  async end() {
    if (this.child.connected) this.child.send('end');
    await within(END_MS, 'a party to end', this.ended);
    return this.figures;
  }
}

// The other side: runs in the party's process. `body` gets the target and whether it is over, and an object for figures
// that are told once a second.
export async function serveParty(body) {
  const figures = {};
  let over = false;
  process.once('disconnect', () => process.exit(1));
  const [target] = await once(process, 'message');
  process.on('message', () => (over = true));
  process.send(figures);
  const telling = setInterval(() => process.send(figures), 1000);
  await body(target, () => over, figures);
  clearInterval(telling);
  await new Promise((sent) => process.send(figures, sent));
  await sleep(0);
  process.exit(0);
}
