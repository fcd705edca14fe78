// Other people's tools, each as a function from documents to complaints. A document is {name, text, json}:
// what it is called in complaints, its bytes as text, and what they say.
import { isDeepStrictEqual } from 'node:util';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import Validator from '@adobe/structured-data-validator';
import WebAutoExtractor from '@marbec/web-auto-extractor';
import jsonld from 'jsonld';

import { run, temporaryDirectory } from '../e2e/parts.mjs';
import { listOf } from './event.mjs';
import { context, vocabulary } from './vocabulary.mjs';

const CONTEXT = 'https://schema.org';
const TSC_MS = 100_000;
const MAX_WHOLE = 200; // documents that tsc is given as they are

const require = createRequire(import.meta.url);
const packageDirectory = (name) => dirname(require.resolve(`${name}/package.json`));

// ---- jsonld: nothing is dropped when the document is expanded ----

async function documentLoader(url) {
  if (url !== CONTEXT) throw new Error(`the context ${url} is not https://schema.org`);
  return { contextUrl: null, documentUrl: url, document: context };
}

export async function jsonldComplaints(documents) {
  const complaints = [];
  for (const { name, json } of documents) {
    try {
      await jsonld.expand(json, { documentLoader, safe: true, base: null });
    } catch (error) {
      complaints.push(
        `${name}: ${error.details?.event?.message ?? error.message} ${JSON.stringify(error.details ?? {})}`,
      );
    }
  }
  return complaints;
}

// ---- Adobe's validator, after extraction from HTML as a crawler does it ----

// The nodes a crawler is to find in a document.
function nodesOf(json) {
  return Array.isArray(json) ? json : (json['@graph'] ?? [json]);
}

function withoutNotes(node) {
  const { '@location': location, '@source': source, '@context': itsContext, ...rest } = node;
  return rest;
}

export async function adobeComplaints(documents) {
  const complaints = [];
  for (const { name, text, json } of documents) {
    const page = `<!doctype html><title>x</title><script type="application/ld+json">${text}</script>`;
    const extracted = new WebAutoExtractor({ addLocation: false, embedSource: [] }).parse(page);
    const found = Object.values(extracted.jsonld ?? {}).flat();
    const wanted = nodesOf(json);
    const byType = (type) => (node) => listOf(node['@type']).includes(type);
    for (const type of new Set(wanted.map((node) => node['@type']))) {
      const [a, b] = [found, wanted].map((nodes) => nodes.filter(byType(type)).map(withoutNotes));
      if (!isDeepStrictEqual(a, b))
        complaints.push(`${name}: the extractor found ${a.length} of ${b.length} ${type}`);
    }
    for (const issue of await new Validator(vocabulary).validate(extracted)) {
      complaints.push(`${name}: ${issue.severity} ${issue.issueMessage} ${JSON.stringify(issue.path ?? '')}`);
    }
  }
  return complaints;
}

// ---- schema-dts under tsc ----

const isNode = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

// What the types can see of a value: its kind, or the text itself where they may want a certain one.
function shapeOf(value) {
  if (Array.isArray(value)) return `[${value.map(shapeOf).sort()}]`;
  if (isNode(value)) {
    const shapeOfMember = ([key, member]) => `${key}:${key === '@type' ? member : shapeOf(member)}`;
    return `{${Object.entries(value).map(shapeOfMember)}}`;
  }
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  return /^https?:\/\/schema\.org/.test(value) ? value : isNaN(value) ? 'text' : 'digits';
}

// A type of schema-dts for a node; Thing wants an @type, so it is right for a node that has none.
function typeOf(node) {
  const type = typeof node['@type'] === 'string' && /^\w+$/.test(node['@type']) ? node['@type'] : 'Thing';
  if (node['@graph'] !== undefined) return 'Graph';
  return node['@context'] === undefined ? type : `WithContext<${type}>`;
}

// [type, value] of a document as it is.
function whole(json) {
  return Array.isArray(json)
    ? [['readonly WithContext<MusicEvent | Festival>[]', json]]
    : [[typeOf(json), json]];
}

// The same in pieces: each node by itself, with nothing but the type of those inside of it. For the types
// that is the same, and the pieces of thousands of documents have few shapes.
function pieces(value) {
  if (Array.isArray(value)) return value.flatMap(pieces);
  if (!isNode(value)) return [];
  const typeAlone = (member) => (isNode(member) ? { '@type': member['@type'] } : member);
  const flat = Object.entries(value).map(([key, member]) => {
    if (!Array.isArray(member)) return [key, typeAlone(member)];
    return [key, [...new Map(member.map((one) => [shapeOf(typeAlone(one)), typeAlone(one)])).values()]];
  });
  return [[typeOf(value), Object.fromEntries(flat)], ...Object.values(value).flatMap(pieces)];
}

// A constant on a line of its own for every [type, value] of another shape. Lines end with the name of a
// document.
function typescriptOf(documents, cut) {
  const lines = new Map();
  for (const { name, json } of documents) {
    for (const [type, value] of cut(json)) {
      const shape = type + shapeOf(value);
      if (lines.has(shape)) continue;
      lines.set(shape, `export const value${lines.size}: ${type} = ${JSON.stringify(value)}; // ${name}`);
    }
  }
  const types = [...lines.keys()].flatMap((shape) => /^[^{[]*/.exec(shape)[0].match(/[A-Z]\w+/g));
  return [
    `import type { ${[...new Set([...types, 'MusicEvent', 'Festival'])].join(', ')} } from 'schema-dts';`,
    ...lines.values(),
  ];
}

const TYPESCRIPT_OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  target: 'es2022',
  paths: { 'schema-dts': [join(packageDirectory('schema-dts'), 'dist/schema.d.ts')] },
};

async function runTsc(lines) {
  const directory = temporaryDirectory();
  try {
    const options = { compilerOptions: TYPESCRIPT_OPTIONS, files: ['documents.ts'] };
    writeFileSync(join(directory, 'documents.ts'), lines.join('\n'));
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(options));
    const tsc = join(packageDirectory('typescript'), 'bin/tsc');
    return await run([process.execPath, tsc, '--project', directory, '--pretty', 'false'], {
      timeout_ms: TSC_MS,
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

// Returns {complaints, n_shapes}. Many documents are cut into pieces, few are checked as they are.
export async function typeComplaints(documents) {
  const lines = typescriptOf(documents, documents.length > MAX_WHOLE ? pieces : whole);
  const { code, stdout, stderr } = await runTsc(lines);
  const complaints = stdout
    .split('\n')
    .filter((line) => /error TS\d/.test(line))
    .map((line) => {
      const at = /documents\.ts\((\d+),/.exec(line);
      return `${at === null ? 'tsc' : lines[at[1] - 1].split(' // ').at(-1)}: ${line}`;
    });
  if (code !== 0 && complaints.length === 0) complaints.push(`tsc ended with ${code}: ${stdout}${stderr}`);
  return { complaints, n_shapes: lines.length - 1 };
}
