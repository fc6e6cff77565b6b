/** Text files of an exercise or a submission, for reading and comparing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedExercise } from './exercise.ts';

/** By name, in the order in which the exercise names them. Rejects if one is missing: loading the course has checked them. */
export async function filesOf(
  { folder, files }: LoadedExercise,
  part: 'starter' | 'solution',
): Promise<Map<string, string>> {
  const read = Object.keys(files).map(async (name): Promise<[string, string]> => [
    name,
    await readFile(join(folder, part, name), 'utf8'),
  ]);
  return new Map(await Promise.all(read));
}
