// Dates as Google's Event page takes them: a day, or local time with or without the offset in force there and
// then.
import { countryHasOffset } from './zones.mjs';

const FORM = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(?:([+-])(\d\d):(\d\d))?)?$/;
// What writers put where they do not know the hour; Google names them as errors.
const SENTINELS = /T(00:00(:0[01])?|23:59(:59)?)(?![:\d])/;
const MAX_OFFSET_MIN = 14 * 60;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

// {wall_s, has_time, offset_min} of a date that is written rightly, otherwise {complaint}.
export function readDate(text) {
  const match = typeof text === 'string' ? FORM.exec(text) : null;
  if (match === null) return { complaint: 'is no date that Google reads' };
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => part && Number(part));
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal =
    wall.getUTCFullYear() === year &&
    wall.getUTCMonth() === month - 1 &&
    wall.getUTCDate() === day &&
    wall.getUTCHours() === hour &&
    wall.getUTCMinutes() === minute;
  if (!isReal || year < FIRST_YEAR || year > LAST_YEAR) return { complaint: 'is no real moment' };
  if (SENTINELS.test(text)) return { complaint: 'stands for an hour nobody gave' };
  const read = { wall_s: wall.getTime() / 1000, day: text.slice(0, 10), has_time: match[4] !== undefined };
  if (match[7] !== undefined) {
    const offset_min = (match[7] === '-' ? -1 : 1) * (60 * Number(match[8]) + Number(match[9]));
    if (Math.abs(offset_min) > MAX_OFFSET_MIN || Number(match[9]) > 59)
      return { complaint: 'has no real offset' };
    read.offset_min = offset_min;
  }
  return read;
}

// A sentence, or null for a date that is right for a country (undefined: of which the country is unknown).
export function dateComplaint(text, country) {
  const read = readDate(text);
  if (read.complaint !== undefined) return read.complaint;
  if (read.offset_min === undefined || country === undefined) return null;
  return countryHasOffset(country, read.wall_s - 60 * read.offset_min, read.offset_min)
    ? null
    : `has an offset that is not in force anywhere in ${country} then`;
}
