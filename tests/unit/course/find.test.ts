import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findExercise } from '../../../grader/course/find.ts';
import { exercise } from '../verdict/exercises.ts';
import { temporaryFolder } from '../temporary.ts';

const course = ['programs/hello', 'programs/filter', 'networking/filter', 'networking/xdp-drop'].map((id) => ({
  ...exercise(),
  id,
}));
const find = async (text: string, cwd?: string) => {
  const found = await findExercise(course, text, cwd);
  return 'exercise' in found ? { id: found.exercise.id, folder: found.folder } : found.problem;
};

test('by id and by unique name', async () => {
  expect(await find('programs/filter')).toEqual({ id: 'programs/filter' });
  expect(await find('hello/')).toEqual({ id: 'programs/hello' });
});

test('a name that is not unique', async () => {
  expect(await find('filter')).toMatchObject({
    expected: 'programs/filter or networking/filter',
    help: 'Say which: npx grade programs/filter',
  });
});

test('by a folder, or a file in it', async () => {
  const root = await temporaryFolder({
    'submissions/me/programs/hello/a.bpf.c': '',
    'content/exercises/programs/hello/wrong/one/': '',
  });
  const folder = join(root, 'submissions/me/programs/hello');
  expect(await find('submissions/me/programs/hello/', root)).toEqual({ id: 'programs/hello', folder });
  expect(await find('./a.bpf.c', folder)).toEqual({ id: 'programs/hello', folder });
  expect(await find('.', folder)).toEqual({ id: 'programs/hello', folder });
  const wrong = join(root, 'content/exercises/programs/hello/wrong/one');
  expect(await find(wrong, '/')).toEqual({ id: 'programs/hello', folder: wrong });
});

test('unknown, with the nearest', async () => {
  expect(await find('helo')).toMatchObject({
    text: 'There is no exercise or folder ‘helo’.',
    help: 'Did you mean programs/hello?',
  });
  expect(await find('network/xdp-drop')).toMatchObject({ help: 'Did you mean networking/xdp-drop?' });
  expect(await find('something else')).toMatchObject({ help: 'See what there is: npx grade list' });
});

test('a mistyped command', async () => {
  const help = async (text: string) => findExercise(course, text, undefined, ['hint', 'list', 'plan']);
  expect(await help('hnit')).toMatchObject({ problem: { help: 'Did you mean: npx grade hint' } });
  expect(await help('helo')).toMatchObject({ problem: { help: 'Did you mean programs/hello?' } });
});

test('by what it was once called; a folder that still has the old name is not graded', async () => {
  const renamed = course.map((one) => (one.id === 'programs/hello' ? { ...one, formerly: ['intro/hi'] } : one));
  for (const text of ['intro/hi', 'hi'])
    expect(await findExercise(renamed, text)).toMatchObject({ exercise: { id: 'programs/hello' } });
  const root = await temporaryFolder({ 'submissions/me/intro/hi/a.bpf.c': '' });
  expect(await findExercise(renamed, 'submissions/me/intro/hi', root)).toMatchObject({
    problem: {
      text: 'intro/hi was renamed to programs/hello.',
      help: 'See what to do with the folder: npx grade programs/hello',
    },
  });
});
