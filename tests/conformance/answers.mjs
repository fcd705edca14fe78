// What the simulator says to the questions that the service asks for a tour, asked anew: the texts in it.
import { Http2Client } from '../e2e/harness.mjs';
import { saidIn } from './curated.mjs';

const ANSWER_MS = 120_000;

export class Answers {
  constructor(stage) {
    this.client = new Http2Client(new URL(stage.origin).port, stage.ca, ANSWER_MS);
    this.key = encodeURIComponent(stage.apiKey);
    this.venues = new Map();
    stage.clients.push(this.client);
  }

  async ask(path, parameters = '') {
    const name = path.startsWith('/bandsintown') ? 'app_id' : 'apikey';
    const { status, text } = await this.client.get(`${path}?${name}=${this.key}${parameters}`);
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
    return JSON.parse(text);
  }

  async songkickVenue(id) {
    if (!this.venues.has(id)) {
      this.venues.set(id, await this.ask(`/songkick/api/3.0/venues/${id}.json`));
    }
    return this.venues.get(id);
  }

  async songkick(id) {
    const base = `/songkick/api/3.0/artists/${id}`;
    const all = [await this.ask(`${base}.json`)];
    const venues = new Set();
    for (let page = 1, total = 1; (page - 1) * 50 < total; page++) {
      const { resultsPage } = await this.ask(`${base}/calendar.json`, `&page=${page}&per_page=50`);
      total = resultsPage.totalEntries;
      all.push(resultsPage);
      for (const { venue } of resultsPage.results.event ?? []) if (venue.id !== null) venues.add(venue.id);
    }
    return [...all, ...(await Promise.all([...venues].map((venue) => this.songkickVenue(venue))))];
  }

  async ticketmaster(id) {
    const base = '/ticketmaster/discovery/v2';
    const all = [await this.ask(`${base}/attractions/${id}.json`)];
    for (let number = 0, pages = 1; number < pages; number++) {
      const { page, _embedded } = await this.ask(
        `${base}/events.json`,
        `&attractionId=${id}&size=100&page=${number}`,
      );
      pages = page.totalPages;
      all.push(_embedded ?? {});
    }
    return all;
  }

  bandsintown(id) {
    const base = `/bandsintown/artists/${id}`;
    return Promise.all([this.ask(base), this.ask(`${base}/events`)]);
  }

  // Every text in the answers about an artist, each once.
  async textsOf(provider, id) {
    return [...saidIn(await this[provider](id))];
  }
}
