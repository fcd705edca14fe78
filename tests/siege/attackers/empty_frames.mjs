// Empty DATA and empty CONTINUATION frames: they cost nine bytes each, and never become a request.
import * as h2 from '../../e2e/frames.mjs';
import { flood } from '../bouts.mjs';
import { WARM } from '../paths.mjs';

const most = 1_000_000; // what lies in socket buffers counts
const each = 1000;

function emptyFrames(name, type, first) {
  const many = Buffer.concat(Array.from({ length: each }, () => h2.frame(type, 0, 1)));
  return {
    name,
    does: 'sends frames of it for a request that never ends',
    unit: 'frames',
    pause_ms: 100,
    most,
    longest_s: 3,
    bout: (target) => flood(target, { most, each, first: [first], piece: () => many, batch: 4 }),
  };
}

export const emptyData = emptyFrames('empty DATA', h2.DATA, h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.postBlock(WARM)));
export const emptyContinuation = emptyFrames('empty CONTINUATION', h2.CONTINUATION, h2.frame(h2.HEADERS, 0, 1, h2.getBlock(WARM)));
