/** How an exercise's checks judge: its exercise.ts for its own ones, the kit for those that exercises share. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { preconditions } from '../kit/checks/precondition.ts';
import type { Run, Runs } from '../kit/checks/run.ts';
import { sharedRuns } from '../kit/checks/shared.ts';
import { CourseError } from './course-error.ts';
import type { Check, LoadedExercise } from './exercise.ts';

/** By check id; of each check of the exercise one. Throws CourseError if exercise.ts and exercise.yaml do not agree. */
export async function loadCode({ id, folder, checks }: LoadedExercise): Promise<ReadonlyMap<string, Run>> {
  const at = `content/exercises/${id}/exercise.ts`;
  const own = await importRuns(join(folder, 'exercise.ts'), at);
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

/** An exercise of shared checks alone has no exercise.ts. */
async function importRuns(file: string, at: string): Promise<Runs> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return {};
  let written: unknown;
  try {
    ({ default: written } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default?: unknown });
  } catch (error) {
    throw new CourseError([`${at}: cannot be imported: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (written === undefined || written === null || typeof written !== 'object')
    throw new CourseError([`${at}: has no default export; expected 'export default defineChecks({…})'`]);
  return written as Runs;
}
