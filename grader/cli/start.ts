/** `grade start [exercise]`: copies the starter and says what to do. */
import { relative } from 'node:path';
import { findExercise } from '../course/find.ts';
import { loadCourse } from '../course/load.ts';
import { nextExercise, readProgress } from '../course/progress.ts';
import { startExercise } from '../course/workspace.ts';
import { CommandFailure, type Context } from './context.ts';
import { loginOf } from './grade.ts';

export async function start(context: Context, named: string | undefined, options: { as?: string }): Promise<number> {
  const { root } = context;
  const course = await loadCourse(root, named === undefined ? [] : [named]);
  const login = await loginOf(context, options.as);
  const found = named === undefined ? undefined : await findExercise(course, named);
  if (found && 'problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
  const exercise = found?.exercise ?? nextExercise(course, await readProgress(root, login, course));
  if (!exercise) {
    context.say('You have passed every exercise that the course has so far.');
    return 0;
  }
  const started = await startExercise(root, login, exercise);
  if ('problem' in started) throw new CommandFailure(started.problem.text, 2, started.problem.help);
  const here = (path: string) => relative(process.cwd(), path) || '.';
  if (context.json) process.stdout.write(`${JSON.stringify({ exercise: exercise.id, folder: relative(root, started.folder), copied: started.copied })}\n`);
  context.say(`${exercise.id} – ${exercise.title}\n${exercise.summary}\n`);
  context.say(started.copied.length > 0 ? `The starter is in ${here(started.folder)}/: ${started.copied.join(', ')}` : `You have started it already; nothing in ${here(started.folder)}/ was changed.`);
  context.say(`The task is in ${here(`${exercise.folder}/task.mdx`)}\nWhen you have changed something: npx grade`);
  return 0;
}
