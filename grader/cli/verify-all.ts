/** `grade verify` without an exercise verifies them all: it says first how long that takes, and asks. */
import type { LoadedExercise } from '../course/exercise.ts';
import { readRecord, type VerificationRecord } from '../course/verification.ts';
import { plural } from '../report/words.ts';
import { confirm } from './ask.ts';
import { CommandFailure, type Context } from './context.ts';

export interface VerificationPlan {
  exercises: readonly { exercise: LoadedExercise; cases: readonly unknown[] }[];
  /** Undefined is this Linux itself. */
  kernels: readonly ({ id: string; suits(exercise: LoadedExercise): boolean } | undefined)[];
  /** Workloads a case. */
  seeds: number;
  /** How many cases at once. */
  jobs: number;
}

/** Throws CommandFailure if nobody says yes. */
export async function confirmAll(context: Context, plan: VerificationPlan): Promise<void> {
  const { runs, seconds } = estimate(plan, await readRecord(context.root));
  const [exercises, kernels] = [plural(plan.exercises.length, 'exercise'), plural(plan.kernels.length, 'kernel')];
  const time = seconds === null ? '' : `: ${duration(seconds)} on the machine that made content/verification.json`;
  context.note(`${exercises} on ${kernels}, ${plural(runs, 'run')}${time}.`);
  if (context.yes || (await confirm(context, 'Verify them all?', true))) return;
  throw new CommandFailure(
    'Nothing was verified.',
    2,
    'Verify one: npx grade verify programs/hello\nAll of them, without a question: npx grade verify --yes',
  );
}

/** What the record does not know takes as long as what it knows does on average; `seconds` is null if it knows nothing. */
export function estimate(
  { exercises, kernels, seeds, jobs }: VerificationPlan,
  { exercises: record }: VerificationRecord,
): { runs: number; seconds: number | null } {
  const groups = kernels.flatMap((kernel) =>
    exercises
      .filter(({ exercise }) => kernel === undefined || kernel.suits(exercise))
      .map(({ exercise, cases }) => ({
        runs: cases.length * seeds,
        each: kernel && record[exercise.id]?.kernels[kernel.id]?.seconds,
      })),
  );
  const sum = (of: (group: (typeof groups)[number]) => number) => groups.reduce((all, group) => all + of(group), 0);
  const known = groups.flatMap(({ each }) => each ?? []);
  const usual = known.reduce((all, each) => all + each, 0) / known.length;
  return {
    runs: sum(({ runs }) => runs),
    seconds: known.length === 0 ? null : sum(({ runs, each }) => runs * (each ?? usual)) / jobs,
  };
}

/** 'about 2 h 10 min', 'about 8 min', 'less than a minute'. */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return 'less than a minute';
  const hours = Math.floor(minutes / 60);
  return `about ${hours > 0 ? `${hours} h ` : ''}${minutes % 60} min`;
}
