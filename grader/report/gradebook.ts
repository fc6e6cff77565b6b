/**
 * Results as a gradebook for a spreadsheet and for a learning platform's import: a row a learner, a column an exercise.
 * An empty cell is 'no grade': not handed in, or not judged (then `not_graded` says so).
 */
import type { Report, Result } from '../verdict/result.ts';
import { csvCell } from './escape.ts';
import { isJudged, onePerExercise, totalPoints } from './judged.ts';
import { learnerOf } from './learner.ts';

/** Who has a row whether they have results or not; see classRoster. */
export interface Roster {
  learners: readonly {
    login: string;
    /** Of those who hand in together with them, and their own. */
    team: readonly string[];
  }[];
  /** Those that have a column in any case. */
  exercises: readonly string[];
}

/**
 * CSV (RFC 4180) with a byte order mark, without which a spreadsheet may take UTF-8 for something else. Without a roster only learners with
 * results have a row. Logins are the same in upper and lower case, as on GitHub.
 */
export function renderGradebook({ results }: Report, roster?: Roster): string {
  const exercises = unique([...results.map(({ exercise }) => exercise), ...(roster?.exercises ?? [])]).sort();
  const byLearner = Map.groupBy(results, (result) => nameOf(result).toLowerCase());
  const header = ['login', ...exercises, 'points', 'max_points', 'not_graded'];
  const listed = roster?.learners ?? [];
  const known = new Set(listed.flatMap(({ login, team }) => [login, ...team]).map((login) => login.toLowerCase()));
  const others = [...byLearner]
    .filter(([key]) => !known.has(key))
    .map(([key, own]) => ({ login: nameOf(own[0]!), team: [key] }))
    .sort((a, b) => (a.login < b.login ? -1 : 1));
  const rows = [...listed, ...others].map(({ login, team }) => {
    const own = onePerExercise(team.flatMap((member) => byLearner.get(member.toLowerCase()) ?? []));
    const judged = own.filter(isJudged);
    const cells = exercises.map((id) => judged.find(({ exercise }) => exercise === id)?.points);
    const { points, maxPoints } = totalPoints(own);
    const missing = own
      .filter((result) => !isJudged(result))
      .map(({ exercise, outcome }) => `${exercise}: ${outcome}`)
      .sort();
    return [
      login,
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
