// The honest clients, in a process of their own. Each kind asks at its own pace, whether answers come or not, so that
// a service that stands still is seen by all that should have been asked meanwhile. Beside them the same process asks a
// bare server that does nothing else: what is late there too is late because of the machine.
import { Http2Client, getHttps } from '../e2e/client.mjs';
import { sleep } from '../e2e/parts.mjs';
import { LATE_MS, STALL_MS } from './bounds.mjs';
import { EVENTS, LARGE, WARM, coldBandsintown, coldSongkick } from './paths.mjs';
import { serveParty } from './party.mjs';
import { ownWaits_ms } from './waits.mjs';

const MAX_TOLD = 1000;

// Over one connection for as long as it lasts. A stream that crosses with the server's goodbye is refused before
// anything was done, and every client asks again (RFC 9113, 8.7).
class Staying {
  constructor(port, ca) {
    Object.assign(this, { port, ca });
  }

  async get(path, headers) {
    const { session } = this.client ?? {};
    if (session === undefined || session.closed || session.destroyed) this.client = new Http2Client(this.port, this.ca);
    try {
      return await this.client.get(path, headers);
    } catch (error) {
      if (!/REFUSED_STREAM/.test(error.message)) throw error;
      this.client = new Http2Client(this.port, this.ca);
      return this.client.get(path, headers);
    }
  }

  close() {
    this.client?.close();
  }
}

function hasEvents(got, path) {
  return got.status === 200 && got.json.length === EVENTS[path];
}

// Hits must be right, whatever happens. Cold ones are told with what came, for the judge knows the weather.
function kindsOf({ port, barePort, ca, series }) {
  const service = new Staying(port, ca);
  const bare = new Staying(barePort, ca);
  let [etag, whole, n] = ['', null, 0];
  return [
    { name: 'hit', every_ms: 20, hit: true,
      ask: () => service.get(WARM),
      right: (got) => {
        const same = whole !== null && got.body.equals(whole);
        if (!same && !hasEvents(got, WARM)) return false;
        [etag, whole] = [got.headers.etag, got.body];
        return got.status === 200;
      } },
    { name: 'hit, known already', every_ms: 100, hit: true,
      ask: () => service.get(WARM, { 'if-none-match': etag }),
      right: (got) => got.status === 304 || hasEvents(got, WARM) },
    { name: 'hit, new connection', every_ms: 100, hit: true,
      ask: () => getHttps(port, ca, WARM), right: (got) => hasEvents(got, WARM) },
    { name: 'hit, large', every_ms: 500, hit: true,
      ask: () => service.get(LARGE), right: (got) => hasEvents(got, LARGE) },
    { name: 'page', every_ms: 500, hit: true, ask: () => getHttps(port, ca, '/'), right: (got) => got.status === 200 },
    { name: 'cold, songkick', every_ms: 500, provider: 'songkick',
      ask: async () => {
        const { path, events } = coldSongkick(series, n++);
        return { ...(await service.get(path)), events };
      },
      right: (got) => got.status === 200 && JSON.parse(got.body).length === got.events },
    { name: 'cold, bandsintown', every_ms: 500, provider: 'bandsintown',
      ask: () => service.get(coldBandsintown(series, n++).path),
      right: (got) => got.status === 200 && Array.isArray(got.json) },
    { name: 'bare server', every_ms: 20, control: true, ask: () => bare.get(WARM), right: (got) => got.status === 200 },
  ];
}

// What came of one kind. Times of day are this machine's, which all processes of a siege share.
function newTally(kind) {
  return { asked: 0, answered: 0, longest_ms: 0, statuses: {}, n_late: 0, late: [], wrong: [], times_ms: [], hit: kind.hit,
    control: kind.control, provider: kind.provider };
}

function tell(list, what) {
  if (list.length < MAX_TOLD) list.push(what);
}

async function askOnce(kind, tally) {
  const [from, before_ms] = [Date.now(), ownWaits_ms()];
  tally.asked++;
  try {
    const got = await kind.ask();
    const to = Date.now();
    tally.answered++;
    tally.statuses[got.status] = (tally.statuses[got.status] ?? 0) + 1;
    tally.longest_ms = Math.max(tally.longest_ms, to - from);
    tally.times_ms.push(to - from);
    if (to - from > (kind.control ? STALL_MS : LATE_MS)) {
      tally.n_late++;
      tell(tally.late, { from, to, waited_ms: ownWaits_ms() - before_ms, what: got.headers['cache-status'] });
    }
    if (!kind.right(got)) tell(tally.wrong, { from, to, status: got.status, why: `${got.status} ${got.text.slice(0, 500)}` });
  } catch (error) {
    tell(tally.wrong, { from, to: Date.now(), status: null, why: `${error.code ?? ''} ${error.message}` });
  }
}

function percentile(times_ms, share) {
  return [...times_ms].sort((a, b) => a - b)[Math.floor(times_ms.length * share)] ?? 0;
}

serveParty(async (target, isOver, figures) => {
  const kinds = kindsOf(target);
  const full = kinds.map(newTally);
  const outstanding = new Set();
  const summary = ({ times_ms, ...others }) => others;
  const timers = kinds.map((kind, i) => setInterval(() => {
    const one = askOnce(kind, full[i]);
    outstanding.add(one);
    one.finally(() => outstanding.delete(one));
  }, kind.every_ms));
  while (!isOver()) {
    await sleep(200);
    kinds.forEach((kind, i) => (figures[kind.name] = summary(full[i])));
  }
  timers.forEach(clearInterval);
  await Promise.all(outstanding);
  kinds.forEach((kind, i) => {
    const { times_ms } = full[i];
    const [median_ms, p99_ms] = [0.5, 0.99].map((share) => percentile(times_ms, share));
    figures[kind.name] = { ...summary(full[i]), median_ms, p99_ms };
  });
});
