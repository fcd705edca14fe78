// What Google asks of one event (developers.google.com/search/docs/appearance/structured-data/event and its
// general policies), and what the house asks beyond. Documents of several are for rules.mjs.
import { isCountry, isCurrency, isSubdivision } from './codes.mjs';
import { dateComplaint, readDate } from './dates.mjs';
import { countryOfClocks } from './zones.mjs';

export const CONTEXT = 'https://schema.org';
const EVENT_TYPES = ['MusicEvent', 'Festival'];
export const PLACE_TYPES = ['MusicVenue', 'Place'];
export const PERFORMER_TYPES = ['MusicGroup', 'PerformingGroup', 'Person'];
const HOST_TYPES = ['Organization', 'Person'];
const STATUSES = ['EventScheduled', 'EventCancelled', 'EventPostponed', 'EventRescheduled'];
const AVAILABILITIES = ['InStock', 'SoldOut', 'PreOrder'];
const WITH_REGIONS = ['US', 'CA', 'AU']; // an address there is not complete without
const LAST_ZONE_S = 12 * 3600; // west of UTC
const DAY_S = 86400;

const URL_PROPERTIES = ['url', 'sameAs', 'image', '@id'];
const DATE_PROPERTIES = ['startDate', 'endDate', 'previousStartDate', 'doorTime', 'validFrom'];

// What a name is not: [pattern, what it then is].
const NO_NAMES = [
  [/^(concert|event|show|festival|gig|live|tour)$/i, 'a kind of event'],
  [/https?:\/\/|www\./i, 'a URL'],
  [/[$€£]\s?\d/, 'a price'],
  [/\bat .*\(.*\d{4}\)/i, 'place and date'],
  [/\(cancell?ed\)|\(postponed\)/i, 'a status'],
  [/^unknown venue$/i, 'no name'],
];
// Named references are undone once; what is left may be what people wrote about them, "&amp; explained".
const MARKUP = /&#(\d+|x[0-9a-f]+);|<\/?[a-z][^<>]*>/i;

export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
export const listOf = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
export const isEvent = (node) => EVENT_TYPES.includes(node['@type']);

export function isWebUrl(text) {
  if (typeof text !== 'string' || !/^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/.test(text)) return false;
  return URL.canParse === undefined || URL.canParse(text);
}

// Collects what is wrong (errors) and what Google recommends and is not there (gaps: property -> number).
export class Report {
  constructor() {
    this.errors = [];
    this.gaps = new Map();
    this.where = '';
  }

  error(path, text) {
    this.errors.push(`${this.where}${path}: ${text}`);
  }

  require(condition, path, text) {
    if (!condition) this.error(path, text);
  }

  // Counts a property that is recommended and may be there or not.
  recommend(isThere, property) {
    this.gaps.set(property, (this.gaps.get(property) ?? 0) + (isThere ? 0 : 1));
  }
}

// ---- values, wherever they stand ----

function checkText(report, path, key, value) {
  report.require(value.trim() !== '', path, 'is empty');
  report.require(value === value.trim(), path, 'has white space at an end');
  report.require(
    !/[\u0000-\u001f\u007f-\u009f\ufffd]|\p{Surrogate}/u.test(value),
    path,
    'has a character that is none',
  );
  report.require(!MARKUP.test(value), path, `has markup in it: ${value}`);
  if (key === 'name') report.require(!/^unknown venue$/i.test(value), path, 'is the absence of a name');
  if (URL_PROPERTIES.includes(key)) report.require(isWebUrl(value), path, `is no absolute web URL: ${value}`);
}

function checkValue(report, path, key, value) {
  if (typeof value === 'string') {
    checkText(report, path, key, value);
  } else if (Array.isArray(value)) {
    report.require(value.length > 0, path, 'is an empty list');
    value.forEach((member, i) => checkValue(report, `${path}[${i}]`, key, member));
    const texts = value.filter((member) => typeof member === 'string');
    report.require(new Set(texts).size === texts.length, path, 'has one value twice');
  } else if (isObject(value)) {
    checkNode(report, path, value);
  } else {
    report.require(Number.isFinite(value) || typeof value === 'boolean', path, 'is no value');
  }
}

