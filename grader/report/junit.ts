/** Results as JUnit XML, as Jenkins and most others read it: a suite an exercise, a test case a check. */
import type { CheckResult, Outcome, Report, Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { xml, xmlAttribute } from './escape.ts';
import { isJudged, whyNotJudged, whyNothing } from './judged.ts';
import { messageText } from './message-text.ts';
import { number } from './words.ts';

export function renderJunit(report: Report): string {
  const suites = report.results.map(suite);
  if (report.error) suites.push(failedCommand(report.error));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="hookpoint">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  name: string;
  outcome: Outcome;
  durationMs: number;
  text: string;
  body: string;
}

function suite(result: Result): string {
  const cases = result.checks.length > 0 ? result.checks.map(caseOf) : [wholeCase(result)];
  const count = (...outcomes: Outcome[]) => cases.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const attributes = {
    name: plainLine(result.exercise),
    tests: String(cases.length),
    failures: String(count('fail')),
    errors: String(count('error', 'invalid')),
    skipped: String(count('skipped', 'unsupported')),
    time: inSeconds(result.durationMs),
    // Without a zone: that is what the readers expect. It is UTC.
    timestamp: result.startedAt.slice(0, 19),
  };
  return [
    `  <testsuite${list(attributes)}>`,
    properties(result),
    ...cases.map((one) => testcase(one, plainLine(result.exercise).replaceAll('/', '.'))),
    '  </testsuite>',
  ].join('\n');
}

function properties(result: Result): string {
  const { title, submission, digest, seed, outcome, points, maxPoints, machine } = result;
  const values: Record<string, string | null> = {
    title,
    outcome,
    points: isJudged(result) ? `${number(points)}/${number(maxPoints)}` : null,
    submission,
    digest,
    seed,
    ...(machine && {
      kernel: machine.kernel,
      arch: machine.arch,
      machine: machine.kind,
      accelerator: machine.accelerator,
      image: machine.image,
    }),
  };
  const lines = Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `      <property${list({ name, value: value! })}/>`);
  return ['    <properties>', ...lines, '    </properties>'].join('\n');
}

function caseOf(check: CheckResult): Case {
  const { id, title, outcome, durationMs, message, rationale } = check;
  const body = [...(message ? [messageText(message)] : []), `Why it is checked: ${rationale}`].join('\n\n');
  return { name: `${id}: ${title}`, outcome, durationMs, text: message?.text ?? outcome, body };
}

/** Nothing was run, so there is no check to hang the reason on. */
function wholeCase(result: Result): Case {
  const { title, outcome, durationMs, message } = result;
  return {
    name: title,
    outcome,
    durationMs,
    text: message?.text ?? outcome,
    body: outcome === 'pass' ? '' : whyNotJudged(result),
  };
}

function failedCommand(error: NonNullable<Report['error']>): string {
  const one = testcase(
    { name: 'grade', outcome: 'error', durationMs: 0, text: error.message, body: whyNothing(error) },
    'grade',
  );
  return [
    `  <testsuite${list({ name: 'grade', tests: '1', failures: '0', errors: '1', skipped: '0', time: '0.000' })}>`,
    one,
    '  </testsuite>',
  ].join('\n');
}

const elements: Partial<Record<Outcome, 'failure' | 'error' | 'skipped'>> = {
  fail: 'failure',
  error: 'error',
  invalid: 'error',
  skipped: 'skipped',
  unsupported: 'skipped',
};

function testcase({ name, outcome, durationMs, text, body }: Case, classname: string): string {
  const start = `    <testcase${list({ name: plainLine(name), classname, time: inSeconds(durationMs) })}`;
  const element = elements[outcome];
  if (!element) return `${start}/>`;
  // The schema gives a skipped test its text, but no attributes.
  const attributes = element === 'skipped' ? '' : list({ message: text, type: outcome });
  return `${start}><${element}${attributes}>${xml(element === 'skipped' ? text : body)}</${element}></testcase>`;
}

function list(attributes: Record<string, string>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${xmlAttribute(value)}"`)
    .join('');
}

function inSeconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}
