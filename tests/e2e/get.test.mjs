// `marquee get`: one document on standard output, for static sites and cron.
import assert from 'node:assert/strict';

import { artist, scenario, until } from './harness.mjs';

const SMALL = '90004004';

// Runs `marquee get songkick artist WORDS...` with the stage's configuration; the key is in nothing it says.
async function get(stage, words, resource = 'artist') {
  const ini = stage.ini ??= await stage.writeConfiguration();
  const got = await stage.runMarquee(['get', 'songkick', resource, ...words, '--config', ini]);
  assert.ok(!`${got.stdout}${got.stderr}`.includes(stage.keyMark));
  return got;
}

const NO_SERVICE = { marquee: false };

scenario('get prints the document that the service would serve.', {}, async (stage) => {
  stage.ini = stage.file('marquee.ini');
  const parameters = { name: 'Milky Chance', weburl: 'https://milkychanceofficial.com' };
  const served = await stage.get(artist(SMALL, parameters));
  const got = await get(stage, [`id=${SMALL}`, `name=${parameters.name}`, `weburl=${parameters.weburl}`]);
  assert.equal(got.code, 0, got.stderr);
  assert.equal(got.stdout, `${served.text}\n`);
  assert.equal(got.stderr, '');
});

scenario('get gives a calendar without revisions, though the service has put one with them into memcached.', {
  memcached: true,
}, async (stage) => {
  stage.ini = stage.file('marquee.ini');
  const served = await stage.get(artist(SMALL, { format: 'ics' }));
  assert.match(served.text, /\r\nSEQUENCE:/);
  const got = await get(stage, [`id=${SMALL}`, 'format=ics']);
  assert.equal(got.code, 0, got.stderr);
  const plain = served.text.replace(/(SEQUENCE|LAST-MODIFIED):.*\r\n/g, '').replace(/DTSTAMP:.*/g, 'DTSTAMP:19700101T000000Z');
  assert.equal(got.stdout, `${plain}\n`);
});

scenario('get needs no listener and no certificate.', NO_SERVICE, async (stage) => {
  const got = await stage.runMarquee(['get', 'songkick', 'artist', `skid=${SMALL}`, 'limit=2', 'indent=1'], {
    env: {
      MARQUEE_SONGKICK_BASE_URL: `${stage.origin}/songkick/api/3.0`,
      MARQUEE_SONGKICK_CA_FILE: `${stage.certificates}/ca.pem`,
    },
  });
  assert.equal(got.code, 0, got.stderr);
  assert.equal(JSON.parse(got.stdout).length, 2);
  assert.match(got.stdout, /\n {2}/);
});

scenario('An artist without events is [] and status 0.', NO_SERVICE, async (stage) => {
  const got = await get(stage, ['id=90000000']);
  assert.equal(got.code, 0, got.stderr);
  assert.deepEqual(JSON.parse(got.stdout), []);
});

scenario('An unknown artist is status 1 and a sentence.', NO_SERVICE, async (stage) => {
  const got = await get(stage, ['id=4041234']);
  assert.equal(got.code, 1);
  assert.equal(got.stdout, '');
  assert.match(got.stderr, /^marquee: .*know/);
});

scenario('An upstream that fails is status 1 and says who failed.', NO_SERVICE, async (stage) => {
  for (const mode of ['403', '500', 'html']) {
    await stage.setMode(mode);
    const got = await get(stage, [`id=${SMALL}`]);
    assert.equal(got.code, 1, mode);
    assert.equal(got.stdout, '');
    assert.match(got.stderr, /provider|Songkick/i);
    await stage.setMode('ok');
  }
});

scenario('A poorer document is printed with status 0 and a remark.', NO_SERVICE, async (stage) => {
  await stage.setMode('500', { match: '/venues/' });
  const got = await get(stage, [`id=${SMALL}`]);
  assert.equal(got.code, 0);
  assert.equal(JSON.parse(got.stdout).length, 4);
  assert.match(got.stderr, /lacks/);
});

scenario('Wrong usage is status 2, every fault is named, and nothing is asked.', NO_SERVICE, async (stage) => {
  for (const [words, named] of [
    [['id=abc', 'weburl=javascript:1'], [/id/, /weburl/]],
    [[], [/id/]],
    [[`id=${SMALL}`, 'nmae=X'], [/nmae/]],
    [[`id=${SMALL}`, 'loose'], [/loose/]],
    [[`id=${SMALL}`, 'format=xml'], [/format/, /jsonld/]],
  ]) {
    const got = await get(stage, words);
    assert.equal(got.code, 2, words.join(' '));
    assert.equal(got.stdout, '');
    for (const one of named) assert.match(got.stderr, one);
  }
  assert.equal((await get(stage, ['id=1'], 'label')).code, 2);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('A provider that is not set up is a fault of the configuration: status 2, and what to do.', NO_SERVICE, async (stage) => {
  for (const [env, said] of [
    [{ MARQUEE_SONGKICK_API_KEY: '' }, 'Songkick needs an API key, and there is none here.'],
    [{ MARQUEE_SONGKICK_ENABLED: 'no' }, 'Songkick is switched off here.'],
  ]) {
    const got = await stage.runMarquee(['get', 'songkick', 'artist', `id=${SMALL}`], { env });
    assert.equal(got.code, 2, got.stderr);
    assert.ok(got.stderr.startsWith(`marquee: ${said}`), got.stderr);
    assert.match(got.stderr, /\[songkick\]/);
    const written = await stage.runMarquee(['pages', 'songkick', 'artist', `id=${SMALL}`, 'pages=https://artist.example/tour',
      '--out', stage.file('pages')], { env });
    assert.equal(written.code, 2, written.stderr);
    assert.ok(written.stderr.includes(`pages: ${said}`), written.stderr);
  }
});

scenario('get shares memcached with the service.', {
  memcached: true, settings: { cache: { memcached_timeout_ms: 1000 } },
}, async (stage) => {
  stage.ini = stage.file('marquee.ini');
  const served = await stage.get(artist(SMALL));
  await until('all of it in memcached', async () => (await stage.metric('memcached_puts')) >= 7);
  await stage.resetCounters();
  const got = await get(stage, [`id=${SMALL}`]);
  assert.equal(got.code, 0, got.stderr);
  assert.deepEqual(JSON.parse(got.stdout), served.json);
  assert.equal((await stage.counters()).requests, 0);
});

scenario('What get has fetched is in memcached for the service.', { memcached: true }, async (stage) => {
  stage.ini = stage.file('marquee.ini');
  assert.equal((await get(stage, [`id=${SMALL}`])).code, 0);
  await stage.resetCounters();
  assert.equal((await stage.get(artist(SMALL))).json.length, 4);
  assert.equal((await stage.counters()).requests, 0);
});
