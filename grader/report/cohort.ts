/** A class on one page: who has passed what, and where they get stuck. Pure; no script, nothing loaded from elsewhere. */
import type { LoadedExercise } from '../course/exercise.ts';
import type { Similar } from '../course/similarity.ts';
import type { Outcome, Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';

export interface Cohort {
  title: string;
  /** In the order of the course. */
  course: readonly Pick<LoadedExercise, 'id' | 'title'>[];
  /** Also several of one submission, one a kernel: then the worst is shown. */
  results: readonly Result[];
  /** By exercise; null if nobody asked. */
  similar: ReadonlyMap<string, readonly Similar[]> | null;
  /** Everyone in the class, also without a result. */
  logins?: readonly string[];
  /** Sections of HTML for the end. */
  more?: readonly string[];
}

const worstFirst: readonly Outcome[] = ['error', 'invalid', 'fail', 'unsupported', 'skipped', 'pass'];
const marks: Record<Outcome, string> = {
  pass: '✓',
  fail: '✗',
  skipped: '–',
  unsupported: '○',
  invalid: '!',
  error: '!',
};
const words: Record<Outcome, string> = {
  pass: 'passed',
  fail: 'not yet',
  skipped: 'skipped',
  unsupported: 'not gradable on this kernel',
  invalid: 'not complete',
  error: 'grader error',
};
const mostChecks = 20;

/** Learners stand in the order of their logins: it is no ranking, and sums nothing up. */
export function renderCohort({ title, course, results, similar, logins: listed = [], more = [] }: Cohort): string {
  const exercises = new Set(results.map(({ exercise }) => exercise));
  const graded = course.filter(({ id }) => exercises.has(id));
  // Of a login that is written in two ways, the class's.
  const spelled = new Map([...results.map(loginOf), ...listed].map((login) => [login.toLowerCase(), login]));
  const logins = [...spelled.values()].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }));
  const cells = Map.groupBy(results, (result) => `${loginOf(result).toLowerCase()} ${result.exercise}`);
  const outcomeOf = (login: string, id: string) => worst(cells.get(`${login.toLowerCase()} ${id}`) ?? []);
  const last = results
    .map(({ startedAt }) => startedAt)
    .sort()
    .at(-1)
    ?.slice(0, 10);
  return page(title, [
    `<p>${logins.length} ${logins.length === 1 ? 'learner' : 'learners'}, ${graded.length} of ${course.length} exercises${last ? `; the last result is of ${last}` : ''}.</p>`,
    graded.length === 0 ? '<p>There are no results yet.</p>' : overview(graded, logins, outcomeOf),
    ...hardest(graded, results),
    ...(similar ? [similarities(graded, similar)] : []),
    ...more,
  ]);
}

function overview(
  graded: Cohort['course'],
  logins: readonly string[],
  outcomeOf: (login: string, id: string) => Outcome | undefined,
): string {
  const passed = graded.map(({ id }) => logins.filter((login) => outcomeOf(login, id) === 'pass').length);
  const cell = (outcome: Outcome | undefined) =>
    outcome ? `<td class="${outcome}"><span title="${words[outcome]}">${marks[outcome]}</span></td>` : '<td></td>';
  return `<h2>Who has passed what</h2>
<div class="wide"><table>
<thead><tr><th scope="col">Learner</th>${graded.map(({ id, title }) => `<th scope="col" title="${text(title)}">${text(id)}</th>`).join('')}</tr></thead>
<tbody>
${logins.map((login) => `<tr><th scope="row">${text(login)}</th>${graded.map(({ id }) => cell(outcomeOf(login, id))).join('')}</tr>`).join('\n')}
</tbody>
<tfoot><tr><th scope="row">passed by</th>${passed.map((count) => `<td>${count} of ${logins.length}</td>`).join('')}</tr></tfoot>
</table></div>
<p>${(['pass', 'fail', 'invalid', 'unsupported'] as const).map((outcome) => `${marks[outcome]} ${words[outcome]}`).join(' · ')}; empty: nothing handed in.</p>`;
}

