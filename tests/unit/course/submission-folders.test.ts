/** Submissions with folders in them: as hostile as any other. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exerciseSchema } from '../../../grader/course/schema.ts';
import { readSubmission } from '../../../grader/course/submission.ts';
import { openBelow } from '../../../grader/course/tree.ts';
import { placeOf } from '../../../grader/github/places.ts';
import { locate } from '../../../grader/explain/source.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { exerciseYaml } from './courses.ts';
import { parse } from 'yaml';

const files = {
  'bpf/count.bpf.c': { description: 'B' },
  'user/lib/map.c': { description: 'U' },
  'a.h': { description: 'A' },
};
const good = { 'bpf/count.bpf.c': 'b', 'user/lib/map.c': 'u', 'a.h': 'a' };

async function read(there: Record<string, string>, prepare?: (folder: string) => unknown) {
  const root = await temporaryFolder({ 'outside/secret.c': 'secret' });
  const folder = join(root, 'mine');
  await addFiles(folder, there);
  await prepare?.(folder);
  return readSubmission(root, folder, files);
}

test('files are read from their folders, and what editors leave there is passed over', async () => {
  const result = await read({ ...good, 'user/lib/.map.c.swp': '', 'bpf/count.bpf.c~': '' });
  expect('submission' in result && [...result.submission.files.keys()]).toEqual([
    'a.h',
    'bpf/count.bpf.c',
    'user/lib/map.c',
  ]);
});

describe('refused', () => {
  test.each<[what: string, prepare: (folder: string) => unknown, problem: object]>([
    [
      'a link in place of a folder',
      async (folder) => {
        await rm(join(folder, 'bpf'), { recursive: true });
        await symlink('../outside', join(folder, 'bpf'));
      },
      { text: 'bpf in mine is not a folder.' },
    ],
    [
      'a link in place of a file in a folder',
      async (folder) => {
        await rm(join(folder, 'user/lib/map.c'));
        await symlink('../../../outside/secret.c', join(folder, 'user/lib/map.c'));
      },
      { text: 'user/lib/map.c is not a regular file.', actual: 'a symbolic link' },
    ],
    [
      'a pipe in a folder',
      async (folder) => {
        await rm(join(folder, 'bpf/count.bpf.c'));
        execFileSync('mkfifo', [join(folder, 'bpf/count.bpf.c')]);
      },
      { text: 'bpf/count.bpf.c is not a regular file.', actual: 'a named pipe' },
    ],
    [
      'more files, and folders that nobody asked for',
      async (folder) => addFiles(folder, { 'bpf/more.c': '', 'user/deep/er/x.c': '' }),
      { actual: 'also bpf/more.c, user/deep' },
    ],
    [
      'a file that is missing',
      async (folder) => rm(join(folder, 'user/lib'), { recursive: true }),
      { text: 'user/lib/map.c is missing in mine.' },
    ],
    [
      'a file that is too large',
      async (folder) => addFiles(folder, { 'user/lib/map.c': 'x'.repeat(70_000) }),
      { text: 'user/lib/map.c is too large.' },
    ],
  ])('%s', async (_, prepare, problem) => {
    expect(await read(good, prepare)).toMatchObject({ problem });
  });

  test.each(['../a.c', 'a/../b.c', '/a.c', 'a//b.c', 'a/b/c/d/e.c', '.git/config', 'a/.x', 'a/', 'a\\b.c'])(
    'the name %s in exercise.yaml',
    (name) => {
      const parsed = exerciseSchema({}).safeParse(parse(exerciseYaml({ files: { [name]: 'A file' } })));
      expect(parsed.success).toBe(false);
    },
  );

  test('a name that is a file and a folder', () => {
    const yaml = parse(exerciseYaml({ files: { a: 'A file', 'a/b.c': 'Another' } }));
    expect(exerciseSchema({}).safeParse(yaml).error?.issues[0]?.message).toBe(
      'names the same path as a file and as a folder',
    );
    expect(exerciseSchema({}).safeParse(parse(exerciseYaml({ files: { 'a/b/c/d.c': 'Deep' } }))).success).toBe(true);
  });
});

test('a folder that is swapped for a link while its file is opened leads nowhere else', async () => {
  const root = await temporaryFolder({ 'mine/bpf/x.c': 'mine', 'outside/x.c': 'secret' });
  const folder = join(root, 'mine');
  for (let round = 0; round < 50; round += 1) {
    const opening = openBelow(folder, 'bpf/x.c').then(
      async (file) => {
        const text = await file.readFile('utf8');
        await file.close();
        return text;
      },
      () => 'refused',
    );
    await rename(join(folder, 'bpf'), join(root, 'kept'));
    await symlink('../outside', join(folder, 'bpf'));
    expect(['mine', 'refused']).toContain(await opening);
    await rm(join(folder, 'bpf'));
    await rename(join(root, 'kept'), join(folder, 'bpf'));
  }
  await mkdir(join(folder, 'more'));
  expect(await readFile(join(folder, 'bpf/x.c'), 'utf8')).toBe('mine');
});

test('places in pull requests may have folders, at most four levels', () => {
  expect(placeOf('submissions/ada/maps/shared/bpf/a.bpf.c')).toMatchObject({
    exercise: 'maps/shared',
    file: 'bpf/a.bpf.c',
  });
  expect(placeOf('submissions/ada/maps/shared/a/b/c/d.c')?.file).toBe('a/b/c/d.c');
  expect(placeOf('submissions/ada/maps/shared/a/b/c/d/e.c')).toBeNull();
});

test("a tool's path is the learner's file, whatever folder it names", () => {
  const sources = new Map([
    ['bpf/a.bpf.c', 'one'],
    ['user/b.c', 'two'],
    ['lib/b.c', 'three'],
  ]);
  expect(locate(sources, '/work/submission/bpf/a.bpf.c', 1)).toMatchObject({ file: 'bpf/a.bpf.c', source: 'one' });
  expect(locate(sources, 'a.bpf.c', 1)).toMatchObject({ file: 'bpf/a.bpf.c' });
  expect(locate(sources, 'lib/b.c', 1)).toMatchObject({ source: 'three' });
  expect(locate(sources, 'b.c', 1)).toBeNull();
});
