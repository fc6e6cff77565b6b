/** One submission on a machine of the lab, from its texts to its result, as grader/cli/grading.ts does it for the command. */
import type { LoadedExercise } from '../../grader/course/exercise.ts';
import { runsOf } from '../../grader/course/runs.ts';
import type { Runs } from '../../grader/kit/checks/run.ts';
import { blameFor, mayBeCaused } from '../../grader/kit/guest/blame.ts';
import { factsIn } from '../../grader/kit/guest/facts.ts';
import { guestToolkit, toolkitAt } from '../../grader/kit/guest/toolkit.ts';
import { createKit } from '../../grader/kit/kit.ts';
import { type Machine, MachineLost } from '../../grader/machine/machine.ts';
import type { ObjectStore } from '../../grader/machine/object-store.ts';
import { judge, type Judging, unjudged } from '../../grader/verdict/judge.ts';
import { unmetNeeds } from '../../grader/verdict/needs.ts';
import { newSeed, Random } from '../../grader/verdict/random.ts';
import type { Result } from '../../grader/verdict/result.ts';
import { trouble } from '../../grader/verdict/trouble.ts';

export interface LabExercise {
  exercise: Omit<LoadedExercise, 'folder'>;
  /** Texts of its files. */
  starter: Readonly<Record<string, string>>;
  solution: Readonly<Record<string, string>>;
}

export interface JudgingHere {
  about: LabExercise;
  /** What its exercise.ts exports; nothing if it has none. */
  own: Runs;
  /** Texts, by name. */
  files: Readonly<Record<string, string>>;
  /** A pristine machine each time. Rejects with MachineLost. */
  open(): Promise<Machine>;
  objects?: ObjectStore;
  seed?: string;
  onCheck?: Judging['onCheck'];
}

/**
 * Rejects if no machine could be had. A grading that ends in trouble says nothing yet of whose doing it was: the course's solution is then
 * graded under the same workload, and the submission once more, as for the command.
 */
export async function judgeHere(judging: JudgingHere): Promise<Result> {
  const seed = judging.seed ?? newSeed();
  const first = await judgeOnce({ ...judging, seed });
  if (!first.mayBeCaused) return first.result;
  const control = await judgeOnce({ ...judging, seed, files: judging.about.solution, onCheck: () => {} });
  const mayBlame = control.result.outcome === 'pass';
  return (await judgeOnce({ ...judging, seed, mayBlame })).result;
}

interface Judged {
  result: Result;
  /** It ended in an error that the submission may be behind. */
  mayBeCaused: boolean;
}

async function judgeOnce(judging: JudgingHere & { seed: string; mayBlame?: boolean }): Promise<Judged> {
  const { about, own, seed, objects, onCheck, mayBlame } = judging;
  // Nothing that runs in a page reads the folder.
  const exercise: LoadedExercise = { ...about.exercise, folder: '' };
  const files = new Map(Object.entries(judging.files).map(([name, text]) => [name, new TextEncoder().encode(text)]));
  const submission = { folder: exercise.id, digest: null };
  const troubles: unknown[] = [];
  const judged = (result: Result): Judged => ({
    result,
    mayBeCaused: result.outcome === 'error' && troubles.some(mayBeCaused),
  });
  const machine = await judging.open();
  try {
    const facts = await machine.get(toolkitAt(guestToolkit).facts);
    const reasons = unmetNeeds(exercise.needs, factsIn(new TextDecoder().decode(facts), machine.info));
    if (reasons.length > 0) {
      const message = {
        text: `The machine in this page cannot judge ${exercise.id}. ${reasons.join(' ')}`,
        help: `On the command line it works: npx grade start ${exercise.id}`,
      };
      return judged(unjudged({ exercise, seed, submission, outcome: 'unsupported', message, machine: machine.info }));
    }
    const kit = createKit({ machine, random: new Random(seed), submission: { files }, objects });
    try {
      const result = await judge({
        exercise,
        runs: runsOf(exercise, own),
        kit,
        seed,
        submission,
        machine: machine.info,
        // A result has room for what is shown of a log, and a page keeps no files.
        saveLog: () => Promise.reject(new Error('A page keeps no logs.')),
        ...(onCheck && { onCheck }),
        onTrouble: (error) => void troubles.push(error),
        ...(mayBlame && { blame: (error: unknown) => blameFor(error, files) }),
      });
      return judged(result);
    } finally {
      kit.close();
    }
  } catch (error) {
    if (!(error instanceof MachineLost)) throw error;
    troubles.push(error);
    const { text, help } = trouble(error);
    const message = { text, help };
    return judged(unjudged({ exercise, seed, submission, outcome: 'error', message, machine: machine.info }));
  } finally {
    await machine.stop();
  }
}
