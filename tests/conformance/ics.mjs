// A strict checker of calendars by RFC 5545 and RFC 7986, as readers of calendars forgive nearly everything.
//
//     icsFaults(bytes)     sentences, one for each fault; [] for a sound calendar
//     icsEvents(bytes)     what a sound calendar says: [{uid, dtstart, dtend, summary, …}] with texts unescaped
//
// Knows the components and properties that a calendar of concerts may have; any other is a fault.

const MAX_OCTETS = 75;
const TEXTS = ['SUMMARY', 'LOCATION', 'DESCRIPTION', 'UID', 'NAME', 'X-WR-CALNAME', 'PRODID', 'VERSION', 'TZID'];

// What each component holds: [least, most] times.
const COMPONENTS = {
  VCALENDAR: {
    VERSION: [1, 1], PRODID: [1, 1], NAME: [0, 1], 'X-WR-CALNAME': [0, 1], DESCRIPTION: [0, 1],
    'REFRESH-INTERVAL': [0, 1], 'X-PUBLISHED-TTL': [0, 1],
  },
  VEVENT: {
    UID: [1, 1], DTSTAMP: [1, 1], DTSTART: [1, 1], DTEND: [1, 1], SEQUENCE: [0, 1], 'LAST-MODIFIED': [0, 1], STATUS: [0, 1],
    SUMMARY: [1, 1], LOCATION: [0, 1], GEO: [0, 1], URL: [0, 1], DESCRIPTION: [0, 1], TRANSP: [0, 1],
  },
  VTIMEZONE: { TZID: [1, 1] },
  STANDARD: { DTSTART: [1, 1], TZOFFSETFROM: [1, 1], TZOFFSETTO: [1, 1] },
};
const PARENTS = { VCALENDAR: [undefined], VEVENT: ['VCALENDAR'], VTIMEZONE: ['VCALENDAR'], STANDARD: ['VTIMEZONE'] };

// ---- lines ----

function utf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

// The octets between one CR LF and the next.
function octetLines(bytes, faults) {
  const lines = [];
  let begin = 0;
  for (let at = bytes.indexOf('\r\n'); at >= 0; at = bytes.indexOf('\r\n', begin)) {
    lines.push(bytes.subarray(begin, at));
    begin = at + 2;
  }
  if (begin < bytes.length) faults.push('the last line does not end in CR LF');
  return lines;
}

function contentLines(bytes, faults) {
  const lines = [];
  for (const octets of octetLines(bytes, faults)) {
    const text = utf8(octets);
    const where = `line "${octets.toString('latin1').slice(0, 40)}"`;
    if (text === null) faults.push(`${where} is no UTF-8 of its own`);
    if (octets.length > MAX_OCTETS) faults.push(`${where} has ${octets.length} octets`);
    if (/^ ?$/.test(text ?? 'x')) faults.push(`${where} is empty`);
    if (/[\x00-\x08\x0a-\x1f\x7f\ufeff]/.test(text ?? '')) faults.push(`${where} holds a control character`);
    if (/^[ \t]/.test(text ?? '') && lines.length > 0) lines.push(lines.pop() + text.slice(1));
    else lines.push(text ?? '');
  }
  return lines;
}

function property(line) {
  const match = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]+)(?:,(?:"[^"]*"|[^";:,]+))*)*):(.*)$/su.exec(line);
  if (!match) return null;
  const parameters = Object.fromEntries(match[2].split(';').slice(1).map((pair) => pair.split('=')));
  return { name: match[1].toUpperCase(), parameters, value: match[3] };
}

function components(lines, faults) {
  const roots = [];
  const open = [];
  for (const line of lines) {
    const read = property(line);
    if (!read) {
      faults.push(`"${line.slice(0, 60)}" is no content line`);
    } else if (read.name === 'BEGIN') {
      const component = { name: read.value, parent: open.at(-1)?.name, properties: [], components: [] };
      (open.at(-1)?.components ?? roots).push(component);
      open.push(component);
    } else if (read.name === 'END') {
      if (open.pop()?.name !== read.value) faults.push(`END:${read.value} ends nothing`);
    } else if (open.length > 0) {
      open.at(-1).properties.push(read);
    } else {
      faults.push(`${read.name} is in no component`);
    }
  }
  for (const { name } of open) faults.push(`${name} has no end`);
  return roots;
}

// ---- values ----

