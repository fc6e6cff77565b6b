/**
 * Every exercise on real kernels (the oldest that it names, the default one, the newest), as `grade verify` runs it. What
 * the verification record does not know as it is now is verified in all its cases on the default kernel, and by its solution
 * on the others: all cases there would take too long after a change of the kit. Of what it knows, the same sample is run each
 * time: of the first exercise all cases on the default kernel and the solution on the others, of each other exercise the
 * solution on the default kernel. All cases of all on all kernels, with several workloads: `npm run verify`, and every night.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../../grader/cli/context.ts';
import { gradeSubmission } from '../../grader/cli/grading.ts';
import { Machines } from '../../grader/cli/machines.ts';
import { type Case, casesOf, compare } from '../../grader/cli/cases.ts';
import { compileCases } from '../../grader/cli/compile-cases.ts';
import { basisOf } from '../../grader/course/basis.ts';
import type { LoadedExercise } from '../../grader/course/exercise.ts';
import { readCourseList } from '../../grader/course/course-list.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { kernelsOf } from '../../grader/cli/verify.ts';
import { holds, readRecord } from '../../grader/course/verification.ts';
import { listKernels } from '../../grader/machine/vm/kernels.ts';
import { repository } from '../support/clone.ts';
import { everything } from '../support/selection.ts';
import { startGuest } from '../support/vm.ts';

const course = await loadCourse(repository);
const recorded = await readRecord(repository);
const { kernels, default: usual } = await listKernels();
const wanted = kernelsOf(
  'oldest,default,newest',
  kernels.map(({ id }) => id),
  usual,
);

const plans = await Promise.all(
  wanted.map(async ({ id: kernel, suits }) => ({
    kernel,
    due: (await Promise.all(course.filter(suits).map((exercise) => casesDue(exercise, kernel)))).flat(),
  })),
);

describe.each(plans.filter(({ due }) => due.length > 0))('Linux $kernel', ({ kernel, due }) => {
  const machines = new Machines(createContext({ json: true, yes: true }), { kernel });
  // Fetched and booted once, which is no part of any verdict and takes minutes on a busy machine.
  beforeAll(async () => (await startGuest(kernel)).stop(), 900_000);
  afterAll(() => machines.close());

  const compiled = new Map<LoadedExercise, Promise<void>>();
  const compile = (exercise: LoadedExercise) =>
    compileCases({ root: repository, cases: due.filter((one) => one.exercise === exercise), machines });

  test.concurrent.each(due)('$exercise.id $name', async (one) => {
    const { exercise, name } = one;
    if (!compiled.has(exercise)) compiled.set(exercise, compile(exercise));
    await compiled.get(exercise);
    const folder = join(exercise.folder, name);
    const result = await gradeSubmission({ root: repository, exercise, folder, machines });
    const about = JSON.stringify(result.message ?? result.checks.find(({ outcome }) => outcome !== 'pass'), null, 1);
    // What an exercise says it needs, and nothing else, may keep a kernel from judging it.
    if (result.outcome === 'unsupported' && name === 'solution' && kernel !== usual)
      expect(recorded.exercises[exercise.id]?.kernels[kernel], about).toMatchObject({ outcome: 'unsupported' });
    else expect(compare(one, result), about).toMatchObject({ ok: true });
  });
});

async function casesDue(exercise: LoadedExercise, kernel: string): Promise<Case[]> {
  const [solution, ...others] = casesOf(exercise);
  const known = recorded.exercises[exercise.id]?.kernels[kernel];
  const isFirst = exercise.id === course[0]!.id;
  const isHeld = holds(recorded, exercise.id, kernel, await basisOf(repository, exercise, kernel));
  if (isHeld && !everything && !isFirst && kernel !== usual) return [];
  const isWhole = known?.outcome !== 'unsupported' && (everything || (kernel === usual && (!isHeld || isFirst)));
  return isWhole ? [solution!, ...others] : [solution!];
}

test('the verification record is of these exercises and drafts, each exercise supported by the default kernel', async () => {
  const { ids, drafts } = await readCourseList(repository);
  expect(Object.keys(recorded.exercises)).toEqual(expect.arrayContaining(ids));
  expect([...ids, ...drafts]).toEqual(expect.arrayContaining(Object.keys(recorded.exercises)));
  expect(
    course.filter(({ id }) => recorded.exercises[id]?.kernels[usual]?.outcome !== 'verified').map(({ id }) => id),
  ).toEqual([]);
});
