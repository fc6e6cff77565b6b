/** `grade list`: the course and how far you are. */
import { readCourseList } from '../course/course-list.ts';
import { currentExercise, readProgress } from '../course/progress.ts';
import { oldNameOf, startedExercises } from '../course/workspace.ts';
import { type CourseRow, renderCourse, renderTotals, totalsOf } from '../report/course.ts';
import { renderNext } from '../report/next.ts';
import type { Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';
import { stepFor } from './step.ts';

export async function list(context: Context, options: LearnerOptions): Promise<number> {
  const { root, screen } = context;
  const { course, login } = await findLearner(context, undefined, options);
  const progress = await readProgress(root, login, course, context.note);
  const current = currentExercise(course, progress);
  const rows = course.map((exercise) => {
    const { passed, started, entry } = progress.get(exercise.id)!;
    const status: CourseRow['status'] = passed ? 'passed' : !started ? 'new' : entry?.passedOn ? 'changed' : 'started';
    const maxPoints = exercise.checks.reduce((sum, check) => sum + check.points, 0);
    const points = started && entry ? Math.min(entry.points, maxPoints) : 0;
    return { id: exercise.id, title: exercise.title, summary: exercise.summary, status, current: exercise === current, points, maxPoints };
  });
  const chapters = (await readCourseList(root)).chapters
    .map(({ name, title, exercises }) => ({ name, title, exercises: exercises.map((id) => rows.find((row) => row.id === id)!) }))
    .filter(({ exercises }) => exercises.length > 0);
  if (context.json) {
    const summaries = chapters.map(({ name, title, exercises }) => ({ name, title, ...totalsOf(exercises) }));
    process.stdout.write(`${JSON.stringify({ login, ...totalsOf(rows), chapters: summaries, exercises: rows }, null, 2)}\n`);
    return 0;
  }
  const folders = await startedExercises(root, login);
  const renamed = course.flatMap((one) => oldNameOf(one, folders) ?? []).map((old) => `${old} is called otherwise now. What to do: npx grade start ${old}`);
  context.say([renderCourse(chapters, screen), ...renamed, renderTotals(login, rows), renderNext(stepFor(course, progress), screen)].join('\n\n'));
  return 0;
}
