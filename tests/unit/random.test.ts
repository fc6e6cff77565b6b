import { describe, expect, test } from 'vitest';
import { newSeed, Random } from '../../grader/verdict/random.ts';

describe('Random', () => {
  test('the same seed draws the same, on every machine', () => {
    const random = new Random('00ff');
    expect([random.int(1, 6), random.int(0, 2 ** 32 - 1), random.name(12), random.shuffle([1, 2, 3, 4, 5])])
      .toMatchInlineSnapshot(`
      [
        3,
        3050896076,
        "ugjjbiolbaaz",
        [
          3,
          1,
          4,
          2,
          5,
        ],
      ]
    `);
  });

  test('another seed draws something else', () => {
    expect(new Random(newSeed()).name(20)).not.toBe(new Random(newSeed()).name(20));
  });

  test('int reaches both ends, and each number about as often as the others', () => {
    const random = new Random('1');
    const seen = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 10_000; draw++) seen[random.int(-2, 2) + 2]!++;
    for (const times of seen) expect(Math.abs(times - 2000)).toBeLessThan(250);
  });

  test('shuffle keeps every item and leaves the original alone', () => {
    const items = Object.freeze([1, 2, 3, 4, 5, 6]);
    expect(new Random('2').shuffle(items).toSorted()).toEqual(items);
  });

  test('several draws within its bounds', () => {
    const random = new Random('3');
    const lengths = Array.from({ length: 200 }, () => random.several(2, 4, () => 0).length);
    expect(new Set(lengths)).toEqual(new Set([2, 3, 4]));
  });

  test.each([
    [2, 1],
    [0.5, 1],
    [0, 2 ** 32],
    [NaN, 1],
  ])('int(%s, %s) is refused', (min, max) => {
    expect(() => new Random('4').int(min, max)).toThrow(RangeError);
  });

  test('what is no seed is refused', () => {
    expect(() => new Random('not hex')).toThrow('hexadecimal');
    expect(() => new Random('4').pick([])).toThrow(RangeError);
  });
});
