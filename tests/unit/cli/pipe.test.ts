import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/clone.ts';

test('a reader that has read enough, as head has, is no trouble', { timeout: 60_000 }, async () => {
  const child = spawn(join(repository, 'grader/bin/grade.mjs'), ['list', '--as', 'nobody-at-all'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
});
