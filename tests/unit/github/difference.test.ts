import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differenceOf, parseRawDiff } from '../../../grader/github/difference.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

const gitIn =
  (folder: string) =>
  (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();

test('changes of a branch since it left, whatever the base has done meanwhile', async () => {
  const folder = await temporaryFolder({
    'keep.c': 'a',
    'submissions/ada/maps/lru/a.c': 'old',
    'submissions/ada/maps/lru/gone.c': 'x',
  });
  const git = gitIn(folder);
  const commit = () => (git('add', '-A'), git('commit', '-qm', 'x'), git('rev-parse', 'HEAD'));
  git('init', '-qb', 'main');
  commit();
  git('switch', '-qc', 'mine');
  await addFiles(folder, { 'submissions/ada/maps/lru/a.c': 'new', 'submissions/ada/programs/hello/a\nb.c': 'x' });
  await symlink('/etc/passwd', join(folder, 'submissions/ada/programs/hello/link.c'));
  git('rm', '-q', 'submissions/ada/maps/lru/gone.c');
  const head = commit();
  git('switch', '-q', 'main');
  await addFiles(folder, { 'submissions/eve/maps/lru/a.c': 'x' });
  const base = commit();
  expect(await differenceOf(folder, base, head)).toEqual({
    changes: [
      { path: 'submissions/ada/maps/lru/a.c', removed: false },
      { path: 'submissions/ada/maps/lru/gone.c', removed: true },
      { path: 'submissions/ada/programs/hello/a\nb.c', removed: false },
      { path: 'submissions/ada/programs/hello/link.c', removed: false },
    ],
  });
  expect(await differenceOf(folder, base, '0'.repeat(40))).toMatchObject({
    problem: { help: expect.stringContaining('fetch-depth: 0') },
  });
});

test('no change is none', () => {
  expect(parseRawDiff('')).toEqual([]);
});
