/** A question on a real terminal. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/clone.ts';

/** Asks for a solution at a terminal and answers with these keys; what is said, with the exit code at its end. */
async function answer(keys: string): Promise<string> {
  const command = `${join(repository, 'grade')} solution programs/hello --spoil --no-color --as nobody-at-all; echo CODE=$?`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, CI: '', LANG: 'C.UTF-8', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let said = '';
  let answered = false;
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (answered || !said.includes('[y/N]')) return;
    answered = true;
    child.stdin.write(keys);
  });
  await new Promise((resolve) => child.once('close', resolve));
  return said;
}

test.each([
  ['y', 'y\n', /a solution\. Others may be as good[^]*CODE=0/],
  ['n', 'n\n', /The solution was not shown\.[^]*CODE=2/],
  ['Enter', '\n', /The solution was not shown\.[^]*CODE=2/],
  ['Ctrl-D', '\u0004', /The solution was not shown\.[^]*CODE=2/],
  ['Ctrl-C', '\u0003', /Stopping[^]*CODE=130/],
] as const)('%s', async (_, keys, wanted) => {
  expect(await answer(keys)).toMatch(wanted);
});
