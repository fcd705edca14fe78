// What is asked for in a siege.
import { artist } from '../e2e/harness.mjs';

export const WARM = artist(90012010);
export const LARGE = artist(90234050); // some hundred kB
export const EVENTS = { [WARM]: 12, [LARGE]: 234 };

const SIZES = [90003002000, 90004004000, 90006003000, 90009009000];
const PER_SIZE = 1000;

// A document that nobody has asked for before: path and number of events. Another `series` has other documents.
export function coldSongkick(series, n) {
  const id = SIZES[n % SIZES.length] + (Math.floor(n / SIZES.length) % PER_SIZE);
  return { path: artist(id, { name: `${series} ${n}` }), events: Math.floor(id / 1e6) % 1000 };
}

export function coldBandsintown(series, n) {
  const id = SIZES[n % SIZES.length] + (Math.floor(n / SIZES.length) % PER_SIZE);
  return { path: `/api/bandsintown/artist?${new URLSearchParams({ id: `id_${id}`, name: `${series} ${n}` })}` };
}
