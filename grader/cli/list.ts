/** `grade list [word…]`: the course and how far you are. */
import type { Catalog } from '../course/catalog.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { currentExercise, type ExerciseProgress, readProgress } from '../course/progress.ts';
import type { Path } from '../course/paths.ts';
import { isOpen } from '../course/stages.ts';
import { oldNameOf, startedExercises } from '../course/workspace.ts';
import { type ChapterRows, type CourseRow, renderCourse, renderTotals, totalsOf } from '../report/course.ts';
import { renderNext } from '../report/next.ts';
import { CommandFailure, type Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';
import { demandPath } from './path.ts';
import { stepFor } from './step.ts';

export interface ListOptions extends LearnerOptions {
  todo?: boolean;
  passed?: boolean;
  path?: string;
}

export async function list(context: Context, words: string[], options: ListOptions): Promise<number> {
  const { root, screen } = context;
  if (options.todo && options.passed)
    throw new CommandFailure('--todo and --passed together leave nothing.', 2, 'Leave one of the two away.');
  const { course, chapters, paths, chosen, login } = await findLearner(context, undefined, options);
  const path = options.path === undefined ? undefined : demandPath(paths, options.path);
  const progress = await readProgress(root, login, course, context.note);
  const current = currentExercise(course, progress);
  const onPath = (id: string) => !path || path.exercises.includes(id) || path.extra.exercises.includes(id);
  const all = course.map((exercise) => {
    const row = rowOf(exercise, progress.get(exercise.id)!, exercise === current);
    const notes = [
      ...(isOpen(exercise, progress) ? [] : [`opens after ${exercise.follows}`]),
      ...(path?.extra.exercises.includes(exercise.id) ? ['extra'] : []),
    ];
    return notes.length === 0 ? row : { ...row, title: `${row.title} (${notes.join(', ')})` };
  });
  const matching = all.filter((row) => onPath(row.id) && words.every((word) => matches(row, word, chapters)));
  if (matching.length === 0)
    throw new CommandFailure(
      `No exercise of the ${path ? `path ${path.name}` : 'course'} matches ‘${words.join(' ')}’.`,
      2,
      `The chapters are ${chapters.map(({ name }) => name).join(', ')}; all of them: npx grade list`,
    );
  const rows = matching.filter(({ status }) =>
    options.todo ? status !== 'passed' : options.passed ? status === 'passed' : true,
  );
  const shown = chaptersOf(rows, chapters);
  if (context.json) {
    const summaries = shown.map(({ name, title, exercises }) => ({ name, title, ...totalsOf(exercises) }));
    process.stdout.write(
      `${JSON.stringify({ login, ...totalsOf(rows), chapters: summaries, exercises: rows }, null, 2)}\n`,
    );
    return 0;
  }
  const folders = await startedExercises(root, login);
  const renamed = course
    .flatMap((one) => oldNameOf(one, folders) ?? [])
    .map((old) => `${old} is called otherwise now. What to do: npx grade start ${old}`);
  const nothing = options.passed ? 'None of them is passed yet.' : 'All of them are passed.';
  context.say(
    [
      rows.length > 0 ? renderCourse(shown, screen) : nothing,
      ...renamed,
      renderTotals(login, all),
      ...(chosen ? [`You follow the path ${chosen.title}: ${countOf(chosen, all)}.`] : []),
      renderNext(stepFor(course, progress), screen),
    ].join('\n\n'),
  );
  return 0;
}

export function rowOf(
  { id, title, summary, minutes, checks }: LoadedExercise,
  { passed, started, entry }: ExerciseProgress,
  current: boolean,
): CourseRow & { summary: string } {
  const maxPoints = checks.reduce((sum, check) => sum + check.points, 0);
  return {
    id,
    title,
    summary,
    status: passed ? 'passed' : !started ? 'new' : entry?.passedOn ? 'changed' : 'started',
    current,
    points: started && entry ? Math.min(entry.points, maxPoints) : 0,
    maxPoints,
    minutes,
  };
}

/** '3 of 10 required exercises passed' */
function countOf({ exercises }: Path, rows: readonly CourseRow[]): string {
  const passed = rows.filter(({ id, status }) => status === 'passed' && exercises.includes(id)).length;
  return `${passed} of ${exercises.length} required exercises passed`;
}

/** A chapter's name is that chapter and nothing else; another word is looked for in names, titles and summaries. */
function matches({ id, title, summary }: CourseRow & { summary: string }, word: string, chapters: Catalog['chapters']) {
  const wanted = word.toLowerCase().replace(/\/$/, '');
  if (chapters.some(({ name }) => name === wanted)) return id.startsWith(`${wanted}/`);
  return [id, title, summary].some((text) => text.toLowerCase().includes(wanted));
}

function chaptersOf(rows: readonly CourseRow[], chapters: Catalog['chapters']): (ChapterRows & { name: string })[] {
  return chapters
    .map(({ name, title, exercises }) => ({
      name,
      title,
      exercises: exercises.flatMap((id) => rows.find((row) => row.id === id) ?? []),
    }))
    .filter(({ exercises }) => exercises.length > 0);
}
