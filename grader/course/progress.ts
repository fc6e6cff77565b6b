/** What a learner has done, and what comes next. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Result } from '../verdict/result.ts';
import { type LoadedExercise, stableIdOf } from './exercise.ts';
import { learnerIn, withEntry } from './progress-entries.ts';
import type { ExerciseEntry } from './progress-file.ts';
import { loadProgress, type Note, updateProgress } from './progress-store.ts';
import { readSubmission } from './submission.ts';
import { startedExercises, submissionFolder } from './workspace.ts';
import { writeWhole } from './write-whole.ts';

export interface ExerciseProgress {
  /** The learner has a folder for it. */
  started: boolean;
  /** Milliseconds since 1970 of the last change to its files; 0 if not started. */
  editedAt: number;
  /** Of its files as they are now, as in a result; null if they cannot be read. */
  digest: string | null;
  /** Of the last grading; null if there was none. The files may have changed since: see `passed`. */
  entry: ExerciseEntry | null;
  /** The last result is a pass, and of the files as they are now. */
  passed: boolean;
}

/** By exercise id. */
export type Progress = ReadonlyMap<string, ExerciseProgress>;

/** Remembers a result: what counts in the progress, and the whole of it in .grade/results, which can be deleted without harm. */
export async function saveResult(
  root: string,
  login: string,
  exercise: Pick<LoadedExercise, 'id' | 'formerly'>,
  result: Result,
  note?: Note,
): Promise<void> {
  const file = resultFile(root, login, exercise.id);
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(file, `${JSON.stringify(result, null, 1)}\n`);
  await changeEntry(root, login, exercise, (before) => entryAfter(before, result), note);
}

/** The whole of the last result; null if there is none or its file is broken. */
export async function readResult(root: string, login: string, exerciseId: string): Promise<Result | null> {
  try {
    const { resultSchema } = await import('../verdict/result.ts');
    const parsed = resultSchema.safeParse(JSON.parse(await readFile(resultFile(root, login, exerciseId), 'utf8')));
    return parsed.success && parsed.data.exercise === exerciseId ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Throws ProgressRefused; so do all that read or change the progress. */
export async function readProgress(
  root: string,
  login: string,
  course: readonly LoadedExercise[],
  note?: Note,
): Promise<Progress> {
  const { exercises } = learnerIn(await loadProgress(root, note), login);
  const started = new Set(await startedExercises(root, login));
  const states = course.map(async (exercise): Promise<[string, ExerciseProgress]> => {
    const entry = exercises[stableIdOf(exercise)] ?? null;
    if (!started.has(exercise.id))
      return [exercise.id, { started: false, editedAt: 0, digest: null, entry, passed: false }];
    const folder = submissionFolder(root, login, exercise.id);
    const read = await readSubmission(root, folder, exercise.files);
    const digest = 'submission' in read ? read.submission.digest : null;
    const editedAt = await lastEdit(folder, Object.keys(exercise.files));
    return [exercise.id, { started: true, editedAt, digest, entry, passed: isPassed(entry, digest) }];
  });
  return new Map(await Promise.all(states));
}

/** How many hints beyond the first the learner has had, by check. */
export async function hintsGiven(
  root: string,
  login: string,
  exercise: Pick<LoadedExercise, 'id' | 'formerly'>,
  note?: Note,
): Promise<Readonly<Record<string, number>>> {
  return learnerIn(await loadProgress(root, note), login).exercises[stableIdOf(exercise)]?.hints ?? {};
}

/** One hint more for a check, at most `most` in all; returns how many that makes. There must have been a grading. */
export async function giveHint(
  root: string,
  login: string,
  exercise: Pick<LoadedExercise, 'id' | 'formerly'>,
  check: string,
  most: number,
): Promise<number> {
  let given = 0;
  await changeEntry(root, login, exercise, (before) => {
    if (!before) return null;
    given = Math.min((before.hints?.[check] ?? 0) + 1, most);
    return { ...before, hints: { ...before.hints, [check]: given } };
  });
  return given;
}

export function isPassed(last: Pick<ExerciseEntry, 'outcome' | 'digest'> | null, digestNow: string | null): boolean {
  return last !== null && last.outcome === 'pass' && digestNow !== null && last.digest === digestNow;
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

/** A result that is no verdict, for our fault or the machine's, takes nothing from one that was. */
function entryAfter(
  before: ExerciseEntry | null,
  { outcome, points, maxPoints, digest, seed, machine, startedAt, checks }: Result,
): ExerciseEntry {
  if (before && (outcome === 'error' || outcome === 'unsupported')) return before;
  const failed = checks.find((check) => check.outcome === 'fail')?.id;
  const passedOn = before?.passedOn ?? (outcome === 'pass' ? startedAt : undefined);
  return {
    outcome,
    points,
    maxPoints,
    digest,
    seed,
    kernel: machine?.kernel ?? null,
    date: startedAt,
    ...(failed !== undefined && { failed }),
    ...(passedOn !== undefined && { passedOn }),
    ...(before?.hints && { hints: before.hints }),
  };
}

async function changeEntry(
  root: string,
  login: string,
  exercise: Pick<LoadedExercise, 'id' | 'formerly'>,
  change: (before: ExerciseEntry | null) => ExerciseEntry | null,
  note?: Note,
): Promise<void> {
  const id = stableIdOf(exercise);
  await updateProgress(
    root,
    (progress) => {
      const entry = change(learnerIn(progress, login).exercises[id] ?? null);
      return entry ? withEntry(progress, login, id, entry) : progress;
    },
    note,
  );
}

async function lastEdit(folder: string, names: readonly string[]): Promise<number> {
  const times = names.map((name) =>
    stat(join(folder, name)).then(
      (entry) => entry.mtimeMs,
      () => 0,
    ),
  );
  return Math.max(0, ...(await Promise.all(times)));
}

function resultFile(root: string, login: string, exerciseId: string): string {
  return join(root, '.grade', 'results', login, `${exerciseId}.json`);
}
