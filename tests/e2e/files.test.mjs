// The pages of a tour as files: what is written, what is left alone, and what happens when something goes wrong.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { load } from 'js-yaml';

import { artist, marqueeProgram, root, run, scenario, sleep, until } from './harness.mjs';
import { assertDatePage, assertXml, hrefsOf } from './site.mjs';

const TOUR = '90012005'; // 12 events on 5 venues
const DEMO = '6395144'; // 54 events
const PAGES = 'https://velvet.example/tour';

const words = (stage, out, { id = TOUR, more = [] } = {}) => [
  'pages', 'songkick', 'artist', `id=${id}`, `pages=${PAGES}`, ...more, '--out', out, '--config', stage.file('marquee.ini'),
];
const pages = (stage, out, options) => stage.runMarquee(words(stage, out, options));

// Every file below a directory, by its path, with its bytes and time.
function filesOf(directory, prefix = '') {
  const files = {};
  for (const entry of readdirSync(join(directory, prefix), { withFileTypes: true })) {
    const name = join(prefix, entry.name);
    if (entry.isDirectory()) Object.assign(files, filesOf(directory, name));
    else if (entry.isFile()) {
      const { mtimeNs, mode } = statSync(join(directory, name), { bigint: true });
      files[name] = { text: readFileSync(join(directory, name), 'utf8'), mtimeNs, mode: Number(mode) & 0o777 };
    }
  }
  return files;
}

const writable = (files) => Object.keys(files).filter((name) => !name.startsWith('.')).sort();

scenario('The files are the pages that the service serves.', {}, async (stage) => {
  const out = stage.file('site');
  const { code, stdout, stderr } = await pages(stage, out);
  assert.equal(code, 0, stderr);
  const events = (await stage.get(artist(TOUR))).json;
  assert.match(stdout, new RegExp(`: ${2 * events.length + 5} written, 0 unchanged, 0 removed\n$`));
  const files = filesOf(out);
  const slugs = hrefsOf(files['index.html'].text).map((href) => /^(\d{4}-[^/]*)\/$/.exec(href)?.[1]).filter(Boolean);
  assert.deepEqual(writable(files), ['index.html', 'dates.ics', 'feed.json', 'feed.xml', 'sitemap.xml',
    ...slugs.flatMap((slug) => [`${slug}/index.html`, `${slug}/date.ics`])].sort());
  for (const [i, event] of events.entries()) {
    assertDatePage(files[`${slugs[i]}/index.html`].text, event, `${PAGES}/${slugs[i]}/`);
  }
  for (const [name, { mode }] of Object.entries(files)) assert.equal(mode, 0o644, name);
  assertXml(files['sitemap.xml'].text);
  const served = await stage.get(`/tour/songkick/${TOUR}/${slugs[0]}/?pages=${PAGES}`);
  assert.equal(served.text, files[`${slugs[0]}/index.html`].text);
});

scenario('A second run touches nothing.', {}, async (stage) => {
  const out = stage.file('site');
  assert.equal((await pages(stage, out)).code, 0);
  let before = filesOf(out);
  // As if the first run had been days ago: what feeds and calendars say of changes comes from it, not from now.
  const manifest = join(out, '.marquee-pages');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/^(event .*) \d+ \d+$/gm, '$1 1000 2000'));
  assert.match((await pages(stage, out)).stdout, /: 16 written, 13 unchanged, 0 removed\n$/);
  before = filesOf(out);
  assert.match(before['sitemap.xml'].text, /<lastmod>2026-01-02T09:20:00Z</);
  await sleep(1100);
  const { code, stdout } = await pages(stage, out);
  assert.equal(code, 0);
  assert.match(stdout, /: 0 written, 29 unchanged, 0 removed\n$/);
  assert.deepEqual(filesOf(out), before);
});

scenario('A run while the upstream fails changes nothing, and says so.', {}, async (stage) => {
  const out = stage.file('site');
  assert.equal((await pages(stage, out)).code, 0);
  const before = filesOf(out);
  for (const options of [{}, { match: '/venues/' }]) {
    await stage.setMode('500', options);
    const { code, stderr } = await pages(stage, out);
    assert.equal(code, 1);
    assert.match(stderr, /^marquee: .+\n/);
    await stage.setMode('ok');
  }
  assert.deepEqual(filesOf(out), before);
});

