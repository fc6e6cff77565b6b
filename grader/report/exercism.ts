/** Results as the results.json of an Exercism test runner, version 3 of its interface. */
import type { CheckResult, Outcome, Report, Result } from '../verdict/result.ts';
import { cut, plain, plainLine } from '../verdict/text.ts';
import { isJudged, whyNotJudged, whyNothing } from './judged.ts';
import { messageText } from './message-text.ts';

// Characters that the site keeps of a message.
const mostCharacters = 65_535;

/**
 * 'fail' if something failed; else 'error', with the reason and without tests, if anything was not judged: the site shows
 * an error as one that the runner had. Tests are named by their exercise only if there are several.
 */
export function renderExercism({ results, error }: Report): string {
  const unjudged = results.filter((result) => !isJudged(result));
  const reasons = [...(error ? [whyNothing(error)] : []), ...unjudged.map(whyNotJudged)];
  const failed = results.some(({ outcome }) => outcome === 'fail');
  if (!failed && reasons.length > 0)
    return print({ version: 3, status: 'error', message: cut(reasons.join('\n\n'), mostCharacters), tests: [] });
  if (results.length === 0) return print({ version: 3, status: 'error', message: 'Nothing was graded.', tests: [] });
  const several = results.length > 1;
  const tests = results.flatMap((result) =>
    result.checks.length > 0 ? result.checks.map((check) => test(result, check, several)) : [whole(result)],
  );
  return print({ version: 3, status: failed ? 'fail' : 'pass', message: null, tests });
}

// A test cannot be skipped there. What did not run has not failed either.
const statusOf: Record<Outcome, 'pass' | 'fail' | 'error'> = {
  pass: 'pass',
  fail: 'fail',
  skipped: 'error',
  unsupported: 'error',
  invalid: 'error',
  error: 'error',
};

function test(result: Result, check: CheckResult, several: boolean) {
  const { title, outcome, message, rationale } = check;
  const name = plainLine(several ? `${result.exercise}: ${title}` : title);
  return {
    name,
    status: statusOf[outcome],
    message: outcome === 'pass' || !message ? null : cut(messageText(message), mostCharacters),
    test_code: plain(rationale),
  };
}

function whole(result: Result) {
  return {
    name: plainLine(`${result.exercise}: ${result.title}`),
    status: statusOf[result.outcome],
    message: isJudged(result) ? null : whyNotJudged(result),
    test_code: '',
  };
}

function print(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
