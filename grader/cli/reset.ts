/** `grade reset [exercise]`: the starter again; what was there is kept. */
import { relative } from 'node:path';
import { currentExercise, readProgress } from '../course/progress.ts';
import { differsFromStarter, resetExercise } from '../course/reset.ts';
import { startedExercises, submissionFolder } from '../course/workspace.ts';
import { renderNext } from '../report/next.ts';
import { confirm, isAnybodyThere } from './ask.ts';
import { CommandFailure, type Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';

export async function reset(context: Context, named: string | undefined, options: LearnerOptions): Promise<number> {
  const { root } = context;
  const { course, login, exercise: wanted } = await findLearner(context, named, options);
  const exercise = wanted ?? currentExercise(course, await readProgress(root, login, course, context.note));
  if (!exercise)
    throw new CommandFailure(
      'There is no exercise under way to reset.',
      2,
      'Say which: npx grade reset programs/hello',
    );
  const { id } = exercise;
  const place = relative(process.cwd(), submissionFolder(root, login, id)) || '.';
  if (!(await startedExercises(root, login)).includes(id))
    throw new CommandFailure(`You have not started ${id}, so there is nothing to reset.`, 2, `npx grade start ${id}`);
  if ((await differsFromStarter(root, login, exercise)) && !context.yes) {
    if (!isAnybodyThere(context))
      throw new CommandFailure(
        `${place}/ would be replaced by the starter, and nobody is there to be asked.`,
        2,
        `If you mean it: npx grade reset ${id} --yes`,
      );
    if (!(await confirm(context, `Replace what is in ${place}/ by the starter? Yours is kept.`, false)))
      throw new CommandFailure('Nothing was changed.', 2, `If you mean it: npx grade reset ${id} --yes`);
  }
  const done = await resetExercise(root, login, exercise);
  if ('problem' in done) throw new CommandFailure(`${place}/ is no folder any more.`, 2, `npx grade start ${id}`);
  if (context.json) process.stdout.write(`${JSON.stringify({ exercise: id, kept: done.kept })}\n`);
  context.say(
    done.kept === null
      ? `${place}/ is the starter already; nothing was changed.\n`
      : `${place}/ is the starter again. What was there is kept in ${done.kept}/\n`,
  );
  context.say(
    renderNext(
      [`Edit ${place}/${Object.keys(exercise.files)[0]}, then: npx grade`, `The task: npx grade task ${id}`],
      context.screen,
    ),
  );
  return 0;
}
