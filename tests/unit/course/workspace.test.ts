import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCourse } from '../../../grader/course/load.ts';
import { oldNameOf, startExercise, startedExercises, submissionFolder } from '../../../grader/course/workspace.ts';
import { addFiles } from '../temporary.ts';
import { git } from './repositories.ts';
import { smallCourse } from './courses.ts';

async function prepare() {
  const root = await smallCourse();
  const exercise = (await loadCourse(root))[0]!;
  const folder = submissionFolder(root, 'me', exercise.id);
  return { root, exercise, folder, file: join(folder, 'a.bpf.c') };
}

describe('startExercise', () => {
  test('copies the starter', async () => {
    const { root, exercise, folder, file } = await prepare();
    expect(await startExercise(root, 'me', exercise)).toEqual({ folder, copied: ['a.bpf.c'] });
    expect(await readFile(file, 'utf8')).toBe('// starter\n');
    expect(await startedExercises(root, 'me')).toEqual(['programs/hello']);
    expect(await readdir(join(root, '.grade/staging'))).toEqual([]);
  });

  test('never overwrites what the learner wrote', async () => {
    const { root, exercise, folder, file } = await prepare();
    await addFiles(folder, { 'a.bpf.c': 'mine' });
    expect(await startExercise(root, 'me', exercise)).toEqual({ folder, copied: [] });
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  test('puts back a file that was deleted', async () => {
    const { root, exercise, folder } = await prepare();
    await addFiles(folder, { 'notes.txt': 'mine' });
    expect(await startExercise(root, 'me', exercise)).toEqual({ folder, copied: ['a.bpf.c'] });
    expect((await readdir(folder)).sort()).toEqual(['a.bpf.c', 'notes.txt']);
  });

  test('many at once make one whole folder', async () => {
    const { root, exercise, folder } = await prepare();
    const started = await Promise.all(Array.from({ length: 8 }, () => startExercise(root, 'me', exercise)));
    expect(started.flatMap((s) => ('copied' in s ? s.copied : ['problem']))).toEqual(['a.bpf.c']);
    expect(await readdir(folder)).toEqual(['a.bpf.c']);
  });

  test('a file in its place', async () => {
    const { root, exercise } = await prepare();
    await addFiles(root, { 'submissions/me/programs/hello': 'x' });
    expect(await startExercise(root, 'me', exercise)).toMatchObject({
      problem: { help: 'Move it elsewhere, and start again.' },
    });
  });
});

describe('an exercise that was renamed since it was started', () => {
  test('is not started anew: the message says how to move the files', async () => {
    const { root, exercise } = await prepare();
    await addFiles(root, { 'submissions/me/intro/hi/a.bpf.c': 'mine' });
    const renamed = { ...exercise, formerly: ['intro/hi'] };
    expect(oldNameOf(renamed, await startedExercises(root, 'me'))).toBe('intro/hi');
    const move = (how: string) =>
      `Move them with:\nmkdir -p submissions/me/programs && ${how} submissions/me/intro/hi submissions/me/programs/hello`;
    expect(await startExercise(root, 'me', renamed)).toMatchObject({
      problem: { text: expect.stringContaining('intro/hi was renamed to programs/hello'), help: move('mv') },
    });
    git(root, 'init', '-q');
    git(root, 'add', 'submissions');
    const started = await startExercise(root, 'me', renamed);
    expect(started).toMatchObject({ problem: { help: move('git mv') } });
    // What it says works.
    execFileSync('sh', ['-c', move('git mv').split('\n')[1]!], { cwd: root });
    expect(await startExercise(root, 'me', renamed)).toMatchObject({ copied: [] });
    expect(await readFile(join(root, 'submissions/me/programs/hello/a.bpf.c'), 'utf8')).toBe('mine');
  });
});

test.each(['..', '', 'a/b', 'a--b', '-a', 'a'.repeat(40)])('%j is no login', (login) => {
  expect(() => submissionFolder('/r', login, 'programs/hello')).toThrow('not a GitHub login');
});
