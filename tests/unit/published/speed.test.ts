/** How far a download is, and how fast: of the last seconds, not of all. */
import { expect, test } from 'vitest';
import { Speed } from '../../../grader/machine/published/speed.ts';

test('what comes, what was there, what is silent, and what is there', () => {
  let now = 0;
  const parts = [
    { name: 'a', bytes: 100e6 },
    { name: 'b', bytes: 300e6 },
  ];
  const speed = new Speed(parts, () => now);
  expect(String(speed)).toBe('0 of 400 MB, waiting for the server');
  speed.note('of what comes next', 7e6, true);
  speed.note('a', 100e6, false); // of an earlier run
  expect(String(speed)).toBe('100 of 400 MB, waiting for the server');
  for (now = 1000; now <= 3000; now += 1000) speed.note('b', now * 10_000, true);
  now = 3000;
  expect(String(speed)).toBe('130 of 400 MB, 15.0 MB/s');
  now = 7500;
  expect(String(speed)).toBe('130 of 400 MB, 2.2 MB/s');
  now = 9000;
  expect(String(speed)).toBe('130 of 400 MB, waiting for the server');
  speed.note('b', 0, false); // it was wrong, and comes again
  expect(String(speed)).toBe('100 of 400 MB, waiting for the server');
  speed.note('b', 300e6, true);
  now += 5001;
  expect(String(speed)).toBe('400 of 400 MB');
});
