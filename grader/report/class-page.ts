/** What a teacher looks for on the page of a class: who has gone silent, at which step learners are stuck, how it goes over time. Pure. */
import { plainLine } from '../verdict/text.ts';
import { type Result, stages } from '../verdict/result.ts';
import { stagesOf } from './stages.ts';
import type { ClassGrades } from './class-grades.ts';
import { isJudged } from './judged.ts';
import { learnerOf } from './learner.ts';
import type { Kept } from './record.ts';

const dayMs = 86_400_000;
/** After so long without a result somebody may need a word. */
const silentDays = 14;

export interface ClassPage {
  grades: ClassGrades;
  /** With the times at which they were handed in, as far as they are known. */
  records: readonly Kept[];
  /** Milliseconds since 1970. */
  now: number;
}

/** Whose a result of the class is, and when it came. What is graded again came when it was handed in. */
interface Attempt {
  login: string;
  at: number;
  result: Result;
}

/** Sections of HTML. Nobody is ranked: names are in the order of class.yaml. */
export function classSections({ grades, records, now }: ClassPage): string[] {
  const listed = new Set(grades.rows.map(({ learner }) => learner.login.toLowerCase()));
  const attempts = records.flatMap(({ result, handedIn }): Attempt[] => {
    const login = learnerOf(result)?.toLowerCase() ?? '';
    return listed.has(login) ? [{ login, at: Date.parse(handedIn ?? result.startedAt), result }] : [];
  });
  return [silence(grades, attempts, now), ...stuck(grades, attempts), ...progress(attempts)];
}

function silence({ rows }: ClassGrades, attempts: readonly Attempt[], now: number): string {
  const last = new Map<string, number>();
  for (const { login, at } of attempts) last.set(login, Math.max(last.get(login) ?? 0, at));
  // A group hands in together, so one of them speaks for all.
  const lastOf = ({ learner }: ClassGrades['rows'][number]) =>
    Math.max(
      ...rows
        .filter(
          ({ learner: other }) => other === learner || (learner.group !== undefined && other.group === learner.group),
        )
        .map(({ learner: { login } }) => last.get(login.toLowerCase()) ?? 0),
    );
  const silent = rows.map((row) => ({ row, at: lastOf(row) })).filter(({ at }) => now - at > silentDays * dayMs);
  if (silent.length === 0)
    return `<h2>Who has gone silent</h2>\n<p>Nobody: everyone has a result of the last ${silentDays} days.</p>`;
  return `<h2>Who has gone silent</h2>
<p>No result of the last ${silentDays} days.</p>
<table><thead><tr><th scope="col">Learner</th><th scope="col">Section</th><th scope="col">Last result</th></tr></thead><tbody>
${silent.map(({ row: { learner }, at }) => `<tr><th scope="row">${text(learner.name)} (${text(learner.login)})</th><td>${text(learner.section ?? '')}</td><td>${at === 0 ? 'none' : new Date(at).toISOString().slice(0, 10)}</td></tr>`).join('\n')}
</tbody></table>`;
}

/** Of each learner's last result of an exercise the first stage that is not passed. */
function stuck({ columns }: ClassGrades, attempts: readonly Attempt[]): string[] {
  const latest = new Map<string, Result>();
  // Of the same files the newest verdict, which may be one of a second look.
  const inOrder = attempts
    .filter(({ result }) => isJudged(result))
    .toSorted((a, b) => a.at - b.at || Date.parse(a.result.startedAt) - Date.parse(b.result.startedAt));
  for (const { login, result } of inOrder) latest.set(`${login} ${result.exercise}`, result);
  const byExercise = Map.groupBy(latest.values(), ({ exercise }) => exercise);
  const reached = stages.filter((stage) =>
    [...latest.values()].some(({ checks }) => checks.some((one) => one.stage === stage)),
  );
  const rows = columns.flatMap(({ id }) => {
    const own = byExercise.get(id) ?? [];
    const failing = own.filter(({ outcome }) => outcome === 'fail');
    if (failing.length === 0) return [];
    const stops = failing.map(({ checks }) => stagesOf(checks).find(({ outcome }) => outcome === 'fail')?.stage);
    const counts = reached.map((stage) => stops.filter((stop) => stop === stage).length);
    return [
      `<tr><th scope="row">${text(id)}</th>${counts.map((count) => `<td>${count > 0 ? count : ''}</td>`).join('')}<td>${own.length - failing.length} of ${own.length}</td></tr>`,
    ];
  });
  if (rows.length === 0) return [];
  return [
    `<h2>At which step</h2>
<p>How many learners' last result stops at which stage.</p>
<div class="wide"><table><thead><tr><th scope="col">Exercise</th>${reached.map((stage) => `<th scope="col">${stage}</th>`).join('')}<th scope="col">passed</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`,
  ];
}

/** Exercises that somebody passed for the first time, by the week (from Monday, UTC). */
function progress(attempts: readonly Attempt[]): string[] {
  const first = new Map<string, number>();
  for (const { login, at, result } of attempts) {
    if (result.outcome !== 'pass') continue;
    const key = `${login} ${result.exercise}`;
    first.set(key, Math.min(first.get(key) ?? Infinity, at));
  }
  // 1970 began on a Thursday.
  const weeks = Map.groupBy(first.values(), (ms) => Math.floor((ms / dayMs + 3) / 7));
  if (weeks.size === 0) return [];
  const [from, to] = [Math.min(...weeks.keys()), Math.max(...weeks.keys())];
  const most = Math.max(...[...weeks.values()].map(({ length }) => length));
  let sum = 0;
  const rows = Array.from({ length: Math.min(to - from + 1, 60) }, (_, i) => {
    const count = weeks.get(from + i)?.length ?? 0;
    sum += count;
    const monday = new Date(((from + i) * 7 - 3) * dayMs).toISOString().slice(0, 10);
    return `<tr><th scope="row">${monday}</th><td>${count}</td><td>${sum}</td><td class="words"><meter min="0" max="${most}" value="${count}">${count}</meter></td></tr>`;
  });
  return [
    `<h2>Progress over time</h2>
<table><thead><tr><th scope="col">Week of</th><th scope="col">Passed</th><th scope="col">In all</th><th scope="col"></th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`,
  ];
}

function text(value: string): string {
  return plainLine(value, 300).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