/** Of those whom a check judged, how many it failed; the most first. */
function hardest(graded: Cohort['course'], results: readonly Result[]): string[] {
  const byExercise = Map.groupBy(results, ({ exercise }) => exercise);
  const rows = graded.flatMap(({ id }) => {
    const checks = new Map<string, { title: string; failed: Set<string>; judged: Set<string> }>();
    for (const result of byExercise.get(id) ?? []) {
      for (const check of result.checks) {
        const row = checks.get(check.id) ?? { title: check.title, failed: new Set(), judged: new Set() };
        if (check.outcome === 'fail' || check.outcome === 'pass') row.judged.add(loginOf(result));
        if (check.outcome === 'fail') row.failed.add(loginOf(result));
        checks.set(check.id, row);
      }
    }
    return [...checks.values()].map((row) => ({ exercise: id, ...row }));
  });
  const failing = rows
    .filter(({ failed }) => failed.size > 0)
    .sort((a, b) => b.failed.size - a.failed.size || b.failed.size / b.judged.size - a.failed.size / a.judged.size)
    .slice(0, mostChecks);
  if (failing.length === 0) return [];
  return [
    `<h2>Where learners get stuck</h2>
<p>The checks at which most submissions fail now. One that fails for nearly everybody is a reason to look at the lesson, not at the learners.</p>
<table><thead><tr><th scope="col">Exercise</th><th scope="col">Check</th><th scope="col">Fails for</th></tr></thead><tbody>
${failing.map(({ exercise, title, failed, judged }) => `<tr><th scope="row">${text(exercise)}</th><td class="words">${text(title)}</td><td>${failed.size} of ${judged.size}</td></tr>`).join('\n')}
</tbody></table>`,
  ];
}

function similarities(graded: Cohort['course'], similar: ReadonlyMap<string, readonly Similar[]>): string {
  const rows = graded.flatMap(({ id }) =>
    (similar.get(id) ?? []).map(
      ({ logins, share, passages, lines }) =>
        `<tr><th scope="row">${text(id)}</th><td>${logins.map(text).join(', ')}</td><td>${Math.floor(share * 100)} %</td><td>${passages}</td><td class="words">${lines.map(text).join(', ')}</td></tr>`,
    ),
  );
  const measure =
    'How much of the shorter submission, beyond the starter, the solution and what many wrote, is in the other as well. Two who worked together look the same as one who copied: read both, and ask.';
  if (rows.length === 0)
    return `<h2>Similar submissions</h2>
<p>None. ${measure}</p>`;
  return `<h2>Similar submissions</h2>
<p>${measure}</p>
<table><thead><tr><th scope="col">Exercise</th><th scope="col">Learners</th><th scope="col">Share</th><th scope="col">Passages</th><th scope="col">In the first one’s files, at</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function page(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${text(title)}</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --good: light-dark(#116329, #56d364); --bad: light-dark(#a40e26, #ff7b72); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: center; }
th[scope=row], .words { text-align: left; }
th[scope=row] { white-space: nowrap; }
thead th { font-weight: 600; }
.wide { overflow-x: auto; }
.wide th[scope=row] { position: sticky; left: 0; background: Canvas; }
.pass { color: var(--good); }
.fail, .invalid, .error { color: var(--bad); }
</style>
</head>
<body>
<h1>${text(title)}</h1>
${parts.join('\n')}
</body>
</html>
`;
}

function worst(results: readonly Result[]): Outcome | undefined {
  return worstFirst.find((outcome) => results.some((result) => result.outcome === outcome));
}

/** submissions/<login>/… */
function loginOf({ submission }: Result): string {
  return submission.split('/')[1] ?? '';
}

function text(value: string): string {
  return plainLine(value, 300).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
