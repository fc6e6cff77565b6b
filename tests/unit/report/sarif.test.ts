/** Against the schema of SARIF 2.1.0, as Microsoft's @microsoft/jest-sarif carries it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { makeReport } from '../../../grader/report/json.ts';
import { renderSarif } from '../../../grader/report/sarif.ts';
import type { CheckResult } from '../../../grader/verdict/result.ts';
import { errored, everyOutcome, failed, hostile, invalid, pass, result, unsupported } from './results.ts';

const resolve = createRequire(import.meta.url).resolve;
// One of its patterns is none by Unicode's stricter rules.
const ajv = new AjvDraft4.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv as never);
const validate = ajv.compile(
  JSON.parse(
    readFileSync(resolve('@microsoft/jest-sarif').replace(/index\.js$/, 'schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
  ) as object,
);
const complaintsAbout = (document: unknown) =>
  validate(document) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
const run = (...results: Parameters<typeof makeReport>[0]) => JSON.parse(renderSarif(makeReport(results))).runs[0];

test.each([
  ['every outcome', makeReport(everyOutcome)],
  ['hostile text', makeReport(hostile)],
  ['no results', makeReport([])],
  ['a command that failed', { ...makeReport([]), error: { message: 'No QEMU.' } }],
])('it is valid: %s', (_, report) => {
  expect(complaintsAbout(JSON.parse(renderSarif(report)))).toEqual([]);
});

test.each([
  [
    'a line before the first',
    (document: any) => (document.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0),
  ],
  ['an unknown level', (document: any) => (document.runs[0].results[0].level = 'fatal')],
  ['a result without a message', (document: any) => delete document.runs[0].results[0].message],
  ['an unknown field', (document: any) => (document.runs[0].extra = 1)],
])('the schema refuses %s', (_, damage) => {
  const document = JSON.parse(renderSarif(makeReport([result()])));
  damage(document);
  expect(complaintsAbout(document)).not.toEqual([]);
});

test('a failure is at its line, below the repository, and names its rule', () => {
  const { results, tool } = run(result());
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({
    ruleId: 'programs/hello/loads',
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'submissions/me/programs/hello/hello.bpf.c' },
          region: { startLine: 17, startColumn: 10, endLine: 17, endColumn: 16, snippet: { text: '\treturn *value;' } },
        },
      },
    ],
  });
  expect(tool.driver.rules[results[0].ruleIndex]).toMatchObject({
    id: 'programs/hello/loads',
    help: { text: 'Only the verifier can say what it accepts.' },
  });
  expect(tool.driver.rules).toHaveLength(3);
});

test('a column in bytes becomes one in UTF-16', () => {
  const at = (column: number): CheckResult => ({
    ...failed,
    message: { text: 'x', location: { file: 'a.c', line: 1, column, source: '/* é€😀 */ x' } },
  });
  const column = (check: CheckResult) =>
    run(result({ checks: [check] })).results[0].locations[0].physicalLocation.region.startColumn;
  expect(column(at(4))).toBe(4);
  expect(column(at(17))).toBe(12);
  // Beyond the line it is no column: the first sign stands for the line.
  expect(column(at(99))).toBe(1);
});

test('a finding that moves down stays the same, another line is another', () => {
  const print = (line: number, source: string, exercise = 'programs/hello') =>
    run(result({ exercise, checks: [{ ...failed, message: { text: 'x', location: { file: 'a.c', line, source } } }] }))
      .results[0].partialFingerprints['hookpoint/v1'];
  expect(print(3, '  x++;')).toBe(print(40, 'x++;'));
  expect(print(3, 'x++;')).not.toBe(print(3, 'y++;'));
  expect(print(3, 'x++;')).not.toBe(print(3, 'x++;', 'maps/a'));
});

test('no path leads out of the repository, no text is a link', () => {
  const check = {
    ...failed,
    message: { text: 'see [here](https://evil.example)', location: { file: '../../../etc/passwd', line: 1 } },
  };
  const [{ locations, message }] = run(result({ submission: '/../submissions/./me', checks: [check] })).results;
  expect(locations[0].physicalLocation.artifactLocation.uri).toBe('submissions/me/etc/passwd');
  expect(message.text).toBe('see \\[here\\](https://evil.example)');
  for (const { locations } of run(...hostile).results)
    expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w.%!~*'()-]+(\/[\w.%!~*'()-]+)*$/);
});

test('what is no failure is a notification, not a result', () => {
  const { results, invocations } = run(pass, unsupported, invalid, errored);
  expect(results).toEqual([]);
  expect(invocations[0].executionSuccessful).toBe(false);
  expect(invocations[0].toolExecutionNotifications.map(({ level }: { level: string }) => level)).toEqual([
    'note',
    'warning',
    'error',
  ]);
});
