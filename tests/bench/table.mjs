// The one table that `make bench` closes with: what was measured, what it may be today, what it is to come to.
const SLACK = 1.03; // of a count; what a clock says gets none, but is only looked at when asked

function figure(n) {
  if (n === undefined) return ''.padStart(12);
  const text = n < 100 ? n.toFixed(2) : Math.round(n).toLocaleString('en-US').replaceAll(',', ' ');
  return text.padStart(12);
}

export class Table {
  constructor() {
    this.rows = [];
  }

  // `most` is what it may take today, so that nothing gets slower unseen; without it, it is a peer. With `isTime` it is
  // of one machine, and only `--check` fails for it.
  add(name, measured, { most, target, isTime = false } = {}) {
    this.rows.push({ name, measured, most, target, isTime });
    console.error(`  ${name}: ${figure(measured).trim()}`);
  }

  isOver({ measured, most, isTime }) {
    return most !== undefined && !(measured <= most * (isTime ? 1 : SLACK));
  }

  // True: no row is over what it may take.
  print(checksTimes) {
    console.log(`${''.padEnd(52)} ${'measured'.padStart(12)} ${'at most'.padStart(12)} ${'target'.padStart(12)}`);
    for (const row of this.rows) {
      const verdict = row.most === undefined ? '' : this.isOver(row) ? 'over' : 'PASS';
      console.log(`${row.name.padEnd(52)} ${figure(row.measured)} ${figure(row.most)} ${figure(row.target)}  ${verdict}`);
    }
    return this.rows.every((row) => !this.isOver(row) || (row.isTime && !checksTimes));
  }
}
