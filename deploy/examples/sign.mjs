// A signed link of marquee: marqueeLink(base, key, 'songkick', 'artist', { id: '6395144', format: 'html' }).
// Values are as the link has them, without blanks at their ends. `expires` is Unix time; 0: the link never ends.
import { createHmac } from 'node:crypto';

const ORDER = ['id', 'q', 'format', 'name', 'weburl', 'eventurl', 'pages', 'image', 'style'];

export function marqueeLink(base, key, provider, resource, parameters, expires = 0) {
  const given = { format: resource === 'search' ? 'candidates' : 'jsonld', ...parameters };
  let text = `${provider} ${resource}`;
  for (const name of ORDER) {
    if (given[name]) text += ` ${name}=${Buffer.byteLength(given[name])}:${given[name]}`;
  }
  if (given.limit) text += ` limit=${given.limit}`;
  if (given.indent) text += ' indent';
  if ((given.lang ?? 'en') !== 'en' && ['html', 'js', 'ics'].includes(given.format)) {
    text += ` lang=${given.lang.length}:${given.lang}`;
  }
  if (given.calendar) text += ' calendar';
  if (given.markup) text += ` markup=${given.markup}`;
  text += `\n${expires || ''}`;
  const sig = createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
  const query = new URLSearchParams({ ...parameters, ...(expires ? { expires } : {}), sig });
  return `${base}/api/${provider}/${resource}?${query}`;
}
