/** Small exercises for tests. */
import type { Check, LoadedExercise } from '../../../grader/course/exercise.ts';
import type { Run } from '../../../grader/kit/checks/run.ts';

/** A check with what the grader finds in exercise.ts. */
export type TestCheck = Check & { run: Run };

export function check(id: string, run: Run = async () => {}, more: Partial<Check> = {}): TestCheck {
  return {
    id,
    title: `It does ${id}`,
    stage: 'correct',
    points: 2,
    hints: { nudge: 'n', concept: 'c', line: 'l' },
    rationale: 'r',
    run,
    ...more,
  };
}

export function exercise(...checks: TestCheck[]): LoadedExercise {
  return {
    id: 'programs/hello',
    folder: '/course/content/exercises/programs/hello',
    title: 'Say hello',
    summary: 's',
    minutes: 10,
    files: { 'hello.bpf.c': { description: 'The program' } },
    needs: { kernel: '5.10' },
    checks,
    starter: { fails: 'load', because: 'b' },
    wrong: {},
  };
}

/** How the checks of such an exercise judge. */
export function runsOf({ checks }: LoadedExercise): ReadonlyMap<string, Run> {
  return new Map((checks as TestCheck[]).map(({ id, run }) => [id, run]));
}
