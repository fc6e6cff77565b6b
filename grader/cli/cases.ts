/** What an exercise promises of itself, case by case, and whether a result keeps it. */
import type { LoadedExercise } from '../course/exercise.ts';
import { undeclaredCases } from '../course/folders.ts';
import type { Seen } from '../report/verification.ts';
import type { Result } from '../verdict/result.ts';

export interface Case {
  exercise: LoadedExercise;
  /** 'solution', 'starter', 'also/<way>' or 'wrong/<mistake>': a folder below the exercise's, or a patch of that name. */
  name: string;
  /** The check that must fail first; null for what must pass; undefined for what exercise.yaml does not name, and is only tried. */
  fails: string | null | undefined;
}

/** The solution is the first. */
export function casesOf(exercise: LoadedExercise): Case[] {
  return [
    { exercise, name: 'solution', fails: null },
    { exercise, name: 'starter', fails: exercise.starter.fails },
    ...Object.keys(exercise.also ?? {}).map((way) => ({ exercise, name: `also/${way}`, fails: null })),
    ...Object.entries(exercise.wrong).map(([mistake, { fails }]) => ({ exercise, name: `wrong/${mistake}`, fails })),
  ];
}

/**
 * Those of these names, also if exercise.yaml does not declare them: a folder or patch that an author is still trying. A name that is
 * neither is said in `unknown`.
 */
export async function namedCases(
  exercise: LoadedExercise,
  names: readonly string[],
): Promise<{ cases: Case[]; unknown: string[] }> {
  const tried = (await undeclaredCases(exercise)).map((name): Case => ({ exercise, name, fails: undefined }));
  const all = [...casesOf(exercise), ...tried];
  return {
    cases: all.filter(({ name }) => names.includes(name)),
    unknown: names.filter((name) => !all.some((one) => one.name === name)),
  };
}

/** Whether a result is what the case demands: the first check that did not pass is the one named. */
export function compare({ exercise, name, fails }: Case, result: Result, kernel = result.machine?.kernel ?? ''): Seen {
  const first = result.checks.find((check) => check.outcome !== 'pass');
  const seen = result.checks.length === 0 ? result.outcome : first ? `${first.outcome} at ${first.id}` : 'pass';
  const expected = fails === undefined ? 'anything' : fails === null ? 'pass' : `fail at ${fails}`;
  const ok = fails === undefined ? !seen.startsWith('error') : seen === expected;
  const about = result.message ?? first?.message;
  return {
    exercise: exercise.id,
    case: name,
    kernel,
    seed: result.seed,
    expected,
    seen,
    ok,
    durationMs: result.durationMs,
    ...((!ok || fails === undefined) &&
      about && {
        message: [about.text, about.expected && `expected ${about.expected}`, about.actual && `seen ${about.actual}`]
          .filter(Boolean)
          .join('\n'),
      }),
  };
}
