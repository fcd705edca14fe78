// Which offsets from UTC a country has at a moment: from the system's zone files (RFC 8536) and zone.tab.
// Node's own zone data can be years older than the system's, so they are asked only for what a file leaves to
// a rule.
import { readFileSync } from 'node:fs';

const DIRECTORY = '/usr/share/zoneinfo';
const HEADER_BYTES = 44;

const zonesOf = new Map();
for (const line of readFileSync(`${DIRECTORY}/zone.tab`, 'utf8').split('\n')) {
  const [country, , zone] = line.split('\t');
  if (zone === undefined || country.startsWith('#')) continue;
  zonesOf.set(country, [...(zonesOf.get(country) ?? []), zone]);
}

// The six counts of a header, in the file's order.
function counts(file, at) {
  const names = ['isut', 'isstd', 'leap', 'time', 'type', 'char'];
  return Object.fromEntries(names.map((name, i) => [name, file.readUInt32BE(at + 20 + 4 * i)]));
}

// The 64-bit half of a zone file: when the offset changes, and to what.
function readZone(zone) {
  const file = readFileSync(`${DIRECTORY}/${zone}`);
  const old = counts(file, 0);
  const start = HEADER_BYTES + old.time * 5 + old.type * 6 + old.char + old.leap * 8 + old.isstd + old.isut;
  const n = counts(file, start);
  const times = start + HEADER_BYTES;
  const types = times + n.time * 8;
  const infos = types + n.time;
  const footer = infos + n.type * 6 + n.char + n.leap * 12 + n.isstd + n.isut;
  const offsetOfType = (type) => file.readInt32BE(infos + 6 * type) / 60;
  return {
    first_min: offsetOfType(0),
    changes: Array.from({ length: n.time }, (_, i) => ({
      at_s: Number(file.readBigInt64BE(times + 8 * i)),
      offset_min: offsetOfType(file[types + i]),
    })),
    hasRule: file.toString('latin1', footer).includes(','),
  };
}

const zones = new Map();

function zoneOf(name) {
  if (!zones.has(name)) zones.set(name, readZone(name));
  return zones.get(name);
}

function offsetByRule(name, at_s) {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  const text = format.formatToParts(at_s * 1000).find((part) => part.type === 'timeZoneName').value;
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(text);
  return (sign === '-' ? -1 : 1) * (60 * Number(hours ?? 0) + Number(minutes ?? 0));
}

// Minutes east of UTC in a zone at an instant.
export function offsetInZone(name, at_s) {
  const { first_min, changes, hasRule } = zoneOf(name);
  const last = changes.findLastIndex((change) => change.at_s <= at_s);
  if (last === changes.length - 1 && hasRule) return offsetByRule(name, at_s);
  return last === -1 ? first_min : changes[last].offset_min;
}

const answers = new Map();

// Is the offset in force somewhere in the country at the instant? True for a country of which no zone is
// known.
export function countryHasOffset(country, at_s, offset_min) {
  const key = `${country} ${at_s} ${offset_min}`;
  if (!answers.has(key)) {
    const names = zonesOf.get(country);
    answers.set(key, names === undefined || names.some((name) => offsetInZone(name, at_s) === offset_min));
  }
  return answers.get(key);
}

const US_TERRITORIES = new Set(['AS', 'GU', 'MP', 'PR', 'VI']);

// By which country's clocks an address goes: zone.tab has territories of the US as countries of their own.
export function countryOfClocks(address) {
  const { addressCountry, addressRegion } = address ?? {};
  return addressCountry === 'US' && US_TERRITORIES.has(addressRegion) ? addressRegion : addressCountry;
}
