/** How an exercise's checks judge: its exercise.ts for its own ones, the kit for those that exercises share (runs.ts). */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Run, Runs } from '../kit/checks/run.ts';
import { CourseError } from './course-error.ts';
import type { LoadedExercise } from './exercise.ts';
import { runsOf } from './runs.ts';

/** By check id; of each check of the exercise one. Throws CourseError if exercise.ts and exercise.yaml do not agree. */
export async function loadCode(exercise: LoadedExercise): Promise<ReadonlyMap<string, Run>> {
  const at = `content/exercises/${exercise.id}/exercise.ts`;
  return runsOf(exercise, await importRuns(join(exercise.folder, 'exercise.ts'), at));
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
