/** `grade verify [exercise…]`: for authors. Solution passes, starter fails, every mistake is caught where it must be. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { availableParallelism } from 'node:os';
import { basisOf } from '../course/basis.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { undeclaredCases } from '../course/folders.ts';
import { loadCourse } from '../course/load.ts';
import {
  changeRecord,
  digestOfExercise,
  holds,
  readRecord,
  recordFile,
  updateRecord,
  type VerificationRecord,
  type VerifiedOn,
} from '../course/verification.ts';
import { listKernels } from '../machine/vm/kernels.ts';
import { renderCase, renderTable, type Row, type Seen } from '../report/verification.ts';
import { olderThan } from '../verdict/needs.ts';
import type { Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { type Case, casesOf, compare, namedCases } from './cases.ts';
import { CommandFailure, type Context } from './context.ts';
import { compileCases } from './compile-cases.ts';
import { gradeSubmission } from './grading.ts';
import { wholeNumber } from './jobs.ts';
import { type MachineOptions, Machines } from './machines.ts';
import { inOrder, inParallel, type Limit, limited } from './side-by-side.ts';
import { confirmAll } from './verify-all.ts';

export interface VerifyOptions extends MachineOptions {
  /** 2 by default, and 1 for mutants. */
  seeds?: string;
  /** How many cases at once; one a processor by default. */
  jobs?: string;
  record?: boolean;
  /** Only what the record does not know as it is now; of mutants, only those not judged here before. */
  changed?: boolean;
  /** Only these: 'wrong/mine', also if exercise.yaml does not name it. */
  case?: string[];
  /** Mutants instead of cases. */
  mutate?: boolean;
  /** Ids of mutants. */
  mutant?: string[];
}

/**
 * Interrupted, it ends after the cases under way: what those saw is nobody's doing, so it is neither shown nor kept, and
 * of what is in the record nothing is struck out.
 */
