// Empty DATA frames: they cost nine bytes each, and never become a request.
import * as h2 from '../../e2e/frames.mjs';
import { flood } from '../bouts.mjs';
import { WARM } from '../paths.mjs';

const most = 2_000_000;
const each = 1000;
const many = Buffer.concat(Array.from({ length: each }, () => h2.frame(h2.DATA, 0, 1)));

export default {
  name: 'empty DATA',
  does: 'sends frames of it for a request that never ends',
  unit: 'frames',
  pause_ms: 100,
  most,
  longest_s: 10,
  bout: (target) => {
    const first = [h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.postBlock(WARM))];
    return flood(target, { most, each, first, piece: () => many, batch: 4 });
  },
};
