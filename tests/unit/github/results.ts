/** Results as the grader makes them of a small exercise, for tests of what reads them. */
import type { LoadedExercise } from '../../../grader/course/exercise.ts';
import { CheckFailure, Unsupported } from '../../../grader/verdict/failure.ts';
import type { Kit } from '../../../grader/kit/kit.ts';
import { judge, unjudged } from '../../../grader/verdict/judge.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import type { Run } from '../../../grader/kit/checks/run.ts';
import { check, exercise, runsOf } from '../verdict/exercises.ts';

export const machine = {
  kind: 'vm',
  accelerator: 'kvm',
  kernel: '6.12.117+deb13-cloud-amd64',
  arch: 'x86_64',
  image: `sha256:${'0'.repeat(64)}`,
} as const;

const passes = async () => {};
export const fails = (detail: ConstructorParameters<typeof CheckFailure>[0]) => async () => {
  throw new CheckFailure(detail);
};
export const cannot = (text: string) => async () => {
  throw new Unsupported(text);
};

/** Three checks in a row; `runs` says what each does, 'pass' by default. */
export function course(runs: Record<string, Run> = {}): LoadedExercise {
  const made = exercise(...['compiles', 'loads', 'counts'].map((id) => check(id, runs[id] ?? passes)));
  return {
    ...made,
    id: 'programs/hello',
    title: 'Hello, BPF World!',
    files: { 'hello.bpf.c': { description: 'The program' } },
  };
}

export function judged(
  graded: LoadedExercise,
  login = 'ada',
  changes: Partial<Result['machine'] & {}> = {},
  runs: ReadonlyMap<string, Run> = runsOf(graded),
): Promise<Result> {
  return judge({
    exercise: graded,
    runs,
    kit: {} as Kit,
    seed: '8f3a61aa',
    machine: { ...machine, ...changes },
    saveLog: (name) => `.grade/logs/${name}`,
    now: () => Date.UTC(2026, 10, 24),
    submission: { folder: `submissions/${login}/${graded.id}`, digest: `sha256:${'1'.repeat(64)}` },
  });
}

/** What the grader says of a submission without its file. */
export function incomplete(graded: LoadedExercise, login = 'ada'): Result {
  return unjudged({
    exercise: graded,
    seed: '8f3a61aa',
    now: () => Date.UTC(2026, 10, 24),
    submission: { folder: `submissions/${login}/${graded.id}`, digest: null },
    outcome: 'invalid',
    message: { text: 'hello.bpf.c is missing.' },
  });
}

/** A pass of an exercise of a course on disk, none of whose checks is run; with `failing`, that check fails. */
export function passOf(graded: LoadedExercise, login = 'ada', failing?: string): Promise<Result> {
  const runs = graded.checks.map(({ id }) => [id, id === failing ? fails({ text: 'Not yet.' }) : passes] as const);
  return judged(graded, login, {}, new Map(runs));
}
