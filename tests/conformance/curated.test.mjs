// The judge of curation itself: sound documents pass, and every fault put into them is found.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clean, curatedComplaints, saidIn } from './curated.mjs';
import { soundArray, soundEvent, soundGraph, soundList } from './sound.mjs';

const SAID = [...saidIn([soundArray(), 'Lantern Festival Saturday Ticket 2027'])];
const NOTHING_NOTED = { list: [] };

const judged = (document, report = NOTHING_NOTED) => curatedComplaints(document, report, SAID);

for (const [format, make] of Object.entries({ array: soundArray, graph: soundGraph, list: soundList })) {
  test(`Of a sound ${format} nothing is doubled, a placeholder or invented.`, () => {
    assert.deepEqual(judged(make()), []);
  });
}

const again = (startDate) => soundEvent(4, { startDate, endDate: undefined, doorTime: undefined });
const doubled = (startDate) => [soundEvent(1), again(startDate)];

for (const [what, startDate, n] of [
  ['the same hour', '2027-03-11T20:00:00+01:00', 1],
  ['90 minutes later', '2027-03-11T21:30:00+01:00', 1],
  ['91 minutes later', '2027-03-11T21:31:00+01:00', 0],
  ['another day', '2027-03-12T20:00:00+01:00', 0],
]) {
  test(`An act that plays one house at ${what}: ${n} complaints.`, () => {
    assert.equal(judged(doubled(startDate)).length, n);
  });
}

test('Two shows that the report lists as separate are two.', () => {
  const report = { list: [{ id: '1', records: [{ id: '4', rule: 'separate: another show of the day' }] }] };
  assert.deepEqual(judged(doubled('2027-03-11T21:00:00+01:00'), report), []);
  report.list[0].records[0].rule = 'folded: the same show';
  assert.equal(judged(doubled('2027-03-11T21:00:00+01:00'), report).length, 1);
});

test('A show that a graph has twice is found through the nodes of its performers.', () => {
  const graph = soundGraph();
  graph['@graph'].push({ ...graph['@graph'][1], '@id': 'https://service.example/songkick/event/9#event' });
  assert.equal(judged(graph).length, 1);
});

const place = (changes) => ({ location: { ...soundEvent(1).location, ...changes } });

for (const [what, changes, complaint] of [
  ['a placeholder as name', { name: '(TBA)' }, /"\(TBA\)" stands for a name/],
  ['a placeholder as act', { performer: [{ '@type': 'MusicGroup', name: 'Special Guests' }] }, /stands for/],
  ['a placeholder as venue', place({ name: '*Venue TBA*' }), /stands for a name/],
  ['an invented name', { name: 'Paper Kites' }, /nobody said "Paper Kites"/],
  ['words in another order', { name: 'Lanterns Paper' }, /nobody said/],
  ['an invented venue', place({ name: 'Gasometer Arena' }), /nobody said/],
  ['an invented street', place({ address: { streetAddress: 'Torgauer Str. 21' } }), /streetAddress/],
  ['an invented city', place({ address: { addressLocality: 'Bonn' } }), /addressLocality/],
  ['an invented description', { description: 'A night to remember.' }, /description/],
]) {
  test(`Found: ${what}.`, () => {
    assert.match(judged([soundEvent(1, changes)]).join('\n'), complaint);
  });
}

test('A title may lose its words about tickets, and be the names of several acts.', () => {
  assert.deepEqual(judged([soundEvent(1, { name: 'Lantern Festival 2027' })]), []);
  assert.deepEqual(judged([soundEvent(1, { name: 'Paper Lanterns, Lantern Festival' })]), []);
});

test('Texts are compared without references, tags and superfluous white space.', () => {
  assert.equal(clean(' <p>Tom &amp; J&#101;rry\n live</p> '), 'Tom & Jerry live');
});
