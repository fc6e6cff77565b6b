/** `grade status`: what you work on, your points, and what comes next. */
import { currentExercise, nextExercise, readProgress } from '../course/progress.ts';
import { number, renderTotals, totalsOf } from '../report/course.ts';
import { renderNext } from '../report/next.ts';
import { painter } from '../report/paint.ts';
import { plain } from '../verdict/text.ts';
import type { Context } from './context.ts';
import { findLearner, type LearnerOptions } from './learner.ts';
import { rowOf } from './list.ts';
import { stepFor } from './step.ts';

export async function status(context: Context, options: LearnerOptions): Promise<number> {
  const { root, screen } = context;
  const { course, login } = await findLearner(context, undefined, options);
  const progress = await readProgress(root, login, course, context.note);
  const current = currentExercise(course, progress);
  const rows = course.map((exercise) => rowOf(exercise, progress.get(exercise.id)!, exercise === current));
  const row = rows.find((one) => one.current);
  const failed = current && progress.get(current.id)!.entry?.failed;
  const check = current?.checks.find(({ id }) => id === failed);
  if (context.json) {
    const next = nextExercise(course, progress)?.id ?? null;
    const works = row ? { id: row.id, points: row.points, maxPoints: row.maxPoints, failed: failed ?? null } : null;
    process.stdout.write(`${JSON.stringify({ login, ...totalsOf(rows), current: works, next }, null, 2)}\n`);
    return 0;
  }
  const lines: string[] = [];
  if (row) {
    const points = `${number(row.points)} of ${number(row.maxPoints)} points`;
    lines.push(`You work on ${painter(screen)('bold', row.id)}, ${row.title}: ${points}.`);
    if (check) lines.push(`What failed last: ${plain(check.title)}.`);
  } else lines.push('You work on nothing now.');
  context.say(
    [lines.join('\n'), renderTotals(login, rows), renderNext(stepFor(course, progress), screen)].join('\n\n'),
  );
  return 0;
}
