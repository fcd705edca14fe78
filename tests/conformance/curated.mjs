// What holds for every document after curation, whatever the records were: no show twice, no word where a name
// should be, nothing that the upstream did not say. Of all this the service's own tables know nothing here.
import { readDate } from './dates.mjs';
import { listOf } from './event.mjs';
import { eventsOf } from './rules.mjs';

const NEAR_S = 90 * 60;
const SEPARATE = /^separate\b/;

// Whole names that stand for one, without case, brackets and asterisks.
const UNKNOWN = '(?:tba|tbd|tbc|to be (?:announced|determined|confirmed))';
const PLACEHOLDER = new RegExp(
  `^(?:${UNKNOWN}|(?:venue|location|artists?|guests?|support|line-?up) ${UNKNOWN}|unknown venue|various venues` +
    '|various artists|secret location|(?:very )?special guests?|and more|more to be announced|online|live ?stream|-)$',
  'i',
);
const TEXTS = ['name', 'description', 'streetAddress', 'addressLocality'];
const NAMED_CHARACTERS = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

// ---- one show twice ----

function eventId({ '@id': id }) {
  return decodeURIComponent(/\/event\/([^/#]+)#event$/.exec(id)?.[1] ?? '');
}

// Pairs of ids that the report lists as two shows.
function separatePairs(report) {
  const pairs = new Set();
  for (const { id, records } of report.list) {
    for (const record of listOf(records).filter(({ rule }) => SEPARATE.test(rule))) {
      pairs.add(`${id} ${record.id}`).add(`${record.id} ${id}`);
    }
  }
  return pairs;
}

// In a graph, performers and places are nodes of their own.
function resolver(document) {
  const nodes = new Map(listOf(document['@graph']).map((node) => [node['@id'], node]));
  return (node) => ({ ...nodes.get(node?.['@id']), ...node });
}

function placeOf({ name, address }) {
  const { addressLocality, addressCountry } = address ?? {};
  return addressLocality === undefined
    ? undefined
    : JSON.stringify([name, addressLocality, addressCountry]).toLowerCase();
}

// First act, day and place as one text, and the second of the day; undefined where one of them is not known.
function showOf(event, resolve) {
  const { day, has_time, wall_s } = readDate(event.startDate);
  const place = placeOf(resolve(event.location));
  const act = resolve(listOf(event.performer)[0]).name;
  return has_time && place !== undefined && act !== undefined
    ? { key: `${day} ${act.toLowerCase()} ${place}`, wall_s, id: eventId(event) }
    : undefined;
}

function doubledComplaints(document, report) {
  const separate = separatePairs(report);
  const resolve = resolver(document);
  const shows = eventsOf(document)
    .map((event) => showOf(event, resolve))
    .filter((show) => show !== undefined);
  return shows.flatMap((a, i) =>
    shows
      .slice(i + 1)
      .filter(
        (b) =>
          a.key === b.key && Math.abs(a.wall_s - b.wall_s) <= NEAR_S && !separate.has(`${a.id} ${b.id}`),
      )
      .map((b) => `${a.id} and ${b.id} are one show, and the report does not say why there are two`),
  );
}

// ---- words for names, and what nobody said ----

// Every text that must come from somewhere, wherever in the document it stands: [key, text].
function textsOf(value) {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'string' ? (TEXTS.includes(key) ? [[key, member]] : []) : textsOf(member),
  );
}

function placeholderComplaints(document) {
  return textsOf(document)
    .filter(([key, text]) => key !== 'description' && PLACEHOLDER.test(text.replace(/[*()[\]]/g, '').trim()))
    .map(([key, text]) => `"${text}" stands for a name (${key})`);
}

// Without references, tags and superfluous white space.
export function clean(text) {
  return text
    .replace(/&#(x[\da-f]+|\d+);/gi, (_, n) => String.fromCodePoint(Number(n.replace(/^x/i, '0x'))))
    .replace(/&(\w+);/g, (whole, name) => NAMED_CHARACTERS[name.toLowerCase()] ?? whole)
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

const wordsOf = (text) => text.split(/[\s\p{P}]+/u).filter((word) => word !== '');

// Are all words of the text, in their order, among those of the other?
function isShorter(text, whole) {
  const words = wordsOf(text);
  let n = 0;
  for (const word of wordsOf(whole)) if (word === words[n]) n++;
  return n === words.length;
}

// A name may be several acts' names, and the words of a title but those about tickets and news.
function isSaid(key, text, said) {
  const cleaned = clean(text);
  if (said.some((whole) => whole.includes(cleaned))) return true;
  if (key !== 'name') return false;
  return (
    cleaned.split(/, | & /).every((piece) => said.some((whole) => whole.includes(piece))) ||
    said.some((whole) => isShorter(cleaned, whole))
  );
}

// `said`: what the upstream answered and the client's parameters hold, as texts.
function inventedComplaints(document, said) {
  return textsOf(document)
    .filter(([key, text]) => !isSaid(key, text, said))
    .map(([key, text]) => `nobody said "${text}" (${key})`);
}

// All texts of an answer but addresses, clean.
export function saidIn(value, texts = new Set()) {
  if (typeof value === 'string' && !/^https?:/.test(value)) texts.add(clean(value));
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) saidIn(member, texts);
  }
  return texts;
}

// What is wrong with a document; `report` is the tour's in format=report.
export function curatedComplaints(document, report, said) {
  return [
    ...doubledComplaints(document, report),
    ...placeholderComplaints(document),
    ...inventedComplaints(document, said),
  ];
}
