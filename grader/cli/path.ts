/** `grade path [name]`: the paths through the course, and which one to follow. */
import type { LoadedExercise } from '../course/exercise.ts';
import { choosePath, inOrderOf, type Path } from '../course/paths.ts';
import { type Progress, readProgress } from '../course/progress.ts';
import { type PathRow, renderPaths } from '../report/course.ts';
import { renderNext } from '../report/next.ts';
import { CommandFailure, type Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';
import { stepFor } from './step.ts';

export interface PathOptions extends LearnerOptions {
  leave?: boolean;
}

export async function path(context: Context, named: string | undefined, options: PathOptions): Promise<number> {
  const { root, screen } = context;
  const { course, paths, chosen, login } = await findLearner(context, undefined, options);
  if (named !== undefined && options.leave)
    throw new CommandFailure('You follow one path at a time, so --leave needs no name.', 2, 'npx grade path --leave');
  const wanted = named === undefined ? undefined : demandPath(paths, named);
  if (wanted || options.leave)
    await choosePath(root, wanted ?? null).catch((error: Error) => {
      throw new CommandFailure(
        `Which path you follow cannot be kept: ${error.message}`,
        2,
        'It is a file in .grade/ of your clone: make that folder writable, or free some space.',
      );
    });
  const followed = options.leave ? undefined : (wanted ?? chosen);
  const progress = await readProgress(root, login, course, context.note);
  const rows = paths.map((one) => pathRow(one, course, progress, one === followed));
  if (context.json) {
    process.stdout.write(`${JSON.stringify({ login, path: followed?.name ?? null, paths: rows }, null, 2)}\n`);
    return 0;
  }
  const said = wanted
    ? [`You follow the path ${wanted.title}: what it requires comes first.`]
    : options.leave
      ? ['You follow the whole course, in its order.']
      : [];
  const how = followed ? [] : ['Follow one: npx grade path networking'];
  context.say(
    [
      ...said,
      renderPaths(rows, screen),
      renderNext([...stepFor(inOrderOf(followed, course), progress), ...how], screen),
    ].join('\n\n'),
  );
  return 0;
}

export function demandPath(paths: readonly Path[], named: string): Path {
  const found = paths.find(({ name }) => name === named.toLowerCase());
  if (!found)
    throw new CommandFailure(
      `The course has no path ‘${named}’.`,
      2,
      `The paths are ${paths.map(({ name }) => name).join(', ')}: npx grade path`,
    );
  return found;
}

function pathRow(
  { name, title, summary, exercises }: Path,
  course: readonly LoadedExercise[],
  progress: Progress,
  followed: boolean,
): PathRow {
  const required = course.filter(({ id }) => exercises.includes(id));
  const sum = (of: (exercise: LoadedExercise) => number) => required.reduce((total, one) => total + of(one), 0);
  return {
    name,
    title,
    summary,
    followed,
    passed: required.filter(({ id }) => progress.get(id)?.passed).length,
    exercises: required.length,
    maxPoints: sum(({ checks }) => checks.reduce((points, check) => points + check.points, 0)),
    minutes: sum(({ minutes }) => minutes),
  };
}
