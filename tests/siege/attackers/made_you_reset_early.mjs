// The same before the request is whole, so that no handler ever sees the stream.
import * as h2 from '../../e2e/frames.mjs';
import { flood } from '../bouts.mjs';
import { WARM } from '../paths.mjs';

const most = 20_000; // what lies in socket buffers counts
const spoils = [(stream) => h2.windowUpdate(stream, 0), h2.reset];
let n = 0;

export default {
  name: 'MadeYouReset, early',
  does: 'begins a POST, and has the service reset it',
  unit: 'streams',
  pause_ms: 100,
  most,
  longest_s: 3,
  bout: (target) => {
    const spoil = spoils[n++ % spoils.length];
    const begun = (stream) => h2.frame(h2.HEADERS, h2.END_HEADERS, stream, h2.postBlock(WARM));
    return flood(target, { most, piece: (i) => Buffer.concat([begun(2 * i + 1), spoil(2 * i + 1)]) });
  },
};
