import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCourse } from '../../../grader/course/load.ts';
import {
  currentExercise,
  giveHint,
  hintsGiven,
  isPassed,
  nextExercise,
  readProgress,
  readResult,
  saveResult,
} from '../../../grader/course/progress.ts';
import { loadProgress } from '../../../grader/course/progress-store.ts';
import { startExercise, submissionFolder } from '../../../grader/course/workspace.ts';
import { addFiles } from '../temporary.ts';
import { smallCourse } from './courses.ts';
import { graded, resultOf } from './results.ts';

const hello = { id: 'programs/hello' };

async function prepare() {
  const root = await smallCourse();
  return { root, course: await loadCourse(root) };
}

test('keeps the whole of the last result; a broken one is none, and no harm', async () => {
  const { root, course } = await prepare();
  expect(await readResult(root, 'me', hello.id)).toBeNull();
  await Promise.all(['a', 'b'].map((digest) => saveResult(root, 'me', hello, resultOf(hello.id, { digest }))));
  await saveResult(root, 'me', hello, resultOf(hello.id, { digest: 'c' }));
  expect(await readResult(root, 'me', hello.id)).toMatchObject({ digest: 'c' });
  expect(await readdir(join(root, '.grade/results/me/programs'))).toEqual(['hello.json']);
  for (const broken of ['{"exercise"', '{}', '[]', '']) {
    await addFiles(root, { '.grade/results/me/programs/hello.json': broken });
    expect(await readResult(root, 'me', hello.id)).toBeNull();
  }
  await rm(join(root, '.grade/results'), { recursive: true });
  expect((await readProgress(root, 'me', course)).get(hello.id)!.entry).toMatchObject({ digest: 'c', outcome: 'pass' });
});

test('a pass counts for the files that passed, and when it was is not forgotten', async () => {
  const { root, course } = await prepare();
  const exercise = course[0]!;
  await startExercise(root, 'me', exercise);
  await graded(root, 'me', exercise);
  expect((await readProgress(root, 'me', course)).get(exercise.id)).toMatchObject({ started: true, passed: true });
  await addFiles(submissionFolder(root, 'me', exercise.id), { 'a.bpf.c': 'changed' });
  expect((await readProgress(root, 'me', course)).get(exercise.id)).toMatchObject({
    passed: false,
    entry: { outcome: 'pass' },
  });
  await graded(root, 'me', exercise, 'counts', '2026-02-02T00:00:00.000Z');
  const { entry } = (await readProgress(root, 'me', course)).get(exercise.id)!;
  expect(entry).toMatchObject({
    outcome: 'fail',
    failed: 'counts',
    points: 1,
    passedOn: '2026-01-01T00:00:00.000Z',
    date: '2026-02-02T00:00:00.000Z',
  });
  expect(isPassed({ outcome: 'fail', digest: 'd' }, 'd')).toBe(false);
});

test.each(['error', 'unsupported'] as const)(
  '%s is no verdict and takes nothing from one that was',
  async (outcome) => {
    const { root, course } = await prepare();
    await saveResult(root, 'me', hello, resultOf(hello.id, { outcome, points: 0, maxPoints: 0 }));
    expect((await readProgress(root, 'me', course)).get(hello.id)!.entry).toMatchObject({ outcome });
    await saveResult(root, 'me', hello, resultOf(hello.id));
    await saveResult(root, 'me', hello, resultOf(hello.id, { outcome, points: 0, maxPoints: 0 }));
    expect((await readProgress(root, 'me', course)).get(hello.id)!.entry).toMatchObject({ outcome: 'pass', points: 3 });
  },
);

test('hints are remembered by check, also over later gradings; without a grading there is none to give', async () => {
  const { root } = await prepare();
  expect(await giveHint(root, 'me', hello, 'loads', 2)).toBe(0);
  await saveResult(root, 'me', hello, resultOf(hello.id, { outcome: 'fail' }));
  expect([
    await giveHint(root, 'me', hello, 'loads', 2),
    await giveHint(root, 'me', hello, 'loads', 2),
    await giveHint(root, 'me', hello, 'loads', 2),
  ]).toEqual([1, 2, 2]);
  await saveResult(root, 'me', hello, resultOf(hello.id));
  expect(await hintsGiven(root, 'me', hello)).toEqual({ loads: 2 });
  expect(await hintsGiven(root, 'you', hello)).toEqual({});
});

test('progress is kept under the name that an exercise was first published with', async () => {
  const { root, course } = await prepare();
  await saveResult(root, 'me', { id: 'old/first' }, resultOf('old/first'));
  const renamed = course.map((exercise) =>
    exercise.id === hello.id ? { ...exercise, formerly: ['old/first', 'old/second'] } : exercise,
  );
  expect((await readProgress(root, 'me', renamed)).get(hello.id)!.entry).toMatchObject({ outcome: 'pass' });
  await saveResult(root, 'me', renamed[0]!, resultOf(hello.id, { points: 1 }));
  expect(
    Object.entries((await loadProgress(root)).learners['me']!.exercises).map(([id, { points }]) => [id, points]),
  ).toEqual([['old/first', 1]]);
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
