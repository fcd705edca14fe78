// Calendars whose events change: a reader that heeds SEQUENCE always takes the later one, whatever changed and changed
// back; and nothing changes while nothing changes.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

import { icsFaults } from '../conformance/ics.mjs';
import { artist, run, scenario, until } from './harness.mjs';

const TOUR = '90012005'; // 12 events on 5 venues

const PYTHON = `
import icalendar, json, sys, vobject
text = open(sys.argv[1], 'rb').read()
one = {str(event['uid']): [int(event['sequence']), event['dtstart'].to_ical().decode()]
       for event in icalendar.Calendar.from_ical(text).walk('VEVENT')}
two = {event.uid.value: [int(event.sequence.value), event.dtstart.serialize().strip().split(':')[1]]
       for event in vobject.readOne(text.decode()).vevent_list}
print(json.dumps([one, two]))
`;

// What each reader makes of a feed: by UID its SEQUENCE and its start.
async function readers(text) {
  const path = join(tmpdir(), `marquee-feed-${process.pid}.ics`);
  writeFileSync(path, text);
  const { stdout, stderr, code } = await run(['/usr/bin/python3', '-c', PYTHON, path]);
  rmSync(path);
  assert.equal(code, 0, stderr);
  const [icalendar, vobject] = JSON.parse(stdout);
  const entries = (list) => Object.fromEntries(list);
  return {
    icalendar,
    vobject,
    'ical.js': entries(new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((event) => [
      event.getFirstPropertyValue('uid'),
      [event.getFirstPropertyValue('sequence'), event.getFirstPropertyValue('dtstart').toICALString()],
    ])),
    'node-ical': entries(Object.values(nodeIcal.sync.parseICS(text)).filter(({ type }) => type === 'VEVENT')
      .map((event) => [event.uid, [Number(event.sequence), event.start.toISOString()]])),
  };
}

// A reader's calendar: of two revisions of an event it keeps the one with the higher SEQUENCE.
function take(calendar, feed) {
  for (const [uid, event] of Object.entries(feed)) {
    if (!calendar[uid] || event[0] > calendar[uid][0]) calendar[uid] = event;
  }
}

async function feed(stage) {
  const got = await stage.get(artist(TOUR, { format: 'ics' }));
  assert.equal(got.status, 200, got.text);
  assert.deepEqual(icsFaults(Buffer.from(got.text)), []);
  return got;
}

async function feedOtherThan(stage, text) {
  let got;
  await until('another feed', async () => {
    got = await feed(stage);
    return got.text !== text;
  });
  return got.text;
}

for (const memcached of [false, true]) {
  scenario(`A reader follows each change of a date and each change back${memcached ? ', over restarts too' : ''}.`, {
    memcached, settings: { songkick: { fresh_s: 1, venue_fresh_s: 600, keep_s: 600 } },
  }, async (stage) => {
    const calendars = {};
    let text = (await feed(stage)).text;
    const first = text;
    for (const mode of ['', 'moved', '', 'moved', '']) {
      if (mode !== '' || text !== first) {
        await stage.setMode(mode || 'ok', { match: 'page=1' });
        text = await feedOtherThan(stage, text);
      }
      for (const [name, read] of Object.entries(await readers(text))) {
        calendars[name] ??= {};
        take(calendars[name], read);
        assert.equal(Object.keys(read).length, 12, name);
        assert.deepEqual(calendars[name], read, `${name} in mode ${mode}`);
      }
      if (memcached) await stage.restartMarquee();
    }
  });

  scenario(`While nothing changes a feed is the same byte for byte${memcached ? ', after a restart too' : ''}.`, {
    memcached, settings: { songkick: { fresh_s: 1, venue_fresh_s: 600, keep_s: 600 } },
  }, async (stage) => {
    const first = await feed(stage);
    if (memcached) {
      await until('the memory in memcached', async () => Object.keys(await stage.memcachedItems()).length >= 10);
      await stage.restartMarquee();
    }
    await until('a later making', async () => {
      const got = await feed(stage);
      assert.equal(got.text, first.text);
      return (await stage.counters()).classes.calendar.requests >= 3;
    });
    assert.match(first.text, /\r\nSEQUENCE:[1-9]\d{3,}\r\n/);
    const other = await stage.get(artist(TOUR, { format: 'ics', name: 'Another name' }));
    const lines = (text) => text.match(/^(SEQUENCE|LAST-MODIFIED|DTSTAMP).*$/gm).join();
    assert.equal(lines(other.text), lines(first.text));
  });
}
