// How long a tour of 500 events holds up small documents that nobody has asked for either, which are made one after the
// other meanwhile.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';

import { artist } from './harness.mjs';

const LARGE = 90500400000; // 500 events on 10 pages, 400 venues; what is added makes others of the same size
const SMALL = 90002002000; // 2 events
const N_ALONE = 20;

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

// Processor time in ms of threads; "schedstat" of proc(5).
function clockOf(pid, isMeant = () => true) {
  const tasks = `/proc/${pid}/task`;
  const meant = readdirSync(tasks).filter((id) => isMeant(readFileSync(`${tasks}/${id}/comm`, 'utf8').trim()));
  assert.ok(meant.length > 0);
  return () => meant.reduce((sum, id) => sum + Number(readFileSync(`${tasks}/${id}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
}

// { alone_ms: what a small document takes by itself; tours: of each { cpu_ms: processor time of the whole service for a
// tour by itself; held_ms: the longest that a small document took beside another one, beyond that;
// back_cpu_ms: the most processor time that the back thread spent while a small document was waited for } }.
export async function fairness(stage, n_tours) {
  const back = clockOf(stage.marquee.pid, (name) => name === 'back'), all = clockOf(stage.marquee.pid);
  const client = stage.openH2();
  let small = SMALL, large = LARGE;
  const ask = async (id, clock) => {
    const before = clock();
    const got = await client.get(artist(id));
    assert.equal(got.status, 200);
    return { ms: got.elapsed_ms, cpu_ms: clock() - before };
  };
  const alone = [], tours = [];
  await ask(large++, all);
  for (let i = 0; i < N_ALONE; i++) alone.push((await ask(small++, back)).ms);
  const alone_ms = median(alone);
  for (let i = 0; i < n_tours; i++) {
    const { cpu_ms } = await ask(large++, all);
    let over = false;
    const beside = [];
    const tour = ask(large++, all).finally(() => (over = true));
    do beside.push(await ask(small++, back)); while (!over);
    await tour;
    tours.push({
      cpu_ms,
      held_ms: Math.max(...beside.map((one) => one.ms)) - alone_ms,
      back_cpu_ms: Math.max(...beside.map((one) => one.cpu_ms)),
    });
  }
  return { alone_ms, tours };
}