export async function verify(context: Context, named: string[], options: VerifyOptions): Promise<number> {
  const seeds = wholeNumber('--seeds', options.seeds ?? (options.mutate ? '1' : '2'), 100);
  // A host is shared by all that runs on it, and no case may see another one's programs.
  const jobs =
    options.machine === 'host'
      ? 1
      : wholeNumber('--jobs', options.jobs ?? `${Math.min(16, availableParallelism())}`, 16);
  const atOnce = limited(jobs);
  if (options.machine === 'host' && options.record)
    throw new CommandFailure(
      `--record keeps what the course's own kernels say; --machine host has another one.`,
      2,
      'Leave one of the two away.',
    );
  const course = await loadCourse(context.root, named);
  const found =
    named.length > 0
      ? await Promise.all(named.map((text) => mustFind(course, text)))
      : course.map((exercise) => ({ exercise, cases: casesOf(exercise) }));
  const wantedCases = options.case ? await onlyCases(found, options.case) : found;
  const parts = wantedCases.find(({ exercise, cases }) => cases.length < casesOf(exercise).length);
  if (parts && options.record)
    throw new CommandFailure(
      `--record keeps what all cases of an exercise say, and of ${parts.exercise.id} only some are to run.`,
      2,
      `Say npx grade verify ${parts.exercise.id} --record`,
    );
  const { kernels, default: usual } = await listKernels();
  const wanted =
    options.machine === 'host'
      ? [undefined]
      : kernelsOf(
          options.kernel ?? 'default',
          kernels.map(({ id }) => id),
          usual,
        );

  if (options.mutate) {
    const { mutate, kernelForMutants } = await import('./mutate.ts');
    const kernel = kernelForMutants(wanted);
    const machines = new Machines(context, kernel === undefined ? { machine: 'host' } : { machine: 'vm', kernel });
    const how = {
      seeds,
      jobs,
      ids: options.mutant,
      changed: options.changed === true,
      record: options.record === true,
      kernel: kernel ?? 'this machine',
    };
    const exercises = wantedCases.map(({ exercise }) => exercise);
    return await mutate(context, exercises, machines, how).finally(() => machines.close());
  }
  if (named.length === 0 && !options.changed)
    await confirmAll(context, { exercises: wantedCases, kernels: wanted, seeds, jobs });
  const rows: Row[] = [];
  const all: Seen[] = [];
  const known = options.changed ? await readRecord(context.root) : undefined;
  let holding = 0;
  for (const kernel of wanted) {
    const { kernel: _, ...rest } = options;
    const machines = new Machines(context, { ...rest, ...(kernel !== undefined && { kernel: kernel.id }) });
    const suiting = wantedCases.filter(({ exercise }) => kernel === undefined || kernel.suits(exercise));
    const toVerify = known && kernel ? await changedOf(context, suiting, known, kernel.id) : suiting;
    holding += suiting.length - toVerify.length;
    try {
      // As many exercises as cases are under way at once: one has its solution judged before its other cases.
      await inParallel(jobs, toVerify, async ({ exercise, cases }) => {
        if (context.interrupted()) return;
        const about = { seeds, kernel: kernel?.id, mustSupport: kernel === undefined || kernel.id === usual };
        const verified = await verifyExercise(context, cases, machines, atOnce, about).catch((error: unknown) => {
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
  if (holding > 0)
    context.say(
      `${holding} of ${holding + rows.length} verifications of exercises on kernels hold: nothing that they rest on has changed.`,
    );
  const nowhere = wantedCases
    .filter(({ exercise }) => !wanted.some((kernel) => kernel === undefined || kernel.suits(exercise)))
    .map(({ exercise }) => exercise);
  if (nowhere.length > 0 && !context.interrupted())
    throw new CommandFailure(
      `${nowhere.map(({ id, needs }) => `${id} needs Linux ${needs.kernel}`).join(', ')}, and of the chosen kernels none is so new.`,
      2,
      `The course has ${kernels.map(({ id }) => id).join(', ')}.`,
    );
  const bad = rows.filter(({ ok }) => !ok).length;
  if (context.json)
    process.stdout.write(
      `${JSON.stringify({ format: 'hookpoint-verification-run', version: 1, exercises: rows, cases: all }, null, 2)}\n`,
    );
  if (rows.length > 0) context.say(`\n${renderTable(rows, context.screen)}`);
  if (named.length > 0 && !context.interrupted())
    for (const { exercise, cases } of wantedCases) {
      if (cases.length > 1 && !options.case) sayUntried(context, exercise);
      if (!options.case) await sayUndeclared(context, exercise);
    }
  if (context.interrupted()) context.say('Interrupted: what is not in the table was not verified.');
  if (options.record) context.say(`\nKept in ${recordFile}.`);
  return bad === 0 ? 0 : 1;
}

/** Those of which the record does not know that they were verified as they are now. */
async function changedOf<T extends { exercise: LoadedExercise }>(
  { root }: Context,
  all: readonly T[],
  record: VerificationRecord,
  kernel: string,
): Promise<T[]> {
  const held = await Promise.all(
    all.map(async ({ exercise }) => holds(record, exercise.id, kernel, await basisOf(root, exercise, kernel))),
  );
  return all.filter((_, i) => !held[i]);
}

/** The solution first: if the kernel cannot judge it, it cannot judge the others. Those are run side by side, and told in their order. */
async function verifyExercise(
  context: Context,
  cases: Case[],
  machines: Machines,
  atOnce: Limit,
  { seeds, kernel, mustSupport }: { seeds: number; kernel: string | undefined; mustSupport: boolean },
): Promise<{ seen: Seen[]; row: Row }> {
  const seen: Seen[] = [];
  const { exercise } = cases[0]!;
  const run = (test: Case) =>
    atOnce(async () => {
      if (context.interrupted()) return undefined;
      // Elsewhere than on a terminal, each case says itself when it has ended.
      if (process.stderr.isTTY) context.progress.step(`${kernel ?? 'this machine'}  ${exercise.id}  ${test.name}`);
      const folder = join(exercise.folder, test.name);
      const result = await gradeSubmission({ root: context.root, exercise, folder, machines });
      const one = compare(test, result, kernel ?? result.machine?.kernel);
      if (!one.ok && one.seen.startsWith('error'))
        one.message = [one.message, await logOf(context, result)].filter(Boolean).join('\n');
      return { one, result, folder };
    });
  const tell = (ended: Awaited<ReturnType<typeof run>>) => {
    if (!ended || context.interrupted()) return;
    context.progress.clear();
    seen.push(ended.one);
    context.say(renderCase(ended.one, relative(context.root, ended.folder), context.screen));
  };
  // One program is compiled as soon by the case itself.
  if (cases.length > 1) {
    const { root, interrupted } = context;
    await atOnce(() => compileCases({ root, cases, machines, interrupted }));
  }
  const ended = await run(cases[0]!);
  if (!ended) throw new Error('interrupted before the first case');
  tell(ended);
  const first = ended.result;
  const unsupported =
    first.outcome === 'unsupported'
      ? (first.message ?? first.checks.find(({ outcome }) => outcome === 'unsupported')?.message)
      : undefined;
  if (!unsupported) {
    const others = cases.flatMap((test) => Array.from({ length: test === cases[0] ? seeds - 1 : seeds }, () => test));
    await inOrder(others.map(run), tell);
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
  const lines = (await readFile(join(root, file), 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('node:internal'));
  return [...lines.slice(0, 6).map((line) => plainLine(line, 300)), `log: ${file}`].join('\n');
}

/** A check at which no mistake fails may be one that cannot fail. */
function sayUntried(context: Context, exercise: LoadedExercise): void {
  const tried = new Set(casesOf(exercise).map(({ fails }) => fails));
  const untried = exercise.checks.map(({ id }) => id).filter((id) => !tried.has(id));
  if (untried.length > 0)
    context.say(`${exercise.id}: neither the starter nor a mistake fails at ${untried.join(', ')}.`);
}

/** A folder that nobody has declared is not verified, and is easily taken for one that is. */
async function sayUndeclared(context: Context, exercise: LoadedExercise): Promise<void> {
  for (const name of await undeclaredCases(exercise))
    context.say(
      `${exercise.id}: exercise.yaml does not name ${name}, so it was not verified. Try it: npx grade verify ${exercise.id} --case ${name}`,
    );
}

async function keep(context: Context, exercise: LoadedExercise, kernel: string, row: Row): Promise<void> {
  const { release, image, machine, cases, seeds, seconds, unsupported } = row;
  const verified: VerifiedOn = {
    outcome: unsupported === undefined ? 'verified' : 'unsupported',
    release,
    image,
    machine,
    date: new Date().toISOString().slice(0, 10),
    cases,
    seeds,
    seconds: Math.round(seconds * 10) / 10,
    basis: await basisOf(context.root, exercise, kernel),
    ...(unsupported !== undefined && { reason: unsupported }),
  };
  const digest = await digestOfExercise(exercise);
  await changeRecord(context.root, (record) =>
    updateRecord(record, exercise.id, digest, kernel, row.ok ? verified : null),
  );
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
  if (unknown !== undefined)
    throw new CommandFailure(
      `The course knows no kernel '${unknown}'.`,
      2,
      `Choose of: ${[...ids, 'default', 'oldest', 'newest', 'all'].join(', ')}.`,
    );
  const always = new Set(
    words.flatMap((word) =>
      word === 'all'
        ? ids
        : word === 'default'
          ? [usual]
          : word === 'newest'
            ? [ids.at(-1)!]
            : word === 'oldest'
              ? []
              : [word],
    ),
  );
  const oldestOf = ({ needs }: LoadedExercise) => ids.find((id) => !olderThan(id, needs.kernel));
  return ids
    .map((id) => ({
      id,
      suits: (exercise: LoadedExercise) => always.has(id) || (words.includes('oldest') && oldestOf(exercise) === id),
    }))
    .filter(({ id }) => always.has(id) || words.includes('oldest'));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of each exercise those with one of these names; a name that none of them has is a mistake. */
async function onlyCases(
  found: readonly { exercise: LoadedExercise; cases: Case[] }[],
  names: readonly string[],
): Promise<{ exercise: LoadedExercise; cases: Case[] }[]> {
  const chosen = await Promise.all(
    found.map(async ({ exercise }) => ({ exercise, ...(await namedCases(exercise, names)) })),
  );
  const unknown = names.find((name) => chosen.every((one) => one.unknown.includes(name)));
  if (unknown !== undefined)
    throw new CommandFailure(
      `No case is named ${unknown}.`,
      2,
      found.length === 1
        ? `Choose of: ${casesOf(found[0]!.exercise)
            .map(({ name }) => name)
            .join(', ')}, or make a folder or a patch of that name in ${found[0]!.exercise.folder}.`
        : 'Name the exercise, too: npx grade verify <exercise> --case <case>',
    );
  return chosen.filter(({ cases }) => cases.length > 0);
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
