/**
 * Results for Gradescope: the results.json of an autograder. What was not judged is a test without score: Gradescope adds
 * up those that have one, and has no word for 'not graded' beside 'passed' and 'failed'.
 */
import type { CheckResult, Report, Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { counts, isJudged, totalPoints, whyNoScore } from './judged.ts';
import { messageText } from './message-text.ts';
import { checkWords, plural, pointsText } from './words.ts';

export function renderGradescope({ results }: Report): string {
  const unjudged = results.filter((result) => !isJudged(result));
  const document = {
    // With a score in every exercise it can be said once; else only what was judged has one.
    ...(unjudged.length === 0 && { score: totalPoints(results).points }),
    // Nothing was run, and it must say why: a document without any score is taken for a broken autograder.
    ...(results.length > 0 && results.every(({ outcome }) => outcome === 'invalid') && { score: 0 }),
    execution_time: Math.round(results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000),
    output: summary(results, unjudged),
    // The default of `output` is HTML.
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    tests: results.flatMap((result, i) =>
      result.checks.length > 0
        ? result.checks.map((check, j) => test(result, check, `${i + 1}.${j + 1}`))
        : [whole(result, `${i + 1}`)],
    ),
    extra_data: {
      hookpoint: results.map(({ exercise, outcome, points, maxPoints, seed, digest, machine }) => ({
        exercise,
        outcome,
        points,
        maxPoints,
        seed,
        digest,
        kernel: machine?.kernel ?? null,
        image: machine?.image ?? null,
      })),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function summary(results: readonly Result[], unjudged: readonly Result[]): string {
  const judged = `${pointsText(totalPoints(results))} in ${plural(results.length - unjudged.length, 'exercise')}.`;
  if (unjudged.length === 0) return judged;
  const others = unjudged.filter(({ outcome }) => outcome !== 'invalid');
  return [
    judged,
    ...(others.length > 0
      ? [
          `The score leaves out ${plural(others.length, 'exercise')} that could not be graded. No points are lost: ask for another run.`,
        ]
      : []),
    ...unjudged.map(whyNoScore),
  ].join('\n\n');
}

function test(result: Result, check: CheckResult, order: string) {
  const { id, title, stage, outcome, points, maxPoints, message, rationale } = check;
  const judged = isJudged(result) && (outcome === 'pass' || outcome === 'fail');
  return {
    name: plainLine(`${result.exercise}: ${title}`),
    number: order,
    ...(counts(result, check) && { score: points, max_score: maxPoints }),
    ...(judged && { status: outcome === 'pass' ? 'passed' : 'failed' }),
    output: plain(
      [
        outcome === 'error' || outcome === 'unsupported' ? `${checkWords[outcome]}.` : '',
        message ? messageText(message) : '',
        `Why it is checked: ${rationale}`,
      ]
        .filter((part) => part !== '')
        .join('\n\n'),
    ),
    tags: [stage],
    extra_data: { exercise: result.exercise, check: id, outcome },
  };
}

function whole(result: Result, order: string) {
  return {
    name: plainLine(`${result.exercise}: ${result.title}`),
    number: order,
    output: whyNoScore(result),
    extra_data: { exercise: result.exercise, outcome: result.outcome },
  };
}
