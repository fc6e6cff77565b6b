import { expect, test } from 'vitest';
import { planMatrix } from '../../../grader/github/shards.ts';

const task = (folder: string, seconds: number, kernel = '6.12') => ({ folder, kernel, seconds });

test('jobs of a kernel are about equally long, and each task is in one of them', () => {
  const tasks = [task('a', 9), task('b', 5), task('c', 5), task('d', 1), task('e', 1)];
  expect(planMatrix(tasks, 2)).toEqual({
    include: [
      { name: '6.12-1', kernel: '6.12', folders: ['a', 'd', 'e'] },
      { name: '6.12-2', kernel: '6.12', folders: ['b', 'c'] },
    ],
  });
});

test('no job is empty, and kernels do not share one', () => {
  expect(
    planMatrix([task('a', 1), task('a', 1, '5.10')], 4).include.map(({ name, folders }) => [name, folders]),
  ).toEqual([
    ['6.12-1', ['a']],
    ['5.10-1', ['a']],
  ]);
  expect(planMatrix([], 4)).toEqual({ include: [] });
});

test('the order of the tasks does not matter', () => {
  const tasks = Array.from({ length: 40 }, (_, i) => task(`s/${i}`, i % 7));
  expect(planMatrix([...tasks].reverse(), 5)).toEqual(planMatrix(tasks, 5));
});
