// What a page of a tour says: read as a crawler and as a visitor would, without a browser.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"' };

export const unescapeText = (text) => text.replace(/&(?:#(\d+)|(\w+));/g,
  (whole, number, name) => (number ? String.fromCodePoint(Number(number)) : ENTITIES[name] ?? whole));

// The words between tags, one space between them; what <head> and data blocks hold is not visible.
export function visibleText(html) {
  const body = html.slice(html.indexOf('<body>')).replace(/<(script|style)\b[^]*?<\/\1>/g, ' ');
  return unescapeText(body.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
}

export const blocksOf = (html) => [...html.matchAll(/<script type="application\/ld\+json">([^]*?)<\/script>/g)]
  .map(([, text]) => JSON.parse(text));

export const hrefsOf = (html) => [...html.matchAll(/<(?:a|link)\b[^>]*? href="([^"]*)"/g)]
  .map(([, href]) => unescapeText(href));

export const attributeOf = (html, pattern) => {
  const found = pattern.exec(html);
  return found && unescapeText(found[1]);
};

// Attributes, and the only elements that may have them in what the service writes.
const OWNERS = {
  alt: ['img'], charset: ['meta'], content: ['meta'], datetime: ['time'], href: ['a', 'link'], property: ['meta'],
  rel: ['a', 'link'], src: ['img'], type: ['link', 'script'],
};

// Validators are too slow for thousands of pages, and the W3C's takes rel for RDFa, which may stand anywhere.
export function assertAttributes(html) {
  for (const [tag, element, text] of html.matchAll(/<(\w+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/g)) {
    const names = [...text.matchAll(/\s([\w-]+)(?:="[^"]*")?/g)].map(([, name]) => name);
    assert.equal(new Set(names).size, names.length, `an attribute stands twice in ${tag}`);
    for (const name of names) assert.ok(OWNERS[name]?.includes(element) ?? true, `${name} is no attribute of ${element}: ${tag}`);
  }
}

const squash = (text) => text.replace(/\s+/g, ' ');
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December'];

function dayInWords(date) {
  const [, year, month, day] = /^(\d+)-(\d+)-(\d+)/.exec(date);
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

// What of an event's markup a visitor could miss on the page: values as they must be readable.
function wordsOf(event) {
  const words = [event.name, dayInWords(event.startDate)];
  const hour = /T(\d\d:\d\d)/.exec(event.startDate);
  if (hour) words.push(hour[1]);
  if (event.endDate) words.push(/T(\d\d:\d\d)/.exec(event.endDate)?.[1] ?? dayInWords(event.endDate));
  if (event.doorTime) words.push(/T(\d\d:\d\d)/.exec(event.doorTime)[1]);
  if (event.previousStartDate) words.push(dayInWords(event.previousStartDate));
  const status = /Event(Cancelled|Postponed|Rescheduled)$/.exec(event.eventStatus);
  if (status) words.push(status[1]);
  const { name, address } = event.location;
  words.push(name, address.name, address.streetAddress, address.addressLocality, address.addressRegion,
    address.postalCode);
  if (address.addressCountry) words.push(countryNames(address.addressCountry));
  words.push(...(event.performer ?? []).map((act) => act.name));
  for (const offer of [event.offers ?? []].flat()) {
    if (offer.price !== undefined) words.push(offer.price === 0 ? 'Free' : String(offer.price), offer.price === 0 ? undefined : offer.priceCurrency);
    words.push({ InStock: 'Available', SoldOut: 'Sold out', PreOrder: 'Pre-order' }[/\w+$/.exec(offer.availability ?? '')?.[0]]);
    if (offer.validFrom) words.push(dayInWords(offer.validFrom));
  }
  if (event.typicalAgeRange) words.push(event.typicalAgeRange.replace(/-$/, '+'));
  words.push(event.description, event.organizer?.name);
  return words.filter((word) => word !== undefined).map((word) => [word].flat().map(squash)); // any of several
}

// A country is called after the list that the program's own is made of, or as people call it.
const countries = new Map(JSON.parse(readFileSync('/usr/share/iso-codes/json/iso_3166-1.json', 'utf8'))['3166-1']
  .map(({ alpha_2: code, common_name: common, name }) => [code, [common, name]]));
const names = new Intl.DisplayNames(['en'], { type: 'region' });
const countryNames = (code) => [names.of(code), ...countries.get(code)].filter(Boolean);

// What is found in a list of results is the same day and hour as on the page.
function assertHeadTells(html, event) {
  const when = /<p class="date-when">([^]*?)<\/p>/.exec(html)[1].replace(/<[^>]*>/g, '');
  const title = attributeOf(html, /<title>([^<]*)</);
  assert.ok(attributeOf(html, /<meta name="description" content="([^"]*)"/).includes(when), `the description does not say ${when}`);
  assert.ok(title.includes(dayInWords(event.startDate)), title);
  if (event.endDate && !event.endDate.includes('T')) assert.ok(title.endsWith(dayInWords(event.endDate)), title);
}

// The page about one date: one event, equal to `event` of format=jsonld but for url and @id, all of it visible.
export function assertDatePage(html, event, address) {
  assertAttributes(html);
  assertHeadTells(html, event);
  const blocks = blocksOf(html);
  assert.equal(blocks.length, 1);
  assert.ok(['MusicEvent', 'Festival'].includes(blocks[0]['@type']));
  const { url, '@id': id, ...rest } = blocks[0];
  const { url: otherUrl, '@id': otherId, ...other } = event;
  assert.deepEqual(rest, other);
  assert.equal(url, address);
  const text = visibleText(html);
  for (const words of wordsOf(event)) {
    const shown = words.map((word) => (/^\d+\.\d$/.test(word) ? `${word}0` : word));
    assert.ok(shown.some((word) => text.includes(word)), `"${shown}" is not on the page of ${address}:\n${text}`);
  }
  return { id, text };
}

export function assertXml(text) {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '-'], { input: text });
  assert.equal(status, 0, String(stderr));
}
