// check-config and serve agree: what one refuses the other refuses in the same words, and what one takes the other
// serves with. Ports in use and the network are not in the configuration, so no configuration here depends on them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort, marqueeProgram, root, scenario, until } from './harness.mjs';

const N_MUTATED = 200;
const BESIDE = 4;

// Numbers that are the same in every run (mulberry32).
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let n = Math.imul(state ^ (state >>> 15), state | 1);
    n ^= n + Math.imul(n ^ (n >>> 7), n | 61);
    return ((n ^ (n >>> 14)) >>> 0) % below;
  };
}

// Every setting that there is, as [section, key, default].
function settingsOf(sample) {
  const found = [];
  let section;
  for (const line of sample.split('\n')) {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^;?([a-z]\w*) =\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined) found.push([section, key, value]);
  }
  return found;
}

function valuesFor(stage, port) {
  const at = (name) => join(stage.certificates, name);
  writeFileSync(stage.file('empty'), '');
  writeFileSync(stage.file('words.pem'), '-----BEGIN CERTIFICATE-----\nnothing of the kind\n-----END CERTIFICATE-----\n');
  mkdirSync(stage.file('directory'));
  const files = [at('ca.pem'), at('cert.pem'), at('key.pem'), stage.file('empty'), stage.file('words.pem'),
    stage.file('directory'), stage.file('missing.pem'), '/dev/null'];
  const addresses = ['0.0.0.0', 'foo', 'localhost:0', '127.0.0.1:99999', '127.0.0.1:-1', '127.0.0.1:0', '[::1]:0',
    '::1:0', '[::1', ':0', '127.0.0.1:http', '/run/a.sock', `127.0.0.1:${port}`, `127.0.0.1:${port} 127.0.0.1:${port}`,
    '127.0.0.1:0,127.0.0.2:0', Array(17).fill('127.0.0.1:0').join(' '), '[127.0.0.1]:0', '127.0.0.1:0x'];
  const servers = ['127.0.0.1:1', 'a:b:c', '/run/no.sock', '[::1]:1', '[::1', 'host:0', 'host:70000', 'same same', ':1',
    `/${'x'.repeat(120)}`, Array(33).fill(0).map((_, i) => `h${i}`).join(' ')];
  const urls = ['https://a.example', 'http://a.example', 'https://', 'https://a.example/?q', 'a.example', 'https://a b'];
  const some = ['1', '10', '300', '5000', '86400', '86401', '262144', '4294967296', '-1', '12s'];
  const switches = ['yes', 'no', 'On', '0', 'maybe'];
  const anything = ['', 'debug', 'loud', '10.0.0.0/8', '10.0.0.0/33', 'fd00::/8', 'a@b.example', 'a (b)', '\u00e4'];
  const own = {
    https: addresses, http: addresses, admin: addresses, plain: addresses, proxy_protocol: addresses, memcached: servers, certificate: files, key: files,
    ca_file: files, api_key_file: files, ticket_keys: files, acme_directory: files, form_password_file: files, base_url: urls, public_url: urls,
  };
  // Mostly what is nearly right, sometimes anything at all.
  return (key, byDefault, below) => {
    const usual = own[key] ?? (/^\d+$/.test(byDefault) ? some : byDefault === 'yes' ? switches : anything);
    // That one is written, and a bare name would be a file of this tree.
    const list = below(6) > 0 || key === 'ticket_keys' ? usual : anything;
    return list[below(list.length)];
  };
}

async function started(stage, ini, name) {
  const program = stage.start(name, [marqueeProgram, 'serve', '--config', ini], { env: stage.environment });
  await until('serve to start or end', () => program.over !== null || /event=serving/.test(program.output()), 30_000);
  return program;
}

async function compare(stage, text, i) {
  const ini = stage.file(`mutated-${i}.ini`);
  writeFileSync(ini, text);
  const checked = await stage.runMarquee(['check-config', ini]);
  const program = await started(stage, ini, `serve-${i}`);
  const said = program.output();
  if (program.over === null) {
    assert.equal(checked.code, 0, `serve takes it, check-config says: ${checked.stderr}\n${text}`);
    assert.equal((await program.stop()).code, 0);
    return true;
  }
  assert.equal(program.over.code, 2, said);
  assert.equal(checked.code, 2, `check-config takes it, serve says: ${said}\n${text}`);
  assert.equal(checked.stderr, said, text);
  assert.match(said, /^marquee: \S*mutated-\d+\.ini:(\d+:)? .*\[?\w+.*\n$/, 'it names the file');
  return false;
}

scenario(`check-config and serve say the same of ${N_MUTATED} mutated configurations.`, { marquee: false },
  async (stage) => {
    const below = numbers(15);
    const settings = settingsOf(readFileSync(join(root, 'deploy/marquee.ini'), 'utf8'));
    assert.ok(settings.length > 60);
    const port = await freePort();
    const valueFor = valuesFor(stage, port);
    const base = () => new Map([['listen', { https: '127.0.0.1:0', http: '127.0.0.1:0', admin: '127.0.0.1:0', threads: 1 }],
      ['tls', { certificate: join(stage.certificates, 'cert.pem'), key: join(stage.certificates, 'key.pem') }]]);
    const texts = Array.from({ length: N_MUTATED }, (_, i) => {
      const sections = base();
      // Half of them change a single setting: nothing else hides what is said of it.
      for (let n = i % 2 === 0 ? 1 : 1 + below(3); n > 0; n--) {
        // Those with a form of their own, and any other, by turns.
        const special = settings.filter(([section, key]) => ['listen', 'tls'].includes(section) || /file|url|memcached$/.test(key));
        const list = below(2) === 0 ? special : settings;
        const [section, key, byDefault] = list[below(list.length)];
        sections.set(section, { ...sections.get(section), [key]: valueFor(key, byDefault, below) });
      }
      return [...sections].map(([section, pairs]) =>
        `[${section}]\n${Object.entries(pairs).map(([key, value]) => `${key} = ${value}\n`).join('')}`).join('');
    });
    let served = 0, next = 0;
    await Promise.all(Array.from({ length: BESIDE }, async () => {
      while (next < texts.length) {
        const i = next++;
        if (await compare(stage, texts[i], i)) served++;
      }
    }));
    assert.ok(served > N_MUTATED / 10 && served < N_MUTATED * 0.9, `${served} were served`);
  });
