/** Results as the results.json of PrairieLearn's external grading. */
import type { CheckResult, Report, Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { counts, isJudged, totalPoints, whyNotJudged, whyNothing } from './judged.ts';
import { messageText } from './message-text.ts';
import { checkWords, pointsText } from './words.ts';

// The whole file may have 1 MB.
const mostBytes = 1_000_000;

/**
 * With anything not judged the submission is 'not gradable': PrairieLearn then gives and takes no points and counts no
 * attempt. A file that would be too large loses the tools' logs.
 */
export function renderPrairieLearn(report: Report): string {
  const whole = render(report, true);
  return Buffer.byteLength(whole) <= mostBytes ? whole : render(report, false);
}

function render({ results, error }: Report, logs: boolean): string {
  const reasons = [
    ...(error ? [whyNothing(error)] : []),
    ...results.filter((result) => !isJudged(result)).map(whyNotJudged),
  ];
  const total = totalPoints(results);
  const gradable = reasons.length === 0 && results.length > 0;
  const tests = results.flatMap((result) =>
    result.checks.map((check) => test(result, check, results.length > 1, logs)),
  );
  const document = gradable
    ? { gradable, score: share(total, results), message: pointsText(total), tests }
    : {
        gradable,
        format_errors: reasons.length > 0 ? reasons : ['Nothing was graded.'],
        message: 'Not graded. No points are lost, and the attempt does not count.',
        tests,
      };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** From 0 to 1; exercises without points count as a whole. */
function share({ points, maxPoints }: { points: number; maxPoints: number }, results: readonly Result[]): number {
  if (maxPoints === 0) return results.every(({ outcome }) => outcome === 'pass') ? 1 : 0;
  return Math.min(1, Math.max(0, points / maxPoints));
}

function test(result: Result, check: CheckResult, several: boolean, logs: boolean) {
  const { title, outcome, points, maxPoints, message, rationale } = check;
  const claimed = counts(result, check);
  return {
    name: plainLine(several ? `${result.exercise}: ${title}` : title),
    description: plain(rationale),
    // 0 of 0 is shown as neither right nor wrong.
    points: claimed ? points : 0,
    max_points: claimed ? maxPoints : 0,
    message: checkWords[outcome],
    ...(message && outcome !== 'pass' && { output: messageText(message, { log: logs }) }),
  };
}
