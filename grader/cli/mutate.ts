/** `grade verify --mutate`: for authors. Each mutant of a solution must fail, or mutants.yaml says why it may pass. */
import { join, relative } from 'node:path';
import { basisOf } from '../course/basis.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { digestOf, readSubmission } from '../course/submission.ts';
import { changeRecord, digestOfExercise, recordFile, updateMutants } from '../course/verification.ts';
import { type Mutant, mutantsOf } from '../mutation/mutant.ts';
import { type JudgedMutant, type MutationScore, scoreOf } from '../mutation/outcome.ts';
import { lineOf, readReasons, reasonsFile } from '../mutation/reasons.ts';
import { type MutationRow, renderMutant, renderMutationTable } from '../report/mutation.ts';
import type { Result } from '../verdict/result.ts';
import { newSeed } from '../verdict/random.ts';
import { CommandFailure, type Context } from './context.ts';
import { gradeSubmission } from './grading.ts';
import { KnownMutants } from './known-mutants.ts';
import type { Machines } from './machines.ts';
import { sieve } from './mutant-objects.ts';
import { inParallel } from './side-by-side.ts';

export interface MutationOptions {
  /** Workloads that each mutant is graded with, until it passes one. */
  seeds: number;
  /** Guests at once. */
  jobs: number;
  /** Only these, by id or the beginning of one. */
  ids?: readonly string[] | undefined;
  /** Those that were judged before, as all that decides is now, are not graded again. */
  changed: boolean;
  record: boolean;
  kernel: string;
}

/** The exit code: 0 if no mutant survives without a reason. */
export async function mutate(
  context: Context,
  exercises: readonly LoadedExercise[],
  machines: Machines,
  options: MutationOptions,
): Promise<number> {
  const rows: MutationRow[] = [];
  const all: { exercise: string; judged: JudgedMutant[]; stale: string[] }[] = [];
  for (const exercise of exercises) {
    if (context.interrupted()) break;
    const { judged, stale } = await mutateExercise(context, exercise, machines, options);
    if (context.interrupted()) break;
    const score = scoreOf(judged);
    rows.push({ exercise: exercise.id, score });
    all.push({ exercise: exercise.id, judged, stale });
    if (options.record) await keep(context, exercise, score, options);
  }
  const found = rows.reduce((sum, { score }) => sum + Object.values(score).reduce((a, b) => a + b, 0), 0);
  if (options.ids && found === 0 && !context.interrupted())
    throw new CommandFailure(
      `No mutant has the id ${options.ids.join(' or ')}.`,
      2,
      'npx grade verify <exercise> --mutate --json names them all.',
    );
  if (context.json) process.stdout.write(`${JSON.stringify(toJson(rows, all), null, 2)}\n`);
  if (rows.length > 0) context.say(`\n${renderMutationTable(rows, context.screen)}`);
  for (const [nth, { judged, stale }] of all.entries()) sayWhatToDo(context, exercises[nth]!, judged, stale);
  if (context.interrupted()) context.say('Interrupted: what is not in the table was not tried.');
  if (options.record) context.say(`\nKept in ${recordFile}.`);
  const good = ({ survived, error }: MutationScore) => survived === 0 && error === 0;
  return rows.every(({ score }) => good(score)) && all.every(({ stale }) => stale.length === 0) ? 0 : 1;
}