// The page that was asked for first was the stale copy that memcached had: the tour as it was in the run before.
scenario('With a memcached a run writes what the upstream says now, or says that it could not.', {
  memcached: true,
  settings: { songkick: { fresh_s: 2 } },
}, async (stage) => {
  const out = stage.file('site');
  const stale = () => sleep(3100);
  assert.equal((await pages(stage, out)).code, 0);
  await stage.setMode('moved');
  await stale();
  const before = filesOf(out);
  const second = await pages(stage, out);
  assert.equal(second.code, 0, second.stderr);
  const after = filesOf(out);
  for (const name of ['index.html', 'dates.ics', 'feed.xml']) assert.notEqual(after[name].text, before[name].text, name);
  await stage.setMode('500');
  await stale();
  const third = await pages(stage, out);
  assert.equal(third.code, 1, third.stdout);
  assert.match(third.stderr, /nothing newer just now/);
  assert.deepEqual(filesOf(out), after);
});

scenario('A venue that the upstream does not know keeps no pages from being written.', {}, async (stage) => {
  const out = stage.file('site');
  await stage.setMode('404', { match: '/venues/' });
  const { code, stderr } = await pages(stage, out);
  assert.equal(code, 0, stderr);
  assert.ok(existsSync(join(out, 'index.html')));
});

scenario('What is no more a page goes, and what the last run did not write stays.', {}, async (stage) => {
  const out = stage.file('site');
  assert.equal((await pages(stage, out, { id: DEMO })).code, 0);
  const former = Object.keys(filesOf(out)).filter((name) => name.includes('/'));
  const [mine, edited] = [join(out, former[0].split('/')[0], 'photo.jpg'), join(out, former[2])];
  writeFileSync(mine, 'a photo');
  writeFileSync(edited, 'by hand');
  writeFileSync(join(out, 'robots.txt'), 'User-agent: *\n');
  const { code, stdout } = await pages(stage, out);
  assert.equal(code, 0);
  assert.match(stdout, / 107 removed\n$/);
  const left = filesOf(out);
  assert.equal(left[former[2]].text, 'by hand');
  assert.equal(readFileSync(mine, 'utf8'), 'a photo');
  assert.equal(left['robots.txt'].text, 'User-agent: *\n');
  assert.equal(writable(left).length, 29 + 3);
});

scenario('A page that was changed by hand is left alone, and said.', {}, async (stage) => {
  const out = stage.file('site');
  assert.equal((await pages(stage, out)).code, 0);
  writeFileSync(join(out, 'index.html'), 'by hand');
  for (let i = 0; i < 2; i++) {
    const { code, stdout, stderr } = await pages(stage, out);
    assert.equal(code, 0);
    assert.match(stderr, /site\/index\.html is left alone: it was changed by somebody else\n/);
    assert.match(stdout, /0 written, 28 unchanged, 0 removed, 1 left alone\n$/);
    assert.equal(readFileSync(join(out, 'index.html'), 'utf8'), 'by hand');
  }
  rmSync(join(out, 'index.html'));
  assert.match((await pages(stage, out)).stdout, /1 written, 28 unchanged/);
});

scenario('No link leads a run out of its directory.', {}, async (stage) => {
  const [out, outside] = [stage.file('site'), stage.file('outside')];
  assert.equal((await pages(stage, out)).code, 0);
  const slug = readdirSync(out).find((name) => /^\d{4}-/.test(name));
  mkdirSync(outside);
  writeFileSync(join(outside, 'victim'), 'whole');
  rmSync(join(out, 'index.html'));
  symlinkSync(join(outside, 'victim'), join(out, 'index.html'));
  rmSync(join(out, slug), { recursive: true });
  symlinkSync(outside, join(out, slug));
  symlinkSync(join(outside, 'victim'), join(out, '.marquee-new'));
  rmSync(join(out, 'feed.xml'));
  const { code, stderr } = await pages(stage, out);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /index\.html is left alone: it is no regular file/);
  assert.deepEqual(readdirSync(outside), ['victim']);
  assert.equal(readFileSync(join(outside, 'victim'), 'utf8'), 'whole');
  assert.ok(lstatSync(join(out, slug)).isSymbolicLink());
  assert.ok(existsSync(join(out, 'feed.xml')));
});

