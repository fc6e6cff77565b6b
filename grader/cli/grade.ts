/** `grade [exercise…]`: sets up on first use, grades, says what is next. */
import { relative } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { loadCourse } from '../course/load.ts';
import { currentExercise, hintsGiven, nextExercise, readProgress, saveResult } from '../course/progress.ts';
import { oldNameOf, startedExercises, startExercise, submissionFolder } from '../course/workspace.ts';
import { makeReport, renderJson } from '../report/json.ts';
import { renderReport } from '../report/terminal.ts';
import type { Check } from '../course/exercise.ts';
import type { Result } from '../verdict/result.ts';
import { CommandFailure, type Context } from './context.ts';
import { gradeSubmission } from './grading.ts';
import { loginOf } from './learner.ts';
import { checkMachineOptions, type MachineOptions, Machines } from './machines.ts';
import { ReportFiles } from './report-files.ts';
import { stepFor } from './step.ts';

export interface GradeOptions extends MachineOptions {
  all?: boolean;
  as?: string;
  report?: string[];
  seed?: string;
}

export interface Target {
  exercise: LoadedExercise;
  folder: string;
}

/** Returns the exit code. `commands` are the names of all, for who mistyped one. */
export async function grade(context: Context, named: string[], options: GradeOptions, commands: readonly string[] = []): Promise<number> {
  const { root } = context;
  const reports = (context.reports = await ReportFiles.check(options.report ?? []));
  if (options.seed !== undefined && !/^[0-9a-f]{8,64}$/.test(options.seed)) throw new CommandFailure(`--seed ${options.seed} is not a seed.`, 2, 'A seed is 8 to 64 hexadecimal digits, as a result shows it.');
  await checkMachineOptions(options);
  const course = await loadCourse(root);
  const login = await loginOf(context, options.as);
  const targets = await chooseTargets(context, await loadCourse(root, named), login, named, options.all === true, commands);

  const machines = new Machines(context, options);
  const results: Result[] = [];
  try {
    for (const { exercise, folder } of targets) {
      // A solution or a mistake that was graded by its folder is nobody's progress.
      const own = folder === submissionFolder(root, login, exercise.id);
      const hints = own ? await hintsGiven(root, login, exercise, context.note) : {};
      const result = await gradeSubmission({ root, exercise, folder, machines, seed: options.seed, hintsGiven: hints, onCheck: showCheck(context, exercise) });
      context.progress.clear();
      if (own && !context.interrupted()) await saveResult(root, login, exercise, result, context.note);
      results.push(result);
      reports.add(result);
    }
  } finally {
    await machines.close();
  }
  const report = makeReport(results);
  if (context.json) process.stdout.write(renderJson(report));
  else context.say(renderReport(report, context.screen, await whatNext(context, course, login, targets, results)).trimEnd());
  const problems = context.interrupted() ? [] : await reports.write(context.tell);
  problems.forEach(context.tell);
  return report.exitCode || (problems.length > 0 ? 3 : 0);
}

export async function chooseTargets(context: Context, course: LoadedExercise[], login: string, named: string[], all: boolean, commands: readonly string[] = []): Promise<Target[]> {
  const { root } = context;
  const own = (exercise: LoadedExercise): Target => ({ exercise, folder: submissionFolder(root, login, exercise.id) });
  if (named.length > 0) {
    const targets: Target[] = [];
    for (const text of named) {
      const found = await findExercise(course, text, process.cwd(), commands);
      if ('problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
      const target = found.folder ? { exercise: found.exercise, folder: found.folder } : own(found.exercise);
      if (target.folder === own(found.exercise).folder) await start(context, found.exercise, login);
      targets.push(target);
    }
    return targets;
  }
  if (all) {
    const started = await startedExercises(root, login);
    for (const exercise of course.filter((one) => oldNameOf(one, started) !== undefined)) context.note(`Not graded: ${oldNameOf(exercise, started)} was renamed to ${exercise.id}. What to do: npx grade start ${exercise.id}\n`);
    const targets = course.filter(({ id }) => started.includes(id)).map(own);
    if (targets.length === 0) throw new CommandFailure('You have not started any exercise yet.', 2, 'npx grade');
    return targets;
  }
  const progress = await readProgress(root, login, course, context.note);
  // With all of them passed, the last one is graded again: a verdict is better than a refusal.
  const exercise = currentExercise(course, progress) ?? nextExercise(course, progress) ?? course.at(-1)!;
  await start(context, exercise, login);
  return [own(exercise)];
}

/** Copies the starter if there is no folder yet; a folder that is there stays as it is, also with files missing. */
async function start(context: Context, exercise: LoadedExercise, login: string): Promise<void> {
  const { root } = context;
  if ((await startedExercises(root, login)).includes(exercise.id)) return;
  const started = await startExercise(root, login, exercise);
  if ('problem' in started) throw new CommandFailure(started.problem.text, 2, started.problem.help);
  context.note(`Started ${exercise.id}: the starter is now yours, in ${relative(process.cwd(), started.folder) || '.'}/\n`);
}

function showCheck({ progress }: Context, exercise: LoadedExercise): (check: Check) => void {
  let label = '';
  return (check) => {
    if (label === '') progress.step((label = `Grading ${exercise.id}`));
    progress.update(check.title);
  };
}

/** One step, and what else helps. */
async function whatNext({ root }: Context, course: LoadedExercise[], login: string, targets: Target[], results: Result[]): Promise<string[]> {
  const index = results.findIndex((result) => result.outcome !== 'pass');
  if (index < 0) return stepFor(course, await readProgress(root, login, course));
  const [{ outcome }, { exercise, folder }] = [results[index]!, targets[index]!];
  if (outcome === 'error' || outcome === 'unsupported') return ['See what works here: npx grade doctor'];
  const place = relative(process.cwd(), folder) || '.';
  const own = folder === submissionFolder(root, login, exercise.id);
  const again = own && results.length === 1 ? 'npx grade' : `npx grade ${own ? exercise.id : place}`;
  if (outcome === 'invalid') return [`Mend ${place}/, then: ${again}`];
  const more = own ? [`The task: npx grade task ${exercise.id}`, `Stuck? npx grade hint ${exercise.id}`] : [];
  return [`Edit ${Object.keys(exercise.files).map((file) => `${place}/${file}`).join(', ')}, then: ${again}`, ...more];
}
