/** `grade start [exercise]`: copies the starter, shows the task, says what to do. `grade task` shows the task alone. */
import { isAbsolute, join, relative } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { currentExercise, nextExercise, readProgress } from '../course/progress.ts';
import { readTask } from '../course/task.ts';
import { startExercise } from '../course/workspace.ts';
import { renderNext } from '../report/next.ts';
import { painter } from '../report/paint.ts';
import { renderTask } from '../report/task.ts';
import { CommandFailure, type Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';
import { stepFor } from './step.ts';

export async function start(context: Context, named: string | undefined, options: LearnerOptions): Promise<number> {
  const { root, screen } = context;
  const { course, login, exercise: wanted } = await findLearner(context, named, options);
  const progress = await readProgress(root, login, course, context.note);
  const exercise = wanted ?? nextExercise(course, progress);
  if (!exercise) {
    if (context.json) process.stdout.write(`${JSON.stringify({ exercise: null })}\n`);
    context.say(renderNext(stepFor(course, progress), screen));
    return 0;
  }
  const started = await startExercise(root, login, exercise);
  if ('problem' in started) throw new CommandFailure(started.problem.text, 2, started.problem.help);
  const place = here(started.folder);
  if (context.json) process.stdout.write(`${JSON.stringify({ exercise: exercise.id, folder: relative(root, started.folder), copied: started.copied })}\n`);
  context.say(await taskOf(context, exercise));
  const files = Object.entries(exercise.files).map(([name, { description }]) => `  ${place}/${name}\n      ${description}`);
  context.say(`${painter(screen)('bold', 'Your files')}\n${files.join('\n')}`);
  context.say(started.copied.length > 0 ? `The starter is there now: ${started.copied.join(', ')}\n` : 'You have started it already; nothing was changed.\n');
  context.say(renderNext([`Edit ${place}/${Object.keys(exercise.files)[0]}, then: npx grade`, `The task again: npx grade task ${exercise.id}`], screen));
  return 0;
}

export async function task(context: Context, named: string | undefined, options: LearnerOptions): Promise<number> {
  const { course, login, exercise: wanted } = await findLearner(context, named, options);
  const progress = wanted ? undefined : await readProgress(context.root, login, course, context.note);
  const exercise = wanted ?? currentExercise(course, progress!) ?? nextExercise(course, progress!) ?? course.at(-1)!;
  const { id, title, summary, files, folder } = exercise;
  if (context.json) process.stdout.write(`${JSON.stringify({ exercise: id, title, summary, files, task: await readTask(context.root, folder) })}\n`);
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