export function checkNode(report, path, node) {
  const keys = Object.keys(node).filter((key) => !key.startsWith('@'));
  report.require(typeof node['@type'] === 'string', `${path}.@type`, 'is not one text');
  report.require(keys.length > 0, path, 'says nothing but its type');
  for (const [key, value] of Object.entries(node)) checkValue(report, `${path}.${key}`, key, value);
}

// ---- parts of an event ----

function checkAddress(report, path, address, country) {
  report.require(isObject(address) && address['@type'] === 'PostalAddress', path, 'is no PostalAddress');
  if (!isObject(address)) return;
  const { addressCountry, addressRegion } = address;
  if (addressCountry !== undefined)
    report.require(isCountry(addressCountry), path, `no country: ${addressCountry}`);
  if (addressRegion !== undefined) {
    report.require(
      country !== undefined && isSubdivision(country, addressRegion),
      path,
      `no part of ${country}: ${addressRegion}`,
    );
  }
  for (const key of ['streetAddress', 'addressLocality', 'postalCode', 'addressCountry']) {
    report.recommend(address[key] !== undefined, `location.address.${key}`);
  }
  if (WITH_REGIONS.includes(country)) {
    report.recommend(addressRegion !== undefined, 'location.address.addressRegion (US, CA, AU)');
  }
}

function checkGeo(report, path, geo) {
  const { latitude, longitude } = geo;
  report.require(geo['@type'] === 'GeoCoordinates', path, 'are no GeoCoordinates');
  report.require(typeof latitude === 'number' && Math.abs(latitude) <= 90, path, 'has no latitude');
  report.require(typeof longitude === 'number' && Math.abs(longitude) <= 180, path, 'has no longitude');
  report.require(latitude !== 0 || longitude !== 0, path, 'is 0,0');
}

export function checkPlace(report, path, place) {
  report.require(isObject(place) && PLACE_TYPES.includes(place['@type']), path, 'is no Place');
  if (!isObject(place)) return;
  checkAddress(report, `${path}.address`, place.address, place.address?.addressCountry);
  if (place.geo !== undefined) checkGeo(report, `${path}.geo`, place.geo);
  report.recommend(place.name !== undefined, 'location.name');
  report.recommend(place.geo !== undefined, 'location.geo');
  report.require(place['@type'] === 'Place' || place.name !== undefined, path, 'is a venue without a name');
  const capacity = place.maximumAttendeeCapacity;
  report.require(
    capacity === undefined || (Number.isInteger(capacity) && capacity > 0),
    path,
    'has no real capacity',
  );
}

function checkTimes(report, event, now_s) {
  const country = countryOfClocks(event.location?.address);
  for (const key of DATE_PROPERTIES) {
    for (const text of listOf(event[key])) {
      const complaint = dateComplaint(text, country);
      report.require(complaint === null, `.${key}`, `${complaint}: ${text}`);
    }
  }
  report.require(event.startDate !== undefined, '.startDate', 'is not there');
  const start = readDate(event.startDate);
  const end = event.endDate === undefined ? undefined : readDate(event.endDate);
  const doors = event.doorTime === undefined ? undefined : readDate(event.doorTime);
  // Days that span an event have no hour.
  if (end === undefined) report.recommend(start.has_time, 'startDate: the hour');
  if (start.has_time) report.recommend(start.offset_min !== undefined, 'startDate: the offset of the hour');
  report.recommend(end !== undefined, 'endDate');
  if (end !== undefined) {
    report.require(end.wall_s > start.wall_s, '.endDate', 'is not after the start');
    report.require(end.has_time === start.has_time, '.endDate', 'is of another granularity than startDate');
  }
  if (doors !== undefined) {
    report.require(
      doors.has_time && !(doors.wall_s > start.wall_s),
      '.doorTime',
      'is no hour before the start',
    );
  }
  const lastDay = Date.parse((end ?? start).day) / 1000;
  report.require(
    now_s === undefined || lastDay + DAY_S + LAST_ZONE_S > now_s,
    '.startDate',
    'is over everywhere',
  );
}

