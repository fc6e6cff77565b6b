/**
 * Results as one page of HTML, to be read in a browser, printed, or handed to a teacher. It is whole in itself: no script,
 * and its policy lets a browser load nothing at all, should a text get past the escaping.
 */
import { createHash } from 'node:crypto';
import type { Report, Result } from '../verdict/result.ts';
import { html } from './escape.ts';
import { renderExercise } from './html-exercise.ts';
import { style } from './html-style.ts';
import { isJudged, totalPoints } from './judged.ts';
import { learnerOf } from './learner.ts';
import { countOutcomes, howFar, number, plural, pointsText, wordOf } from './words.ts';

export function renderHtml(report: Report): string {
  const { results, error } = report;
  const title = titleOf(results);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="brand quiet">Hookpoint</p>
<h1>${html(title)}</h1>
${[error ? failed(error) : '', results.length > 0 ? summary(results) : ''].filter((part) => part !== '').join('\n')}
</header>
<main>
${results.length > 0 ? results.map((result, i) => renderExercise(result, anchor(i))).join('\n') : '<p>Nothing was graded.</p>'}
</main>
<footer>
<p>The grader compiled and ran these submissions itself, on a real Linux kernel, with a workload drawn from a secret seed. Only a failed check costs points; what could not be judged costs none. The seed replays the same workload.</p>
</footer>
</body>
</html>
`;
}

function policy(): string {
  const digest = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
}

function titleOf(results: readonly Result[]): string {
  const learners = [...new Set(results.map(learnerOf))];
  const whose =
    learners.length === 1 && learners[0]
      ? ` by ${learners[0]}`
      : learners.length > 1
        ? ` by ${plural(learners.length, 'learner')}`
        : '';
  if (results.length === 1) return `Report: ${results[0]!.title}${whose}`;
  return `Report: ${plural(results.length, 'exercise')}${whose}`;
}

function failed({ message, remedy }: NonNullable<Report['error']>): string {
  const next = remedy === undefined ? '' : `<p class="text">${html(remedy)}</p>`;
  return `<section class="check error"><h2>The grader stopped</h2><p class="text">${html(message)}</p>${next}</section>`;
}

function summary(results: readonly Result[]): string {
  const badges = countOutcomes(results)
    .map(([outcome, text]) => `<span class="badge ${outcome}">${html(text)}</span>`)
    .join(' ');
  const unjudged = results.filter((result) => !isJudged(result)).length;
  const total = totalPoints(results);
  const points =
    total.maxPoints > 0
      ? `<p class="total"><strong>${html(pointsText(total))}</strong>${unjudged > 0 ? ` in ${html(plural(results.length - unjudged, 'exercise'))} that could be graded` : ''}</p>`
      : '';
  return `${points}<p class="lead">${badges}</p>${results.length > 1 ? table(results) : ''}<p class="quiet">${html(days(results))}</p>`;
}

function table(results: readonly Result[]): string {
  const several = new Set(results.map(learnerOf)).size > 1;
  const rows = results.map(
    (
      result,
      i,
    ) => `<tr>${several ? `<td>${html(learnerOf(result) ?? result.submission)}</td>` : ''}<th scope="row"><a href="#${anchor(i)}">${html(result.exercise).replace('/', '/<wbr>')}</a></th>
<td><span class="badge ${result.outcome}">${html(wordOf[result.outcome])}</span></td><td class="points">${isJudged(result) ? `${number(result.points)} of ${number(result.maxPoints)}` : '–'}</td><td class="far">${html(howFar(result.checks))}</td></tr>`,
  );
  return `<table>
<caption>Exercises</caption>
<thead><tr>${several ? '<th scope="col">Learner</th>' : ''}<th scope="col">Exercise</th><th scope="col">Verdict</th><th scope="col">Points</th><th scope="col" class="far">How far</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function anchor(index: number): string {
  return `exercise-${index + 1}`;
}

function days(results: readonly Result[]): string {
  const dates = results.map(({ startedAt }) => startedAt.slice(0, 10)).sort();
  const [first, last] = [dates[0]!, dates.at(-1)!];
  return first === last ? `Graded on ${first}` : `Graded from ${first} to ${last}`;
}
