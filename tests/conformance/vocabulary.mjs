// schema.org as other people's tools want it, all from the package @vocabulary/schema: nothing is fetched.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const SCHEMA = 'http://schema.org/'; // in the vocabulary; documents say https, and its context leads here
const RDF_TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const SUB_CLASS_OF = 'http://www.w3.org/2000/01/rdf-schema#subClassOf';
const TYPES = {
  'http://www.w3.org/2000/01/rdf-schema#Class': 'rdfs:Class',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#Property': 'rdf:Property',
};
const QUAD = /^<(\S+)> <(\S+)> <(\S+)> <\S+> \.$/;

const file = join(dirname(createRequire(import.meta.url).resolve('@vocabulary/schema')), 'schema.nq');

function readNodes() {
  const nodes = new Map();
  const keys = {
    [SUB_CLASS_OF]: 'rdfs:subClassOf',
    [`${SCHEMA}domainIncludes`]: 'schema:domainIncludes',
    [`${SCHEMA}rangeIncludes`]: 'schema:rangeIncludes',
  };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, subject, predicate, object] = QUAD.exec(line) ?? [];
    if (!subject?.startsWith(SCHEMA)) continue;
    if (!nodes.has(subject)) nodes.set(subject, { '@id': subject, '@type': [] });
    const node = nodes.get(subject);
    if (predicate === RDF_TYPE) node['@type'].push(TYPES[object] ?? object);
    else if (keys[predicate] !== undefined) (node[keys[predicate]] ??= []).push({ '@id': object });
  }
  return nodes;
}

const nodes = readNodes();

// Classes and properties as JSON-LD, in the shape of schema.org's own release files.
export const vocabulary = {
  '@graph': [...nodes.values()].map((node) =>
    node['@type'].length === 1 ? { ...node, '@type': node['@type'][0] } : node,
  ),
};

function isEnumeration(id) {
  const parents = nodes.get(id)?.['rdfs:subClassOf'] ?? [];
  return parents.some((parent) => parent['@id'] === `${SCHEMA}Enumeration` || isEnumeration(parent['@id']));
}

// A context with every term of schema.org and, unlike its own, no @vocab: so a term that does not exist is
// dropped, and the safe mode of jsonld complains. Addresses and members of enumerations are @ids, as in
// schema.org's own.
function contextOf() {
  const terms = {};
  for (const [id, node] of nodes) {
    const ranges = (node['schema:rangeIncludes'] ?? []).map((range) => range['@id']);
    const isId = ranges.some((range) => range === `${SCHEMA}URL` || isEnumeration(range));
    terms[id.slice(SCHEMA.length)] = isId ? { '@id': id, '@type': '@id' } : { '@id': id };
  }
  return { '@context': terms };
}

export const context = contextOf();
