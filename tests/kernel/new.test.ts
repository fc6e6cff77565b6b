/** `grade new`, and that what it makes works as it is. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kindsOfExercises } from '../../grader/course/scaffold.ts';
import { readRecord } from '../../grader/course/verification.ts';
import { Clone, repository } from '../support/clone.ts';
import { everything } from '../support/selection.ts';
import { makeOf } from '../support/templates.ts';

const { others = {} } = await readRecord(repository);

let clone: Clone;
beforeAll(async () => {
  clone = await Clone.make();
});
afterAll(() => clone.remove());

/** All cases if it is not known by digest that they are as they must be; else the solution. */
test.each(await kindsOfExercises(repository))(
  'a new exercise of the kind %s verifies as it is, and is offered to nobody',
  { timeout: 900_000 },
  async (kind) => {
    const { id, made, basis } = await makeOf(kind, clone);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(made.stdout).toContain(`npx grade verify ${id}`);
    expect(await readFile(clone.path('content/exercises', id, 'exercise.yaml'), 'utf8')).toContain(`title: "It's new"`);
    const holds = !everything && others[`template ${kind}`] === basis;
    const wanted = holds ? `content/exercises/${id}/solution` : id;
    const verified = await clone.grade(['verify', wanted, '--seeds', '1', '--json']);
    const { exercises, cases } = JSON.parse(verified.stdout) as {
      exercises: { wrong: number; cases: number; runs: number }[];
      cases: { case: string; ok: boolean }[];
    };
    expect(cases.filter(({ ok }) => !ok)).toEqual([]);
    expect(verified.code, verified.stderr).toBe(0);
    expect(exercises).toMatchObject([{ exercise: id, kernel: '6.12', wrong: 0 }]);
    expect(cases.length).toBe(exercises[0]!.cases);
    expect((await clone.grade(['list'])).stdout).not.toContain(id);
  },
);
