// A table in tests/README.md between two markers: what a test run found, as Markdown.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './parts.mjs';

const FILE = join(root, 'tests/README.md');

function markers(name) {
  return [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
}

function split(name) {
  const text = readFileSync(FILE, 'utf8');
  const [begin, end] = markers(name).map((marker) => {
    const at = text.indexOf(marker);
    if (at < 0) throw new Error(`tests/README.md lacks ${marker}`);
    return { at, after: at + marker.length };
  });
  return { before: text.slice(0, begin.after), table: text.slice(begin.after, end.at), rest: text.slice(end.at) };
}

// The cells of the committed table, row by row, without its heading.
export function readMatrix(name) {
  const lines = split(name).table.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

// Puts a table in the place of the committed one.
export function writeMatrix(name, heading, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [line(heading), line(heading.map(() => '---')), ...rows.map(line)];
  const { before, rest } = split(name);
  writeFileSync(FILE, `${before}\n${lines.join('\n')}\n${rest}`);
}
