/** Small exercises for tests. */
import type { Check, LoadedExercise } from '../../../grader/course/exercise.ts';

export function check(id: string, run: Check['run'] = async () => {}, more: Partial<Check> = {}): Check {
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

export function exercise(...checks: Check[]): LoadedExercise {
  return {
    id: 'programs/hello',
    folder: '/course/content/exercises/programs/hello',
    title: 'Say hello',
    summary: 's',
    files: { 'hello.bpf.c': { description: 'The program' } },
    needs: { kernel: '5.10' },
    checks,
    starter: { fails: 'load', because: 'b' },
    wrong: {},
  };
}
