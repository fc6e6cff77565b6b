/** Reads content/paths.yaml, and checks what it says of exercises. What it says of lessons is checked by the site. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sentence, slug } from './check-words.ts';
import { CourseError } from './course-error.ts';
import { type Path, pathsFile } from './paths.ts';
import { complaints } from './schema.ts';

const id = z.string().regex(/^[a-z0-9-]{1,60}\/[a-z0-9-]{1,60}$/, "must be like 'maps/count-execs'");
const ids = z.array(id).refine((all) => new Set(all).size === all.length, 'names something twice');
const pathsSchema = z
  .array(
    z.strictObject({
      name: slug,
      title: sentence(60),
      summary: sentence(200),
      lessons: ids.min(1),
      exercises: ids.min(1),
      extra: z.strictObject({ lessons: ids, exercises: ids }),
    }),
  )
  .refine((paths) => new Set(paths.map(({ name }) => name)).size === paths.length, 'two paths have the same name');

/** `course`: the ids of its exercises, in its order. No paths if there is no such file. Throws CourseError. */
export async function readPaths(root: string, course: readonly string[]): Promise<Path[]> {
  const text = await readFile(join(root, pathsFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new CourseError([`${pathsFile}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const parsed = pathsSchema.safeParse(value);
  if (!parsed.success) throw new CourseError(complaints(parsed.error).map((complaint) => `${pathsFile}: ${complaint}`));
  const problems = parsed.data.flatMap((path, at) => [
    ...outOfOrder(path.exercises, course, `[${at}].exercises`, 'exercise'),
    ...outOfOrder(path.extra.exercises, course, `[${at}].extra.exercises`, 'exercise'),
    ...path.extra.exercises
      .filter((one) => path.exercises.includes(one))
      .map((one) => `[${at}].extra.exercises: ${one} is required already`),
  ]);
  if (problems.length > 0) throw new CourseError(problems.map((problem) => `${pathsFile}: ${problem}`));
  return parsed.data;
}

/** What is wrong with ids that must be among `all`, in the same order. */
export function outOfOrder(ids: readonly string[], all: readonly string[], at: string, noun: string): string[] {
  const unknown = ids.filter((one) => !all.includes(one));
  if (unknown.length > 0) return unknown.map((one) => `${at}: there is no ${noun} ${one}`);
  const late = ids.findIndex((one, i) => i > 0 && all.indexOf(one) < all.indexOf(ids[i - 1]!));
  return late < 0 ? [] : [`${at}: ${ids[late]} must come before ${ids[late - 1]}, as in the course`];
}
