/**
 * Every exercise on real kernels, as `grade verify` runs it. On the default kernel: of the course's first exercise all cases,
 * of the others the solution, the starter and one mistake; on the oldest kernel that an exercise names, and on the newest,
 * every solution. All cases on all three, with several workloads, for authors and releases: `npm run verify`.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../../grader/cli/context.ts';
import { gradeSubmission } from '../../grader/cli/grading.ts';
import { Machines } from '../../grader/cli/machines.ts';
import { type Case, casesOf, compare } from '../../grader/cli/cases.ts';
import type { LoadedExercise } from '../../grader/course/exercise.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { kernelsOf } from '../../grader/cli/verify.ts';
import { readRecord } from '../../grader/course/verification.ts';
import { listKernels } from '../../grader/machine/vm/kernels.ts';
import { repository } from '../support/clone.ts';
import { startGuest } from '../support/vm.ts';

const course = await loadCourse(repository);
const recorded = await readRecord(repository);
const representative = (exercise: LoadedExercise) => casesOf(exercise).slice(0, exercise === course[0] ? undefined : 3);

async function run(test: Case, machines: Machines) {
  return gradeSubmission({ root: repository, exercise: test.exercise, folder: join(test.exercise.folder, test.name), machines });
}

describe.each(course)('$id', (exercise) => {
  let machines: Machines;
  beforeAll(() => {
    machines = new Machines(createContext({ json: true, yes: true }), {});
  });
  afterAll(() => machines.close());

  test.each(representative(exercise))('$name', async (oneCase) => {
    const result = await run(oneCase, machines);
    expect(compare(oneCase, result), JSON.stringify(result.message ?? result.checks.find(({ outcome }) => outcome !== 'pass'), null, 1)).toMatchObject({ ok: true });
  });
});

const { kernels, default: usual } = await listKernels();
const others = kernelsOf('oldest,newest', kernels.map(({ id }) => id), usual).filter(({ suits }) => course.some(suits));

describe.each(others)('solutions on Linux $id', ({ id: kernel, suits }) => {
  const machines = new Machines(createContext({ json: true, yes: true }), { kernel });
  // Fetched and booted once, which is no part of any verdict and takes minutes on a busy machine.
  beforeAll(async () => (await startGuest(kernel)).stop(), 900_000);
  afterAll(() => machines.close());

  test.each(course.filter(suits))('$id', async (exercise) => {
    const result = await run(casesOf(exercise)[0]!, machines);
    // What an exercise says it needs, and nothing else, may keep a kernel from judging it.
    const about = JSON.stringify(result.message ?? result.checks.find(({ outcome }) => outcome !== 'pass'), null, 1);
    if (result.outcome === 'unsupported') expect(recorded.exercises[exercise.id]?.kernels[kernel], about).toMatchObject({ outcome: 'unsupported' });
    else expect(result.outcome, about).toBe('pass');
  });
});

test('the verification record is of these exercises, each of them supported by the default kernel', () => {
  expect(Object.keys(recorded.exercises).sort()).toEqual(course.map(({ id }) => id).sort());
  expect(course.filter(({ id }) => recorded.exercises[id]?.kernels[usual]?.outcome !== 'verified').map(({ id }) => id)).toEqual([]);
});
