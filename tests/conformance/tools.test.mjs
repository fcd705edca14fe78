// Other people's tools find nothing in sound documents and every fault that they are here for: a version of
// theirs that has become blind is noticed.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CONTEXT, named, soundArray, soundEvent, soundGraph, soundList } from './sound.mjs';
import { adobeComplaints, jsonldComplaints, typeComplaints } from './tools.mjs';

const { location } = soundEvent(1);

// What each is to find. Addresses, dates and what has to be there they do not look at.
const TOOLS = {
  tsc: [
    async (documents) => (await typeComplaints(documents)).complaints,
    {
      'a property of another type': { genre: 'Folk' },
      'a null': { description: null },
      'an unknown status': { eventStatus: `${CONTEXT}/EventSoldOut` },
      'a performer that is a place': { performer: [{ '@type': 'Place', name: 'X' }] },
      'a wrong property deep inside': {
        location: { ...location, address: { ...location.address, city: 'B' } },
      },
      'another context': { '@context': 'http://schema.org' },
    },
  ],
  jsonld: [
    jsonldComplaints,
    {
      'a property that does not exist': { ticketUrl: 'https://a.example/' },
      'a relative @id': { '@id': 'songkick/event/1#event' },
      'a type that does not exist': { '@type': 'RockConcert' },
    },
  ],
  adobe: [
    adobeComplaints,
    {
      'a property of another type': { genre: 'Folk' },
      'a type that does not exist': { '@type': 'RockConcert' },
      'a wrong property deep inside': { location: { ...location, venue: 'Gasometer' } },
      'a nameless organizer': { organizer: { '@type': 'Organization', url: 'https://a.example/' } },
    },
  ],
};

// Too many for tsc to be given them as they are.
const tooMany = Array.from({ length: 300 }, () => named(soundArray())[0]);

for (const [tool, [complaintsOf, faults]] of Object.entries(TOOLS)) {
  for (const [way, others] of [
    ['among few documents', []],
    ['among many', tooMany],
  ]) {
    test(`${tool} finds what it is here for ${way}.`, async () => {
      const spoilt = Object.entries(faults).map(([name, changes]) => ({
        ...named([soundEvent(1, changes)])[0],
        name,
      }));
      const complaints = await complaintsOf([...others, ...spoilt]);
      const found = Object.keys(faults).filter((name) =>
        complaints.some((complaint) => complaint.startsWith(`${name}: `)),
      );
      assert.deepEqual(found, Object.keys(faults));
      assert.deepEqual(
        complaints.filter((complaint) => complaint.startsWith('sound: ')),
        [],
      );
    });
  }
}

test("Other people's tools have nothing against sound documents of any format.", async () => {
  for (const json of [soundArray(), soundGraph(), soundList()]) {
    for (const [complaintsOf] of Object.values(TOOLS)) assert.deepEqual(await complaintsOf(named(json)), []);
  }
});
