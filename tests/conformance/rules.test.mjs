// The checker itself: a sound document passes, and every fault put into it is found.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bytesComplaints } from './bytes.mjs';
import { dateComplaint } from './dates.mjs';
import { judge } from './rules.mjs';
import { CONTEXT, SERVICE, soundArray, soundEvent, soundGraph, soundList } from './sound.mjs';
import { countryOfClocks } from './zones.mjs';

const NOW_S = Date.parse('2027-01-15T12:00:00Z') / 1000;

const judged = (document) => judge(document, { publicUrl: SERVICE, now_s: NOW_S });

for (const [format, make] of Object.entries({ array: soundArray, graph: soundGraph, list: soundList })) {
  test(`A sound ${format} has no errors and lacks nothing.`, () => {
    const { errors, gaps, n_events } = judged(make());
    assert.deepEqual(errors, []);
    assert.deepEqual(
      [...gaps].filter(([, n]) => n > 0),
      [],
    );
    assert.equal(n_events, 3);
  });
}

// ---- faults of one event: what is changed, and what the checker says about it ----

const FAULTS = {
  'no name': [{ name: undefined }, /name: is not there/],
  'a kind of event as name': [{ name: 'Concert' }, /a kind of event/],
  'date and place in the name': [
    { name: 'Paper Lanterns at Gasometer Hall (March 11, 2027)' },
    /place and date/,
  ],
  'the status in the name': [{ name: 'Paper Days (CANCELLED)' }, /a status/],
  'the venue as name': [{ name: 'Gasometer Hall' }, /the event's title/],
  'a URL in the name': [{ name: 'Paper Lanterns www.a.example' }, /a URL/],
  'markup in a name': [{ name: 'Paper <b>Lanterns</b>' }, /markup/],
  'a reference of HTML in a name': [{ name: 'Stitcher&#8217;s' }, /markup/],
  'space around a name': [{ name: ' Paper Lanterns' }, /white space/],
  'a lone surrogate': [{ name: 'Paper \ud83d' }, /a character that is none/],
  'an empty text': [{ description: '' }, /is empty/],
  'a null': [{ description: null }, /is no value/],
  'an empty list': [{ image: [] }, /is an empty list/],
  'one address twice': [{ sameAs: ['https://a.example/', 'https://a.example/'] }, /one value twice/],
  'a relative URL': [{ url: '/tour/1' }, /no absolute web URL/],
  'a URL with a space': [{ url: 'https://a.example/a b' }, /no absolute web URL/],
  'another scheme': [{ sameAs: 'javascript:alert(1)' }, /no absolute web URL/],
  'no start': [{ startDate: undefined }, /startDate: is not there/],
  midnight: [{ startDate: '2027-03-11T00:00:00+01:00' }, /an hour nobody gave/],
  'the wrong offset': [{ startDate: '2027-03-11T20:00:00-05:00' }, /not in force anywhere in DE/],
  'an end before the start': [{ endDate: '2027-03-11T19:30:00+01:00' }, /not after the start/],
  'an end of another granularity': [{ endDate: '2027-03-12' }, /another granularity/],
  'doors after the start': [{ doorTime: '2027-03-11T21:00:00+01:00' }, /no hour before the start/],
  'a past event': [
    { startDate: '2027-01-13', endDate: undefined, doorTime: undefined },
    /is over everywhere/,
  ],
  'no status': [{ eventStatus: undefined }, /eventStatus: is not there/],
  'a short status': [{ eventStatus: 'EventCancelled' }, /eventStatus: unknown/],
  'an earlier date without a new one': [{ previousStartDate: '2027-02-01' }, /EventRescheduled alone/],
  'an earlier date of a postponed event': [
    { eventStatus: `${CONTEXT}/EventPostponed`, previousStartDate: '2027-02-01' },
    /EventRescheduled alone/,
  ],
  'no place': [{ location: undefined }, /is no Place/],
  'a place that is text': [{ location: 'Berlin' }, /is no Place/],
  'no performer name': [{ performer: [{ '@type': 'MusicGroup', url: 'https://a.example/' }] }, /has no name/],
  'a performer that is text': [{ performer: ['Paper Lanterns'] }, /is no performer/],
  'a performer that is a place': [{ performer: [{ '@type': 'Place', name: 'X' }] }, /is no performer/],
  'a nameless organizer': [
    { organizer: { '@type': 'Organization', url: 'https://a.example/' } },
    /is no host/,
  ],
  'an age that is no range': [{ typicalAgeRange: '16+' }, /no range of ages/],
  'an @id of somebody else': [{ '@id': 'https://provider.example/1#event' }, /not of this service/],
  'two types': [{ '@type': ['MusicEvent', 'Festival'] }, /is no event/],
  'another context': [{ '@context': 'http://schema.org/' }, /@context: is not/],
  'no context': [{ '@context': undefined }, /@context: is not/],
};

const PLACE_FAULTS = {
  'no address': [{ address: undefined }, /is no PostalAddress/],
  'an address that is text': [{ address: 'Berlin' }, /is no PostalAddress/],
  'an empty address': [{ address: { '@type': 'PostalAddress' } }, /nothing but its type/],
  'a country by name': [
    { address: { '@type': 'PostalAddress', addressCountry: 'Germany' } },
    /no country: Germany/,
  ],
  'a region of another country': [
    { address: { '@type': 'PostalAddress', addressCountry: 'DE', addressRegion: 'CA' } },
    /no part of DE: CA/,
  ],
  'the absence of a name': [{ name: 'Unknown venue' }, /the absence of a name/],
  'the city as name': [{ name: 'Berlin' }, /is the city/],
  'a nameless venue': [{ name: undefined }, /a venue without a name/],
  'the middle of nowhere': [{ geo: { '@type': 'GeoCoordinates', latitude: 0, longitude: 0 } }, /is 0,0/],
  'a latitude beyond the pole': [
    { geo: { '@type': 'GeoCoordinates', latitude: 91, longitude: 0 } },
    /no latitude/,
  ],
};

const OFFER_FAULTS = {
  'a price without currency': [{ priceCurrency: undefined }, /price or currency alone/],
  'a currency without price': [{ price: undefined }, /price or currency alone/],
  'a currency by its sign': [{ priceCurrency: '€' }, /no ISO 4217/],
  'a price as text': [{ price: '42.50 EUR' }, /is no price/],
  'another availability': [{ availability: `${CONTEXT}/Discontinued` }, /unknown availability/],
  'a sale that begins on no day': [{ validFrom: '2026-02-30' }, /no real moment/],
};

// As the service would write it: undefined is not there.
const plain = (value) => JSON.parse(JSON.stringify(value));

function finds(kind, faults, spoil) {
  for (const [what, [changes, complaint]] of Object.entries(faults)) {
    test(`The checker finds ${what}${kind}.`, () => {
      const { errors } = judged([plain(soundEvent(1, spoil(changes)))]);
      assert.ok(
        errors.some((error) => complaint.test(error)),
        `it says: ${errors.join('; ')}`,
      );
    });
  }
}

const sound = soundEvent(1);
finds('', FAULTS, (changes) => changes);
finds(' of a place', PLACE_FAULTS, (changes) => ({ location: { ...sound.location, ...changes } }));
finds(' of an offer', OFFER_FAULTS, (changes) => ({ offers: { ...sound.offers, ...changes } }));

// ---- faults of documents ----

function errorsOf(make, spoil) {
  const document = make();
  spoil(document);
  return judged(document).errors.join('; ');
}

test('The checker finds events in the wrong order, and two of one @id.', () => {
  assert.match(
    errorsOf(soundArray, (events) => events.reverse()),
    /comes after a later one/,
  );
  assert.match(
    errorsOf(soundArray, (events) => (events[1]['@id'] = events[0]['@id'])),
    /one @id stands for two/,
  );
});

test('The checker finds two events of one hour that are not in the order of their ids.', () => {
  assert.match(
    errorsOf(soundArray, ([a, b, c]) => {
      for (const key of ['startDate', 'endDate', 'doorTime']) a[key] = b[key] = c[key];
      b['@id'] = `${SERVICE}/songkick/event/10#event`;
    }),
    /comes after a later one/,
  );
});

test('The checker finds references to nothing and nodes that contradict each other.', () => {
  assert.match(
    errorsOf(soundGraph, (graph) => graph['@graph'].shift()),
    /referred to but no node/,
  );
  assert.match(
    errorsOf(soundGraph, (graph) => (graph['@graph'][0].name = 'Others')),
    /says two things as name/,
  );
});

test('The checker finds lists that are too short, miscounted, or lead to one page or several hosts.', () => {
  assert.match(
    errorsOf(soundList, (list) => list.itemListElement.pop()),
    /too few items/,
  );
  assert.match(
    errorsOf(soundList, (list) => (list.itemListElement[1].position = 3)),
    /another position/,
  );
  assert.match(
    errorsOf(soundList, ({ itemListElement: [a, b] }) => (a.item.url = `${b.item.url}#x`)),
    /share a page/,
  );
  assert.match(
    errorsOf(soundList, ({ itemListElement: [a] }) => (a.item.url = 'https://b.example/')),
    /several hosts/,
  );
});

test('The checker counts what Google recommends and is not there.', () => {
  const { gaps } = judged([
    plain(soundEvent(1, { offers: undefined })),
    plain(soundEvent(2, { offers: undefined })),
  ]);
  assert.equal(gaps.get('offers'), 2);
  assert.equal(gaps.get('image'), 0);
});

// ---- dates and bytes ----

test('Dates are taken in the forms that Google reads, and only with real days, hours and offsets.', () => {
  const rightThere = [
    '2027-03-12',
    '2027-03-12T20:00',
    '2027-03-12T20:00:00',
    '2027-03-12T20:00+01:00',
    '2027-07-12T20:00:00+02:00',
    '2028-02-29',
  ];
  const wrong = [
    '2027-02-29',
    '2027-13-01',
    '2027-03-12T24:30:00',
    '2027-03-12T20:00:00+0100',
    '2027-03-12T19:00:00Z',
    '12/03/2027',
    '2027-03-12 20:00',
    '2027-03-12T00:00',
    '2027-03-12T00:00:01+01:00',
    '2027-03-12T23:59:59+01:00',
    '2027-07-12T20:00:00+01:00',
    '2027-03-12T20:00:00+15:00',
    '0000-01-01',
    20270312,
    '',
    undefined,
  ];
  for (const text of rightThere) assert.equal(dateComplaint(text, 'DE'), null, text);
  for (const text of wrong) assert.notEqual(dateComplaint(text, 'DE'), null, text);
});

test("An offset has to be one of the country's on that day, wherever in the country.", () => {
  assert.equal(dateComplaint('2027-07-12T20:00:00-04:00', 'US'), null);
  assert.equal(dateComplaint('2027-07-12T20:00:00-10:00', 'US'), null); // Honolulu
  assert.notEqual(dateComplaint('2027-07-12T20:00:00-03:00', 'US'), null);
  assert.equal(dateComplaint('2027-07-12T20:00:00+05:30', 'IN'), null);
  assert.notEqual(dateComplaint('2027-07-12T20:00:00+05:00', 'IN'), null);
  assert.equal(dateComplaint('2045-07-12T20:00:00+01:00', 'GB'), null); // beyond the tables of zone files
  assert.notEqual(dateComplaint('2045-01-12T20:00:00+01:00', 'GB'), null);
  assert.equal(dateComplaint('2027-07-12T20:00:00-03:00', undefined), null);
});

test('A territory of the US has its own offsets, and no other part of it has them.', () => {
  const dateIn = (addressRegion) =>
    dateComplaint('2027-01-12T20:00:00-04:00', countryOfClocks({ addressCountry: 'US', addressRegion }));
  assert.equal(dateIn('PR'), null);
  assert.notEqual(dateIn('NY'), null);
  assert.notEqual(dateIn(undefined), null);
  assert.equal(countryOfClocks(undefined), undefined);
});

test('Bytes that HTML could take for its own are found, and so is what JSON.parse() forgives.', () => {
  const complaints = (text) => bytesComplaints(Buffer.from(text)).join('; ');
  assert.equal(complaints('[{"a":"\\u003c \\": \\u0026","b":{"a":1}}]'), '');
  assert.match(complaints('["</script>"]'), /"<" is not written as an escape/);
  assert.match(complaints('["\u2028"]'), /not written as an escape/);
  assert.match(complaints('\ufeff[]'), /byte order mark/);
  assert.match(complaints('[{"a":1,"a":2}]'), /a key stands twice/);
  assert.match(complaints('[1'), /no JSON/);
  assert.match(bytesComplaints(Buffer.from([0x22, 0xff, 0x22])).join('; '), /no UTF-8/);
});
