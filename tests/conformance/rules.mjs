// Google's rules for documents of events (developers.google.com/search/docs/appearance/structured-data, pages
// event and carousel) and the house's own, as no tool that runs offline knows them. What schema.org itself
// says, such as which property a type has, is left to other people's tools.
import { readDate } from './dates.mjs';
import {
  CONTEXT,
  PERFORMER_TYPES,
  PLACE_TYPES,
  Report,
  checkEvent,
  checkNode,
  checkPlace,
  isEvent,
  isObject,
  isWebUrl,
  listOf,
} from './event.mjs';

const MIN_ITEMS = 3;

// The events of a document of any format, in its order.
export function eventsOf(document) {
  if (Array.isArray(document)) return document;
  if (document['@graph'] !== undefined) return document['@graph'].filter(isEvent);
  return listOf(document.itemListElement).map((element) => element.item);
}

// By date, then by id. An event given in days for its end's sake may have been sorted by an hour that is not
// shown.
function isInOrder(before, after) {
  const [a, b] = [before, after].map((event) => readDate(event.startDate));
  const hidesHour = [before, after].some((event) => event.endDate !== undefined);
  if (a.day !== b.day) return a.day < b.day;
  if (hidesHour && !(a.has_time && b.has_time)) return true;
  if (a.has_time !== b.has_time) return b.has_time;
  if (a.wall_s !== b.wall_s) return a.wall_s < b.wall_s;
  const [idA, idB] = [before, after].map((event) => event['@id']);
  return idA.length < idB.length || (idA.length === idB.length && idA < idB);
}

function checkSeries(report, events) {
  report.where = '';
  const ids = events.map((event) => event['@id']);
  report.require(new Set(ids).size === ids.length, 'events', 'one @id stands for two');
  for (let i = 1; i < events.length; i++) {
    report.require(isInOrder(events[i - 1], events[i]), `event ${i}`, 'comes after a later one');
  }
}

// Nodes with one @id are one node: where they say the same property they must say the same.
function checkIdentities(report, value, known) {
  if (Array.isArray(value)) {
    value.forEach((member) => checkIdentities(report, member, known));
  } else if (isObject(value)) {
    const { '@id': id, '@context': context, ...said } = value;
    if (id !== undefined) {
      const before = known.get(id) ?? {};
      for (const [key, member] of Object.entries(said)) {
        report.require(
          before[key] === undefined || JSON.stringify(before[key]) === JSON.stringify(member),
          id,
          `says two things as ${key}`,
        );
      }
      known.set(id, { ...before, ...said });
    }
    Object.values(said).forEach((member) => checkIdentities(report, member, known));
  }
}

function checkGraph(report, document) {
  report.require(document['@context'] === CONTEXT, '@context', 'is not https://schema.org');
  report.require(Array.isArray(document['@graph']), '@graph', 'is no list');
  const known = new Map();
  checkIdentities(report, document['@graph'], known);
  document['@graph']
    .filter((node) => !isEvent(node))
    .forEach((node) => {
      report.where = `${node['@type']} `;
      checkNode(report, '', node);
      if (PLACE_TYPES.includes(node['@type'])) checkPlace(report, '', node);
      else report.require(PERFORMER_TYPES.includes(node['@type']), '', 'has no place in the graph');
    });
  report.where = '';
  const there = new Set(document['@graph'].map((node) => node['@id']));
  for (const id of known.keys()) report.require(there.has(id), id, 'is referred to but no node of the graph');
}

function checkItemList(report, document) {
  const elements = listOf(document.itemListElement);
  report.require(document['@context'] === CONTEXT, '@context', 'is not https://schema.org');
  report.require(
    document['@type'] === 'ItemList' && elements.length >= MIN_ITEMS,
    'ItemList',
    'has too few items',
  );
  elements.forEach((element, i) => {
    report.require(
      element['@type'] === 'ListItem' && element.position === i + 1,
      `item ${i}`,
      'has another position',
    );
  });
  const urls = elements
    .map((element) => element.item?.url ?? '')
    .filter(isWebUrl)
    .map((text) => new URL(text));
  report.require(urls.length === elements.length, 'items', 'need a url each');
  report.require(new Set(urls.map((url) => url.host)).size === 1, 'items', 'are on several hosts');
  const pages = urls.map((url) => url.href.split('#')[0]);
  report.require(new Set(pages).size === pages.length, 'items', 'share a page');
}

// Judges one document. Options: `publicUrl` of the service that made it; `now_s`, before which no event may
// be over (undefined: any). Returns {errors, gaps, n_events}; gaps counts the recommended properties that are
// not there, and has a zero for those that were looked for and found.
export function judge(document, options) {
  const report = new Report();
  if (Array.isArray(document)) {
    document.forEach((event, i) => {
      report.require(event?.['@context'] === CONTEXT, `event ${i}.@context`, 'is not https://schema.org');
    });
  } else if (isObject(document) && document['@graph'] !== undefined) {
    checkGraph(report, document);
  } else if (isObject(document) && document.itemListElement !== undefined) {
    checkItemList(report, document);
  } else {
    report.error('', 'is no document');
    return { errors: report.errors, gaps: report.gaps, n_events: 0 };
  }
  const events = eventsOf(document);
  events.forEach((event, i) => {
    report.where = `event ${i}`;
    checkEvent(report, event, options);
  });
  if (report.errors.length === 0) checkSeries(report, events);
  return { errors: report.errors, gaps: report.gaps, n_events: events.length };
}
