/** Finds and loads the exercises, in the course's order. */
import { readFile, readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Exercise, LoadedExercise } from './exercise.ts';
import { checkFolders } from './folders.ts';
import { complaints, courseSchema, exerciseSchema } from './schema.ts';

/** The course itself is wrong: for its authors. Every problem found, each with the file that it is in. */
export class CourseError extends Error {
  override name = 'CourseError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The course has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n  ${problems.join('\n  ')}`);
    this.problems = problems;
  }
}

/**
 * All exercises of the course below `root`, the repository, and of its drafts those that somebody named: by id, name or a
 * path. Another author's draft may be broken without harm to anybody else. Throws CourseError.
 */
export async function loadCourse(root: string, named: readonly string[] = []): Promise<LoadedExercise[]> {
  const home = join(root, 'content', 'exercises');
  const { ids, drafts } = await listed(root, join(home, 'course.json'));
  const problems = await unlisted(root, home, [...ids, ...drafts]);
  const exercises: LoadedExercise[] = [];
  const wanted = drafts.filter((id) => !ids.includes(id) && named.some((text) => resolve(text).split(sep).includes(id.slice(id.indexOf('/') + 1))));
  for (const id of [...ids, ...wanted]) {
    const loaded = await loadExercise(root, id);
    if ('problems' in loaded) problems.push(...loaded.problems);
    else exercises.push(loaded.exercise);
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

async function listed(root: string, file: string): Promise<{ ids: string[]; drafts: string[] }> {
  const at = relative(root, file);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CourseError([`${at}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const parsed = courseSchema.safeParse(value);
  if (!parsed.success) throw new CourseError(complaints(parsed.error).map((complaint) => `${at}: ${complaint}`));
  const ids = parsed.data.chapters.flatMap(({ name, exercises }) => exercises.map((exercise) => `${name}/${exercise}`));
  const { first, drafts = [] } = parsed.data;
  if (first !== undefined && !ids.includes(first)) throw new CourseError([`${at}: first: no chapter lists ${first}`]);
  const twice = ids.filter((id, i) => ids.indexOf(id) < i);
  if (twice.length > 0) throw new CourseError(twice.map((id) => `${at}: lists ${id} twice`));
  return { ids: first === undefined ? ids : [first, ...ids.filter((id) => id !== first)], drafts };
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