// Milliseconds of a DATE or DATE-TIME as if it were UTC; NaN for none of the calendar.
function instant(value) {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(value);
  if (!match) return NaN;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1).map((digits) => Number(digits ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute && date.getUTCSeconds() === second;
  return same ? date.getTime() : NaN;
}

const form = (read) => (read.parameters.VALUE === 'DATE' ? 'day' : read.value.endsWith('Z') ? 'UTC' : 'local');

function momentFault(read) {
  const isDay = /^\d{8}$/.test(read.value);
  if (Number.isNaN(instant(read.value))) return 'is no moment';
  if (isDay !== (read.parameters.VALUE === 'DATE')) return 'is not of the type that VALUE says';
  return Object.keys(read.parameters).every((name) => name === 'VALUE') ? null : 'has a parameter that is not known';
}

function textFault({ value }) {
  if (/\\(?![\\;,nN])/.test(value.replaceAll('\\\\', ''))) return 'has an escape that is none';
  if (/(?<!\\)[;,]/.test(value.replaceAll('\\\\', ''))) return 'has a ; or , without escape';
  return value === '' ? 'is empty' : null;
}

const isOneOf = (...values) => (read) => (values.includes(read.value) ? null : `is none of ${values.join(', ')}`);
const matches = (pattern) => (read) => (pattern.test(read.value) ? null : `is not of the form ${pattern.source}`);
const duration = matches(/^P(?!$)(\d+W|(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+S)?)?)$/);

function geoFault({ value }) {
  const number = (text) => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);
  const [latitude, longitude, ...rest] = value.split(';').map(number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && rest.length === 0 ? null : 'is no place on earth';
}

function urlFault({ value }) {
  // RFC 3986: nothing but its characters, all escapes whole.
  if (!/^https?:\/\/(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$/.test(value)) return 'is no web address';
  return URL.canParse?.(value) === false ? 'is no URL' : null;
}

const VALUES = {
  ...Object.fromEntries(TEXTS.map((name) => [name, textFault])),
  DTSTART: momentFault, DTEND: momentFault,
  'LAST-MODIFIED': (read) => (form(read) === 'UTC' ? momentFault(read) : 'is not in UTC'),
  DTSTAMP: (read) => (form(read) === 'UTC' ? momentFault(read) : 'is not in UTC'),
  SEQUENCE: matches(/^\d{1,9}$/),
  // Google Calendar hides CANCELLED.
  STATUS: isOneOf('CONFIRMED', 'TENTATIVE'),
  TRANSP: isOneOf('OPAQUE', 'TRANSPARENT'),
  GEO: geoFault, URL: urlFault,
  'REFRESH-INTERVAL': (read) => (read.parameters.VALUE === 'DURATION' ? duration(read) : 'does not say VALUE=DURATION'),
  'X-PUBLISHED-TTL': duration,
  TZOFFSETFROM: matches(/^[+-]\d{4}$/), TZOFFSETTO: matches(/^[+-]\d{4}$/),
};

// ---- components ----

function eventFaults(event) {
  const [start] = event.properties.filter(({ name }) => name === 'DTSTART');
  const [end] = event.properties.filter(({ name }) => name === 'DTEND');
  if (!start || !end) return [];
  if (form(start) === 'local') return ['DTSTART is no instant: each reader would see another one'];
  if (form(start) !== form(end)) return ['DTEND is not of the form of DTSTART'];
  return instant(end.value) > instant(start.value) ? [] : ['DTEND is not after DTSTART'];
}

function componentFaults(component) {
  const { name, parent, properties } = component;
  const known = COMPONENTS[name];
  if (!known) return [`${name} is not known`];
  const faults = PARENTS[name].includes(parent) ? [] : [`${name} stands in ${parent ?? 'nothing'}`];
  for (const read of properties) {
    if (!known[read.name]) faults.push(`${name} has ${read.name}`);
    const fault = VALUES[read.name]?.(read);
    if (fault) faults.push(`${read.name}:${read.value.slice(0, 60)} ${fault}`);
  }
  for (const [property_, [least, most]] of Object.entries(known)) {
    const n = properties.filter((read) => read.name === property_).length;
    if (n < least || n > most) faults.push(`${name} has ${n} ${property_}`);
  }
  if (name === 'VEVENT') faults.push(...eventFaults(component));
  if (name === 'VCALENDAR' || name === 'VTIMEZONE') {
    if (component.components.length === 0) faults.push(`${name} holds no component`);
  }
  return [...faults, ...component.components.flatMap(componentFaults)];
}

function valuesOf(component, name) {
  return component.properties.filter((read) => read.name === name).map((read) => read.value);
}

export function icsFaults(bytes) {
  const faults = [];
  const roots = components(contentLines(bytes, faults), faults);
  if (roots.length !== 1 || roots[0].name !== 'VCALENDAR') faults.push(`there are ${roots.length} calendars`);
  faults.push(...roots.flatMap(componentFaults));
  for (const calendar of roots) {
    if (valuesOf(calendar, 'VERSION')[0] !== '2.0') faults.push('VERSION is not 2.0');
    const uids = calendar.components.flatMap((event) => valuesOf(event, 'UID'));
    for (const uid of uids.filter((value, i) => uids.indexOf(value) < i)) faults.push(`${uid} is there twice`);
  }
  return faults;
}

const unescaped = (text) => text.replace(/\\(.)/gs, (whole, c) => (/n/i.test(c) ? '\n' : c));

export function icsEvents(bytes) {
  const [calendar] = components(contentLines(bytes, []), []);
  return calendar.components.filter(({ name }) => name === 'VEVENT').map(({ properties }) => Object.fromEntries(
    properties.map(({ name, value }) => [name.toLowerCase(), TEXTS.includes(name) ? unescaped(value) : value])));
}
