import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editUrlOf, hasHistory } from '../../../site/repository.ts';
import { temporaryFolder } from '../temporary.ts';

test('sources are where whoever builds says, and nowhere else', () => {
  expect(editUrlOf({})).toBeNull();
  expect(editUrlOf({ REPOSITORY_URL: '' })).toBeNull();
  expect(editUrlOf({ REPOSITORY_URL: 'https://git.example.org/a/b/' })).toBe('https://git.example.org/a/b/edit/main/');
  for (const wrong of ['a/b', 'javascript:alert(1)', 'git@example.org:a/b']) expect(() => editUrlOf({ REPOSITORY_URL: wrong })).toThrow('must be an address such as');
});

test('no folder without git, and no clone without its past, has a history', async () => {
  const root = await temporaryFolder({ 'one/a': '1' });
  expect(hasHistory(root)).toBe(false);
  const git = (folder: string, ...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder, stdio: 'pipe' });
  const one = join(root, 'one');
  git(one, 'init', '-q');
  git(one, 'add', '.');
  for (const message of ['1', '2']) git(one, 'commit', '-q', '--allow-empty', '-m', message);
  expect(hasHistory(one)).toBe(true);
  git(root, 'clone', '-q', '--depth', '1', `file://${one}`, 'two');
  expect(hasHistory(join(root, 'two'))).toBe(false);
});
