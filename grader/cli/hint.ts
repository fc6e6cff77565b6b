/** `grade hint [exercise]`: one step further each time, for the check that failed first. */
import type { LoadedExercise } from '../course/exercise.ts';
import { currentExercise, giveHint, readProgress, readResult } from '../course/progress.ts';
import { renderNext } from '../report/next.ts';
import { painter, wrap } from '../report/paint.ts';
import { hintLadder } from '../verdict/hint.ts';
import { plain } from '../verdict/text.ts';
import { CommandFailure, type Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';

// The first is in the result of the grading itself.
const most = hintLadder.length - 1;

export async function hint(context: Context, named: string | undefined, options: LearnerOptions): Promise<number> {
  const { root, screen } = context;
  const { course, login, exercise: wanted } = await findLearner(context, named, options);
  const progress = await readProgress(root, login, course, context.note);
  const exercise = wanted ?? currentExercise(course, progress);
  if (!exercise) throw new CommandFailure('There is no exercise under way to give a hint for.', 2, 'npx grade');
  const { entry, digest, passed } = progress.get(exercise.id)!;
  const check = exercise.checks.find(({ id }) => id === entry?.failed);
  if (!check)
    throw new CommandFailure(
      passed
        ? `${exercise.id} has passed: there is nothing to hint at.`
        : `No check of ${exercise.id} has failed, so there is nothing to hint at yet.`,
      2,
      `npx grade ${exercise.id}`,
    );

  const { hints, left } = await nextHint(root, login, exercise, check);
  const changed = digest !== entry!.digest;
  if (context.json)
    process.stdout.write(`${JSON.stringify({ exercise: exercise.id, check: check.id, hints, left, changed })}\n`);
  context.say(`${painter(screen)('bold', exercise.id)}: “${check.title}”\n`);
  if (changed) context.say('Your files have changed since they were graded; this is about what failed then.\n');
  context.say(hints.map((text, i) => numbered(i + 1, text, screen.width)).join('\n'));
  context.say(`\n${leftOf(left)} Hints cost no points.\n`);
  const lesson = (await readResult(root, login, exercise.id))?.checks.find(({ id }) => id === check.id)?.message
    ?.lesson;
  const more = [
    ...(lesson ? [`The lesson about it: content/docs/${plain(lesson)}.mdx`] : []),
    `The task: npx grade task ${exercise.id}`,
  ];
  if (left === 0) more.push(`Still stuck? npx grade solution ${exercise.id} --spoil`);
  context.say(renderNext([`Edit your files, then: npx grade`, ...more], screen));
  return 0;
}

/** One hint more for a check, with those before it; `left` are those still to come. */
export async function nextHint(
  root: string,
  login: string,
  exercise: LoadedExercise,
  check: LoadedExercise['checks'][number],
): Promise<{ hints: string[]; left: number }> {
  const given = await giveHint(root, login, exercise, check.id, most);
  return { hints: hintLadder.slice(0, given + 1).map((step) => check.hints[step]), left: most - given };
}

function leftOf(left: number): string {
  if (left === 0) return 'That was the last hint for this check.';
  return `${left === 1 ? 'One more is' : `${left} more are`} left: npx grade hint.`;
}

function numbered(n: number, text: string, width: number): string {
  const mark = `${n}. `;
  return (
    mark +
    text
      .split('\n')
      .flatMap((line) => wrap(line, width - mark.length))
      .join(`\n${' '.repeat(mark.length)}`)
  );
}
