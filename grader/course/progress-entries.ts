/** Reading and changing what progress-file.ts describes. Apart from its schema, which takes a while to load. */
import type { ExerciseEntry, LearnerProgress, ProgressFile } from './progress-file.ts';

/** No login is like it. */
export const reader = '*';

export function emptyProgress(): ProgressFile {
  return { format: 'hookpoint-progress', version: 1, learners: {} };
}

export function renderProgress(progress: ProgressFile): string {
  return `${JSON.stringify(progress, null, 2)}\n`;
}

/** What is known of a learner; nothing at first. */
export function learnerIn(progress: ProgressFile, login: string): LearnerProgress {
  return (Object.hasOwn(progress.learners, login) && progress.learners[login]) || { exercises: {} };
}

/** The document with another state of one exercise in it. */
export function withEntry(progress: ProgressFile, login: string, stableId: string, entry: ExerciseEntry): ProgressFile {
  const learner = learnerIn(progress, login);
  return {
    ...progress,
    learners: { ...progress.learners, [login]: { ...learner, exercises: { ...learner.exercises, [stableId]: entry } } },
  };
}
