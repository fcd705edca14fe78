// What the parts of `make bench` share: the stage, and the server that the service is compared with.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { Stage, build, freePort, getHttps } from '../e2e/harness.mjs';

// As a page of the artist would ask.
export const PARAMETERS = { name: 'Milky Chance', weburl: 'https://milkychanceofficial.com' };

export function has(program) {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

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

// nginx's cache before a bare server, which has `path`: a peer, not a target. One process: workers would outlive a
// killed master.
export async function startNginx(stage, name, origin, path, before) {
  const port = await freePort();
  const directory = stage.file(name);
  mkdirSync(directory);
  const temporary = ['client_body', 'fastcgi', 'uwsgi', 'scgi', 'proxy'].map((kind) => `
    ${kind}_temp_path ${directory}/${kind};`);
  writeFileSync(`${directory}/nginx.conf`, `
${userInfo().uid === 0 ? 'user root;' : ''}
master_process off;
daemon off;
pid ${directory}/nginx.pid;
events {}
http {
  access_log off;
  keepalive_requests 1000000;
  ${temporary.join('')}
  proxy_cache_path ${directory}/cache keys_zone=all:1m use_temp_path=off;
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate ${stage.certificates}/cert.pem;
    ssl_certificate_key ${stage.certificates}/key.pem;
    location / { proxy_pass https://127.0.0.1:${origin}; proxy_cache all; proxy_ignore_headers Vary; }
  }
}
`);
  const nginx = stage.start('nginx', [...before, 'nginx', '-e', 'stderr', '-c', `${directory}/nginx.conf`]);
  await nginx.ready('an answer', async () => {
    try {
      return (await getHttps(port, stage.ca, path)).status === 200;
    } catch {
      return false;
    }
  });
  return { pid: nginx.pid, port };
}
