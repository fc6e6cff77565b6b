/** `grade new`, and that what it makes works as it is. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kindsOfExercises } from '../../grader/course/scaffold.ts';
import { Clone, repository } from '../support/clone.ts';

let clone: Clone;
beforeAll(async () => {
  clone = await Clone.make();
});
afterAll(() => clone.remove());

test.each(await kindsOfExercises(repository))('a new exercise of the kind %s verifies as it is, and is offered to nobody', async (kind) => {
  const id = `trial/a-${kind}`;
  const made = await clone.grade(['new', id, '--kind', kind, '--title', "It's new"]);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(made.stdout).toContain(`npx grade verify ${id}`);
  expect(await readFile(clone.path('content/exercises', id, 'exercise.ts'), 'utf8')).toMatch(/title: 'It\\'s new'/);
  const verified = await clone.grade(['verify', id, '--seeds', '1', '--json']);
  expect(verified.code, verified.stdout).toBe(0);
  const { exercises, cases } = JSON.parse(verified.stdout) as { exercises: { wrong: number; cases: number; runs: number }[]; cases: { case: string; ok: boolean }[] };
  expect(exercises).toMatchObject([{ exercise: id, kernel: '6.12', wrong: 0 }]);
  expect(cases.length).toBe(exercises[0]!.cases);
  expect((await clone.grade(['list'])).stdout).not.toContain(id);
});
