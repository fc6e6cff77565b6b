import { expect, test } from 'vitest';
import { exitCode, overallOutcome, score } from '../../../grader/verdict/outcome.ts';
import type { Outcome } from '../../../grader/verdict/result.ts';

const of = (...outcomes: Outcome[]) => outcomes.map((outcome) => ({ outcome }));

test.each([
  [of('pass', 'pass'), 'pass'],
  [of('pass', 'fail', 'skipped'), 'fail'],
  [of('unsupported', 'skipped', 'pass'), 'unsupported'],
  [of('unsupported', 'fail'), 'fail'],
  [of('fail', 'error'), 'error'],
] as const)('overall outcome %#', (checks, expected) => {
  expect(overallOutcome(checks)).toBe(expected);
});

test.each([
  [of(), 0],
  [of('pass', 'pass'), 0],
  [of('pass', 'unsupported'), 3],
  [of('unsupported', 'fail'), 1],
  [of('fail', 'invalid'), 2],
  [of('invalid', 'error'), 70],
] as const)('exit code %#', (results, expected) => {
  expect(exitCode(results)).toBe(expected);
});

test('no points are claimed for what could not be judged', () => {
  const passed = { outcome: 'pass', points: 2, maxPoints: 2 } as const;
  expect(score([passed, { outcome: 'fail', points: 0, maxPoints: 3 }])).toEqual({ points: 2, maxPoints: 5 });
  expect(score([passed, { outcome: 'error', points: 0, maxPoints: 0 }])).toEqual({ points: 0, maxPoints: 0 });
});
