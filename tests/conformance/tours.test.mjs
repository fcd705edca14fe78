// Conformance of what the service really gives out: 1,000 generated tours of the simulator, asked for over
// HTTPS in every format, and some of their events and venues by themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { artist, scenario } from '../e2e/harness.mjs';
import { eventsOf, judge } from './rules.mjs';
import { NEVER_KNOWN, SOMETIMES_UNKNOWN, addUp, conformanceTests, lacking } from './suite.mjs';

const AT_ONCE = 8;
const MIN_ITEMS = 3;
const N_DETAILS = 50;
// The kinds of tours the simulator has (tests/simulator/README.md): how many of each, and their ids.
const KINDS = {
  complete: [200, (i) => 90020015000 + i],
  odd: [300, (i) => 80020016000 + i],
  short: [380, (i) => 80008006000 + i],
  festivals: [20, (i) => 70006080000 + i],
  plain: [100, (i) => 100000 + 37 * i],
};
const SITE = { name: 'Tom & Jerry <3 -->', weburl: 'https://artist.example/?a=1&b=2' };
const EVENTURL = { eventurl: 'https://artist.example/tour/{date}-{city}-{id}' };

// Paths of what is asked for of one tour.
function requestsOf(kind, id, i) {
  const own = i % 3 === 0 ? SITE : {};
  return [
    { kind, path: artist(id, { ...own, ...(i % 10 === 0 ? { indent: 1 } : {}) }) },
    ...(i % 4 === 1 ? [{ kind, path: artist(id, { ...own, format: 'graph' }) }] : []),
    ...(i % 8 === 3 ? [{ kind, path: artist(id, { ...own, ...EVENTURL, format: 'itemlist' }) }] : []),
  ];
}

const tours = Object.entries(KINDS).flatMap(([kind, [n, idOf]]) =>
  Array.from({ length: n }, (_, i) => requestsOf(kind, idOf(i), i)),
);

const documents = [];
const refused = [];

// Asks for all of one tour in turn, so that the service has the upstream's answers at hand; several tours at
// once.
async function fetchAll(stage, groups) {
  const client = stage.openH2();
  const publicUrl = `https://localhost:${stage.httpsPort}`;
  const left = [...groups];
  const fetchOne = async ({ kind, path }) => {
    const { status, text } = await client.get(path);
    if (status !== 200) refused.push({ path, status, text });
    else
      documents.push({ kind, name: path, text, json: JSON.parse(text), publicUrl, now_s: Date.now() / 1000 });
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left.length > 0) for (const request of left.shift()) await fetchOne(request);
    }),
  );
}

// Requests for single events and venues that some tours name, found in their addresses.
function detailRequests(resource, pattern) {
  const ids = new Set(documents.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []));
  return [...ids].slice(0, N_DETAILS).map((id, i) => {
    const parameters = new URLSearchParams({ id, format: i % 2 === 0 ? 'jsonld' : 'graph' });
    return [{ kind: resource, path: `/api/songkick/${resource}?${parameters}` }];
  });
}

scenario(
  '1,000 generated tours are given out, each in the formats it can have.',
  {
    settings: { log: { level: 'warn' } },
  },
  async (stage) => {
    assert.equal(tours.length, 1000);
    await fetchAll(stage, tours);
    await fetchAll(stage, [
      ...detailRequests('event', /\/event\/(\d+)#event/),
      ...detailRequests('venue', /\/venues\/(\d+)-/),
    ]);
    // An ItemList needs three events; nothing else is refused.
    const short = refused.filter(
      ({ path, status, text }) =>
        status === 422 && path.includes('format=itemlist') && text.includes(`at least ${MIN_ITEMS} events`),
    );
    assert.deepEqual(
      refused.filter((one) => !short.includes(one)),
      [],
    );
    const wanted = tours.flat().length + 2 * N_DETAILS;
    assert.equal(documents.length, wanted - short.length);
    assert.ok(short.length < wanted / 20, `${short.length} tours are too short for a list`);
  },
);

conformanceTests('generated tours', () => documents, [...NEVER_KNOWN, ...SOMETIMES_UNKNOWN]);

test('generated tours: of a tour that the upstream knows in full only what it never says is lacking', () => {
  const complete = documents.filter(({ kind }) => kind === 'complete');
  const sum = addUp(complete.map((document) => judge(document.json, document)));
  assert.deepEqual(
    lacking(sum).filter((property) => !NEVER_KNOWN.includes(property)),
    [],
  );
  assert.ok(sum.n_events > 4000, `only ${sum.n_events} events`);
});

test('generated tours: every status and both kinds of events are among them', () => {
  const events = documents.flatMap(({ json }) => eventsOf(json));
  const values = (key) => [...new Set(events.map((event) => event[key]))].sort();
  assert.deepEqual(values('@type'), ['Festival', 'MusicEvent']);
  assert.deepEqual(
    values('eventStatus'),
    ['EventCancelled', 'EventPostponed', 'EventScheduled'].map((name) => `https://schema.org/${name}`),
  );
});
