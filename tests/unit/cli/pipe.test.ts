import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/clone.ts';

test('a reader that has read enough, as head has, is no trouble', { timeout: 60_000 }, async () => {
  const child = spawn(join(repository, 'grade'), ['list', '--as', 'nobody-at-all'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
});

test.runIf(existsSync('/dev/full'))(
  'output to a full disk: words, and the code for what a machine cannot do',
  { timeout: 60_000 },
  async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(join(repository, 'grade'), ['list', '--as', 'nobody-at-all'], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    let complaints = '';
    child.stderr!.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, complaints }).toEqual({
      code: 3,
      complaints: 'grade: the output cannot be written: ENOSPC: no space left on device, write\n',
    });
  },
);
