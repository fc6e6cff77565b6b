/** Which code judges which check of an exercise. Runs in browsers too: there the code comes from elsewhere than in code.ts. Pure. */
import { preconditions } from '../kit/checks/precondition.ts';
import type { Run, Runs } from '../kit/checks/run.ts';
import { sharedRuns } from '../kit/checks/shared.ts';
import { CourseError } from './course-error.ts';
import type { Check, LoadedExercise } from './exercise.ts';

/**
 * By check id; of each check of the exercise one. `own` is what its exercise.ts exports. Throws CourseError if that and exercise.yaml do
 * not agree.
 */
export function runsOf({ id, checks }: Pick<LoadedExercise, 'id' | 'checks'>, own: Runs): ReadonlyMap<string, Run> {
  const at = `content/exercises/${id}/exercise.ts`;
  const ids = checks.map((check) => check.id);
  const problems = [
    ...Object.keys(own)
      .filter((name) => !ids.includes(name))
      .map((name) => `${at}: judges '${name}', and exercise.yaml has no such check; it has ${ids.join(', ')}`),
    ...Object.keys(own)
      .filter((name) => typeof own[name] !== 'function')
      .map((name) => `${at}: '${name}' must be a function`),
    ...checks
      .filter((check) => !Object.hasOwn(own, check.id) && !sharedRunOf(check))
      .map((check) => `${at}: does not say how '${check.id}' is judged`),
  ];
  if (problems.length > 0) throw new CourseError(problems);
  return new Map(checks.map((check) => [check.id, withPrecondition(check, own[check.id] ?? sharedRunOf(check)!)]));
}

function sharedRunOf({ uses }: Check): Run | undefined {
  return uses === undefined ? undefined : (sharedRuns as Readonly<Record<string, Run | undefined>>)[uses];
}

function withPrecondition({ given }: Check, run: Run): Run {
  if (given === undefined) return run;
  return async (kit, check) => {
    await preconditions[given](kit);
    await run(kit, check);
  };
}