async function mutateExercise(
  context: Context,
  exercise: LoadedExercise,
  machines: Machines,
  options: MutationOptions,
): Promise<{ judged: JudgedMutant[]; stale: string[] }> {
  const solution = await filesOf(context, exercise, 'solution');
  const reasons = await readReasons(exercise.folder);
  const every = mutantsOf(solution, await filesOf(context, exercise, 'starter'));
  const unknown = [...reasons.keys()].filter((id) => !every.some((mutant) => mutant.id === id));
  const mutants = options.ids ? every.filter(({ id }) => options.ids!.some((wanted) => id.startsWith(wanted))) : every;
  if (mutants.length === 0) return { judged: [], stale: [] };

  // If the solution fails, so does every mutant, and nothing has been shown.
  context.progress.step(`${exercise.id}  solution`);
  const own = await grade(context, exercise, solution, machines, newSeed());
  if (own.outcome !== 'pass' && !context.interrupted())
    throw new CommandFailure(
      `The solution of ${exercise.id} does not pass, so its mutants say nothing.`,
      2,
      `Look at it first: npx grade verify ${exercise.id}`,
    );
  const say = (one: JudgedMutant) => {
    const again = `npx grade verify ${exercise.id} --mutate --mutant ${one.mutant.id}`;
    context.progress.clear();
    context.say(renderMutant(one, again, context.screen));
  };
  // clang, which takes most of a verdict, runs ahead in one guest. gcc is as fast in each, and is asked about survivors only.
  const ofBpf = mutants.filter(({ file }) => file.endsWith('.bpf.c'));
  context.progress.step(`${exercise.id}  compiling ${ofBpf.length} mutants`);
  const onCompile = (done: number) => {
    context.progress.update({ done, total: ofBpf.length, unit: 'items' });
    return !context.interrupted();
  };
  const compiled = await sieve({ solution, mutants: ofBpf, machines, onCompile });

  const { root } = context;
  const basis = await basisOf(root, exercise, options.kernel);
  const known = await KnownMutants.of(root, exercise.id, { basis, seeds: options.seeds, mayUse: options.changed });
  const judged: JudgedMutant[] = [];
  await inParallel(options.jobs, [...mutants.entries()], async ([nth, mutant]) => {
    if (context.interrupted()) return;
    // Elsewhere than on a terminal, each mutant says itself what became of it.
    if (process.stderr.isTTY) context.progress.step(`${exercise.id}  mutant ${nth + 1} of ${mutants.length}`);
    const object = compiled.get(mutant.id) ?? 'other';
    const before = known.find(mutant.id);
    const one: JudgedMutant =
      object !== 'other'
        ? { mutant, outcome: object, about: '' }
        : before
          ? { mutant, ...before }
          : await judgeMutant(context, exercise, solution, mutant, machines, options);
    judged[nth] = one;
    if (object === 'other' && !context.interrupted()) await known.keep(one);
    // Of one that passed more is to be found out.
    if (!context.interrupted() && one.outcome !== 'survived' && one.outcome !== 'same') say(one);
  });
  if (context.interrupted()) return { judged: [], stale: [] };
  const passed = judged.filter(({ outcome }) => outcome === 'survived');
  const others = passed.map(({ mutant }) => mutant).filter(({ file }) => !file.endsWith('.bpf.c'));
  for (const [id, object] of await sieve({ solution, mutants: others, machines })) compiled.set(id, object);
  for (const one of passed) {
    const reason = reasons.get(one.mutant.id);
    if (compiled.get(one.mutant.id) === 'equivalent') Object.assign(one, { outcome: 'equivalent', about: '' });
    else if (reason !== undefined) Object.assign(one, { outcome: 'excused', about: reason });
    say(one);
  }
  // A reason for a mutant that is none any more, or that a check has learnt to catch.
  const needless = judged.filter(({ mutant, outcome }) => outcome !== 'excused' && reasons.has(mutant.id));
  return { judged, stale: [...unknown, ...needless.map(({ mutant }) => mutant.id)] };
}

async function judgeMutant(
  context: Context,
  exercise: LoadedExercise,
  solution: ReadonlyMap<string, string>,
  mutant: Mutant,
  machines: Machines,
  { seeds }: MutationOptions,
): Promise<JudgedMutant> {
  let killed: JudgedMutant | undefined;
  for (let nth = 0; nth < seeds; nth += 1) {
    const seed = newSeed();
    const result = await grade(context, exercise, new Map(solution).set(mutant.file, mutant.text), machines, seed);
    const first = result.checks.find(({ outcome }) => outcome !== 'pass');
    const message = result.message ?? first?.message;
    if (result.outcome === 'pass') {
      const about = seeds === 1 ? '' : `It passed with workload ${nth + 1} of ${seeds}.`;
      return { mutant, outcome: 'survived', about: [about, `--seed ${seed}`].filter(Boolean).join(' '), seed };
    }
    if (result.outcome !== 'fail') return { mutant, outcome: 'error', about: message?.text ?? result.outcome, seed };
    if (first?.stage === 'compile') return { mutant, outcome: 'invalid', about: '', seed };
    killed = { mutant, outcome: 'killed', about: `at ${first?.id}`, seed };
  }
  return killed!;
}

