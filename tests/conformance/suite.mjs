// The tests that every set of documents has to pass, and the list of what they lack.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { build } from '../e2e/parts.mjs';
import { bytesComplaints } from './bytes.mjs';
import { judge } from './rules.mjs';
import { adobeComplaints, jsonldComplaints, typeComplaints } from './tools.mjs';

export const TEST_MS = 600_000; // for what hangs: no test may depend on time
const MAX_SHOWN = 20;

// What Google recommends and a provider never says, or of festivals alone.
export const NEVER_KNOWN = {
  songkick: ['endDate', 'offers', 'image', 'organizer', 'description'],
  ticketmaster: ['endDate', 'organizer', 'description'],
  bandsintown: [
    'endDate',
    'image',
    'organizer',
    'description',
    'startDate: the offset of the hour',
    'location.geo',
    'offers.priceCurrency',
    // A festival's venue is not known.
    'location.name',
    'location.address.streetAddress',
    'location.address.postalCode',
  ],
};
// What each says of most events.
export const SOMETIMES_UNKNOWN = [
  'startDate: the hour',
  'location.name',
  'location.geo',
  'location.address.streetAddress',
  'location.address.postalCode',
  'performer',
  'offers',
  'offers.url',
];
// Cases exist for each of these not being known.
export const UNKNOWN_IN_A_CASE = [
  'startDate: the offset of the hour',
  'location.address.addressCountry',
  'location.address.addressLocality',
  'location.address.addressRegion (US, CA, AU)',
  'url',
  'offers.priceCurrency',
  'offers.availability',
];

export function assertNone(complaints) {
  const more = complaints.length > MAX_SHOWN ? `\n... ${complaints.length} in all` : '';
  assert.equal(complaints.length, 0, complaints.slice(0, MAX_SHOWN).join('\n') + more);
}

// Adds up the gaps of documents: {n_events, gaps: property -> number of times it is not there}.
export function addUp(judgements) {
  const gaps = new Map();
  for (const judgement of judgements) {
    for (const [property, n] of judgement.gaps) gaps.set(property, (gaps.get(property) ?? 0) + n);
  }
  return { n_events: judgements.reduce((sum, judgement) => sum + judgement.n_events, 0), gaps };
}

export const lacking = ({ gaps }) => [...gaps.keys()].filter((property) => gaps.get(property) > 0);

function writeWarnings(t, label, { n_events, gaps }) {
  const lines = [...gaps]
    .filter(([, n]) => n > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([property, n]) => `${String(n).padStart(7)} ${property}`);
  const text = [`recommended by Google and unknown in the ${n_events} events of ${label}:`, ...lines];
  const directory = join(build, 'test-logs/conformance');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `warnings-${label.replaceAll(' ', '-')}.txt`), `${text.join('\n')}\n`);
  text.forEach((line) => t.diagnostic(line));
}

// `getDocuments` returns a list of {name, text, json, publicUrl, now_s}; `allowed` are the properties that
// may be lacking in some of them.
export function conformanceTests(label, getDocuments, allowed) {
  const check = (sentence, body) =>
    test(`${label}: ${sentence}`, { timeout: TEST_MS }, (t) => {
      const documents = getDocuments();
      assert.ok(documents.length > 0, 'there are no documents');
      return body(documents, t);
    });

  check('the bytes are sound JSON and can be pasted into HTML', (documents) => {
    assertNone(
      documents.flatMap(({ name, text }) => bytesComplaints(Buffer.from(text)).map((c) => `${name}: ${c}`)),
    );
  });
  check(
    "no rule of Google's for events is broken, and nothing is lacking but what the upstream does not know",
    (documents, t) => {
      const judgements = documents.map((document) => judge(document.json, document));
      const sum = addUp(judgements);
      writeWarnings(t, label, sum);
      assertNone(
        judgements.flatMap(({ errors }, i) => errors.map((error) => `${documents[i].name}: ${error}`)),
      );
      assert.deepEqual(
        lacking(sum).filter((property) => !allowed.includes(property)),
        [],
      );
      assert.ok(sum.n_events > 0, 'there are no events');
    },
  );
  check('schema-dts has types for all of it', async (documents, t) => {
    const { complaints, n_shapes } = await typeComplaints(documents);
    t.diagnostic(`tsc was given the ${n_shapes} shapes that ${documents.length} documents have`);
    assertNone(complaints);
    assert.ok(n_shapes > 0, 'tsc was given nothing');
  });
  check('jsonld expands it in safe mode without dropping anything', async (documents) => {
    assertNone(await jsonldComplaints(documents));
  });
  check(
    "a crawler extracts it from HTML, and Adobe's validator has nothing against it",
    async (documents) => {
      assertNone(await adobeComplaints(documents));
    },
  );
}
