/** `grade [exercise…]`: sets up on first use, grades, says what is next. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { readCourseList } from '../course/course-list.ts';
import { findExercise } from '../course/find.ts';
import { loadCourse } from '../course/load.ts';
import { currentExercise, hintsGiven, nextExercise, readProgress } from '../course/progress.ts';
import { progressPath } from '../course/progress-store.ts';
import { startStage } from '../course/stages.ts';
import { readSubmission } from '../course/submission.ts';
import { oldNameOf, startedExercises, submissionFolder } from '../course/workspace.ts';
import { isJudged } from '../report/judged.ts';
import { makeReport, renderJson } from '../report/json.ts';
import { inBrief } from '../report/record.ts';
import { renderReport, renderSummary } from '../report/terminal.ts';
import type { Check } from '../course/exercise.ts';
import type { Result } from '../verdict/result.ts';
import { type Target, targetsOfClass } from './class-targets.ts';
import { CommandFailure, type Context } from './context.ts';
import { gradeSubmission } from './grading.ts';
import { keepResult } from './keep-result.ts';
import { wholeNumber } from './jobs.ts';
import { loginOf } from './learner.ts';
import { checkMachineOptions, type MachineOptions, Machines } from './machines.ts';
import { ReportFiles } from './report-files.ts';
import { readRecords } from './results-file.ts';
import { inParallel } from './side-by-side.ts';
import { stepFor } from './step.ts';

export interface GradeOptions extends MachineOptions {
  all?: boolean;
  /** How many exercises at once. */
  jobs: string;
  as?: string;
  report?: string[];
  seed?: string;
  resume?: boolean;
}

/** Returns the exit code. `commands` are the names of all, for who mistyped one. */
export async function grade(
  context: Context,
  named: string[],
  options: GradeOptions,
  commands: readonly string[] = [],
): Promise<number> {
  const { root } = context;
  const reports = (context.reports = await ReportFiles.check(options.report ?? []));
  if (options.seed !== undefined && !/^[0-9a-f]{8,64}$/.test(options.seed))
    throw new CommandFailure(
      `--seed ${options.seed} is not a seed.`,
      2,
      'A seed is 8 to 64 hexadecimal digits, as a result shows it.',
    );
  const jobs = wholeNumber('--jobs', options.jobs, 16);
  if ((await checkMachineOptions(options)) === 'host' && jobs > 1)
    throw new CommandFailure('--jobs is for guests; programs on one host would see each other.', 2, 'Leave it away.');
  const [loaded, { ids }] = [await loadCourse(root, named), await readCourseList(root)];
  // Nobody is led on to a draft.
  const course = loaded.filter(({ id }) => ids.includes(id));
  const login = await loginOf(context, options.as);
  const { targets: ofClass, rest } = await targetsOfClass(context, loaded, named);
  const chosen =
    ofClass.length > 0 && rest.length === 0
      ? ofClass
      : [...ofClass, ...(await chooseTargets(context, loaded, login, rest, options.all === true, commands))];
  const targets = options.resume ? await notYetIn(context, reports.appendedTo, chosen, options.kernel) : chosen;
  // A class fits into its file, not into memory.
  const isMany = targets.length > 200 && reports.appendedTo.length > 0;

  const isFirst = !existsSync(join(root, progressPath));
  const machines = new Machines(context, options);
  // In their order, whichever ends first.
  const ended: (Result | undefined)[] = [];
  const unkept: string[] = [];
  try {
    await inParallel(jobs, targets, async (target) => {
      if (context.interrupted()) return;
      const { exercise, folder } = target;
      // A solution or a mistake that was graded by its folder is nobody's progress.
      const own = folder === submissionFolder(root, login, exercise.id);
      const hints = own ? await hintsGiven(root, login, exercise, context.note) : {};
      const result = await gradeSubmission({
        root,
        exercise,
        folder,
        machines,
        seed: options.seed,
        hintsGiven: hints,
        onCheck: jobs > 1 ? () => {} : showCheck(context, exercise),
      });
      context.progress.clear();
      const notKept = own && !context.interrupted() ? await keepResult(context, login, exercise, result) : undefined;
      if (notKept !== undefined) unkept.push(notKept);
      ended[targets.indexOf(target)] = isMany ? inBrief(result) : result;
      await reports.add(result);
      if (jobs > 1) context.note(renderSummary(result, context.screen));
    });
  } finally {
    await machines.close();
  }
  const results = ended.filter((result) => result !== undefined);
  reports.settle(results);
  const graded = targets.filter((_, i) => ended[i]);
  const report = makeReport(results);
  if (context.json) process.stdout.write(renderJson(report));
  else
    context.say(
      renderReport(report, context.screen, await whatNext(context, course, login, graded, results)).trimEnd(),
    );
  if (isFirst && isByNpx())
    context.note(`\n  From now on ${here(join(root, 'grade'))} does the same, and starts at once.`);
  const problems = context.interrupted() ? [] : [...unkept, ...(await reports.write(context.tell))];
  problems.forEach(context.tell);
  return report.exitCode || (problems.length > 0 ? 3 : 0);
}

