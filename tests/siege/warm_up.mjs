// What a service has done once before what it holds can be compared: its memory tier is full, and its allocator has had
// the largest answers that there are.
import { Http2Client } from '../e2e/client.mjs';
import { coldSongkick } from './paths.mjs';

const MAX_DOCUMENTS = 4000;
const AT_ONCE = 50;
const PER_ADDRESS = 250; // below client_cold_per_minute
const LARGEST = ['gzip-bomb', 'huge-array', 'endless', 'many-headers'];

async function ask(stage, series, n, localAddress) {
  const client = new Http2Client(stage.httpsPort, stage.ca, undefined, { localAddress });
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => client.get(coldSongkick(series, n + i).path)));
  client.close();
}

// How many documents that took.
export async function fillMemory(stage) {
  let n = 0;
  for (; n < MAX_DOCUMENTS; n += AT_ONCE) {
    await ask(stage, 'fill', n, `127.0.1.${1 + Math.floor(n / PER_ADDRESS)}`);
    if ((await stage.metric('memory_evictions')) > 0) return n + AT_ONCE;
  }
  throw new Error(`${n} documents do not fill the memory tier`);
}

export async function haveLargestAnswers(stage) {
  for (const [i, mode] of LARGEST.entries()) {
    await stage.setMode(mode, { times: 4 });
    await stage.get(coldSongkick('largest', i).path, { localAddress: '127.0.2.1' });
    await stage.get(`/api/bandsintown/artist?id=id_${90001001000 + i}`, { localAddress: '127.0.2.1' });
  }
  await stage.setMode('ok');
}
