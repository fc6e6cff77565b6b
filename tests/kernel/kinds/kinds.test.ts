/**
 * A miniature exercise of each kind that the kit has means for, graded as any other: its solution passes, and one mistake fails at
 * the check that is there for it.
 */
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createContext } from '../../../grader/cli/context.ts';
import { gradeSubmission } from '../../../grader/cli/grading.ts';
import { Machines } from '../../../grader/cli/machines.ts';
import type { LoadedExercise } from '../../../grader/course/exercise.ts';
import { saveResult } from '../../../grader/course/progress.ts';
import { startStage } from '../../../grader/course/stages.ts';
import { submissionFolder } from '../../../grader/course/workspace.ts';
import { repository } from '../../support/clone.ts';
import { startGuest } from '../../support/vm.ts';
import { temporaryFolder } from '../../unit/temporary.ts';

const home = import.meta.dirname;

/** What an exercise.yaml has here; words that a test need not read are the same for all. */
const shape = z.strictObject({
  title: z.string(),
  follows: z.string().optional(),
  files: z.array(z.string()),
  checks: z.record(z.string(), z.string()),
  wrong: z.record(z.string(), z.string()),
});

async function readKind(name: string): Promise<LoadedExercise> {
  const folder = join(home, name);
  const { title, follows, files, checks, wrong } = shape.parse(
    parse(await readFile(join(folder, 'exercise.yaml'), 'utf8')),
  );
  const hints = { nudge: 'A nudge.', concept: 'A concept.', line: 'A line.' };
  const words = { stage: 'correct', points: 1, hints, rationale: 'It is a test.' } as const;
  return {
    id: `kinds/${name}`,
    folder,
    title,
    summary: title,
    minutes: 5,
    files: Object.fromEntries(files.map((file) => [file, { description: title }])),
    needs: { kernel: '5.10' },
    ...(follows && { follows: `kinds/${follows}` }),
    checks: Object.entries(checks).map(([id, about]) => ({ ...words, id, title: about })),
    starter: { fails: Object.keys(checks)[0]!, because: 'It has none.' },
    wrong: Object.fromEntries(Object.entries(wrong).map(([id, fails]) => [id, { fails, misconception: title }])),
  };
}

const entries = await readdir(home, { withFileTypes: true });
const kinds = await Promise.all(entries.filter((entry) => entry.isDirectory()).map(({ name }) => readKind(name)));

const machines = new Machines(createContext({ json: true, yes: true }), {});
// Booted once, which is no part of any verdict.
beforeAll(async () => (await startGuest()).stop(), 900_000);
afterAll(() => machines.close());

describe.each(kinds)('$id', (exercise) => {
  const grade = (part: string) =>
    gradeSubmission({ root: repository, exercise, folder: join(exercise.folder, part), machines });

  test('the solution passes', async () => {
    const { outcome, message, checks } = await grade('solution');
    expect(outcome, JSON.stringify(message ?? checks.find((check) => check.outcome !== 'pass'), null, 1)).toBe('pass');
  });

  test.each(Object.entries(exercise.wrong))('%s fails where it must', async (name, { fails }) => {
    const { outcome, checks } = await grade(`wrong/${name}`);
    expect(outcome).toBe('fail');
    expect(checks.find((check) => check.outcome !== 'pass')).toMatchObject({ id: fails, outcome: 'fail' });
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
