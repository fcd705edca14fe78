// Conformance of documents made from answers that the providers really gave. They are the providers', so none of them
// is in the repository: RECORDINGS names a directory that has them, in a directory for each provider, and where
// there is none, nothing is judged. The program that runs the golden cases translates them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

import { build, root, temporaryDirectory } from '../e2e/parts.mjs';
import { NEVER_KNOWN, SOMETIMES_UNKNOWN, UNKNOWN_IN_A_CASE, conformanceTests } from './suite.mjs';

const RECORDINGS = resolve(root, process.env.RECORDINGS ?? '../shared/recordings');
const PUBLIC_URL = 'https://marquee.example'; // of the program that runs the cases
const DAY_MS = 86_400_000;
const TICKETMASTER_PAGE = 'includeTBA=yes&includeTBD=yes&includeTest=no&locale=*&sort=date,asc&size=100&page=0';

const isList = (value) => Array.isArray(value) && value.length > 0 && value.every((item) => item.id !== undefined);

// What each provider's list of events is in, how it is asked for, and when an event is. A recorded page may be one of
// many: here it is the only one, and its artist is one of those who play.
const PROVIDERS = {
  songkick: {
    events: (answer) => answer.resultsPage?.results?.event ?? answer,
    id: () => '4711',
    path: (id) => `artists/${id}/calendar.json?page=1&per_page=50`,
    answer: (event) => ({ resultsPage: { status: 'ok', results: { event }, totalEntries: event.length, perPage: 50, page: 1 } }),
    day: (event) => event.start?.date,
  },
  ticketmaster: {
    events: (answer) => answer._embedded?.events ?? (answer.type === 'event' && answer.dates ? [answer] : []),
    id: (events) => events.flatMap((event) => event._embedded?.attractions ?? [])[0]?.id,
    path: (id) => `events.json?attractionId=${id}&${TICKETMASTER_PAGE}`,
    answer: (events) => ({
      _embedded: { events }, page: { size: 100, totalElements: events.length, totalPages: 1, number: 0 },
    }),
    day: (event) => event.dates?.start?.localDate,
  },
  bandsintown: {
    events: (answer) => answer,
    id: (events) => `id_${events[0].artist?.id ?? events[0].artist_id ?? 4711}`,
    path: (id) => `artists/${id}/events`,
    answer: (events) => events,
    day: (event) => (event.starts_at ?? event.datetime)?.slice(0, 10),
  },
};

// A recording as a golden case: {directory, now_s}; undefined when it holds no events.
function makeCase(directory, provider, file) {
  const of = PROVIDERS[provider];
  const events = of.events(JSON.parse(readFileSync(file, 'utf8')));
  const id = isList(events) ? of.id(events) : undefined;
  if (id === undefined) return undefined;
  const first = events.map(of.day).filter(Boolean).sort()[0];
  const now = new Date(Date.parse(first) - DAY_MS).toISOString().replace('.000', '');
  mkdirSync(join(directory, 'answers'), { recursive: true });
  writeFileSync(join(directory, 'request'), `${provider} artist\nid=${id}\nnow=${now}\n`);
  writeFileSync(join(directory, 'answers/manifest'), `200 answer.json ${of.path(id)}\n`);
  writeFileSync(join(directory, 'answers/answer.json'), JSON.stringify(of.answer(events)));
  return { directory, now_s: Date.parse(now) / 1000 };
}

function translate(name, { directory, now_s }) {
  const run = spawnSync(join(build, 'tests/golden/golden'), ['--print', directory], { encoding: 'utf8' });
  assert.equal(run.signal, null, `${name}: ${run.stderr}`);
  assert.match(run.stdout, /^\[/, `${name}: ${run.stdout}${run.stderr}`);
  return { name, text: run.stdout, json: JSON.parse(run.stdout), publicUrl: PUBLIC_URL, now_s };
}

function translateAll(scratch) {
  return Object.keys(PROVIDERS).filter((provider) => existsSync(join(RECORDINGS, provider))).flatMap((provider) =>
    readdirSync(join(RECORDINGS, provider)).filter((name) => name.endsWith('.json')).flatMap((name) => {
      const made = makeCase(join(scratch, provider, name), provider, join(RECORDINGS, provider, name));
      return made === undefined ? [] : [translate(`${provider}/${name}`, made)];
    }));
}

if (existsSync(RECORDINGS)) {
  const scratch = temporaryDirectory();
  after(() => rmSync(scratch, { recursive: true, force: true }));
  let documents;
  conformanceTests('recordings', () => (documents ??= translateAll(scratch)), [
    ...Object.values(NEVER_KNOWN).flat(),
    ...SOMETIMES_UNKNOWN,
    ...UNKNOWN_IN_A_CASE,
  ]);
} else {
  test('recordings', { skip: `there is no ${RECORDINGS}; RECORDINGS names another directory` }, () => {});
}
