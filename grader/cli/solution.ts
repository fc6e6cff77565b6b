/** `grade solution [exercise]`: after a pass, or with --spoil. */
import type { LoadedExercise } from '../course/exercise.ts';
import { filesOf } from '../course/files.ts';
import { currentExercise, type Progress, readProgress } from '../course/progress.ts';
import { readSubmission } from '../course/submission.ts';
import { submissionFolder } from '../course/workspace.ts';
import { renderNext } from '../report/next.ts';
import { painter } from '../report/paint.ts';
import { renderDiff, renderFiles, renderMisconceptions, unifiedDiff } from '../report/solution.ts';
import { confirm, isAnybodyThere } from './ask.ts';
import { CommandFailure, type Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';
import { stepFor } from './step.ts';

export async function solution(
  context: Context,
  named: string | undefined,
  options: LearnerOptions & { spoil?: boolean; diff?: boolean },
): Promise<number> {
  const { root, screen } = context;
  const { course, login, exercise: wanted } = await findLearner(context, named, options);
  const progress = await readProgress(root, login, course, context.note);
  const exercise = wanted ?? gradedLast(course, progress) ?? currentExercise(course, progress);
  if (!exercise)
    throw new CommandFailure('Which solution? You have not started any exercise yet.', 2, 'npx grade list');
  const { id } = exercise;
  if (!progress.get(id)!.entry?.passedOn) {
    if (!options.spoil)
      throw new CommandFailure(
        `You have not passed ${id} yet. Its solution is shown after a pass, or if you ask for it with --spoil.`,
        2,
        `One more hint: npx grade hint ${id}\nShow it anyway: npx grade solution ${id} --spoil`,
      );
    const sure =
      context.yes ||
      !isAnybodyThere(context) ||
      (await confirm(context, `Show the solution of ${id}? It costs no points, and cannot be unseen.`, false));
    if (!sure) throw new CommandFailure('The solution was not shown.', 2, `One more hint: npx grade hint ${id}`);
  }
  const files = await filesOf(exercise, 'solution');
  const diff = options.diff ? unifiedDiff(await ownFiles(root, login, exercise), files) : undefined;
  if (context.json) {
    const misconceptions = Object.values(exercise.wrong);
    process.stdout.write(
      `${JSON.stringify({ exercise: id, files: Object.fromEntries(files), misconceptions, ...(diff !== undefined && { diff }) }, null, 2)}\n`,
    );
    return 0;
  }
  const shown =
    diff === undefined
      ? renderFiles(files, screen)
      : diff === ''
        ? 'Your files are the solution, letter by letter.'
        : renderDiff(diff, screen);
  const parts = [
    `${painter(screen)('bold', id)}: a solution. Others may be as good.`,
    shown,
    renderMisconceptions(exercise, screen),
    renderNext(stepFor(course, progress), screen),
  ];
  context.say(parts.join('\n\n'));
  return 0;
}

function gradedLast(course: readonly LoadedExercise[], progress: Progress): LoadedExercise | undefined {
  const dateOf = ({ id }: LoadedExercise) => progress.get(id)?.entry?.date ?? '';
  return course.filter((exercise) => dateOf(exercise) !== '').sort((a, b) => dateOf(b).localeCompare(dateOf(a)))[0];
}

/** Throws CommandFailure if they cannot be read. */
async function ownFiles(root: string, login: string, exercise: LoadedExercise): Promise<Map<string, string>> {
  const read = await readSubmission(root, submissionFolder(root, login, exercise.id), exercise.files);
  if ('problem' in read)
    throw new CommandFailure(`There is nothing to compare with: ${read.problem.text}`, 2, read.problem.help);
  return new Map([...read.submission.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]));
}
