// What attackers over HTTP/2 share: one connection, from the handshake until it is over.
import { RawHttp2, SETTINGS } from '../e2e/frames.mjs';
import { until, within } from '../e2e/parts.mjs';
import { stopwatch } from './waits.mjs';

const HANDSHAKE_MS = 10_000;
const CLOSE_MS = 5000;

export async function open({ port, ca, address }, options = {}) {
  const raw = new RawHttp2(port, ca, { localAddress: address, ...options });
  await within(HANDSHAKE_MS, 'the handshake', raw.open);
  if (options.read !== false) await until('the settings', () => raw.over || raw.received[SETTINGS] > 0);
  return raw;
}

// A connection that is flooded with `most` pieces, or until it ends.
export async function flood(target, { most, first = [], piece, batch, each = 1 }) {
  const raw = await open(target);
  const held_s = stopwatch();
  if (first.length > 0) raw.send(...first);
  const sent = await raw.flood(Math.ceil(most / each), piece, { batch });
  const cut = await within(CLOSE_MS, 'the end', raw.closed).then(() => true, () => false);
  raw.close();
  return [{ took: sent * each, held_s: held_s(), cut, answers: raw.ended, bytes: raw.bytes }];
}
