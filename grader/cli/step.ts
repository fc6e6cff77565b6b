/** The one step that is next for a learner. */
import type { LoadedExercise } from '../course/exercise.ts';
import { currentExercise, nextExercise, type Progress } from '../course/progress.ts';

/** For renderNext: the step first. */
export function stepFor(course: readonly LoadedExercise[], progress: Progress): string[] {
  const current = currentExercise(course, progress);
  if (current) return ['Go on: npx grade', `It grades ${current.id} – ${current.summary}`];
  const next = nextExercise(course, progress);
  if (next) return ['Next: npx grade', `It starts ${next.id} – ${next.summary}`];
  return ['You have passed every exercise. Hand them in: npx grade submit'];
}
