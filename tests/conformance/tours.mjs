// Generated tours of the simulator, as the service gives them out over HTTPS in the formats of JSON-LD.

import { Answers } from './answers.mjs';
import { clean } from './curated.mjs';

const AT_ONCE = 8;
const ANSWER_MS = 120_000; // the service has its own deadline before
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
    this.reports = new Map(); // by the id of the artist
    this.texts = new Map(); // of the simulator's answers, likewise
    this.ids = new Set();
    this.groups = Object.entries(sizes).flatMap(([kind, n]) =>
      Array.from({ length: n }, (_, i) => this.requestsOf(kind, idOf(NUMBERS[kind](i)), i)),
    );
  }

  path(resource, parameters) {
    return `/api/${this.provider}/${resource}?${new URLSearchParams(parameters)}`;
  }

  // Of one tour.
  requestsOf(kind, id, i) {
    this.ids.add(id);
    const own = { id, ...(i % 3 === 0 ? SITE : {}) };
    return [
      { kind, id, path: this.path('artist', { ...own, ...(i % 10 === 0 ? { indent: 1 } : {}) }) },
      ...(i % 4 === 1 ? [{ kind, id, path: this.path('artist', { ...own, format: 'graph' }) }] : []),
      ...(i % 8 === 3
        ? [{ kind, id, path: this.path('artist', { ...own, ...EVENTURL, format: 'itemlist' }) }]
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

  // Runs `work` for all of a list, for several members at once, in its order.
  static async atOnce(list, work) {
    const left = [...list];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left.length > 0) await work(left.shift());
      }),
    );
  }

  // Asks for all of one tour in turn, so that the service has the upstream's answers at hand; several tours at
  // once.
  async fetchAll(stage, groups = this.groups) {
    const client = stage.openH2(ANSWER_MS);
    const publicUrl = `https://localhost:${stage.httpsPort}`;
    const fetchOne = async ({ kind, id, path }) => {
      const { status, text } = await client.get(path);
      const now_s = Date.now() / 1000;
      if (status !== 200) this.refused.push({ path, status, text });
      else this.documents.push({ kind, id, name: path, text, json: JSON.parse(text), publicUrl, now_s });
    };
    await Tours.atOnce(groups, async (group) => {
      for (const request of group) await fetchOne(request);
    });
  }

  // Asks the service for the report of every tour, and the simulator for what the service was told.
  async fetchReports(stage) {
    const client = stage.openH2(ANSWER_MS);
    const answers = new Answers(stage);
    await Tours.atOnce(this.ids, async (id) => {
      const { status, text } = await client.get(this.path('artist', { id, format: 'report' }));
      if (status !== 200) throw new Error(`the report of ${id} was refused: ${text}`);
      this.reports.set(id, JSON.parse(text));
      this.texts.set(id, await answers.textsOf(this.provider, id));
    });
  }

  // What the upstream and the client said of a tour.
  saidOf(id) {
    return [...this.texts.get(id), clean(SITE.name)];
  }

  // An ItemList needs three events; what was refused for another reason.
  wronglyRefused() {
    return this.refused.filter(
      ({ path, status, text }) =>
        status !== 422 || !path.includes('format=itemlist') || !text.includes(`at least ${MIN_ITEMS} events`),
    );
  }
}
