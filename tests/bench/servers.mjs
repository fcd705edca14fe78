// What the parts of `make bench` share: the stage, and the server that the service is compared with.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Stage, build } from '../e2e/harness.mjs';

// As a page of the artist would ask.
export const PARAMETERS = { name: 'Milky Chance', weburl: 'https://milkychanceofficial.com' };

// A stage that leaves nothing behind, however this ends. What fails on one does not keep the next from running.
export async function onStage(settings, body) {
  const stage = new Stage(settings);
  process.on('exit', () => rmSync(stage.directory, { recursive: true, force: true }));
  try {
    await body(stage).finally(() => stage.tearDown());
  } catch (error) {
    process.exitCode = 1;
    console.error([error.message, ...stage.story()].join('\n'));
  }
}

// Fields libh2o writes by itself, and one that changes.
const NOT_RECORDED = ['date', 'connection', 'content-length', 'server'];
export function fieldsOf(answer) {
  return Object.entries(answer.headers).filter(([name]) => !NOT_RECORDED.includes(name));
}

// `before` are the words of a command that runs it.
export async function startBare(stage, name, answer, before) {
  const file = stage.file(`${name}.answer`);
  const head = [answer.status, ...fieldsOf(answer).map(([field, value]) => `${field}: ${value}`)];
  writeFileSync(file, Buffer.concat([Buffer.from(`${head.join('\n')}\n\n`), answer.body]));
  const [certificate, key] = ['cert.pem', 'key.pem'].map((pem) => join(stage.certificates, pem));
  const bare = stage.start('bare', [...before, join(build, 'bare'), file, certificate, key]);
  await bare.ready('its port', () => /^ready \d+\n/.test(bare.output()));
  return { pid: bare.pid, port: Number(/\d+/.exec(bare.output())[0]) };
}
