/** Against the output format of Gradescope. */
import { expect, test } from 'vitest';
import { renderGradescope } from '../../../grader/report/gradescope.ts';
import { makeReport } from '../../../grader/report/json.ts';
import { resultsSchema as schema } from '../../support/gradescope.ts';
import {
  errored,
  everyOutcome,
  failed,
  hostile,
  invalid,
  pass,
  passed,
  result,
  skipped,
  unsupported,
  unsupportedCheck,
} from './results.ts';

const render = (...results: Parameters<typeof makeReport>[0]) => JSON.parse(renderGradescope(makeReport(results)));

// The two examples of the specification.
const whole = {
  score: 44.0,
  execution_time: 136,
  output: 'Text relevant to the entire submission',
  output_format: 'simple_format',
  test_output_format: 'text',
  test_name_format: 'text',
  visibility: 'after_due_date',
  stdout_visibility: 'visible',
  extra_data: {},
  tests: [
    {
      score: 2.0,
      max_score: 2.0,
      status: 'passed',
      name: 'Your name here',
      name_format: 'text',
      number: '1.1',
      output: 'Giant multiline string',
      output_format: 'text',
      tags: ['tag1', 'tag2', 'tag3'],
      visibility: 'visible',
      extra_data: {},
    },
  ],
  leaderboard: [
    { name: 'Accuracy', value: 0.926 },
    { name: 'Time', value: 15.1, order: 'asc' },
    { name: 'Stars', value: '*****' },
  ],
};
const informational = {
  tests: [
    { name: 'Compilation check', status: 'passed' },
    { name: 'Style check', status: 'failed' },
    { name: 'Test 3', score: 5, max_score: 10, status: 'passed' },
  ],
};

test.each([
  ['the whole format', whole],
  ['checks without a score', informational],
])('the schema accepts the documented example: %s', (_, example) => {
  expect(schema.safeParse(example).error).toBeUndefined();
});

test.each([
  ['another status', { ...informational, tests: [{ name: 'x', score: 1, status: 'skipped' }] }],
  ['a score that is text', { score: '44' }],
  ['no score anywhere', { tests: [{ name: 'x', status: 'passed' }] }],
  ['an unknown field', { ...whole, grade: 1 }],
])('the schema refuses %s', (_, broken) => expect(schema.safeParse(broken).success).toBe(false));

test.each([
  ['every outcome', everyOutcome],
  ['hostile text', hostile],
  ['one result', [result()]],
])('it is valid: %s', (_, results) => {
  expect(schema.safeParse(render(...results)).error).toBeUndefined();
});

test('points, status and number of each check', () => {
  const document = render(pass, result());
  expect(document.score).toBe(7);
  expect(
    document.tests.map(({ number, score, max_score, status }: Record<string, unknown>) => [
      number,
      score,
      max_score,
      status,
    ]),
  ).toEqual([
    ['1.1', 1, 1, 'passed'],
    ['2.1', 1, 1, 'passed'],
    ['2.2', 0, 3, 'failed'],
    ['2.3', 0, 2, undefined],
  ]);
});

test('nothing is ever taken for markup', () => {
  for (const { output_format, test_output_format, test_name_format, tests } of [render(...hostile)]) {
    expect([output_format, test_output_format, test_name_format]).toEqual(['text', 'text', 'text']);
    expect(tests.some((one: object) => 'output_format' in one || 'name_format' in one)).toBe(false);
  }
});

test.each([
  ['unsupported', unsupported, 'No points are lost'],
  ['invalid', invalid, 'It counts 0 until you hand it in again.'],
  ['error', errored, 'No points are lost'],
])('%s: no score, no status, a word on what that means', (_, unjudged, word) => {
  const document = render(unjudged, result());
  expect(document.score).toBeUndefined();
  const own = document.tests.filter(
    (one: { extra_data: { exercise: string } }) => one.extra_data.exercise === unjudged.exercise,
  );
  expect(own.length).toBeGreaterThan(0);
  for (const one of own) for (const field of ['score', 'max_score', 'status']) expect(one).not.toHaveProperty(field);
  expect(document.output).toContain(word);
  expect(document.output).toContain('1 of 6 points in 1 exercise.');
});

test('what is incomplete alone has a zero and the reason: without a score its author would read that the autograder is broken', () => {
  const document = render(invalid);
  expect(schema.safeParse(document).error).toBeUndefined();
  expect(document.score).toBe(0);
  expect(document.output).toContain(invalid.message!.text);
  expect(JSON.stringify(document)).not.toMatch(/points are lost/);
});

test('a check that this machine cannot judge takes nothing from an exercise that failed', () => {
  const document = render(
    result({ points: 1, maxPoints: 4, checks: [passed, failed, unsupportedCheck, { ...skipped, maxPoints: 0 }] }),
  );
  expect(document.score).toBe(1);
  expect(document.tests.map((one: object) => 'score' in one)).toEqual([true, true, false, false]);
  expect(document.tests[2]).not.toHaveProperty('status');
});
