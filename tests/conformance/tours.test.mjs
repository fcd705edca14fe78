// Conformance of what the service really gives out: generated tours of the simulator, 1,000 of them Songkick's,
// and some of their events and venues by themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scenario } from '../e2e/harness.mjs';
import { curatedComplaints } from './curated.mjs';
import { eventsOf, judge } from './rules.mjs';
import {
  NEVER_KNOWN, SOMETIMES_UNKNOWN, TEST_MS, addUp, assertNone, conformanceTests, lacking,
} from './suite.mjs';
import { Tours } from './tours.mjs';

const N_DETAILS = 50;
const MIN_EVENTS = 18; // of a tour that is known in full; it has 20
const STATUSES = ['EventCancelled', 'EventPostponed', 'EventScheduled'];
const TICKETMASTER_STATUSES = ['EventCancelled', 'EventPostponed', 'EventRescheduled', 'EventScheduled'];

const FEWER = { complete: 30, odd: 60, short: 150, festivals: 2, plain: 58 };
const itself = (number) => number;

// `details`: where the numbers of other resources stand in a document, and what id a number makes.
const PROVIDERS = [
  {
    tours: new Tours('songkick', itself, { complete: 150, odd: 200, short: 530, festivals: 20, plain: 100 }),
    details: { event: [/\/event\/(\d+)#event/, itself], venue: [/\/venues\/(\d+)-/, itself] },
    statuses: STATUSES,
    rules: [
      'folded: the same show',
      'folded: the same festival',
      'folded: the first day of the festival',
      'folded: each of its days is listed',
      'folded: a ticket of the show',
      'left out: takes place online',
    ],
  },
  {
    tours: new Tours('ticketmaster', (number) => `K8vZ${number}`, FEWER),
    details: {
      event: [/\/event\/G5dIZ(\d+)#event/, (number) => `G5dIZ${number}`],
      venue: [/\/venue\/(\d+)"/, (number) => `KovZ${number}`],
    },
    statuses: TICKETMASTER_STATUSES,
    rules: [
      'folded: the same show',
      'folded: a ticket of the show',
      'folded: resale of the show',
      'separate: another show of the day',
      'left out: sold beside a show',
      'left out: sold for many shows',
      'left out: takes place online',
    ],
  },
  {
    tours: new Tours('bandsintown', (number) => `id_${number}`, FEWER),
    details: {},
    statuses: ['EventScheduled'],
    rules: ['folded: the same show', 'left out: takes place online'],
  },
];

// Other suites may run beside this one: nothing here is to end because it took long.
const DEADLINES = { listen: { response_deadline_ms: 120_000 }, limits: { document_deadline_ms: 60_000 } };
const UPSTREAM = { requests_per_s: 0, requests_per_day: 0, timeout_ms: 30_000 };

for (const { tours, details, statuses, rules } of PROVIDERS) {
  const { provider, groups } = tours;
  const neverKnown = NEVER_KNOWN[provider];
  scenario(
    `${groups.length} generated tours of ${provider} are given out, each in the formats it can have.`,
    {
      settings: { log: { level: 'warn' }, ...DEADLINES, [provider]: UPSTREAM },
      timeout_ms: TEST_MS,
    },
    async (stage) => {
      await tours.fetchAll(stage);
      await tours.fetchReports(stage);
      const more = Object.entries(details).flatMap(([resource, [pattern, idOf]]) => {
        const requests = tours.detailRequests(resource, pattern, idOf, N_DETAILS);
        assert.equal(requests.length, N_DETAILS, `${resource}s`);
        return requests;
      });
      await tours.fetchAll(stage, more);
      assert.deepEqual(tours.wronglyRefused(), []);
      const wanted = groups.flat().length + more.length;
      assert.equal(tours.documents.length + tours.refused.length, wanted);
      assert.ok(tours.refused.length < wanted / 20, `${tours.refused.length} tours are too short for a list`);
    },
  );

  conformanceTests(`generated tours of ${provider}`, () => tours.documents, [
    ...neverKnown,
    ...SOMETIMES_UNKNOWN,
  ]);

  test(`generated tours of ${provider}: no show stands there twice, no word for a name, and nothing that nobody said`, () => {
    const ofTours = tours.documents.filter(({ id }) => id !== undefined);
    assertNone(
      ofTours.flatMap(({ id, name, json }) =>
        curatedComplaints(json, tours.reports.get(id), tours.saidOf(id)).map((text) => `${name}: ${text}`),
      ),
    );
    assert.equal(tours.reports.size, tours.ids.size);
    assert.ok(ofTours.length >= tours.ids.size, `only ${ofTours.length} documents`);
  });

  test(`generated tours of ${provider}: the report names every rule that the simulator's kinds need`, () => {
    const records = [...tours.reports.values()].flatMap(({ list, records_left_out = [] }) => [
      ...records_left_out,
      ...list.flatMap((event) => event.records ?? []),
    ]);
    const seen = new Set(records.map(({ rule }) => rule));
    assert.deepEqual(
      rules.filter((rule) => !seen.has(rule)),
      [],
    );
  });

  // Whatever curation does not fold is noted as separate: so it must have a reason, and the simulator plays one.
  test(`generated tours of ${provider}: shows are separate where their names call them early and late, and nowhere else`, () => {
    const pairs = [...tours.reports.values()].flatMap(({ list }) =>
      list.flatMap(({ name, records = [] }) =>
        records
          .filter(({ rule }) => rule.startsWith('separate'))
          .map((record) => `${name} | ${record.name}`),
      ),
    );
    assert.deepEqual(
      pairs.filter((pair) => !/ - Early Show \| .* - Late Show$/.test(pair)),
      [],
    );
  });

  test(`generated tours of ${provider}: of a tour that is known in full only what is never said is lacking`, () => {
    const complete = tours.documents.filter(({ kind }) => kind === 'complete');
    const sum = addUp(complete.map((document) => judge(document.json, document)));
    assert.deepEqual(
      lacking(sum).filter((property) => !neverKnown.includes(property)),
      [],
    );
    assert.ok(sum.n_events >= MIN_EVENTS * complete.length, `only ${sum.n_events} events`);
  });

  test(`generated tours of ${provider}: every status and both kinds of events are among them`, () => {
    const events = tours.documents.flatMap(({ json }) => eventsOf(json));
    const values = (key) => [...new Set(events.map((event) => event[key]))].sort();
    assert.deepEqual(values('@type'), ['Festival', 'MusicEvent']);
    assert.deepEqual(
      values('eventStatus'),
      statuses.map((name) => `https://schema.org/${name}`),
    );
  });
}
