import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCourse } from '../../../grader/course/load.ts';
import { currentExercise, isPassed, nextExercise, readProgress, readResult, saveResult } from '../../../grader/course/progress.ts';
import { readSubmission } from '../../../grader/course/submission.ts';
import { startExercise, submissionFolder } from '../../../grader/course/workspace.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import { addFiles } from '../temporary.ts';
import { smallCourse } from './courses.ts';

const result = (exercise: string, digest: string, outcome: Result['outcome'] = 'pass'): Result => ({
  exercise, title: 't', submission: 's', digest, outcome, points: 0, maxPoints: 0, seed: '1',
  machine: null, checks: [], startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1,
});

const hello = { id: 'programs/hello' };

async function prepare() {
  const root = await smallCourse();
  return { root, course: await loadCourse(root) };
}

test('keeps the last result; a broken file is no progress', async () => {
  const { root } = await prepare();
  expect(await readResult(root, 'me', 'programs/hello')).toBeNull();
  await Promise.all(['a', 'b'].map((digest) => saveResult(root, 'me', hello, result('programs/hello', digest))));
  await saveResult(root, 'me', hello, result('programs/hello', 'c'));
  expect(await readResult(root, 'me', 'programs/hello')).toMatchObject({ digest: 'c' });
  expect(await readdir(join(root, '.grade/results/me/programs'))).toEqual(['hello.json']);
  for (const broken of ['{"exercise"', '{}', '[]', '']) {
    await addFiles(root, { '.grade/results/me/programs/hello.json': broken });
    expect(await readResult(root, 'me', 'programs/hello')).toBeNull();
  }
});

test('a pass counts for the files that passed', async () => {
  const { root, course } = await prepare();
  const exercise = course[0]!;
  await startExercise(root, 'me', exercise);
  const folder = submissionFolder(root, 'me', exercise.id);
  const read = await readSubmission(root, folder, exercise.files);
  if (!('submission' in read)) throw new Error();
  await saveResult(root, 'me', exercise, result(exercise.id, read.submission.digest));
  expect((await readProgress(root, 'me', course)).get(exercise.id)).toMatchObject({ started: true, passed: true });
  await addFiles(folder, { 'a.bpf.c': 'changed' });
  expect((await readProgress(root, 'me', course)).get(exercise.id)).toMatchObject({ passed: false, entry: { outcome: 'pass' } });
  expect(isPassed(result('x', 'd', 'fail'), 'd')).toBe(false);
});

test('what is current and what is next', async () => {
  const { root, course } = await prepare();
  expect(currentExercise(course, await readProgress(root, 'me', course))).toBeUndefined();
  expect(nextExercise(course, await readProgress(root, 'me', course))?.id).toBe('programs/hello');
  for (const [i, exercise] of course.entries()) {
    await startExercise(root, 'me', exercise);
    const edited = new Date(2026, 0, i === 1 ? 9 : 1);
    await utimes(join(submissionFolder(root, 'me', exercise.id), 'a.bpf.c'), edited, edited);
  }
  expect(currentExercise(course, await readProgress(root, 'me', course))?.id).toBe('programs/maps');
});
