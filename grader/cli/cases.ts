/** What an exercise promises of itself, case by case, and whether a result keeps it. */
import type { LoadedExercise } from '../course/exercise.ts';
import type { Seen } from '../report/verification.ts';
import type { Result } from '../verdict/result.ts';

export interface Case {
  exercise: LoadedExercise;
  /** 'solution', 'starter' or 'wrong/<mistake>': the folder below the exercise's. */
  name: string;
  /** The check that must fail first; null for the solution. */
  fails: string | null;
}

/** The solution is the first. */
export function casesOf(exercise: LoadedExercise): Case[] {
  return [
    { exercise, name: 'solution', fails: null },
    { exercise, name: 'starter', fails: exercise.starter.fails },
    ...Object.entries(exercise.wrong).map(([mistake, { fails }]) => ({ exercise, name: `wrong/${mistake}`, fails })),
  ];
}

/** Whether a result is what the case demands: the first check that did not pass is the one named. */
export function compare({ exercise, name, fails }: Case, result: Result, kernel = result.machine?.kernel ?? ''): Seen {
  const first = result.checks.find((check) => check.outcome !== 'pass');
  const seen = result.checks.length === 0 ? result.outcome : first ? `${first.outcome} at ${first.id}` : 'pass';
  const expected = fails === null ? 'pass' : `fail at ${fails}`;
  const ok = seen === expected;
  const about = result.message ?? first?.message;
  return {
    exercise: exercise.id, case: name, kernel, seed: result.seed, expected, seen, ok, durationMs: result.durationMs,
    ...(!ok && about && { message: [about.text, about.expected && `expected ${about.expected}`, about.actual && `seen ${about.actual}`].filter(Boolean).join('\n') }),
  };
}
