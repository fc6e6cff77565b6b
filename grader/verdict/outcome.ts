/** From checks to an exercise, from exercises to an exit code. */
import type { CheckResult, Outcome, Result } from './result.ts';

type Judged = Pick<CheckResult, 'outcome' | 'points' | 'maxPoints'>;

/** The worst of the checks: an error of ours voids the verdict, a failure outweighs what could not be checked. */
export function overallOutcome(checks: readonly Pick<CheckResult, 'outcome'>[]): Outcome {
  const worst = (['error', 'fail', 'unsupported'] as const).find((outcome) =>
    checks.some((c) => c.outcome === outcome),
  );
  return worst ?? 'pass';
}

/**
 * Points earned, and points that could be.
 * A passed check earns its points; a failed one, and those skipped because of it, earn nothing of theirs.
 * A check that could not be judged (unsupported, error, skipped because of those) has maxPoints 0: it costs nothing.
 * An exercise that could not be judged is 0 of 0: nothing is claimed.
 */
export function score(checks: readonly Judged[]): { points: number; maxPoints: number } {
  const outcome = overallOutcome(checks);
  if (outcome === 'error' || outcome === 'unsupported') return { points: 0, maxPoints: 0 };
  const sum = (of: (check: Judged) => number) => checks.reduce((total, check) => total + of(check), 0);
  return { points: sum((c) => c.points), maxPoints: sum((c) => c.maxPoints) };
}

// The first that occurs decides: what hides other verdicts comes before what is only one of them.
const exitCodes: readonly (readonly [Outcome, number])[] = [
  ['error', 70],
  ['invalid', 2],
  ['fail', 1],
  ['unsupported', 3],
];

/** 0 all passed, 1 something failed, 2 invalid, 3 this machine can't, 70 our error. No results at all: 0. */
export function exitCode(results: readonly Pick<Result, 'outcome'>[]): number {
  return exitCodes.find(([outcome]) => results.some((r) => r.outcome === outcome))?.[1] ?? 0;
}
