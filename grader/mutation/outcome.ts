/** What became of a mutant, and what an exercise's mutants say of its checks. */
import type { Mutant } from './mutant.ts';

export type MutantOutcome =
  /** A check failed on it, with every workload. */
  | 'killed'
  /** It compiles to the solution's own code. */
  | 'equivalent'
  /** It compiles to the code of an earlier mutant, and is not counted. */
  | 'same'
  /** No compiler takes it, so it says nothing about the checks. */
  | 'invalid'
  /** It passed, and mutants.yaml says why it may. */
  | 'excused'
  /** It passed: a hole in the checks. */
  | 'survived'
  /** The grader failed at it. */
  | 'error';

export interface JudgedMutant {
  mutant: Mutant;
  outcome: MutantOutcome;
  /** 'at loads' of one killed; the reason of one excused; what went wrong. */
  about: string;
  /** With which workload, to see it again; of those that were graded. */
  seed?: string;
}

export interface MutationScore {
  killed: number;
  /** With a reason. */
  excused: number;
  survived: number;
  equivalent: number;
  invalid: number;
  error: number;
}

export function scoreOf(judged: readonly JudgedMutant[]): MutationScore {
  const count = (wanted: MutantOutcome) => judged.filter(({ outcome }) => outcome === wanted).length;
  return {
    killed: count('killed'),
    excused: count('excused'),
    survived: count('survived'),
    equivalent: count('equivalent'),
    invalid: count('invalid'),
    error: count('error'),
  };
}
