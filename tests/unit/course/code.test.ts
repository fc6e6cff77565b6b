import { expect, test } from 'vitest';
import { loadCode } from '../../../grader/course/code.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { repository } from '../../support/clone.ts';
import { temporaryFolder } from '../temporary.ts';
import { courseFile, exerciseFiles, exerciseYaml } from './courses.ts';

async function code(text: string): Promise<ReadonlyMap<string, unknown>> {
  const root = await temporaryFolder({
    ...courseFile({ programs: ['hello'] }),
    ...exerciseFiles('programs/hello', exerciseYaml(), text),
  });
  return loadCode((await loadCourse(root))[0]!);
}

test('each check of exercise.yaml has its function in exercise.ts', async () => {
  const runs = await code('export default { async loads() {}, async counts() {} }');
  expect([...runs.keys()]).toEqual(['loads', 'counts']);
});

test.each([
  ['export default { async loads() {} }', "exercise.ts: does not say how 'counts' is judged"],
  ['export default { async loads() {}, counts: 5 }', "exercise.ts: 'counts' must be a function"],
  [
    'export default { async loads() {}, async counts() {}, async count() {} }',
    "judges 'count', and exercise.yaml has no such check; it has loads, counts",
  ],
  ['throw new Error("oops")', 'programs/hello/exercise.ts: cannot be imported: oops'],
  ['export const a = 1', 'exercise.ts: has no default export'],
])('%s is refused', async (text, problem) => {
  await expect(code(text)).rejects.toThrow(problem);
});

test("the course's own exercises, each with the code for all of its checks", async () => {
  for (const exercise of await loadCourse(repository))
    expect([...(await loadCode(exercise)).keys()]).toEqual(exercise.checks.map(({ id }) => id));
});
