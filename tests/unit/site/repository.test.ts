import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloneCommands, codespaceOf, editUrlOf, hasHistory, repositoryOf } from '../../../site/repository.ts';
import { temporaryFolder } from '../temporary.ts';

test('sources are where whoever builds says, and nowhere else', () => {
  expect(repositoryOf({})).toBeNull();
  expect(repositoryOf({ REPOSITORY_URL: '' })).toBeNull();
  expect(editUrlOf(null)).toBeNull();
  const repository = repositoryOf({ REPOSITORY_URL: 'https://git.example.org/a/b/' });
  expect(editUrlOf(repository)).toBe('https://git.example.org/a/b/edit/main/');
  expect(cloneCommands(repository!)).toBe('git clone https://git.example.org/a/b\ncd b\nnpx grade');
  expect(cloneCommands('https://git.example.org/a/b.git')).toContain('\ncd b\n');
  for (const wrong of ['a/b', 'javascript:alert(1)', 'git@example.org:a/b'])
    expect(() => repositoryOf({ REPOSITORY_URL: wrong })).toThrow('must be an address such as');
});

test('a codespace is made of what GitHub has, and of nothing else', () => {
  expect(codespaceOf('https://github.com/a/b')).toBe('https://codespaces.new/a/b?quickstart=1');
  expect(codespaceOf('https://github.com/a/b.git')).toBe('https://codespaces.new/a/b?quickstart=1');
  for (const none of [
    null,
    'https://git.example.org/a/b',
    'https://github.com/a',
    'https://github.com.example.org/a/b',
  ])
    expect(codespaceOf(none)).toBeNull();
});

test('no folder without git, and no clone without its past, has a history', async () => {
  const root = await temporaryFolder({ 'one/a': '1' });
  expect(hasHistory(root)).toBe(false);
  const git = (folder: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  const one = join(root, 'one');
  git(one, 'init', '-q');
  git(one, 'add', '.');
  for (const message of ['1', '2']) git(one, 'commit', '-q', '--allow-empty', '-m', message);
  expect(hasHistory(one)).toBe(true);
  git(root, 'clone', '-q', '--depth', '1', `file://${one}`, 'two');
  expect(hasHistory(join(root, 'two'))).toBe(false);
});
