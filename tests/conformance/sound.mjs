// Documents with nothing wrong in them, for tests that put faults into them.
export const SERVICE = 'https://service.example';
export const CONTEXT = 'https://schema.org';

// An event with everything that Google recommends.
export function soundEvent(n, changes = {}) {
  return {
    '@context': CONTEXT,
    '@type': 'MusicEvent',
    '@id': `${SERVICE}/songkick/event/${n}#event`,
    name: 'Paper Lanterns',
    description: 'The whole of their second record, and an hour of what they never play.',
    url: `https://artist.example/tour/${n}`,
    startDate: `2027-03-1${n}T20:00:00+01:00`,
    endDate: `2027-03-1${n}T23:30:00+01:00`,
    doorTime: `2027-03-1${n}T19:00:00+01:00`,
    eventStatus: `${CONTEXT}/EventScheduled`,
    location: {
      '@type': 'MusicVenue',
      name: 'Gasometer Hall',
      address: {
        '@type': 'PostalAddress',
        streetAddress: 'Torgauer Str. 12',
        addressLocality: 'Berlin',
        addressRegion: 'BE',
        postalCode: '10829',
        addressCountry: 'DE',
      },
      geo: { '@type': 'GeoCoordinates', latitude: 52.4841, longitude: 13.3925 },
    },
    performer: [
      { '@type': 'MusicGroup', name: 'Paper Lanterns', sameAs: ['https://a.example/', 'https://b.example/'] },
    ],
    offers: {
      '@type': 'Offer',
      url: 'https://tickets.example/1',
      price: 42.5,
      priceCurrency: 'EUR',
      availability: `${CONTEXT}/InStock`,
      validFrom: '2026-12-01T10:00:00+01:00',
    },
    image: ['https://artist.example/live.jpg'],
    organizer: { '@type': 'Organization', name: 'Gasometer e.V.', url: 'https://gasometer.example/' },
    typicalAgeRange: '16-',
    sameAs: 'https://provider.example/concerts/1',
    ...changes,
  };
}

function withoutContext(event) {
  const { '@context': context, ...rest } = event;
  return rest;
}

export const soundArray = () => [1, 2, 3].map((n) => soundEvent(n));
export const soundGraph = () => ({
  '@context': CONTEXT,
  '@graph': [
    { '@type': 'MusicGroup', '@id': `${SERVICE}/songkick/artist/1#artist`, name: 'Paper Lanterns' },
    ...[1, 2, 3].map((n) =>
      withoutContext(
        soundEvent(n, {
          performer: [
            { '@type': 'MusicGroup', '@id': `${SERVICE}/songkick/artist/1#artist`, name: 'Paper Lanterns' },
          ],
        }),
      ),
    ),
  ],
});
export const soundList = () => ({
  '@context': CONTEXT,
  '@type': 'ItemList',
  itemListElement: [1, 2, 3].map((n) => ({
    '@type': 'ListItem',
    position: n,
    item: withoutContext(soundEvent(n)),
  })),
});

export const named = (json) => [{ name: 'sound', text: JSON.stringify(json), json }];
