/** `grade list`: the course and how far you are. */
import { loadCourse } from '../course/load.ts';
import { readProgress } from '../course/progress.ts';
import { marks, painter } from '../report/paint.ts';
import type { Context } from './context.ts';
import { loginOf } from './grade.ts';

export async function list(context: Context, options: { as?: string }): Promise<number> {
  const course = await loadCourse(context.root);
  const login = await loginOf(context, options.as);
  const progress = await readProgress(context.root, login, course);
  const rows = course.map((exercise) => {
    const { passed, started, result } = progress.get(exercise.id)!;
    return {
      id: exercise.id,
      title: exercise.title,
      summary: exercise.summary,
      status: passed ? ('passed' as const) : started ? ('started' as const) : ('new' as const),
      points: passed && result ? result.points : 0,
      maxPoints: exercise.checks.reduce((sum, check) => sum + check.points, 0),
    };
  });
  if (context.json) process.stdout.write(`${JSON.stringify({ login, exercises: rows }, null, 2)}\n`);
  const [paint, mark] = [painter(context.screen), marks(context.screen)];
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const row of rows) {
    const sign = row.status === 'passed' ? paint('green', mark.pass) : row.status === 'started' ? paint('yellow', mark.arrow) : ' ';
    context.say(`${sign} ${row.id.padEnd(width)}  ${String(row.points).padStart(3)}/${row.maxPoints}  ${paint('dim', row.summary)}`);
  }
  const sum = (of: 'points' | 'maxPoints') => rows.reduce((total, row) => total + row[of], 0);
  context.say(`\n${login}: ${rows.filter((row) => row.status === 'passed').length} of ${rows.length} exercises, ${sum('points')} of ${sum('maxPoints')} points`);
  return 0;
}
