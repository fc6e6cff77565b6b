/** `grade verify [exercise…]`: for authors. Solution passes, starter fails, every mistake is caught where it must be. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { loadCourse } from '../course/load.ts';
import { digestOfExercise, readRecord, recordFile, updateRecord, type VerifiedOn, writeRecord } from '../course/verification.ts';
import { withLock } from '../machine/lock.ts';
import { listKernels } from '../machine/vm/kernels.ts';
import { renderCase, renderTable, type Row, type Seen } from '../report/verification.ts';
import { olderThan } from '../verdict/needs.ts';
import type { Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { type Case, casesOf, compare } from './cases.ts';
import { CommandFailure, type Context } from './context.ts';
import { gradeSubmission } from './grading.ts';
import { type MachineOptions, Machines } from './machines.ts';

export interface VerifyOptions extends MachineOptions {
  seeds: string;
  jobs: string;
  record?: boolean;
}

/**
 * Interrupted, it ends after the case under way: what that one saw is nobody's doing, so it is neither shown nor kept, and
 * of what is in the record nothing is struck out.
 */
export async function verify(context: Context, named: string[], options: VerifyOptions): Promise<number> {
  const seeds = wholeNumber('--seeds', options.seeds, 100);
  const jobs = wholeNumber('--jobs', options.jobs, 16);
  if (options.machine === 'host' && options.record) throw new CommandFailure(`--record keeps what the course's own kernels say; --machine host has another one.`, 2, 'Leave one of the two away.');
  const course = await loadCourse(context.root, named);
  const wantedCases = named.length > 0 ? await Promise.all(named.map((text) => mustFind(course, text))) : course.map((exercise) => ({ exercise, cases: casesOf(exercise) }));
  const parts = wantedCases.find(({ exercise, cases }) => cases.length < casesOf(exercise).length);
  if (parts && options.record) throw new CommandFailure(`--record keeps what all cases of an exercise say, and of ${parts.exercise.id} only some are to run.`, 2, `Say npx grade verify ${parts.exercise.id} --record`);
  const { kernels, default: usual } = await listKernels();
  const wanted = options.machine === 'host' ? [undefined] : kernelsOf(options.kernel ?? 'default', kernels.map(({ id }) => id), usual);

  const rows: Row[] = [];
  const all: Seen[] = [];
  for (const kernel of wanted) {
    const { kernel: _, ...rest } = options;
    const machines = new Machines(context, { ...rest, ...(kernel !== undefined && { kernel: kernel.id }) });
    const toVerify = wantedCases.filter(({ exercise }) => kernel === undefined || kernel.suits(exercise));
    try {
      await inParallel(jobs, toVerify, async ({ exercise, cases }) => {
        if (context.interrupted()) return;
        const about = { seeds, kernel: kernel?.id, mustSupport: kernel === undefined || kernel.id === usual };
        const verified = await verifyExercise(context, cases, machines, about).catch((error: unknown) => {
          if (context.interrupted()) return undefined;
          throw error;
        });
        if (!verified || context.interrupted()) return;
        all.push(...verified.seen);
        rows.push(verified.row);
        if (options.record && kernel) await keep(context, exercise, kernel.id, verified.row);
      });
    } finally {
      await machines.close();
    }
  }
  const nowhere = wantedCases.filter(({ exercise }) => !rows.some((row) => row.exercise === exercise.id)).map(({ exercise }) => exercise);
  if (nowhere.length > 0 && !context.interrupted())
    throw new CommandFailure(`${nowhere.map(({ id, needs }) => `${id} needs Linux ${needs.kernel}`).join(', ')}, and of the chosen kernels none is so new.`, 2, `The course has ${kernels.map(({ id }) => id).join(', ')}.`);
  const bad = rows.filter(({ ok }) => !ok).length;
  if (context.json) process.stdout.write(`${JSON.stringify({ format: 'hookpoint-verification-run', version: 1, exercises: rows, cases: all }, null, 2)}\n`);
  context.say(`\n${renderTable(rows, context.screen)}`);
  if (named.length > 0 && !context.interrupted()) for (const { exercise, cases } of wantedCases) if (cases.length > 1) sayUntried(context, exercise);
  if (context.interrupted()) context.say('Interrupted: what is not in the table was not verified.');
  if (options.record) context.say(`\nKept in ${recordFile}.`);
  return bad === 0 ? 0 : 1;
}

