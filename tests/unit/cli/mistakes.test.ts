/** Whatever was typed wrongly ends with 2, says what is wrong, and what to do. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { repository } from '../../support/clone.ts';

const env = { ...process.env, NO_COLOR: '1', LANG: 'C.UTF-8', CI: '' };

async function grade(typed: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const ended = promisify(execFile)(join(repository, 'grade'), typed.split(' '), { env });
  return ended.then(
    (output) => ({ code: 0, ...output }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

test.each([
  ['hnit', 'no exercise or folder ‘hnit’', 'npx grade hint'],
  ['hint hnit', 'no exercise or folder ‘hnit’', 'npx grade list'],
  ['task programs/helo', 'no exercise or folder', 'Did you mean programs/hello?'],
  ['run lits', 'no exercise or folder ‘lits’', 'npx grade list'],
  ['list nothing-like-it', 'No exercise of the course matches', 'The chapters are'],
  ['list --todo --passed', 'leave nothing', 'Leave one'],
  ['help lits', 'no command ‘lits’', 'npx grade --help'],
  ['list --jsno', "unknown option '--jsno'", 'npx grade list --help'],
  ['status --yes', "unknown option '--yes'", 'npx grade status --help'],
  ['status too-much', 'too many arguments', 'npx grade status --help'],
  ['list --as', 'argument missing', 'npx grade list --help'],
  ['list --as not/me', 'not a GitHub login', 'letters'],
  ['--kernel 5.10 watch', 'In front of ‘watch’, --kernel does nothing', 'npx grade watch --kernel'],
  ['--all list', 'In front of ‘list’, --all does nothing', 'npx grade list --help'],
  ['--kernel 1.0 programs/hello', "no kernel '1.0'", 'Choose one of'],
  ['--all --jobs none', '--jobs none is not a number', '--jobs 2'],
  ['--all --seed zz', 'not a seed', 'hexadecimal'],
  ['export --format xml', 'Allowed choices', 'npx grade export --help'],
  ['completion cmd', 'no completion for ‘cmd’', 'bash, zsh, fish'],
  ['verify', 'Nothing was verified', '--yes'],
])('grade %s', async (typed, wrong, remedy) => {
  const { code, stdout, stderr } = await grade(typed);
  expect([code, stdout]).toEqual([2, '']);
  const said = stderr.replace(/\s+/g, ' ');
  expect(said).toContain(wrong);
  expect(said).toContain(remedy);
});

test('what every command takes may stand in front of it, and what it heeds as well', async () => {
  const { code, stdout } = await grade('--json --plain status --as nobody-at-all');
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ login: 'nobody-at-all', current: null })]);
});

test.each([
  ['--version', /^hookpoint \d/],
  ['help', /^Usage: grade \[options\]/],
  ['help list', /^Usage: grade list/],
  ['list --help', /^Usage: grade list/],
])('grade %s is none', async (typed, said) => {
  expect(await grade(typed)).toEqual({ code: 0, stdout: expect.stringMatching(said), stderr: '' });
});
