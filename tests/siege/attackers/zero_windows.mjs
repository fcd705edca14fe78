// A window that stays shut, with answers outstanding.
import * as h2 from '../../e2e/frames.mjs';
import { within } from '../../e2e/parts.mjs';
import { open } from '../bouts.mjs';
import { stopwatch } from '../waits.mjs';
import { LARGE } from '../paths.mjs';

const CONNECTIONS = 10;
const STREAMS = 50;

async function holdShut(target) {
  const raw = await open(target, { first: [[h2.INITIAL_WINDOW_SIZE, 0]] });
  const held_s = stopwatch();
  for (let i = 0; i < STREAMS; i++) raw.send(h2.get(2 * i + 1, LARGE));
  const cut = await within((target.deadline_s * 2 + 5) * 1000, 'the end', raw.closed).catch(() => false);
  raw.close();
  return { took: STREAMS, held_s: held_s(), cut, answers: raw.ended, bytes: raw.bytes };
}

export default {
  name: 'zero windows',
  does: `asks for ${STREAMS} large documents, and lets none come`,
  unit: 'streams',
  pause_ms: 500,
  longest_s: ({ deadline_s }) => deadline_s + 5,
  bout: (target) => Promise.all(Array.from({ length: CONNECTIONS }, () => holdShut(target))),
};
