// Conformance of the documents that the golden cases expect (tests/golden/README.md).
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../e2e/parts.mjs';
import { NEVER_KNOWN, SOMETIMES_UNKNOWN, UNKNOWN_IN_A_CASE, conformanceTests } from './suite.mjs';

const GOLDEN = join(root, 'tests/golden');
const JSON_LD = [undefined, 'jsonld', 'graph', 'itemlist']; // the formats that are
const PUBLIC_URL = 'https://marquee.example'; // of the program that runs the cases

// None or one, as a list.
function read(directory, name) {
  const request = readFileSync(join(directory, 'request'), 'utf8');
  const parameter = (key) => new RegExp(`^${key}=(\\S+)$`, 'm').exec(request)?.[1];
  if (!JSON_LD.includes(parameter('format'))) return [];
  const text = readFileSync(join(directory, 'expected.json'), 'utf8');
  const now_s = Date.parse(parameter('now')) / 1000;
  return [{ name, text, json: JSON.parse(text), publicUrl: PUBLIC_URL, now_s }];
}

const documents = readdirSync(GOLDEN, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((provider) => readdirSync(join(GOLDEN, provider.name)).map((name) => join(provider.name, name)))
  .filter((name) => existsSync(join(GOLDEN, name, 'expected.json')))
  .flatMap((name) => read(join(GOLDEN, name), name));

conformanceTests('golden documents', () => documents, [
  ...Object.values(NEVER_KNOWN).flat(),
  ...SOMETIMES_UNKNOWN,
  ...UNKNOWN_IN_A_CASE,
]);
