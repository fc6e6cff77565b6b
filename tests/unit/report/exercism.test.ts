/** Against Exercism's test runner interface, version 3 (exercism/docs, building/tooling/test-runners/interface.md), which has no schema of its own. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { renderExercism } from '../../../grader/report/exercism.ts';
import { makeReport } from '../../../grader/report/json.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import {
  errored,
  everyOutcome,
  failed,
  hostile,
  invalid,
  pass,
  passed,
  result,
  unjudged,
  unsupported,
  unsupportedCheck,
} from './results.ts';

const status = z.enum(['pass', 'fail', 'error']);
const schema = z
  .strictObject({
    version: z.literal(3),
    status,
    message: z.string().max(65_535).nullable().optional(),
    tests: z.array(
      z.strictObject({
        name: z.string().min(1),
        status,
        message: z.string().max(65_535).nullable().optional(),
        output: z.string().max(500).nullable().optional(),
        test_code: z.string().optional(),
        task_id: z.int().min(1).optional(),
      }),
    ),
  })
  .refine(
    ({ status, message }) => (status === 'error') === (typeof message === 'string' && message !== ''),
    'a message with status error, and only then',
  )
  .refine(
    ({ status, tests }) => status !== 'pass' || tests.every((one) => one.status === 'pass'),
    'pass: all tests passed',
  )
  .refine(
    ({ status, tests }) => status !== 'fail' || tests.some((one) => one.status !== 'pass'),
    'fail: at least one test did not pass',
  )
  .refine(({ status, tests }) => status !== 'error' || tests.length === 0, 'error: no test was executed');

const render = (...results: Parameters<typeof makeReport>[0]) => JSON.parse(renderExercism(makeReport(results)));

// The example of the interface, and its test with a task.
const example = {
  version: 3,
  status: 'fail',
  message: null,
  tests: [
    {
      name: 'Test that the thing works',
      status: 'fail',
      message: 'Expected 42 but got 123123',
      output: 'Debugging information output by the user',
      test_code: 'assert_equal 42, answerToTheUltimateQuestion()',
      task_id: 1,
    },
  ],
};

test('the schema accepts the documented example', () => {
  expect(schema.safeParse(example).error).toBeUndefined();
  const ofTask = {
    name: 'Expected oven time in minutes',
    status: 'pass',
    task_id: 1,
    test_code: 'Assert.Equal(40, Lasagna.ExpectedMinutesInOven());',
  };
  expect(schema.safeParse({ version: 3, status: 'pass', tests: [ofTask] }).error).toBeUndefined();
});

test.each([
  ['another version', { ...example, version: 2 }],
  ['a status of its own', { ...example, status: 'skipped' }],
  ['an error without a message', { version: 3, status: 'error', tests: [] }],
  ['a pass with a test that failed', { ...example, status: 'pass' }],
  ['a failure in which nothing failed', { ...example, tests: [{ ...example.tests[0], status: 'pass' }] }],
  ['output that is too long', { ...example, tests: [{ ...example.tests[0], output: 'x'.repeat(501) }] }],
])('the schema refuses %s', (_, broken) => expect(schema.safeParse(broken).success).toBe(false));

const documents: [string, Result[]][] = [
  ['every outcome', everyOutcome],
  ['hostile text', hostile],
  ['one that passed', [pass]],
  ['nothing', []],
  ...unjudged.map((one): [string, Result[]] => [one.exercise, [one]]),
];
test.each(documents)('it is valid: %s', (_, results) => {
  expect(schema.safeParse(render(...results)).error).toBeUndefined();
});

test('what did not run has not failed', () => {
  expect(render(result()).tests.map(({ status }: { status: string }) => status)).toEqual(['pass', 'fail', 'error']);
  expect(render(result({ checks: [passed, failed, unsupportedCheck] })).tests.at(-1)).toMatchObject({
    status: 'error',
    message: 'This kernel has no bpf_loop.',
  });
});

test.each([
  ['unsupported', unsupported],
  ['invalid', invalid],
  ['error', errored],
])('%s is an error with its reason, never a failure', (_, unjudged) => {
  for (const results of [[unjudged], [pass, unjudged]]) {
    const document = render(...results);
    expect(document).toMatchObject({ status: 'error', tests: [] });
    expect(document.message).toContain(`${unjudged.exercise} was not graded.`);
    expect(document.message).toContain('no points are lost');
  }
});

test('a command that failed, and a message that is too long', () => {
  const document = JSON.parse(
    renderExercism({
      ...makeReport(Array.from({ length: 100 }, () => ({ ...invalid, message: { text: 'x'.repeat(2000) } }))),
      error: { message: 'No QEMU.' },
    }),
  );
  expect(schema.safeParse(document).error).toBeUndefined();
  expect(document.message).toHaveLength(65_535);
});
