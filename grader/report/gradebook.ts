/**
 * Results as a gradebook for a spreadsheet and for a learning platform's import: a row a learner, a column an exercise.
 * An empty cell is 'no grade': not handed in, or not judged (then `not_graded` says so).
 */
import type { Report, Result } from '../verdict/result.ts';
import { csvCell } from './escape.ts';
import { isJudged, onePerExercise, totalPoints } from './judged.ts';
import { learnerOf } from './learner.ts';

/** CSV (RFC 4180) with a byte order mark, without which a spreadsheet may take UTF-8 for something else. */
export function renderGradebook({ results }: Report): string {
  const exercises = unique(results.map(({ exercise }) => exercise)).sort();
  const byLearner = Map.groupBy(results, nameOf);
  const learners = [...byLearner.keys()].sort();
  const header = ['login', ...exercises, 'points', 'max_points', 'not_graded'];
  const rows = learners.map((learner) => {
    const own = onePerExercise(byLearner.get(learner)!);
    const judged = own.filter(isJudged);
    const cells = exercises.map((id) => judged.find(({ exercise }) => exercise === id)?.points);
    const { points, maxPoints } = totalPoints(own);
    const missing = own
      .filter((result) => !isJudged(result))
      .map(({ exercise, outcome }) => `${exercise}: ${outcome}`)
      .sort();
    return [
      learner,
      ...cells.map((cell) => (cell === undefined ? '' : round(cell))),
      round(points),
      round(maxPoints),
      missing.join(', '),
    ];
  });
  return `\ufeff${[header, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

/** What was not graded in anybody's folder stands under the name of its own. */
function nameOf(result: Result): string {
  return learnerOf(result) ?? result.submission;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
