/** One submission on one machine, from its files to its result. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Run } from '../kit/checks/run.ts';
import { createKit } from '../kit/kit.ts';
import { loadCode } from '../course/code.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { readLessons, withLessons } from '../course/lessons.ts';
import { isCase, readCase } from '../course/mistakes.ts';
import { readSubmission, type ReadSubmission } from '../course/submission.ts';
import { MachineLost } from '../machine/machine.ts';
import { ObjectFolder, type ObjectStore } from '../machine/object-store.ts';
import { sayTime, timed, wantsTimes } from '../machine/timed.ts';
import { judge, type Judging, unjudged } from '../verdict/judge.ts';
import { unmetNeeds } from '../verdict/needs.ts';
import { newSeed, Random } from '../verdict/random.ts';
import type { Result } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { trouble } from '../verdict/trouble.ts';
import { blameFor, mayBeCaused } from '../kit/guest/blame.ts';
import { readFacts } from './facts.ts';
import type { Machines } from './machines.ts';

export interface GradingOptions {
  /** The repository. */
  root: string;
  exercise: LoadedExercise;
  /** Absolute path of the submission. */
  folder: string;
  machines: Pick<Machines, 'open' | 'release'>;
  /** Where objects are kept from one grading to the next; in the cache by default. */
  objects?: ObjectStore | undefined;
  /** How its checks judge; by default what its code says. */
  runs?: ReadonlyMap<string, Run>;
  /** What was read of it already; it is read now by default. */
  read?: ReadSubmission | undefined;
  /** Hexadecimal; drawn anew by default. */
  seed?: string | undefined;
  hintsGiven?: Judging['hintsGiven'];
  onCheck?: Judging['onCheck'];
}

/**
 * Rejects only if no machine could be had; whatever happens after that is part of the result.
 *
 * A grading that ends in an error is no verdict, and says nothing yet of whose doing it was. So the course's own solution is
 * graded under the same workload, and the submission once more. If the solution passes and the submission ends in trouble again, each
 * time in a machine of its own, it is the submission that disturbs what it is judged with (a signal to our processes, a loop that
 * never ends, a write into somebody's memory): the check fails, and says what was seen. An error that does not come again was the
 * machine's, such as a panic under emulation: QEMU at times runs code that the kernel is just patching (seen three times in some 1,700
 * verdicts on 6.12).
 *
 * The same where a deadline passed while the computer was busy with other things: the clock alone is no evidence. If the solution cannot
 * keep the deadlines either, nobody can judge here.
 */
export async function gradeSubmission(options: GradingOptions): Promise<Result> {
  const seed = options.seed ?? newSeed();
  const lessons = await readLessons(options.root);
  const grade = (more: { mayBlame?: boolean } = {}) => gradeOnce({ ...options, ...more, seed });

  const first = await grade();
  let last = first;
  if (first.isLate || first.mayBeCaused) {
    const mayBlame = await isCaused(options, seed);
    last = await grade({ mayBlame });
    if (last.isLate && !mayBlame) last = { ...last, result: tooBusy(options.exercise, last.result) };
  }
  return withLessons(last.result, lessons);
}

/** Whether the course's solution passes under the same workload, on another machine of the same kind. */
async function isCaused({ root, exercise, folder, machines, objects, runs }: GradingOptions, seed: string) {
  const solution = join(exercise.folder, 'solution');
  // Its own machine is lost for good on a host, and the solution cannot be its own control.
  if (folder === solution) return false;
  const control = await gradeOnce({ root, exercise, folder: solution, machines, objects, seed, ...(runs && { runs }) });
  return control.result.outcome === 'pass';
}

function tooBusy(exercise: LoadedExercise, { seed, submission: folder, digest, machine }: Result): Result {
  const submission = { folder, digest };
  const message = {
    text: 'This computer is so busy that a deadline passed twice. That is not your fault, and costs no points.',
    help: 'End what else runs on it, and grade again.',
  };
  return unjudged({ exercise, seed, submission, outcome: 'error', message, machine });
}

