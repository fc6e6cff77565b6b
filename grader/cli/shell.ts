/** `grade shell [exercise] [-- command…]`: a terminal in a fresh guest, with the learner's files in it. */
import { relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { LoadedExercise } from '../course/exercise.ts';
import { loadCourse } from '../course/load.ts';
import { currentExercise, readProgress } from '../course/progress.ts';
import { readSubmission } from '../course/submission.ts';
import { submissionFolder } from '../course/workspace.ts';
import { type LostReason, MachineLost } from '../machine/machine.ts';
import { plainLine } from '../verdict/text.ts';
import type { Context } from './context.ts';
import { chooseTargets } from './grade.ts';
import { loginOf } from './learner.ts';
import { isChangedHere, keepChange, readChanges } from './kept.ts';
import { checkMachineOptions, type MachineOptions, Machines, type OpenMachine } from './machines.ts';
import { banner, furnish, guestEnv, guestFolder } from './shell-furnishing.ts';
import { type End, joinPipes, joinTerminal } from './shell-streams.ts';
import { hasTerminal, terminalSize } from './terminal.ts';

export interface ShellOptions extends Pick<MachineOptions, 'kernel'> {
  as?: string;
  /** Keep what was changed in the guest without asking. */
  keep?: boolean;
}

export interface Workpiece {
  exercise: LoadedExercise;
  /** Absolute path of the learner's files. */
  folder: string;
}

/** As ssh does it when the connection is lost. */
export const lostCode = 255;

/** Returns the exit code: the command's own if one was given. */
export async function shell(
  context: Context,
  named: string | undefined,
  command: readonly string[],
  options: ShellOptions,
): Promise<number> {
  await checkMachineOptions(options);
  const workpiece = await chooseWorkpiece(context, named, options.as);
  const machines = new Machines(context, options);
  return openShell(context, workpiece, command, machines, options.keep === true);
}

/** A shell in a guest of its own, also from within `grade watch`. */
export async function openShell(
  context: Context,
  workpiece: Workpiece | undefined,
  command: readonly string[],
  machines: Machines,
  keep: boolean,
): Promise<number> {
  const files = await readFiles(context, workpiece);
  if (process.stderr.isTTY) context.progress.step('Starting a guest');
  const open = await machines.open().finally(() => context.progress.clear());
  try {
    const end = await converse(context, open, workpiece, files, command);
    if (end === 'escaped') context.note('The guest was ended. Your files here are as they were.');
    else if (workpiece) await offerChanges(context, open, workpiece, files, keep);
    return exitCodeOf(end, command.length > 0);
  } catch (error) {
    if (!(error instanceof MachineLost) || context.interrupted()) throw error;
    context.note(`${sayLost(error)} Your files here are as they were.`);
    return lostCode;
  } finally {
    await machines.release(open);
  }
}

/** What was named, as `grade` would take it; else what is under way, if anything is. */
async function chooseWorkpiece(
  context: Context,
  named: string | undefined,
  as: string | undefined,
): Promise<Workpiece | undefined> {
  const login = await loginOf(context, as);
  const course = await loadCourse(context.root, named === undefined ? [] : [named]);
  if (named !== undefined) return (await chooseTargets(context, course, login, [named], false))[0];
  const exercise = currentExercise(course, await readProgress(context.root, login, course));
  return exercise && { exercise, folder: submissionFolder(context.root, login, exercise.id) };
}

/** A submission that could not be graded is no reason to have no shell. */
async function readFiles(context: Context, workpiece: Workpiece | undefined): Promise<ReadonlyMap<string, Uint8Array>> {
  if (!workpiece) return new Map();
  const read = await readSubmission(context.root, workpiece.folder, workpiece.exercise.files);
  if ('submission' in read) return read.submission.files;
  context.note(`Your files are not in the guest. ${read.problem.text}`);
  return new Map();
}

async function converse(
  context: Context,
  open: OpenMachine,
  workpiece: Workpiece | undefined,
  files: ReadonlyMap<string, Uint8Array>,
  command: readonly string[],
): Promise<End> {
  const { machine, toolkit } = open;
  const folder = guestFolder(workpiece?.exercise.id);
  const interactive = hasTerminal();
  await furnish(machine, folder, files);
  const { code } = await machine.run(['mkdir', '-p', folder]);
  if (code !== 0) throw new Error(`The folder ${folder} cannot be made in the guest.`);
  if (interactive && command.length === 0) context.note(banner(machine.info.kernel, folder, [...files.keys()]));
  const conversation = machine.converse(command.length > 0 ? command : ['bash', '-l'], {
    cwd: folder,
    env: guestEnv(toolkit, machine.info.arch, interactive ? process.env : undefined),
    terminal: interactive ? terminalSize() : undefined,
  });
  return interactive ? joinTerminal(conversation) : joinPipes(conversation);
}

async function offerChanges(
  context: Context,
  { machine }: OpenMachine,
  { exercise, folder }: Workpiece,
  files: ReadonlyMap<string, Uint8Array>,
  keep: boolean,
): Promise<void> {
  const refused = (file: string, why: string) => context.note(`${file} was not brought back: ${why}.`);
  for (const change of await readChanges(machine, guestFolder(exercise.id), exercise, files, refused)) {
    const meanwhile = (await isChangedHere(folder, change.file, files.get(change.file)!)) ? ', and here meanwhile' : '';
    const wanted = keep || (await asked(`${change.file} was changed in the guest${meanwhile}: keep it? [y/N] `));
    if (!wanted) {
      context.note(
        `${change.file} was changed in the guest and is not kept.${hasTerminal() ? '' : ' With --keep it would be.'}`,
      );
      continue;
    }
    const saved = await keepChange(context.root, exercise.id, folder, change, new Date());
    const here = relative(process.cwd(), `${folder}/${change.file}`);
    context.note(`${here} is now as it was in the guest.${saved ? ` What it was before: ${saved}` : ''}`);
  }
}

async function asked(question: string): Promise<boolean> {
  if (!hasTerminal()) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D are a no.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return /^y(es)?$/i.test((await Promise.race([terminal.question(question), closed])).trim());
  } finally {
    terminal.close();
  }
}

function exitCodeOf(end: End, isCommand: boolean): number {
  if (end === 'escaped') return lostCode;
  if (end === 'deaf') return 141; // what SIGPIPE is to a shell
  // What the last command of a session returned is no verdict on the session.
  if (!isCommand && hasTerminal()) return 0;
  return end.signal > 0 ? 128 + end.signal : end.code;
}

const lostWords: Record<LostReason, string> = {
  panic: 'The guest’s kernel panicked.',
  'power-off': 'The guest switched itself off.',
  silence: 'The guest no longer answers.',
  died: 'The guest’s QEMU ended.',
  garbled: 'The guest speaks what is not our protocol.',
  starved: 'This computer is too busy for the guest.',
};

function sayLost({ reason, message }: MachineLost): string {
  return reason === 'power-off' ? lostWords[reason] : `${lostWords[reason]}\n  ${plainLine(message, 300)}\n`;
}