export async function chooseTargets(
  context: Context,
  course: LoadedExercise[],
  login: string,
  named: string[],
  all: boolean,
  commands: readonly string[] = [],
): Promise<Target[]> {
  const { root } = context;
  const own = (exercise: LoadedExercise): Target => ({ exercise, folder: submissionFolder(root, login, exercise.id) });
  if (named.length > 0) {
    const targets: Target[] = [];
    for (const text of named) {
      const found = await findExercise(course, text, process.cwd(), commands);
      if ('problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
      const target = found.folder ? { exercise: found.exercise, folder: found.folder } : own(found.exercise);
      if (target.folder === own(found.exercise).folder) await start(context, course, found.exercise, login);
      targets.push(target);
    }
    return targets;
  }
  if (all) {
    const started = await startedExercises(root, login);
    for (const exercise of course.filter((one) => oldNameOf(one, started) !== undefined))
      context.note(
        `Not graded: ${oldNameOf(exercise, started)} was renamed to ${exercise.id}. What to do: npx grade start ${exercise.id}\n`,
      );
    const targets = course.filter(({ id }) => started.includes(id)).map(own);
    if (targets.length === 0) throw new CommandFailure('You have not started any exercise yet.', 2, 'npx grade');
    return targets;
  }
  const progress = await readProgress(root, login, course, context.note);
  // With all of them passed, the last one is graded again: a verdict is better than a refusal.
  const exercise = currentExercise(course, progress) ?? nextExercise(course, progress) ?? course.at(-1)!;
  await start(context, course, exercise, login);
  return [own(exercise)];
}

/** Without those whose files have a verdict in a results file already, on that kernel if one is named. */
async function notYetIn(
  { root, note }: Context,
  files: readonly string[],
  targets: Target[],
  kernel: string | undefined,
): Promise<Target[]> {
  if (files.length === 0)
    throw new CommandFailure('--resume goes on with a results file.', 2, 'Name it: --report results.jsonl --resume');
  const judged = new Set<string>();
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0)
    for await (const { record } of readRecords(there)) {
      if (!('result' in record) || !isJudged(record.result)) continue;
      const { submission, digest, machine } = record.result;
      if (kernel === undefined || machine?.kernel.startsWith(`${kernel}.`)) judged.add(`${submission} ${digest}`);
    }
  const left: Target[] = [];
  for (const target of targets) {
    const read = await readSubmission(root, target.folder, target.exercise.files);
    const digest = 'submission' in read ? read.submission.digest : null;
    if (!judged.has(`${relative(root, target.folder).split(sep).join('/')} ${digest}`)) left.push(target);
  }
  if (left.length < targets.length)
    note(`${targets.length - left.length} of ${targets.length} have a verdict already.`);
  return left;
}

/** npx links the command into a folder of its own. */
function isByNpx(): boolean {
  return basename(dirname(process.env['HOOKPOINT_TYPED'] ?? '')) === '.bin';
}

/** A path that a shell takes for one. */
function here(path: string): string {
  const place = relative(process.cwd(), path);
  return place.startsWith('.') ? place : `./${place}`;
}

/** Copies the starter if there is no folder yet; a folder that is there stays as it is, also with files missing. */
async function start(
  context: Context,
  course: readonly LoadedExercise[],
  exercise: LoadedExercise,
  login: string,
): Promise<void> {
  const { root } = context;
  if ((await startedExercises(root, login)).includes(exercise.id)) return;
  const started = await startStage(root, login, course, exercise, context.note);
  if ('problem' in started) throw new CommandFailure(started.problem.text, 2, started.problem.help);
  context.note(
    `Started ${exercise.id}: the starter is now yours, in ${relative(process.cwd(), started.folder) || '.'}/\n`,
  );
}

function showCheck({ progress }: Context, exercise: LoadedExercise): (check: Check) => void {
  let label = '';
  return (check) => {
    if (label === '') progress.step((label = `Grading ${exercise.id}`));
    progress.update(check.title);
  };
}

/** One step, and what else helps. */
async function whatNext(
  { root }: Context,
  course: LoadedExercise[],
  login: string,
  targets: Target[],
  results: Result[],
): Promise<string[]> {
  const index = results.findIndex((result) => result.outcome !== 'pass');
  if (index < 0) return stepFor(course, await readProgress(root, login, course));
  const [{ outcome }, { exercise, folder }] = [results[index]!, targets[index]!];
  if (outcome === 'error' || outcome === 'unsupported') return ['See what works here: npx grade doctor'];
  const place = relative(process.cwd(), folder) || '.';
  const own = folder === submissionFolder(root, login, exercise.id);
  const again = own && results.length === 1 ? 'npx grade' : `npx grade ${own ? exercise.id : place}`;
  if (outcome === 'invalid') return [`Fix ${place}/, then: ${again}`];
  const more = own ? [`The task: npx grade task ${exercise.id}`, `Stuck? npx grade hint ${exercise.id}`] : [];
  return [
    `Edit ${Object.keys(exercise.files)
      .map((file) => `${place}/${file}`)
      .join(', ')}, then: ${again}`,
    ...more,
  ];
}
