// Codes of countries, their subdivisions and currencies, from the system's copy of iso-codes. Read here anew
// and not taken from the service's tables, so that the two check each other.
import { readFileSync } from 'node:fs';

function entries(standard) {
  return JSON.parse(readFileSync(`/usr/share/iso-codes/json/iso_${standard}.json`, 'utf8'))[standard];
}

// XK is no ISO code but the one that everybody uses for Kosovo; ISO leaves it to users.
const countries = new Set(['XK', ...entries('3166-1').map((entry) => entry.alpha_2)]);
const subdivisions = new Set(entries('3166-2').map((entry) => entry.code));
const currencies = new Set(entries('4217').map((entry) => entry.alpha_3));

export const isCountry = (code) => countries.has(code);
export const isSubdivision = (country, region) => subdivisions.has(`${country}-${region}`);
export const isCurrency = (code) => currencies.has(code);
