// The service's wall clock, which can be set while it runs, by libfaketime; its monotonic clock goes on.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root, run } from '../e2e/parts.mjs';

const libraries = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`);
const library = libraries.find((path) => existsSync(path));

// In one piece, because it is read all the time.
export function setClock(stage, ahead_s) {
  writeFileSync(stage.file('clock.new'), `${ahead_s < 0 ? '' : '+'}${ahead_s}\n`);
  renameSync(stage.file('clock.new'), stage.file('clock'));
}

export function clockEnvironment(stage) {
  if (library === undefined) throw new Error('there is no libfaketime: deploy/install-deps --test');
  setClock(stage, 0);
  return {
    LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: stage.file('clock'), FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

// Of yesterday, so that they are good on a clock that is set back.
export async function makeCertificates(directory) {
  const made = await run([join(root, 'deploy/make-certificates'), directory], { env: { LD_PRELOAD: library, FAKETIME: '-1d' } });
  if (made.code !== 0) throw new Error(`make-certificates: ${made.stderr}`);
}
