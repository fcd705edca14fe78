// Every hostile mode of the simulator, over HTTP/2 and over HTTP/1.1 (the raw port, which has more modes), in four
// situations: nothing is cached; the tour's second page is bad; the venues' pages are bad; a stale copy is there.
// What came of it is the table in tests/README.md, written by UPDATE_README=1 (`make matrix`).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  Stage, artist, getHttp, readMatrix, run, rssPeak_mb, simulatorProgram, sleep, until, writeMatrix,
} from './matrix.mjs';

const LANES = 6; // rows that run at once, each with a simulator and a service of its own
const DEADLINE_MS = 3000;
const SLACK_MS = 2000; // the machine may be busy
const MAX_MEMORY_MB = 256;
const SETTINGS = {
  songkick: { fresh_s: 1, venue_fresh_s: 1, keep_s: 600, timeout_ms: 1000, connect_timeout_ms: 1000 },
  limits: { document_deadline_ms: DEADLINE_MS },
  listen: { threads: 1 },
  cache: { incomplete_fresh_s: 60 },
};

// 54 events, so two pages, at 4 venues: 6 requests. Half a tour would be 50 events.
const EVENTS = 54;
const tour = (n) => 90054004000 + n;
const [COLD, PAGE, VENUES, STALE, AFTER] = [1, 2, 3, 4, 5].map(tour);

const STATUSES = ['400', '401', '403', '404', '408', '410', '429', '500', '502', '503', '504'];
