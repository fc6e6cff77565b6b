import { expect, test } from 'vitest';
import { listed, verifiedOn } from '../../../site/course/verified.ts';

const on = (...kernels: string[]) => ({
  verified: kernels.map((kernel) => ({ kernel, release: kernel, date: '2026-11-30', unsupported: false })),
});

test('what was verified on a kernel is said of all exercises only if it holds for each, and 5.9 comes before 5.10', () => {
  expect(verifiedOn([on('6.12', '5.10', '7.3'), on('6.12'), on('5.9', '6.12', '7.3')])).toEqual({
    all: ['6.12'],
    some: ['5.9', '5.10', '7.3'],
  });
  expect(verifiedOn([])).toEqual({ all: [], some: [] });
});

test('names in a sentence', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((names) => listed(names))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
