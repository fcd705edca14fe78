// Generated tours of the simulator, as the service gives them out over HTTPS in the formats of JSON-LD.

const AT_ONCE = 8;
const MIN_ITEMS = 3;
const SITE = { name: 'Tom & Jerry <3 -->', weburl: 'https://artist.example/?a=1&b=2' };
const EVENTURL = { eventurl: 'https://artist.example/tour/{date}-{city}-{id}' };

// The kinds of tours that the simulator has (tests/simulator/README.md), and the numbers of their artists.
export const NUMBERS = {
  complete: (i) => 90020015000 + i,
  odd: (i) => 80020016000 + i,
  short: (i) => 80008006000 + i,
  festivals: (i) => 70006080000 + i,
  plain: (i) => 100000 + 37 * i,
};

// What is asked of one provider, and what came.
export class Tours {
  // `idOf` makes the provider's id of an artist's number, `sizes` says how many of each kind there are.
  constructor(provider, idOf, sizes) {
    this.provider = provider;
    this.documents = [];
    this.refused = [];
    this.groups = Object.entries(sizes).flatMap(([kind, n]) =>
      Array.from({ length: n }, (_, i) => this.requestsOf(kind, idOf(NUMBERS[kind](i)), i)),
    );
  }

  path(resource, parameters) {
    return `/api/${this.provider}/${resource}?${new URLSearchParams(parameters)}`;
  }

  // Of one tour.
  requestsOf(kind, id, i) {
    const own = { id, ...(i % 3 === 0 ? SITE : {}) };
    return [
      { kind, path: this.path('artist', { ...own, ...(i % 10 === 0 ? { indent: 1 } : {}) }) },
      ...(i % 4 === 1 ? [{ kind, path: this.path('artist', { ...own, format: 'graph' }) }] : []),
      ...(i % 8 === 3
        ? [{ kind, path: this.path('artist', { ...own, ...EVENTURL, format: 'itemlist' }) }]
        : []),
    ];
  }

  // Of up to `max` events or venues by themselves, whose numbers the documents hold.
  detailRequests(resource, pattern, idOf, max) {
    const numbers = new Set(this.documents.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []));
    return [...numbers].slice(0, max).map((number, i) => {
      const parameters = { id: idOf(number), format: i % 2 === 0 ? 'jsonld' : 'graph' };
      return [{ kind: resource, path: this.path(resource, parameters) }];
    });
  }

  // Asks for all of one tour in turn, so that the service has the upstream's answers at hand; several tours at
  // once.
  async fetchAll(stage, groups = this.groups) {
    const client = stage.openH2();
    const publicUrl = `https://localhost:${stage.httpsPort}`;
    const left = [...groups];
    const fetchOne = async ({ kind, path }) => {
      const { status, text } = await client.get(path);
      const now_s = Date.now() / 1000;
      if (status !== 200) this.refused.push({ path, status, text });
      else this.documents.push({ kind, name: path, text, json: JSON.parse(text), publicUrl, now_s });
    };
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left.length > 0) for (const request of left.shift()) await fetchOne(request);
      }),
    );
  }

  // An ItemList needs three events; what was refused for another reason.
  wronglyRefused() {
    return this.refused.filter(
      ({ path, status, text }) =>
        status !== 422 || !path.includes('format=itemlist') || !text.includes(`at least ${MIN_ITEMS} events`),
    );
  }
}
