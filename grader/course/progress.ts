/** What a learner has done: the last result of each exercise, in .grade/progress/<login>/<chapter>/<exercise>.json. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Result, resultSchema } from '../verdict/result.ts';
import type { LoadedExercise } from './exercise.ts';
import { readSubmission } from './submission.ts';
import { startedExercises, submissionFolder } from './workspace.ts';
import { writeWhole } from './write-whole.ts';

export interface ExerciseProgress {
  /** The learner has a folder for it. */
  started: boolean;
  /** Milliseconds since 1970 of the last change to its files; 0 if not started. */
  editedAt: number;
  /** Of the last grading; null if there was none. The files may have changed since: see `passed`. */
  result: Result | null;
  /** The last result is a pass, and of the files as they are now. */
  passed: boolean;
}

/** By exercise id. */
export type Progress = ReadonlyMap<string, ExerciseProgress>;

export async function saveResult(root: string, login: string, result: Result): Promise<void> {
  const file = progressFile(root, login, result.exercise);
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(file, `${JSON.stringify(result, null, 1)}\n`);
}

/** The last result; null if there is none or its file is broken. */
export async function readResult(root: string, login: string, exerciseId: string): Promise<Result | null> {
  try {
    const parsed = resultSchema.safeParse(JSON.parse(await readFile(progressFile(root, login, exerciseId), 'utf8')));
    return parsed.success && parsed.data.exercise === exerciseId ? parsed.data : null;
  } catch {
    return null;
  }
}

export async function readProgress(root: string, login: string, course: readonly LoadedExercise[]): Promise<Progress> {
  const started = new Set(await startedExercises(root, login));
  const entries = course.map(async (exercise): Promise<[string, ExerciseProgress]> => {
    const result = await readResult(root, login, exercise.id);
    if (!started.has(exercise.id)) return [exercise.id, { started: false, editedAt: 0, result, passed: false }];
    const folder = submissionFolder(root, login, exercise.id);
    const read = await readSubmission(root, folder, exercise.files);
    const digest = 'submission' in read ? read.submission.digest : null;
    const editedAt = await lastEdit(folder, Object.keys(exercise.files));
    return [exercise.id, { started: true, editedAt, result, passed: isPassed(result, digest) }];
  });
  return new Map(await Promise.all(entries));
}

export function isPassed(result: Result | null, digestNow: string | null): boolean {
  return result !== null && result.outcome === 'pass' && digestNow !== null && result.digest === digestNow;
}

/** The first in the course's order that is not passed. */
export function nextExercise(course: readonly LoadedExercise[], progress: Progress): LoadedExercise | undefined {
  return course.find(({ id }) => !progress.get(id)?.passed);
}

/** What the learner works on: of those started and not passed, the one edited last. */
export function currentExercise(course: readonly LoadedExercise[], progress: Progress): LoadedExercise | undefined {
  const open = course.filter(({ id }) => progress.get(id)?.started && !progress.get(id)?.passed);
  return open.sort((a, b) => progress.get(b.id)!.editedAt - progress.get(a.id)!.editedAt)[0];
}

async function lastEdit(folder: string, names: readonly string[]): Promise<number> {
  const times = names.map((name) => stat(join(folder, name)).then((entry) => entry.mtimeMs, () => 0));
  return Math.max(0, ...(await Promise.all(times)));
}

function progressFile(root: string, login: string, exerciseId: string): string {
  return join(root, '.grade', 'progress', login, `${exerciseId}.json`);
}
