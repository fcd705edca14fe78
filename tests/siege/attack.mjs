// One attacker, in a process of its own: fights one bout after the other until it is told to end.
//
//     node attack.mjs NAME
import { sleep } from '../e2e/parts.mjs';
import { attackers } from './attackers.mjs';
import { serveParty } from './party.mjs';

const attacker = attackers.find(({ name }) => name === process.argv[2]);

function count(figures, { took, held_s, cut, answers, bytes }) {
  figures.connections++;
  figures.answers += answers;
  figures.bytes += bytes;
  figures.most = Math.max(figures.most, took);
  figures.longest_s = Math.max(figures.longest_s, held_s);
  if (cut) figures.cut++;
}

serveParty(async (target, isOver, figures) => {
  Object.assign(figures, { connections: 0, cut: 0, refused: 0, answers: 0, bytes: 0, most: 0, longest_s: 0 });
  while (!isOver()) {
    try {
      for (const one of await attacker.bout(target)) count(figures, one);
    } catch (error) {
      figures.refused++;
      figures.why = error.message;
    }
    await sleep(attacker.pause_ms);
  }
});