scenario('A manifest that names what is not ours removes nothing.', {}, async (stage) => {
  const out = stage.file('site');
  assert.equal((await pages(stage, out)).code, 0);
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // of "abc"
  const victims = ['../victim', 'photo.jpg', '2027-01-01-x-1/photo.jpg', '.hidden/index.html'];
  let lines = readFileSync(join(out, '.marquee-pages'), 'utf8');
  for (const name of victims) {
    mkdirSync(join(out, name, '..'), { recursive: true });
    writeFileSync(join(out, name), 'abc');
    lines += `file ${digest} ${name}\nfile ${digest} ./${name}\nfile ${digest} ${name}\0\n`;
  }
  writeFileSync(join(out, '.marquee-pages'), `${lines}file x\nfile\n${'file '.repeat(500)}\ndate ../.. x 1 2 3\n`);
  assert.equal((await pages(stage, out)).code, 0);
  for (const name of victims) assert.equal(readFileSync(join(out, name), 'utf8'), 'abc', name);
});

scenario('Of two runs in one directory the second says so.', {}, async (stage) => {
  const out = stage.file('site');
  await stage.setLatency(1500);
  await stage.resetCounters();
  const first = pages(stage, out);
  await until('the first one to ask', async () => (await stage.counters()).requests > 0);
  const second = await pages(stage, out);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /another run is writing here/);
  assert.equal((await first).code, 0);
});

const WHOLE = { html: /<\/html>\n$/, ics: /END:VCALENDAR\r\n$/, xml: /<\/(feed|urlset)>\n$/, json: /^\{[^]*\}\n?$/ };

// Resolves when so many of the pages are new: within a few files, which take a millisecond. Whatever comes first of that
// and the end of the run.
async function whenChanged(out, names, n, child) {
  const end_ms = performance.now() + 30_000;
  const inode = (name) => statSync(join(out, name)).ino;
  const before = names.map(inode);
  const isOver = () => child.exitCode !== null || child.signalCode !== null || performance.now() > end_ms;
  while (!isOver() && names.filter((name, i) => inode(name) !== before[i]).length < n) await new Promise(setImmediate);
}

scenario('A run that is killed leaves every file whole, and the next one goes on.', {}, async (stage) => {
  const out = stage.file('site');
  const first = await pages(stage, out, { id: DEMO });
  assert.equal(first.code, 0, first.stderr);
  const before = filesOf(out);
  const names = Object.keys(before).filter((name) => name.endsWith('.html'));
  let nMidway = 0;
  for (const n of [1, 2, 5, 10, 20, 40]) {
    const picture = `https://velvet.example/${n}.jpg`;
    const child = spawn(marqueeProgram, words(stage, out, { id: DEMO, more: [`image=${picture}`] }), {
      env: { ...process.env, ...stage.environment }, stdio: 'ignore',
    });
    const over = new Promise((resolve) => { child.on('exit', resolve); });
    await whenChanged(out, names, n, child);
    child.kill('SIGKILL');
    await over;
    assert.ok(child.exitCode === 0 || child.signalCode === 'SIGKILL', `${child.exitCode} ${child.signalCode}`);
    const files = filesOf(out);
    for (const [name, { text }] of Object.entries(files)) {
      const whole = WHOLE[name.split('.').at(-1)];
      if (whole !== undefined && !name.startsWith('.')) assert.match(text, whole, name);
    }
    JSON.parse(files['feed.json'].text);
    const nNew = names.filter((name) => files[name].text.includes(picture)).length;
    nMidway += nNew > 0 && nNew < names.length ? 1 : 0;
  }
  assert.ok(nMidway > 0, 'no run was killed while it wrote');
  const { code, stderr } = await pages(stage, out, { id: DEMO });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  for (const [name, { text }] of Object.entries(before)) {
    if (/\.(html|ics)$/.test(name)) assert.equal(filesOf(out)[name].text, text, name);
  }
  assert.deepEqual(readdirSync(out).filter((name) => name.startsWith('.')), ['.marquee-pages']);
});

