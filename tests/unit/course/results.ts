/** Results of the small course's exercises. */
import { join } from 'node:path';
import type { LoadedExercise } from '../../../grader/course/exercise.ts';
import { saveResult } from '../../../grader/course/progress.ts';
import { readSubmission } from '../../../grader/course/submission.ts';
import type { Result } from '../../../grader/verdict/result.ts';

export function resultOf(exercise: string, changes: Partial<Result> = {}): Result {
  return {
    exercise,
    title: 't',
    submission: 's',
    digest: 'sha256:0',
    outcome: 'pass',
    points: 3,
    maxPoints: 3,
    seed: 'abcd1234',
    machine: null,
    checks: [],
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    ...changes,
  };
}

/** As if the learner's files as they are now had been graded. `failed`: the check that failed. */
export async function graded(
  root: string,
  login: string,
  exercise: LoadedExercise,
  failed?: string,
  startedAt = '2026-01-01T00:00:00.000Z',
): Promise<void> {
  const read = await readSubmission(root, join(root, 'submissions', login, exercise.id), exercise.files);
  if (!('submission' in read)) throw new Error(read.problem.text);
  const check = {
    id: failed ?? 'loads',
    title: 'It loads',
    stage: 'load',
    outcome: failed ? 'fail' : 'pass',
    points: 0,
    maxPoints: 1,
    durationMs: 1,
    rationale: 'r',
  } as const;
  await saveResult(
    root,
    login,
    exercise,
    resultOf(exercise.id, {
      digest: read.submission.digest,
      checks: [check],
      startedAt,
      ...(failed && { outcome: 'fail', points: 1 }),
    }),
  );
}
