/**
 * A miniature exercise of each kind that the kit has means for, graded as any other: its solution passes, and one mistake fails at
 * the check that is there for it. What holds by digest is graded again by `npm run verify`, and every night; the project is each time.
 */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare } from '../../../grader/cli/cases.ts';
import { createContext } from '../../../grader/cli/context.ts';
import { gradeSubmission } from '../../../grader/cli/grading.ts';
import { Machines } from '../../../grader/cli/machines.ts';
import { saveResult } from '../../../grader/course/progress.ts';
import { startStage } from '../../../grader/course/stages.ts';
import { readRecord } from '../../../grader/course/verification.ts';
import { submissionFolder } from '../../../grader/course/workspace.ts';
import { repository } from '../../support/clone.ts';
import { casesOfKind, readKinds, recordOfKind } from '../../support/kinds.ts';
import { everything } from '../../support/selection.ts';
import { startGuest } from '../../support/vm.ts';
import { temporaryFolder } from '../../unit/temporary.ts';

const kinds = await readKinds();
const { others = {} } = await readRecord(repository);
const records = await Promise.all(kinds.map(recordOfKind));
const due = kinds.filter((_, i) => everything || others[records[i]!.name] !== records[i]!.basis);

const machines = new Machines(createContext({ json: true, yes: true }), {});
// Booted once, which is no part of any verdict.
beforeAll(async () => (await startGuest()).stop(), 900_000);
afterAll(() => machines.close());

describe.each(due)('$id', (exercise) => {
  test.each(casesOfKind(exercise))('$name', async (one) => {
    const folder = join(exercise.folder, one.name);
    const result = await gradeSubmission({ root: repository, exercise, folder, machines });
    const about = JSON.stringify(result.message ?? result.checks.find(({ outcome }) => outcome !== 'pass'), null, 1);
    expect(compare(one, result), about).toMatchObject({ ok: true });
  });
});

test('a project: its second stage begins with what passed the first', async () => {
  const root = await temporaryFolder({});
  const [first, second] = ['kinds/project-count', 'kinds/project-limit'].map((id) =>
    kinds.find((one) => one.id === id)!,
  );
  const course = [first!, second!];
  expect(await startStage(root, 'ada', course, second!)).toHaveProperty('problem');
  const mine = submissionFolder(root, 'ada', first!.id);
  await cp(join(first!.folder, 'solution'), mine, { recursive: true });
  const passed = await gradeSubmission({ root, exercise: first!, folder: mine, machines });
  await saveResult(root, 'ada', first!, passed);
  const next = submissionFolder(root, 'ada', second!.id);
  expect(await startStage(root, 'ada', course, second!)).toMatchObject({ folder: next });
  await cp(join(second!.folder, 'solution/bpf/limit.bpf.c'), join(next, 'bpf/limit.bpf.c'));
  const { outcome } = await gradeSubmission({ root, exercise: second!, folder: next, machines });
  expect([passed.outcome, outcome]).toEqual(['pass', 'pass']);
});
