/**
 * Exercises in stages that build on one another: `follows: <chapter>/<name>` in exercise.yaml. Each is graded alone; the next opens with
 * the first pass of the one before, and begins with the learner's own files of that one.
 */
import type { Message } from '../verdict/result.ts';
import type { LoadedExercise } from './exercise.ts';
import { type Progress, readProgress } from './progress.ts';
import type { Note } from './progress-store.ts';
import { readSubmission } from './submission.ts';
import { startedExercises, startExercise, type Started, submissionFolder } from './workspace.ts';

/** A pass opens it for good: who then changes the files of the stage before loses nothing. */
export function isOpen({ follows }: LoadedExercise, progress: Progress): boolean {
  return follows === undefined || progress.get(follows)?.entry?.passedOn !== undefined;
}

/** As startExercise; of a stage that is not open yet, a problem. Files that the stage before has too are the learner's own, not the starter's. */
export async function startStage(
  root: string,
  login: string,
  course: readonly LoadedExercise[],
  exercise: LoadedExercise,
  note?: Note,
): Promise<Started> {
  const before = course.find(({ id }) => id === exercise.follows);
  if (!before || (await startedExercises(root, login)).includes(exercise.id))
    return startExercise(root, login, exercise);
  if (!isOpen(exercise, await readProgress(root, login, course, note))) return { problem: closed(exercise, before) };
  const read = await readSubmission(root, submissionFolder(root, login, before.id), before.files);
  if ('problem' in read) return { problem: { ...read.problem, help: `Look there first: npx grade ${before.id}` } };
  const own = [...read.submission.files].filter(([name]) => Object.hasOwn(exercise.files, name));
  return startExercise(root, login, exercise, new Map(own));
}

/** A sentence for each exercise that follows one which does not come before it in the order of all ids. */
export function wrongStages(exercises: readonly LoadedExercise[], order: readonly string[]): string[] {
  return exercises.flatMap(({ id, follows }) =>
    follows === undefined || order.slice(0, order.indexOf(id)).includes(follows)
      ? []
      : [`content/exercises/${id}/exercise.yaml: follows: no exercise ${follows} comes before it in the course`],
  );
}

function closed({ id }: LoadedExercise, before: LoadedExercise): Message {
  return {
    text: `${id} builds on ${before.id}, which you have not passed yet.`,
    help: `Pass that one first: npx grade start ${before.id}`,
  };
}
