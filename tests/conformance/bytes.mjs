// What the bytes of a document must be, whatever they say: JSON that survives being pasted into HTML. Every
// check returns a list of complaints, empty when there are none.
import { isUtf8 } from 'node:buffer';

// A key of JSON text. Strings are matched whole, so that what stands inside of one is not taken for a key.
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function countKeys(value) {
  if (value === null || typeof value !== 'object') return 0;
  if (Array.isArray(value)) return value.reduce((sum, member) => sum + countKeys(member), 0);
  return Object.values(value).reduce((sum, member) => sum + countKeys(member), Object.keys(value).length);
}

export function bytesComplaints(bytes) {
  const complaints = [];
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) complaints.push('the bytes are no UTF-8');
  if (text.startsWith('\ufeff')) complaints.push('a byte order mark is in front');
  for (const [found] of text.matchAll(/[<>&\u2028\u2029]/g)) {
    complaints.push(`${JSON.stringify(found)} is not written as an escape`);
  }
  let document;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return [...complaints, `no JSON: ${error.message}`];
  }
  const written = [...text.matchAll(STRING)].filter((match) => match[1] !== undefined).length;
  if (written !== countKeys(document)) complaints.push('a key stands twice in one object');
  return complaints;
}