function checkStatus(report, event) {
  const statuses = listOf(event.eventStatus);
  report.require(statuses.length > 0, '.eventStatus', 'is not there');
  for (const status of statuses) {
    report.require(
      STATUSES.some((name) => status === `${CONTEXT}/${name}`),
      '.eventStatus',
      `unknown: ${status}`,
    );
  }
  if (event.previousStartDate !== undefined) {
    report.require(
      statuses.length === 1 && statuses[0] === `${CONTEXT}/EventRescheduled`,
      '.previousStartDate',
      'goes with EventRescheduled alone',
    );
    report.require(
      !listOf(event.previousStartDate).includes(event.startDate),
      '.previousStartDate',
      'is the new date',
    );
  }
}

function checkPerformers(report, event) {
  const performers = listOf(event.performer);
  report.recommend(performers.length > 0, 'performer');
  performers.forEach((performer, i) => {
    const path = `.performer[${i}]`;
    report.require(
      isObject(performer) && PERFORMER_TYPES.includes(performer['@type']),
      path,
      'is no performer',
    );
    report.require(typeof performer.name === 'string', path, 'has no name');
  });
}

function checkOffer(report, path, offer, country) {
  const prices = ['price', 'lowPrice', 'highPrice'].filter((key) => offer[key] !== undefined);
  report.require(['Offer', 'AggregateOffer'].includes(offer['@type']), path, 'is no Offer');
  report.require(
    prices.length > 0 === (offer.priceCurrency !== undefined),
    path,
    'has price or currency alone',
  );
  for (const key of prices) {
    report.require(typeof offer[key] === 'number' && offer[key] >= 0, `${path}.${key}`, 'is no price');
  }
  report.require(
    offer.priceCurrency === undefined || isCurrency(offer.priceCurrency),
    path,
    'has no ISO 4217 currency',
  );
  report.require(
    offer.availability === undefined ||
      AVAILABILITIES.some((name) => offer.availability === `${CONTEXT}/${name}`),
    path,
    'has an unknown availability',
  );
  const complaint = offer.validFrom === undefined ? null : dateComplaint(offer.validFrom, country);
  report.require(complaint === null, `${path}.validFrom`, complaint);
  for (const key of ['url', 'priceCurrency']) report.recommend(offer[key] !== undefined, `offers.${key}`);
  // Before the sale begins there is none.
  if (offer.validFrom === undefined) report.recommend(offer.availability !== undefined, 'offers.availability');
}

function checkOffersAndHost(report, event) {
  const country = countryOfClocks(event.location?.address);
  for (const key of ['offers', 'image', 'organizer', 'description', 'url']) {
    report.recommend(event[key] !== undefined, key);
  }
  listOf(event.offers).forEach((offer, i) => checkOffer(report, `.offers[${i}]`, offer, country));
  for (const host of listOf(event.organizer)) {
    report.require(
      HOST_TYPES.includes(host['@type']) && typeof host.name === 'string',
      '.organizer',
      'is no host',
    );
    report.recommend(host.url !== undefined, 'organizer.url');
  }
  report.require(
    event.typicalAgeRange === undefined || /^\d{1,2}-(\d{1,2})?$/.test(event.typicalAgeRange),
    '.typicalAgeRange',
    'is no range of ages',
  );
}

function checkName(report, event) {
  const { name, location } = event;
  report.require(typeof name === 'string', '.name', 'is not there');
  for (const [pattern, what] of NO_NAMES) report.require(!pattern.test(name), '.name', `is ${what}: ${name}`);
  report.require(
    name === undefined || name !== location?.name,
    '.location.name',
    `is the event's title: ${name}`,
  );
  const { name: place, address } = location ?? {};
  report.require(
    place === undefined || place !== address?.addressLocality,
    '.location.name',
    `is the city: ${place}`,
  );
}

export function checkEvent(report, event, options) {
  if (!isObject(event) || !isEvent(event)) {
    report.error('', 'is no event');
    return;
  }
  checkNode(report, '', event);
  checkName(report, event);
  checkTimes(report, event, options.now_s);
  checkStatus(report, event);
  checkPlace(report, '.location', event.location);
  checkPerformers(report, event);
  checkOffersAndHost(report, event);
  const { '@id': id = '' } = event;
  report.require(
    id.startsWith(`${options.publicUrl}/`) && id.includes('#'),
    '.@id',
    `is not of this service: ${id}`,
  );
}