/** Below this share of the wall's time, a machine is one of many things that the computer is busy with. */
const undisturbed = 0.7;

interface Graded {
  result: Result;
  /** It failed, a deadline passed, and the machine was not given the time for it that it would have elsewhere. */
  isLate: boolean;
  /** It ended in an error that the submission may be behind. */
  mayBeCaused: boolean;
}

/** `mayBlame`: what goes wrong is known to be the submission's doing. */
async function gradeOnce(options: GradingOptions & { seed: string; mayBlame?: boolean }): Promise<Graded> {
  const { root, exercise, folder, machines, seed, hintsGiven = {}, onCheck, mayBlame } = options;
  const { objects = new ObjectFolder() } = options;
  const place = relative(root, folder) || '.';
  const own = relative(exercise.folder, folder);
  // Cases of an exercise are run side by side, and each has its own.
  const logs = own.startsWith('..') ? exercise.id : join(exercise.id, own);
  const read =
    options.read ??
    (isCase(exercise, folder)
      ? await readCase(root, exercise, own)
      : await readSubmission(root, folder, exercise.files));
  const troubles: unknown[] = [];
  const graded = (result: Result, isLate = false): Graded => ({
    result,
    isLate,
    mayBeCaused: result.outcome === 'error' && troubles.some(mayBeCaused),
  });
  if ('problem' in read) {
    const none = { folder: place, digest: null };
    return graded(unjudged({ exercise, seed, submission: none, outcome: 'invalid', message: read.problem }));
  }

  const runs = options.runs ?? (await loadCode(exercise));
  const submission = { folder: place, digest: read.submission.digest };
  const from = performance.now();
  const open = await machines.open();
  if (wantsTimes()) sayTime('a guest', from);
  try {
    const machine = wantsTimes() ? timed(open.machine) : open.machine;
    const reasons = unmetNeeds(exercise.needs, await readFacts(machine, open.toolkit));
    if (reasons.length > 0) {
      const message = {
        text: `This machine cannot judge ${exercise.id}. ${reasons.join(' ')}`,
        help: 'Choose another kernel with --kernel, or the VM with --machine vm.',
      };
      return graded(unjudged({ exercise, seed, submission, outcome: 'unsupported', message, machine: machine.info }));
    }
    const kit = createKit({
      machine,
      random: new Random(seed),
      submission: read.submission,
      toolkit: open.toolkit,
      folder: open.folder,
      objects,
    });
    try {
      const saveLog = (name: string, text: string) => keepLog(root, logs, name, text);
      const result = await judge({
        exercise,
        runs,
        kit,
        seed,
        submission,
        machine: machine.info,
        saveLog,
        hintsGiven,
        ...(onCheck && { onCheck }),
        onTrouble: (error) => void troubles.push(error),
        ...(mayBlame && { blame: (error: unknown) => blameFor(error, read.submission.files) }),
      });
      return graded(result, result.outcome === 'fail' && machine.time.passed > 0 && machine.time.share < undisturbed);
    } finally {
      kit.close();
    }
  } catch (error) {
    if (!(error instanceof MachineLost)) throw error;
    troubles.push(error);
    const { log, ...words } = trouble(error);
    const message = { ...words, logFile: await keepLog(root, logs, 'machine.log', log).catch(() => undefined) };
    return graded(unjudged({ exercise, seed, submission, outcome: 'error', message, machine: open.machine.info }));
  } finally {
    await machines.release(open);
  }
}

/** Whole logs, fit to be shown, are kept below .grade/logs: of the last grading of an exercise, or of a case of it, only. */
async function keepLog(root: string, below: string, name: string, text: string): Promise<string> {
  const file = join('.grade', 'logs', below, name);
  await mkdir(join(root, '.grade', 'logs', below), { recursive: true });
  await writeFile(join(root, file), plain(text));
  return file;
}
