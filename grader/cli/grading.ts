/** One submission on one machine, from its files to its result. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createKit } from '../checks/kit.ts';
import { toolkitAt } from '../checks/toolkit.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { readLessons, withLessons } from '../course/lessons.ts';
import { readSubmission, type ReadSubmission } from '../course/submission.ts';
import { type Machine, MachineLost } from '../machine/machine.ts';
import { judge, type Judging, unjudged } from '../verdict/judge.ts';
import { type MachineFacts, unmetNeeds } from '../verdict/needs.ts';
import { newSeed, Random } from '../verdict/random.ts';
import type { Result } from '../verdict/result.ts';
import { trouble } from '../verdict/trouble.ts';
import type { Machines } from './machines.ts';

export interface GradingOptions {
  /** The repository. */
  root: string;
  exercise: LoadedExercise;
  /** Absolute path of the submission. */
  folder: string;
  machines: Pick<Machines, 'open' | 'release'>;
  /** What was read of it already; it is read now by default. */
  read?: ReadSubmission | undefined;
  /** Hexadecimal; drawn anew by default. */
  seed?: string | undefined;
  hintsGiven?: Judging['hintsGiven'];
  onCheck?: Judging['onCheck'];
}

/** So often a submission is graded at most while the guest's kernel panics under emulation. */
const mostTries = 3;

/**
 * Rejects only if no machine could be had; whatever happens after that is part of the result. A guest whose kernel
 * panics under emulation says nothing about the submission: then it is graded again, with the same workload.
 */
export async function gradeSubmission(options: GradingOptions): Promise<Result> {
  const seed = options.seed ?? newSeed();
  for (let tries = 1; ; tries += 1) {
    let panicked = false;
    const onTrouble = (error: unknown) => void (panicked ||= error instanceof MachineLost && error.reason === 'panic');
    const result = withLessons(await gradeOnce({ ...options, seed, onTrouble }), await readLessons(options.root));
    if (!panicked || !mayPanicByItself(result) || tries === mostTries) return result;
  }
}

/**
 * QEMU's emulation of several CPUs at times runs code that the kernel is just patching, as it does where tracepoints and
 * kprobes are attached: seen three times in some 1,700 verdicts on 6.12, as an int3 that nobody had set and as a jump to 0.
 */
function mayPanicByItself({ outcome, machine }: Result): boolean {
  return outcome === 'error' && machine?.accelerator === 'tcg';
}

async function gradeOnce(options: GradingOptions & { seed: string } & Pick<Judging, 'onTrouble'>): Promise<Result> {
  const { root, exercise, folder, machines, seed, hintsGiven = {}, onCheck, onTrouble } = options;
  const place = relative(root, folder) || '.';
  const isMistake = relative(exercise.folder, folder).startsWith(`wrong${sep}`);
  const read = options.read ?? await readSubmission(root, folder, exercise.files, isMistake ? join(exercise.folder, 'solution') : undefined);
  if ('problem' in read) return unjudged({ exercise, seed, submission: { folder: place, digest: null }, outcome: 'invalid', message: read.problem });

  const submission = { folder: place, digest: read.submission.digest };
  const open = await machines.open();
  try {
    const { machine } = open;
    const reasons = unmetNeeds(exercise.needs, await readFacts(machine, open.toolkit));
    if (reasons.length > 0) {
      const message = { text: `This machine cannot judge ${exercise.id}. ${reasons.join(' ')}`, help: 'Choose another kernel with --kernel, or the VM with --machine vm.' };
      return unjudged({ exercise, seed, submission, outcome: 'unsupported', message, machine: machine.info });
    }
    const kit = createKit({ machine, random: new Random(seed), submission: read.submission, toolkit: open.toolkit, folder: open.folder });
    try {
      const saveLog = (name: string, text: string) => keepLog(root, exercise.id, name, text);
      return await judge({ exercise, kit, seed, submission, machine: machine.info, saveLog, hintsGiven, ...(onCheck && { onCheck }), ...(onTrouble && { onTrouble }) });
    } finally {
      kit.close();
    }
  } catch (error) {
    if (!(error instanceof MachineLost)) throw error;
    onTrouble?.(error);
    const { log, ...message } = trouble(error);
    const logFile = await keepLog(root, exercise.id, 'machine.log', log);
    return unjudged({ exercise, seed, submission, outcome: 'error', message: { ...message, logFile }, machine: open.machine.info });
  } finally {
    await machines.release(open);
  }
}

/** Whole logs are kept below .grade/logs, the last grading of an exercise only. */
async function keepLog(root: string, exercise: string, name: string, text: string): Promise<string> {
  const file = join('.grade', 'logs', exercise, name);
  await mkdir(join(root, '.grade', 'logs', exercise), { recursive: true });
  await writeFile(join(root, file), text);
  return file;
}

/** What the machine has, as it was found when the toolkit was prepared on it. */
async function readFacts(machine: Machine, toolkit: string): Promise<MachineFacts> {
  const text = Buffer.from(await machine.get(toolkitAt(toolkit).facts)).toString('utf8');
  const [tools = '', config] = text.split(/^config$/m);
  return {
    kernel: machine.info.kernel,
    config: config ?? null,
    tools: [...tools.matchAll(/^tool (\S+)$/gm)].map((match) => match[1]!),
  };
}
