// Documents that nobody has: each costs the provider's quota.
import { Http2Client } from '../../e2e/client.mjs';
import { stopwatch } from '../waits.mjs';
import { coldSongkick } from '../paths.mjs';

const REQUESTS = 50;
let n = 0;

async function ask(client, path) {
  const { status, body } = await client.get(path).catch(() => ({ status: 0, body: '' }));
  return { status, bytes: body.length };
}

export default {
  name: 'cold floods',
  does: `asks for ${REQUESTS} documents at once that nobody has`,
  unit: 'documents',
  pause_ms: 1000,
  longest_s: ({ document_s }) => document_s + 5,
  stays: true,
  bout: async ({ port, ca, address }) => {
    const client = new Http2Client(port, ca, undefined, { localAddress: address });
    const held_s = stopwatch();
    const paths = Array.from({ length: REQUESTS }, () => coldSongkick('flood', n++).path);
    const got = await Promise.all(paths.map((path) => ask(client, path)));
    client.close();
    const bytes = got.reduce((sum, one) => sum + one.bytes, 0);
    const answers = got.filter(({ status }) => status === 200).length;
    return [{ took: REQUESTS, held_s: held_s(), cut: false, answers, bytes }];
  },
};
