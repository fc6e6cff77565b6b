/** What all reports say in the same words. */
import type { CheckResult, Outcome, Result } from '../verdict/result.ts';
import { stagesOf } from './stages.ts';

/** Of an exercise. */
export const wordOf: Record<Outcome, string> = {
  pass: 'Passed',
  fail: 'Not yet',
  skipped: 'Skipped',
  unsupported: 'Cannot be graded on this machine',
  invalid: 'Not graded: the submission is not complete',
  error: 'Not graded: the grader failed, not you',
};

/** Beside a word or a colour, never instead. */
export const signOf: Record<Outcome, string> = {
  pass: '✓',
  fail: '✗',
  skipped: '–',
  unsupported: '○',
  invalid: '!',
  error: '!',
};

/** Of a check. */
export const checkWords: Record<Outcome, string> = {
  pass: 'passed',
  fail: 'not yet',
  skipped: 'not run',
  unsupported: 'cannot be checked here',
  invalid: 'not checked',
  error: 'grader error, not yours',
};

const countWords: readonly (readonly [Outcome, string])[] = [
  ['pass', 'passed'],
  ['fail', 'not yet'],
  ['invalid', 'not complete'],
  ['unsupported', 'not gradable here'],
  ['error', 'grader error'],
  ['skipped', 'skipped'],
];

/** '3 passed', '1 not yet' …, those that occur. */
export function countOutcomes(results: readonly Pick<Result, 'outcome'>[]): [Outcome, string][] {
  const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  return countWords
    .filter(([outcome]) => count(outcome) > 0)
    .map(([outcome, word]) => [outcome, `${count(outcome)} ${word}`]);
}

/** 'all the way', 'stopped at load', 'nothing was run'. */
export function howFar(checks: readonly Pick<CheckResult, 'stage' | 'outcome'>[]): string {
  const reached = stagesOf(checks);
  if (reached.length === 0) return 'nothing was run';
  const stop = reached.find(({ outcome }) => outcome !== 'pass');
  return stop ? `stopped at ${stop.stage}` : 'all the way';
}

/** Points have at most two decimals on paper. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function plural(count: number, word: string, words = `${word}s`): string {
  return `${number(count)} ${count === 1 ? word : words}`;
}

export function pointsText({ points, maxPoints }: Pick<CheckResult, 'points' | 'maxPoints'>): string {
  return `${number(points)} of ${plural(maxPoints, 'point')}`;
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
