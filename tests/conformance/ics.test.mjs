// Calendars: the strict checker, what it must find, and two readers that others wrote: ical.js and Debian's
// python3-icalendar.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import ICAL from 'ical.js';

import { root, run } from '../e2e/parts.mjs';
import { icsEvents, icsFaults } from './ics.mjs';

const GOLDEN = join(root, 'tests/golden');
const KEYS = ['uid', 'summary', 'location', 'description', 'status', 'url', 'dtstart', 'dtend', 'sequence'];

const files = readdirSync(GOLDEN, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .flatMap((provider) => readdirSync(join(GOLDEN, provider.name)).map((name) => join(GOLDEN, provider.name, name)))
  .map((directory) => join(directory, 'expected.ics')).filter(existsSync);

const sound = [
  'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', 'REFRESH-INTERVAL;VALUE=DURATION:PT4H', 'BEGIN:VEVENT',
  'UID:7@a.example', 'DTSTAMP:19700101T000000Z', 'DTSTART;VALUE=DATE:20270702', 'DTEND;VALUE=DATE:20270705',
  'SUMMARY:Mira\\, Vale\\; \\\\ and\\nothers', 'STATUS:CONFIRMED', 'GEO:52.5;-13.4', 'URL:https://a.example/?a=1,2;b',
  'END:VEVENT', 'END:VCALENDAR', '',
].join('\r\n');

// What each reader says of a calendar, under the names of icsEvents(); moments as they stand in the file.
function byIcalJs(text) {
  const value = (event, key) => {
    const found = event.getFirstPropertyValue(key);
    return /^dt/.test(key) && found ? found.toICALString() : found === null ? undefined : String(found);
  };
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
    .map((event) => Object.fromEntries(KEYS.map((key) => [key, value(event, key)]).filter(([, found]) => found)));
}

const PYTHON = `
import icalendar, json, sys
def value(event, key):
    found = event[key]
    return found.to_ical().decode() if key.startswith('dt') else str(found)
for path in sys.argv[1:]:
    calendar = icalendar.Calendar.from_ical(open(path, 'rb').read())
    print(json.dumps([{key: value(event, key) for key in ${JSON.stringify(KEYS)} if key in event}
                      for event in calendar.walk('VEVENT')]))
`;

function expected(path) {
  return icsEvents(readFileSync(path))
    .map((event) => Object.fromEntries(KEYS.map((key) => [key, event[key]]).filter(([, found]) => found)));
}

test('The calendars of the golden cases have no fault, and there are some with and without events.', () => {
  assert.ok(files.length >= 3);
  for (const path of files) assert.deepEqual(icsFaults(readFileSync(path)), [], path);
  assert.ok(files.some((path) => expected(path).length === 0) && files.some((path) => expected(path).length > 3));
});

test('ical.js reads of every event what is in the file.', () => {
  for (const path of files) assert.deepEqual(byIcalJs(readFileSync(path, 'utf8')), expected(path), path);
});

// Release 4.0.3 takes an escaped backslash before an n for an escaped line break.
const withoutBreaks = (events) => JSON.parse(JSON.stringify(events).replaceAll('\\\\n', ' ').replaceAll('\\n', ' '));

test('python3-icalendar reads of every event what is in the file.', async () => {
  const { code, stdout, stderr } = await run(['/usr/bin/python3', '-c', PYTHON, ...files]);
  assert.equal(code, 0, stderr);
  const read = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(withoutBreaks(read), withoutBreaks(files.map(expected)));
});

test('The checker finds no fault where there is none.', () => {
  assert.deepEqual(icsFaults(Buffer.from(sound)), []);
  assert.deepEqual(icsEvents(Buffer.from(sound))[0].summary, 'Mira, Vale; \\ and\nothers');
});

const faults = {
  'LF endings': [/\r\n/g, '\n'],
  'a lone LF': ['STATUS', 'X\nSTATUS'],
  'an end without CR LF': [/\r\n$/, ''],
  'a missing UID': [/UID:.*\r\n/, ''],
  'a missing DTSTAMP': [/DTSTAMP:.*\r\n/, ''],
  'a missing DTSTART': [/DTSTART.*\r\n/, ''],
  'a missing PRODID': [/PRODID:.*\r\n/, ''],
  'another version': ['VERSION:2.0', 'VERSION:1.0'],
  'a long line': ['SUMMARY:', `SUMMARY:${'x'.repeat(70)}`],
  'a line folded within a character': ['SUMMARY:', 'SUMMARY:\xc3\r\n \xa9'],
  'an empty line': ['STATUS', '\r\nSTATUS'],
  'an empty fold': ['STATUS', ' \r\nSTATUS'],
  'a TZID': ['DTSTART;VALUE=DATE:20270702', 'DTSTART;TZID=Mars/Base:20270702T200000'],
  'an unknown status': ['CONFIRMED', 'PLANNED'],
  'a status that Google Calendar hides': ['CONFIRMED', 'CANCELLED'],
  'a day that is none': ['20270702', '20270732'],
  'a day without VALUE=DATE': ['DTSTART;VALUE=DATE', 'DTSTART'],
  'an hour as a day': ['20270702', '20270702T200000'],
  'an hour of no zone': [/DTSTART.*\r\nDTEND.*\r\n/, 'DTSTART:20270702T200000\r\nDTEND:20270702T230000\r\n'],
  'an event without length': [/DTEND.*\r\n/, ''],
  'an end of another form': ['DTEND;VALUE=DATE:20270705', 'DTEND:20270705T200000'],
  'an end that is the start': ['20270705', '20270702'],
  'a stamp that is not UTC': ['000000Z', '000000'],
  'a comma without escape': ['Mira\\,', 'Mira,'],
  'an escape that is none': ['\\n', '\\t'],
  'a control character': ['Mira', 'Mira\x0b'],
  'a component that is not closed': [/END:VEVENT\r\n/, ''],
  'a component in the wrong place': ['BEGIN:VEVENT', 'BEGIN:STANDARD'],
  'no component': [/BEGIN:VEVENT[^]*END:VEVENT\r\n/, ''],
  'an event twice': [/BEGIN:VEVENT[^]*END:VEVENT\r\n/, '$&$&'],
  'a property twice': [/STATUS.*\r\n/, '$&$&'],
  'a property that is not known': ['STATUS', 'ATTACH:x\r\nSTATUS'],
  'coordinates on no earth': ['52.5', '92.5'],
  'an address of another scheme': ['https:', 'javascript:'],
  'an interval without type': [';VALUE=DURATION', ''],
  'an interval that is none': ['PT4H', 'P'],
  'a line that is no property': ['STATUS', 'x\r\nSTATUS'],
};

for (const [name, [from, to]] of Object.entries(faults)) {
  test(`The checker finds ${name}.`, () => {
    const spoilt = Buffer.from(sound.replace(from, to), 'latin1');
    assert.notEqual(spoilt.toString('latin1'), sound);
    assert.notDeepEqual(icsFaults(spoilt), []);
  });
}
