/**
 * `grade start [exercise]`: copies the starter, shows the task, says what to do. `grade next` does so for the first exercise
 * that is not started yet, `grade task` shows the task alone.
 */
import { isAbsolute, join, relative } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { currentExercise, nextExercise, type Progress, readProgress } from '../course/progress.ts';
import { readTask } from '../course/task.ts';
import { startStage } from '../course/stages.ts';
import { renderNext } from '../report/next.ts';
import { painter } from '../report/paint.ts';
import { renderTask } from '../report/task.ts';
import { CommandFailure, type Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';
import { stepFor } from './step.ts';

export async function start(context: Context, named: string | undefined, options: LearnerOptions): Promise<number> {
  const { root } = context;
  const { course, login, exercise: wanted } = await findLearner(context, named, options);
  const progress = await readProgress(root, login, course, context.note);
  return begin(context, login, course, progress, wanted ?? nextExercise(course, progress));
}

export async function next(context: Context, options: LearnerOptions): Promise<number> {
  const { course, login } = await findLearner(context, undefined, options);
  const progress = await readProgress(context.root, login, course, context.note);
  const fresh = course.find(({ id }) => !progress.get(id)!.passed && !progress.get(id)!.started);
  return begin(context, login, course, progress, fresh ?? nextExercise(course, progress));
}

async function begin(
  context: Context,
  login: string,
  course: LoadedExercise[],
  progress: Progress,
  exercise: LoadedExercise | undefined,
): Promise<number> {
  const { root, screen } = context;
  if (!exercise) {
    if (context.json) process.stdout.write(`${JSON.stringify({ exercise: null })}\n`);
    context.say(renderNext(stepFor(course, progress), screen));
    return 0;
  }
  const started = await startStage(root, login, course, exercise, context.note);
  if ('problem' in started) throw new CommandFailure(started.problem.text, 2, started.problem.help);
  const place = here(started.folder);
  if (context.json)
    process.stdout.write(
      `${JSON.stringify({ exercise: exercise.id, folder: relative(root, started.folder), copied: started.copied })}\n`,
    );
  context.say(await taskOf(context, exercise));
  const files = Object.entries(exercise.files).map(
    ([name, { description }]) => `  ${place}/${name}\n      ${description}`,
  );
  context.say(`${painter(screen)('bold', 'Your files')}\n${files.join('\n')}`);
  context.say(
    started.copied.length > 0
      ? `The starter is there now: ${started.copied.join(', ')}\n`
      : 'You have started it already; nothing was changed.\n',
  );
  context.say(
    renderNext(
      [
        `Edit ${place}/${Object.keys(exercise.files)[0]}, then: npx grade`,
        `The task again: npx grade task ${exercise.id}`,
      ],
      screen,
    ),
  );
  return 0;
}

export async function task(context: Context, named: string | undefined, options: LearnerOptions): Promise<number> {
  const { course, login, exercise: wanted } = await findLearner(context, named, options);
  const progress = wanted ? undefined : await readProgress(context.root, login, course, context.note);
  const exercise = wanted ?? currentExercise(course, progress!) ?? nextExercise(course, progress!) ?? course.at(-1)!;
  const { id, title, summary, files, folder } = exercise;
  if (context.json)
    process.stdout.write(
      `${JSON.stringify({ exercise: id, title, summary, files, task: await readTask(context.root, folder) })}\n`,
    );
  context.say((await taskOf(context, exercise)).trimEnd());
  return 0;
}

async function taskOf({ root, screen }: Context, { id, title, folder }: LoadedExercise): Promise<string> {
  const text = await readTask(root, folder);
  const isFile = (target: string) => !/^[a-z]+:|^#/i.test(target) && !isAbsolute(target);
  const shownLink = (target: string) => (isFile(target) ? here(join(folder, target)) : target);
  return `${painter(screen)('bold', id)} – ${title}\n\n${renderTask(text, screen, { shownLink })}`;
}

function here(path: string): string {
  return relative(process.cwd(), path) || '.';
}