/** Ends at the first check that fails: nobody reads the others. */
async function grade(
  context: Context,
  exercise: LoadedExercise,
  texts: ReadonlyMap<string, string>,
  machines: Machines,
  seed: string,
): Promise<Result> {
  const files = new Map<string, Uint8Array>([...texts].map(([name, text]) => [name, Buffer.from(text)]));
  return gradeSubmission({
    root: context.root,
    exercise: { ...exercise, checks: exercise.checks.map(({ after: _, ...check }) => check) },
    folder: join(exercise.folder, 'solution'),
    read: { submission: { files, digest: digestOf(files) } },
    machines,
    seed,
  });
}

async function filesOf({ root }: Context, exercise: LoadedExercise, part: 'solution' | 'starter') {
  const read = await readSubmission(root, join(exercise.folder, part), exercise.files);
  if ('problem' in read) throw new CommandFailure(read.problem.text, 2, read.problem.help);
  return new Map([...read.submission.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]));
}

function sayWhatToDo(
  context: Context,
  exercise: LoadedExercise,
  judged: readonly JudgedMutant[],
  stale: readonly string[],
): void {
  const survivors = judged.filter(({ outcome }) => outcome === 'survived');
  const file = join(relative(context.root, exercise.folder), reasonsFile);
  if (survivors.length > 0) {
    context.say(
      `\n${exercise.id}: the checks cannot tell these from the solution. Let the workload hold what tells them apart; if nothing can, say in ${file} why:`,
    );
    context.say(
      [
        '- reason: …',
        '  mutants:',
        ...survivors.map(({ mutant }) => `    ${mutant.id}: ${JSON.stringify(lineOf(mutant))}`),
      ].join('\n'),
    );
  }
  if (stale.length > 0)
    context.say(
      `\n${exercise.id}: ${stale.join(', ')} ${stale.length === 1 ? 'needs' : 'need'} no reason any more; take it out of ${file}.`,
    );
}

async function keep(
  context: Context,
  exercise: LoadedExercise,
  score: MutationScore,
  options: MutationOptions,
): Promise<void> {
  const { killed, excused, survived, equivalent, invalid, error } = score;
  const kept =
    survived > 0 || error > 0
      ? null
      : {
          killed,
          excused,
          equivalent,
          invalid,
          kernel: options.kernel,
          seeds: options.seeds,
          date: new Date().toISOString().slice(0, 10),
        };
  await changeRecord(context.root, async (record) =>
    updateMutants(record, exercise.id, await digestOfExercise(exercise), kept),
  );
}

function toJson(
  rows: readonly MutationRow[],
  all: readonly { exercise: string; judged: JudgedMutant[]; stale: string[] }[],
) {
  return {
    format: 'hookpoint-mutation-run',
    version: 1,
    exercises: rows.map(({ exercise, score }, nth) => ({
      exercise,
      score,
      stale: all[nth]!.stale,
      mutants: all[nth]!.judged.map(({ mutant: { text: _, ...mutant }, ...one }) => ({ ...mutant, ...one })),
    })),
  };
}

/** Mutants are tried on one kernel; undefined is this machine. */
export function kernelForMutants(wanted: readonly ({ id: string } | undefined)[]): string | undefined {
  if (wanted.length === 1) return wanted[0]?.id;
  throw new CommandFailure('--mutate tries each mutant on one kernel.', 2, 'Name one with --kernel, or leave it away.');
}
