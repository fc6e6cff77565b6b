/** Finds and loads the exercises, in the course's order. */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CourseError, readCourseList } from './course-list.ts';
import type { Exercise, LoadedExercise } from './exercise.ts';
import { checkFolders } from './folders.ts';
import { complaints, exerciseSchema } from './schema.ts';

export { CourseError };

/**
 * All exercises of the course below `root`, the repository, and of its drafts those that somebody named: by id, name or a
 * path. Another author's draft may be broken without harm to anybody else. Throws CourseError.
 */
export async function loadCourse(root: string, named: readonly string[] = []): Promise<LoadedExercise[]> {
  const home = join(root, 'content', 'exercises');
  const { ids, drafts, formerly } = await readCourseList(root);
  const problems = await unlisted(root, home, [...ids, ...drafts]);
  const exercises: LoadedExercise[] = [];
  const wanted = drafts.filter((id) => !ids.includes(id) && named.some((text) => resolve(text).split(sep).includes(id.slice(id.indexOf('/') + 1))));
  for (const id of [...ids, ...wanted]) {
    const loaded = await loadExercise(root, id);
    if ('problems' in loaded) problems.push(...loaded.problems);
    else exercises.push({ ...loaded.exercise, formerly: formerly(id) });
  }
  if (problems.length > 0) throw new CourseError(problems);
  return exercises;
}

async function loadExercise(root: string, id: string): Promise<{ exercise: LoadedExercise } | { problems: string[] }> {
  const folder = join(root, 'content', 'exercises', id);
  const file = join(folder, 'exercise.ts');
  const at = relative(root, file);
  let written: unknown;
  try {
    ({ default: written } = await import(/* @vite-ignore */ pathToFileURL(file).href));
  } catch (error) {
    return { problems: [`${at}: cannot be imported: ${error instanceof Error ? error.message : String(error)}`] };
  }
  if (written === undefined) return { problems: [`${at}: has no default export; expected 'export default defineExercise({…})'`] };
  const parsed = exerciseSchema.safeParse(written);
  if (!parsed.success) return { problems: complaints(parsed.error).map((complaint) => `${at}: ${complaint}`) };
  // What was written, not what zod copied: its functions keep their `this`.
  const exercise: LoadedExercise = { ...(written as Exercise), id, folder };
  const problems = (await checkFolders(exercise)).map((problem) => `${relative(root, folder)}/${problem}`);
  return problems.length > 0 ? { problems } : { exercise };
}

/** An exercise that nobody listed would never be graded, and nobody would notice. */
async function unlisted(root: string, home: string, ids: readonly string[]): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name === 'exercise.ts')
    .map((entry) => relative(home, entry.parentPath))
    .filter((id) => !ids.includes(id))
    .map((id) => `${relative(root, join(home, id))}/exercise.ts: is not listed in content/exercises/course.json`);
}
