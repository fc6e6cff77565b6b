import { expect, test } from 'vitest';
import { median, ratio, spread } from '../../bench/statistics.ts';

test('the median is the value in the middle, or halfway between the two that are', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 100])).toBe(3);
  expect(median([7])).toBe(7);
});

test('numbers are sorted as numbers, and the caller keeps the order', () => {
  const values = [10, 9, 100];
  expect(spread(values)).toEqual({ median: 10, least: 9, most: 100, count: 3 });
  expect(values).toEqual([10, 9, 100]);
});

test('a ratio is formed within a round, so a machine that gets slower does not change it', () => {
  expect(ratio([4, 8, 40], [2, 4, 20])).toMatchObject({ median: 2, least: 2, most: 2 });
});

test('what cannot be computed is refused', () => {
  expect(() => spread([])).toThrow(RangeError);
  expect(() => ratio([1, 2], [1])).toThrow('2 values cannot be paired with 1');
});
