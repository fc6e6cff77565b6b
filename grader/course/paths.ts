/** content/paths.yaml: paths through the course, each for one purpose; and which of them is followed in this clone. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedExercise } from './exercise.ts';
import { writeWhole } from './write-whole.ts';

export const pathsFile = 'content/paths.yaml';

export interface Path {
  name: string;
  title: string;
  summary: string;
  /** What is required, '<chapter>/<name>', in the course's order. */
  lessons: string[];
  exercises: string[];
  /** What is worth adding. */
  extra: { lessons: string[]; exercises: string[] };
}

const chosenAt = join('.grade', 'path');

/** The path that somebody chose in this clone. None if it is no longer in the course. */
export async function readChosenPath(root: string, paths: readonly Path[]): Promise<Path | undefined> {
  const name = await readFile(join(root, chosenAt), 'utf8').catch(() => '');
  return paths.find((path) => path.name === name.trim());
}

/** `null` leaves the path. */
export async function choosePath(root: string, path: Path | null): Promise<void> {
  if (path === null) return rm(join(root, chosenAt), { force: true });
  await mkdir(join(root, '.grade'), { recursive: true });
  await writeWhole(join(root, chosenAt), `${path.name}\n`);
}

/** The course as a learner on the path does it: what is required comes first. */
export function inOrderOf(path: Path | undefined, course: readonly LoadedExercise[]): LoadedExercise[] {
  const isRequired = ({ id }: LoadedExercise) => path?.exercises.includes(id) ?? false;
  return [...course.filter(isRequired), ...course.filter((exercise) => !isRequired(exercise))];
}