/** The solution first: if the kernel cannot judge it, it cannot judge the others. */
async function verifyExercise(
  context: Context,
  cases: Case[],
  machines: Machines,
  { seeds, kernel, mustSupport }: { seeds: number; kernel: string | undefined; mustSupport: boolean },
): Promise<{ seen: Seen[]; row: Row }> {
  const seen: Seen[] = [];
  const { exercise } = cases[0]!;
  const run = async (test: Case) => {
    const folder = join(exercise.folder, test.name);
    // Elsewhere than on a terminal, each case says itself when it has ended.
    if (process.stderr.isTTY) context.progress.step(`${kernel ?? 'this machine'}  ${exercise.id}  ${test.name}`);
    const result = await gradeSubmission({ root: context.root, exercise, folder, machines });
    context.progress.clear();
    if (context.interrupted()) return result;
    const one = compare(test, result, kernel ?? result.machine?.kernel);
    if (!one.ok && one.seen.startsWith('error')) one.message = [one.message, await logOf(context, result)].filter(Boolean).join('\n');
    seen.push(one);
    context.say(renderCase(one, relative(context.root, folder), context.screen));
    return result;
  };
  const first = await run(cases[0]!);
  const unsupported = first.outcome === 'unsupported' ? (first.message ?? first.checks.find(({ outcome }) => outcome === 'unsupported')?.message) : undefined;
  if (!unsupported) {
    for (const test of cases) for (let i = test === cases[0] ? 1 : 0; i < seeds && !context.interrupted(); i += 1) await run(test);
  }
  const wrong = seen.filter(({ ok }) => !ok).length;
  const row: Row = {
    exercise: exercise.id,
    kernel: kernel ?? first.machine?.kernel ?? '',
    release: first.machine?.kernel ?? '',
    image: first.machine?.image ?? null,
    machine: first.machine?.accelerator ?? 'host',
    cases: cases.length,
    seeds,
    runs: seen.length,
    wrong,
    seconds: median(seen.filter((one) => one.case === cases[0]!.name).map(({ durationMs }) => durationMs)) / 1000,
    ok: unsupported ? !mustSupport : wrong === 0,
    ...(unsupported && { unsupported: unsupported.text }),
  };
  return { seen, row };
}

/** An author's own error is theirs to see: the beginning of what the log of the failing check says. */
async function logOf({ root }: Context, { checks, message }: Result): Promise<string> {
  const file = (message ?? checks.find(({ outcome }) => outcome === 'error')?.message)?.logFile;
  if (!file) return '';
  const lines = (await readFile(join(root, file), 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '' && !line.includes('node:internal'));
  return [...lines.slice(0, 6).map((line) => plainLine(line, 300)), `log: ${file}`].join('\n');
}

/** A check at which no mistake fails may be one that cannot fail. */
function sayUntried(context: Context, exercise: LoadedExercise): void {
  const tried = new Set(casesOf(exercise).map(({ fails }) => fails));
  const untried = exercise.checks.map(({ id }) => id).filter((id) => !tried.has(id));
  if (untried.length > 0) context.say(`${exercise.id}: neither the starter nor a mistake fails at ${untried.join(', ')}.`);
}

async function keep(context: Context, exercise: LoadedExercise, kernel: string, row: Row): Promise<void> {
  const { release, image, machine, cases, seeds, seconds, unsupported } = row;
  const verified: VerifiedOn = {
    outcome: unsupported === undefined ? 'verified' : 'unsupported',
    release, image, machine, date: new Date().toISOString().slice(0, 10), cases, seeds, seconds: Math.round(seconds * 10) / 10,
    ...(unsupported !== undefined && { reason: unsupported }),
  };
  // One writer at a time, also among several commands.
  await withLock('record', () => {}, async () => {
    await writeRecord(context.root, updateRecord(await readRecord(context.root), exercise.id, await digestOfExercise(exercise.folder), kernel, row.ok ? verified : null));
  });
}

interface WantedKernel {
  id: string;
  suits(exercise: LoadedExercise): boolean;
}

/**
 * Ids, 'default', 'oldest', 'newest' or 'all', with commas between. The oldest is that which the exercise says it supports.
 * In the order of kernels.json, which is by age.
 */
export function kernelsOf(text: string, ids: readonly string[], usual: string): WantedKernel[] {
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !['default', 'oldest', 'newest', 'all', ...ids].includes(word));
  if (unknown !== undefined) throw new CommandFailure(`The course knows no kernel '${unknown}'.`, 2, `Choose of: ${[...ids, 'default', 'oldest', 'newest', 'all'].join(', ')}.`);
  const always = new Set(words.flatMap((word) => (word === 'all' ? ids : word === 'default' ? [usual] : word === 'newest' ? [ids.at(-1)!] : word === 'oldest' ? [] : [word])));
  const oldestOf = ({ needs }: LoadedExercise) => ids.find((id) => !olderThan(id, needs.kernel));
  return ids
    .map((id) => ({ id, suits: (exercise: LoadedExercise) => always.has(id) || (words.includes('oldest') && oldestOf(exercise) === id) }))
    .filter(({ id }) => always.has(id) || words.includes('oldest'));
}

async function inParallel<T>(jobs: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(Array.from({ length: jobs }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CommandFailure(`${option} ${text} is not a number from 1 to ${most}.`, 2);
}

/** All cases of an exercise, or that one whose folder was named. */
async function mustFind(course: LoadedExercise[], text: string): Promise<{ exercise: LoadedExercise; cases: Case[] }> {
  const found = await findExercise(course, text);
  if ('problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
  const { exercise, folder } = found;
  const cases = casesOf(exercise);
  const named = folder === undefined ? [] : cases.filter(({ name }) => join(exercise.folder, name) === folder);
  return { exercise, cases: named.length > 0 ? named : cases };
}