scenario('Wrong use is told apart from trouble.', {}, async (stage) => {
  const out = stage.file('site');
  const wrong = [
    ['pages', 'songkick', 'artist', `id=${TOUR}`, '--out', out],
    ['pages', 'songkick', 'artist', `pages=${PAGES}`, '--out', out],
    ['pages', 'songkick', 'artist', `id=${TOUR}`, `pages=${PAGES}`],
    ['pages', 'songkick', 'event', `id=${TOUR}`, `pages=${PAGES}`, '--out', out],
    ['pages', 'songkick', 'artist', `id=${TOUR}`, `pages=${PAGES}`, 'limit=1', '--out', out],
    ['pages', 'songkick', 'artist', `id=${TOUR}`, 'pages=http://velvet.example', '--out', out],
  ];
  for (const command of wrong) {
    const { code, stderr } = await stage.runMarquee([...command, '--config', stage.file('marquee.ini')]);
    assert.equal(code, 2, command.join(' '));
    assert.match(stderr, /^marquee: /);
  }
  assert.ok(!existsSync(out));
  const nowhere = await pages(stage, join(out, 'deep', 'er'));
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /No such file or directory/);
});

// ---- the recipes for hosts of static sites ----

const example = (name) => readFileSync(join(root, 'deploy/examples', name), 'utf8');
const recipe = (name) => load(example(name));

// Of docker nothing is needed but that it runs the program's words in the directory that is given to it.
const DOCKER = `#!/bin/bash
[[ "$*" == "run --rm --user $(id -u) -v $PWD:/site -w /site -e MARQUEE_SONGKICK_API_KEY registry.example/marquee "* ]] || exit 99
while [ "$1" != registry.example/marquee ]; do shift; done
shift
exec "$MARQUEE" "$@"
`;

scenario('The recipes for GitHub Pages and GitLab Pages write an agency\'s tours.', { marquee: false }, async (stage) => {
  const github = recipe('pages-github.yml'), gitlab = recipe('pages-gitlab.yml').pages;
  assert.match(github.on.schedule[0].cron, /^\d+ \d+ \* \* \*$/);
  assert.deepEqual(gitlab.artifacts.paths, ['public']);
  const steps = github.jobs.dates.steps;
  assert.equal(steps.at(-1).uses, 'actions/deploy-pages@v4');
  const [upstream] = /^\[songkick\]\n(?:[^[].*\n)*/m.exec(readFileSync(await stage.writeConfiguration(), 'utf8'));
  const bin = stage.file('bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'docker'), DOCKER, { mode: 0o755 });
  const env = { ...stage.environment, PATH: `${bin}:${process.env.PATH}`, MARQUEE: marqueeProgram };
  for (const [name, lines] of Object.entries({ github: steps.map(({ run: line }) => line).filter(Boolean), gitlab: gitlab.script })) {
    const site = stage.file(name);
    mkdirSync(site);
    writeFileSync(join(site, 'tours.ini'), `${example('tours.ini')}\n${upstream}`);
    for (const line of lines) {
      const { code, stdout, stderr } = await run(['bash', '-ec', line], { cwd: site, env });
      assert.equal(code, 0, `${line}: ${stdout} ${stderr}`);
      assert.doesNotMatch(stdout, /not all tours/, stderr);
    }
    assert.deepEqual(readdirSync(join(site, 'public')).sort(), ['paper-lanterns', 'velvet-harbour']);
    assert.match(readFileSync(join(site, 'public/velvet-harbour/sitemap.xml'), 'utf8'), /<loc>https:\/\/dates\.agency\.example\/velvet-harbour\/</);
    assert.match(readFileSync(join(site, 'public/paper-lanterns/index.html'), 'utf8'), /<html lang="de">/);
  }
});
