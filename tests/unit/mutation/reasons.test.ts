import { expect, test } from 'vitest';
import { readReasons } from '../../../grader/mutation/reasons.ts';
import { temporaryFolder } from '../temporary.ts';

test('a reason is kept for each mutant of its group; without the file there is none', async () => {
  const folder = await temporaryFolder({
    'mutants.yaml': '- reason: Nothing that anybody can see changes.\n  mutants: { constant-1: a, constant-2: b }\n',
  });
  expect([...(await readReasons(folder))]).toEqual([
    ['constant-1', 'Nothing that anybody can see changes.'],
    ['constant-2', 'Nothing that anybody can see changes.'],
  ]);
  expect(await readReasons(await temporaryFolder({ 'task.mdx': '' }))).toEqual(new Map());
});

test.each([
  ['no reason', '- mutants: { constant-1: a }'],
  ['a word for a reason', '- reason: fine\n  mutants: { constant-1: a }'],
  ['no list', 'constant-1: Nothing that anybody can see changes.'],
])('%s is refused', async (_, text) => {
  await expect(readReasons(await temporaryFolder({ 'mutants.yaml': text }))).rejects.toThrow();
});
