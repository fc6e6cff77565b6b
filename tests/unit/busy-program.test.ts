import { expect, test } from 'vitest';
import { busySource, namesOf, planBusyProgram } from '../../grader/kit/processes/busy-program.ts';
import { Random } from '../../grader/verdict/random.ts';

test.each(Array.from({ length: 50 }, (_, seed) => seed.toString(16)))(
  'seed %s: one leaf is hot by far, and all shares make 1000',
  (seed) => {
    const plan = planBusyProgram(new Random(seed));
    const work = (leaf: string) =>
      plan.paths.filter((path) => path.leaf === leaf).reduce((sum, { share }) => sum + share, 0);
    const leaves = [...new Set(plan.paths.map(({ leaf }) => leaf))];
    expect(leaves.reduce((sum, leaf) => sum + work(leaf), 0)).toBe(1000);
    expect(Math.min(...plan.paths.map(({ share }) => share))).toBeGreaterThanOrEqual(50);
    for (const leaf of leaves.filter((one) => one !== plan.hot))
      expect(work(plan.hot) - work(leaf)).toBeGreaterThanOrEqual(250);
    expect(work(plan.decoy)).toBe(50);
    expect(new Set(plan.paths.filter(({ leaf }) => leaf === plan.hot).map(({ route }) => route)).size).toBe(2);
  },
);

test('the source holds the names, and none of the shares', () => {
  const plan = planBusyProgram(new Random('1'));
  const source = busySource(plan);
  for (const name of namesOf(plan)) expect(source).toMatch(new RegExp(`^static void \\*?${name}\\(`, 'm'));
  for (const { share } of plan.paths.filter((path) => path.share > 50))
    expect(source).not.toMatch(new RegExp(`\\b${share}\\b`));
});
