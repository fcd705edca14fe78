// What a site puts into its pages: lists, scripts and calendars, and what stands there when something is wrong.
import assert from 'node:assert/strict';

import { icsEvents, icsFaults } from '../conformance/ics.mjs';
import { artist, scenario } from './harness.mjs';

const TOUR = '90012005'; // 12 events on 5 venues
const TYPES = {
  html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', ics: 'text/calendar; charset=utf-8',
};

const ask = (stage, parameters, headers = {}) => stage.get(artist(parameters.id ?? TOUR, parameters), { headers });
const blockOf = (html) => /<script type="application\/ld\+json">([^]*?)<\/script>/.exec(html)?.[1];

scenario('Every format has its media type, an ETag that holds, and the same events.', {}, async (stage) => {
  const events = (await ask(stage, {})).json;
  assert.equal(events.length, 12);
  for (const [format, type] of Object.entries(TYPES)) {
    const got = await ask(stage, { format });
    assert.equal(got.status, 200, got.text);
    assert.equal(got.headers['content-type'], type);
    assert.equal(got.headers['access-control-allow-origin'], '*');
    const again = await ask(stage, { format }, { 'if-none-match': got.headers.etag });
    assert.equal(again.status, 304);
  }
  const html = (await ask(stage, { format: 'html' })).text;
  assert.deepEqual(JSON.parse(blockOf(html)), events);
  assert.equal(html.match(/<li /g).length, 12);
  const ics = Buffer.from((await ask(stage, { format: 'ics' })).text);
  assert.deepEqual(icsFaults(ics), []);
  assert.deepEqual(icsEvents(ics).map(({ uid }) => uid.split(/[-@]/)[1]),
    events.map((event) => /(\d+)#event$/.exec(event['@id'])[1]));
});

scenario('Odd tours make sound calendars and whole fragments.', {}, async (stage) => {
  for (const id of ['6395144', '80060020', '90000000', '70021400']) {
    const ics = await ask(stage, { id, format: 'ics' });
    assert.deepEqual(icsFaults(Buffer.from(ics.text)), [], id);
    const html = (await ask(stage, { id, format: 'html' })).text;
    assert.match(html, /^<section [^]*<\/section>\n(<script [^]*<\/script>\n)?$/);
    assert.deepEqual(blockOf(html) === undefined, /marquee-none/.test(html));
  }
});

scenario('A path that ends in a format is the same document, as readers and caches expect it.', {}, async (stage) => {
  const endings = { ics: 'ics', js: 'js', html: 'html', json: 'jsonld' };
  for (const [ending, format] of Object.entries(endings)) {
    const got = await stage.get(`/api/songkick/artist.${ending}?id=${TOUR}`);
    const same = await ask(stage, { format });
    assert.equal(got.status, 200, got.text);
    assert.equal(got.text, same.text);
    assert.equal(got.headers.etag, same.headers.etag);
    assert.equal(got.headers['content-type'], same.headers['content-type']);
    assert.match(same.headers['cache-status'], /hit/);
  }
  const wrong = await stage.get(`/api/songkick/artist.js?id=${TOUR}&format=ics`);
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /contradicts the ending/);
  assert.equal((await stage.get(`/api/songkick/artist.xml?id=${TOUR}`)).status, 404);
});

scenario('A list has links to subscribe when asked, and they lead to its calendar.', {}, async (stage) => {
  const parameters = { name: 'Mira & Vale', limit: '3', format: 'html' };
  assert.ok(!(await ask(stage, parameters)).text.includes('marquee-subscribe'));
  const { text } = await ask(stage, { ...parameters, calendar: '1' });
  const link = (name) => new RegExp(`<a class="marquee-${name}" href="([^"]*)">`).exec(text)[1].replaceAll('&#38;', '&');
  const webcal = link('webcal');
  const google = new URL(link('google'));
  const outlook = new URL(link('outlook'));
  assert.equal(google.origin + google.pathname, 'https://calendar.google.com/calendar/render');
  assert.equal(google.searchParams.get('cid'), webcal);
  assert.equal(outlook.origin + outlook.pathname, 'https://outlook.live.com/calendar/0/addfromweb');
  assert.equal(outlook.searchParams.get('url'), webcal.replace(/^webcal/, 'https'));
  assert.equal(outlook.searchParams.get('name'), 'Mira & Vale: upcoming dates');
  const { pathname, search } = new URL(outlook.searchParams.get('url'));
  const got = await stage.get(pathname + search);
  assert.equal(got.headers['content-type'], TYPES.ics);
  assert.equal(icsEvents(Buffer.from(got.text)).length, 3);
  assert.match((await ask(stage, { ...parameters, format: 'js', calendar: '1' })).text, /marquee-google/);
  const wrong = await ask(stage, { calendar: 'yes' });
  assert.deepEqual([wrong.status, wrong.json.parameters.map(({ name }) => name)], [400, ['calendar']]);
});

scenario('The markup parameter leaves out one half, and is a document of its own.', {}, async (stage) => {
  const both = (await ask(stage, { format: 'html' })).text;
  const only = (await ask(stage, { format: 'html', markup: 'only' })).text;
  const none = (await ask(stage, { format: 'html', markup: 'none' })).text;
  assert.equal(none + only, both);
  assert.ok(!none.includes('<script') && !only.includes('<section'));
  assert.match((await ask(stage, { format: 'js', markup: 'none' })).text, /,\n"",\n"songkick artist 90012005"\);\n$/);
  assert.match((await ask(stage, { format: 'js', markup: 'only' })).text, /currentScript,\n"",\n"\[/);
  const wrong = await ask(stage, { markup: 'both' });
  assert.equal(wrong.status, 400);
  assert.deepEqual(wrong.json.parameters.map(({ name }) => name), ['markup']);
});

scenario('What is wrong is a comment where a page includes it.', {}, async (stage) => {
  const evil = '--><script>alert(1)</script>*/alert(1)//';
  const broken = [{ limit: '0' }, { name: '' }, { id: '4040001' }, { weburl: evil }, { id: evil }];
  for (const parameters of broken) {
    for (const format of ['html', 'js']) {
      const got = await ask(stage, { ...parameters, format });
      assert.ok([400, 404].includes(got.status), got.text);
      assert.equal(got.headers['content-type'], TYPES[format]);
      assert.equal(got.headers['cache-control'], 'no-store');
      if (format === 'html') assert.match(got.text, /^<!-- marquee: 4\d\d (?:(?!--|[<>])[^])* -->\n$/);
      else assert.match(got.text, /^\/\* marquee: 4\d\d (?:(?!\*\/)[^])* \*\/\n$/);
    }
  }
  const { text } = await ask(stage, { limit: '0', format: 'html' });
  assert.match(text, /limit: It is not a whole number from 1 to 500\./);
  await stage.setMode('500');
  const down = await ask(stage, { id: '90003002', format: 'html' });
  assert.equal(down.status, 502);
  assert.match(down.text, /^<!-- marquee: 502 [^<>]* -->\n$/);
});
