// lang=: lists, scripts and calendars as people of a country write them, against the locale data of node. JSON-LD is
// the same in every language.
import assert from 'node:assert/strict';

import { icsEvents, icsFaults } from '../conformance/ics.mjs';
import { artist, scenario } from './harness.mjs';

const TOUR = '6395144'; // 54 events, with and without hours
const TAGS = { en: 'en-GB', 'en-US': 'en-US', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' };
const CANCELLED = { en: 'Cancelled', 'en-US': 'Cancelled', de: 'Abgesagt', fr: 'Annulé', es: 'Cancelado' };

const ask = (stage, parameters) => stage.get(artist(TOUR, parameters));
const plain = (html) => html.replace(/&#(\d+);/g, (all, code) => String.fromCharCode(code));
const spaced = (text) => text.replace(/[\u202f\u00a0]/g, ' ');

// Each time element: its moment and its words.
function times(html) {
  return [...html.matchAll(/<time datetime="([^"]*)">([^<]*)<\/time>/g)].map(([, moment, words]) => ({ moment, words: plain(words) }));
}

// What node's locale data makes of a wall time.
function expected(locale, moment) {
  const wall = new Date(`${moment.slice(0, 19).padEnd(10)}${moment.length > 10 ? '' : 'T00:00:00'}Z`);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(wall);
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(wall);
  return { date: spaced(date), time: moment.length > 10 ? spaced(time) : '' };
}

scenario('Days and hours are written as the locale data has them, in every language.', {}, async (stage) => {
  for (const [lang, locale] of Object.entries(TAGS)) {
    const { text, status } = await ask(stage, { format: 'html', lang, markup: 'none' });
    assert.equal(status, 200);
    assert.match(text, new RegExp(`^<section class="marquee-events" lang="${lang}"`));
    const all = times(text);
    assert.ok(all.length > 54 / 2 && all.some(({ moment }) => moment.length > 10));
    for (const { moment, words } of all) {
      const { date, time } = expected(locale, moment);
      if (words.length <= 8) assert.equal(words, time, lang); // the end of an evening
      else assert.ok(words.startsWith(date) && words.endsWith(time), `${lang}: ${words} is neither ${date} nor ${time}`);
    }
    const script = await ask(stage, { format: 'js', lang });
    assert.ok(script.text.includes(`lang=\\"${lang}\\"`), lang);
  }
});

scenario('A calendar and a list have the words of the language, and JSON-LD has none.', {}, async (stage) => {
  const english = (await ask(stage, {})).text;
  for (const [lang, word] of Object.entries(CANCELLED)) {
    const ics = await stage.get(artist('70021400', { format: 'ics', lang }));
    assert.deepEqual(icsFaults(Buffer.from(ics.text)), []);
    const html = await stage.get(artist('70021400', { format: 'html', lang, markup: 'none' }));
    if (/marquee-cancelled/.test(html.text)) {
      assert.ok(plain(html.text).includes(word), lang);
      assert.ok(icsEvents(Buffer.from(ics.text)).some(({ summary }) => summary.startsWith(word)), lang);
    }
    assert.equal((await ask(stage, { lang })).text, english);
    const block = (await ask(stage, { format: 'html', lang, markup: 'only' })).text;
    assert.ok(block.includes(english.trim()), lang);
  }
  const german = plain((await ask(stage, { format: 'html', lang: 'de', markup: 'none' })).text.replace(/<[^>]*>/g, ' '));
  assert.match(german, /Vereinigte Staaten|Deutschland|Vereinigtes Königreich|Frankreich/);
  assert.doesNotMatch(german, /United States|Germany|United Kingdom|\b(Doors|Tickets|with [A-Z]|Presented)\b/);
  const tour = (await stage.get(`/tour/songkick/${TOUR}/?lang=de`)).text;
  assert.match(tour, /<html lang="de">[^]*Tourdaten/);
  assert.match(tour, /href="[^"]*lang=de/);
  for (const name of ['', 'feed.xml', 'feed.json']) {
    const { text } = await stage.get(`/tour/songkick/${TOUR}/${name}?lang=de&pages=https%3A%2F%2Fvelvet.example%2Ftour`);
    assert.match(text, /, Vereinigte Staaten/, name);
    assert.doesNotMatch(text, /United States|Austria|United Kingdom/, name);
  }
  const wrong = await ask(stage, { lang: 'tlh' });
  assert.deepEqual([wrong.status, wrong.json.parameters.map(({ name }) => name)], [400, ['lang']]);
  assert.equal((await ask(stage, { format: 'html', lang: 'en' })).headers.etag, (await ask(stage, { format: 'html' })).headers.etag);
});

// ---- the page at / ----

const HEADLINES = { en: 'Concert dates', de: 'Konzerttermine', fr: 'Les dates de concert', es: 'Fechas de conciertos' };
const words = (html) => plain(html.replace(/<(script|style|pre|code)\b[^]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ')).replace(/&\w+;/g, ' ');

scenario('The page at / speaks the language of the browser, and caches can tell its languages apart.', {}, async (stage) => {
  const tags = new Set();
  for (const [lang, headline] of Object.entries(HEADLINES)) {
    const headers = { 'accept-language': `tlh, ${lang}-XX;q=0.8, en;q=0.1` };
    const page = await stage.get('/', { headers });
    assert.equal(page.status, 200);
    assert.equal(page.headers.vary, 'Accept-Encoding, Accept-Language');
    assert.match(page.text, new RegExp(`^<!DOCTYPE html>\n<html lang="${lang}">[^]*<h1>${headline}`));
    tags.add(page.headers.etag);
    const again = await stage.get('/', { headers: { ...headers, 'if-none-match': page.headers.etag } });
    assert.deepEqual([again.status, again.text, again.headers.vary], [304, '', 'Accept-Encoding, Accept-Language']);
    const other = await stage.get('/', { headers: { 'accept-language': lang === 'de' ? 'es' : 'de', 'if-none-match': page.headers.etag } });
    assert.equal(other.status, 200);
    const chosen = await stage.get(`/?ui=${lang}`, { headers: { 'accept-language': 'es, de;q=0.9' } });
    assert.match(chosen.text, new RegExp(`<html lang="${lang}">`));
  }
  assert.equal(tags.size, 4);
  const hostile = await stage.get('/', { headers: { 'accept-language': `${'x-'.repeat(2000)};q=0.9,de;q=${'9'.repeat(999)},"\\` } });
  assert.match(hostile.text, /<html lang="en">/);
});

scenario('What the page at / shows of a tour, a search and a problem is in the language of its reader.', {}, async (stage) => {
  const english = {};
  for (const lang of Object.keys(HEADLINES)) {
    for (const path of [`/?q=${TOUR}`, '/?q=Harbour', '/?q=4041234', '/?q=7&limit=0&pages=x', '/problems']) {
      const page = await stage.get(path, { headers: { 'accept-language': lang } });
      assert.match(page.text, new RegExp(`<html lang="${lang}">`), path);
      const seen = words(page.text).split(/[.:!?·|\n]\s*/).map((text) => text.trim()).filter((text) => /[a-z]{3,} [a-z]{3,}/.test(text));
      if (lang === 'en') english[path] = new Set(seen);
      else assert.deepEqual(seen.filter((text) => english[path].has(text) && !/^[A-Z][^ ]* ([A-Z]|\d|and |of |the |at |& )/.test(text)), [], `${lang} ${path}`);
    }
    const api = await stage.get(artist('4041234'), { headers: { 'accept-language': lang } });
    assert.match(api.json.title, /The provider does not know/);
  }
  const german = (await stage.get(`/?q=${TOUR}`, { headers: { 'accept-language': 'de' } })).text;
  assert.match(german, new RegExp(`value="https://[^"]*id=${TOUR}&amp;lang=de"`));
  assert.match(german, /<section class="marquee-events" lang="de"/);
  const mixed = (await stage.get(`/?q=${TOUR}&lang=fr&ui=de`)).text;
  assert.match(mixed, /<html lang="de">[^]*<section class="marquee-events" lang="fr"[^]*Was Suchmaschinen fehlt/);
});
