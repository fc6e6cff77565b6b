/** A project of two stages: the second opens with a pass of the first, and begins with the learner's own files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCourse } from '../../../grader/course/load.ts';
import { startStage } from '../../../grader/course/stages.ts';
import { startExercise, submissionFolder } from '../../../grader/course/workspace.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { courseFile, exerciseFiles, exerciseYaml } from './courses.ts';
import { graded } from './results.ts';

const second = exerciseYaml({
  follows: 'project/one',
  files: { 'a.bpf.c': 'The program', 'user/b.c': 'Its loader' },
});

async function project(order = ['one', 'two']) {
  const two = exerciseFiles('project/two', second);
  const root = await temporaryFolder({
    ...courseFile({ project: order }),
    ...exerciseFiles('project/one'),
    ...two,
    ...Object.fromEntries(
      ['starter', 'solution'].map((part) => [`content/exercises/project/two/${part}/user/b.c`, `// ${part}\n`]),
    ),
  });
  return { root, course: order[0] === 'one' ? await loadCourse(root) : [] };
}

test('a stage is closed until the one before was passed, and stays open when that one is changed', async () => {
  const { root, course } = await project();
  const [one, two] = course as [(typeof course)[0], (typeof course)[0]];
  expect(await startStage(root, 'me', course, two)).toEqual({
    problem: {
      text: 'project/two builds on project/one, which you have not passed yet.',
      help: 'Pass that one first: npx grade start project/one',
    },
  });
  await startExercise(root, 'me', one);
  await addFiles(submissionFolder(root, 'me', one.id), { 'a.bpf.c': '// passed\n' });
  await graded(root, 'me', one);
  await addFiles(submissionFolder(root, 'me', one.id), { 'a.bpf.c': '// better\n' });
  const folder = submissionFolder(root, 'me', two.id);
  expect(await startStage(root, 'me', course, two)).toEqual({ folder, copied: ['a.bpf.c', 'user/b.c'] });
  expect(await readFile(join(folder, 'a.bpf.c'), 'utf8')).toBe('// better\n');
  expect(await readFile(join(folder, 'user/b.c'), 'utf8')).toBe('// starter\n');
  await addFiles(folder, { 'a.bpf.c': '// of stage two\n' });
  expect(await startStage(root, 'me', course, two)).toEqual({ folder, copied: [] });
  expect(await readFile(join(folder, 'a.bpf.c'), 'utf8')).toBe('// of stage two\n');
});

test('a stage must come after the one that it builds on', async () => {
  const { root } = await project(['two', 'one']);
  await expect(loadCourse(root)).rejects.toThrow(
    'project/two/exercise.yaml: follows: no exercise project/one comes before it in the course',
  );
});
