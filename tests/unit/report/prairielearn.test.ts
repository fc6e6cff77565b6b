/** Against 'Grading results' of PrairieLearn's documentation (PrairieLearn/PrairieLearn, docs/externalGrading.md), which has no schema of its own. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { makeReport } from '../../../grader/report/json.ts';
import { renderPrairieLearn } from '../../../grader/report/prairielearn.ts';
import { everyOutcome, failed, hostile, pass, passed, result, unjudged, unsupportedCheck } from './results.ts';

const images = z
  .array(z.union([z.string(), z.strictObject({ label: z.string().optional(), url: z.string() })]))
  .optional();
// 'You may add any additional data to that object.'
const schema = z
  .looseObject({
    gradable: z.boolean().optional(),
    score: z.number().min(0).max(1).optional(),
    message: z.string().optional(),
    output: z.string().optional(),
    images,
    format_errors: z.union([z.string(), z.array(z.string())]).optional(),
    tests: z
      .array(
        z.looseObject({
          name: z.string(),
          description: z.string().optional(),
          points: z.number().min(0),
          max_points: z.number().min(0),
          message: z.string().optional(),
          output: z.string().optional(),
          images,
        }),
      )
      .optional(),
  })
  .refine(({ gradable, score }) => gradable === false || score !== undefined, 'a gradable result has a score')
  .refine((document) => Buffer.byteLength(JSON.stringify(document)) <= 1_000_000, 'the file is limited to 1 MB');

const render = (...results: Parameters<typeof makeReport>[0]) => JSON.parse(renderPrairieLearn(makeReport(results)));

// The example of the documentation.
const example = {
  gradable: true,
  score: 0.25,
  message: 'Tests completed successfully.',
  output: 'Running tests...\nTest 1 passed\nTest 2 failed!\n...',
  images: [
    { label: 'First Image', url: 'data:image/png;base64,...' },
    { label: 'Second Image', url: 'data:image/jpeg;base64,...' },
  ],
  tests: [
    {
      name: 'Test 1',
      description: 'Tests that a thing does a thing.',
      points: 1,
      max_points: 1,
      message: 'No errors!',
      output: 'Running test...\nYour output matched the expected output!',
    },
    {
      name: 'Test 2',
      description: "Like Test 1, but harder, you'll probably fail it.",
      points: 0,
      max_points: 3,
      message: 'Make sure that your code is doing the thing correctly.',
      output: 'Running test...\nYour output did not match the expected output.',
      images: [{ label: 'First Image', url: 'data:image/gif;base64,...' }],
    },
  ],
};

test('the schema accepts the documented example', () => expect(schema.safeParse(example).error).toBeUndefined());

test.each([
  ['a score above 1', { ...example, score: 25 }],
  ['a gradable result without score', { ...example, score: undefined }],
  ['a test without points', { ...example, tests: [{ name: 'x' }] }],
  ['a file above 1 MB', { ...example, output: 'x'.repeat(1_000_001) }],
])('the schema refuses %s', (_, broken) => expect(schema.safeParse(broken).success).toBe(false));

test.each([
  ['every outcome', everyOutcome],
  ['hostile text', hostile.slice(0, 8)],
  ['one that passed', [pass]],
  ['nothing', []],
])('it is valid: %s', (_, results) => {
  expect(schema.safeParse(render(...results)).error).toBeUndefined();
});

test('the score is the share of the points, and each check has its own', () => {
  expect(render(result())).toMatchObject({
    gradable: true,
    score: 1 / 6,
    message: '1 of 6 points',
    tests: [
      { points: 1, max_points: 1 },
      { points: 0, max_points: 3 },
      { points: 0, max_points: 2 },
    ],
  });
  expect(render(pass).score).toBe(1);
  expect(
    render(result({ outcome: 'pass', points: 0, maxPoints: 0, checks: [{ ...passed, points: 0, maxPoints: 0 }] }))
      .score,
  ).toBe(1);
  expect(render(result({ points: 9, maxPoints: 6 })).score).toBe(1);
});

test('a check that cannot be judged here counts neither way', () => {
  expect(render(result({ points: 1, maxPoints: 4, checks: [passed, failed, unsupportedCheck] }))).toMatchObject({
    score: 0.25,
    tests: [{}, {}, { points: 0, max_points: 0, message: 'cannot be checked here' }],
  });
});

test.each(unjudged.map((one) => [`${one.outcome} (${one.exercise})`, one] as const))(
  '%s is not gradable: no points, no attempt',
  (_, one) => {
    const document = render(pass, one);
    expect(document).toMatchObject({ gradable: false });
    expect(document).not.toHaveProperty('score');
    expect(document.format_errors).toHaveLength(1);
    expect(document.format_errors[0]).toContain('no points are lost');
    expect(
      document.tests.every(
        ({ name, max_points }: { name: string; max_points: number }) =>
          !name.startsWith(`${one.exercise}:`) || max_points === 0,
      ),
    ).toBe(true);
  },
);

test('a file that would be too large loses the logs', () => {
  const talkative = {
    ...failed,
    message: { ...failed.message!, log: Array.from({ length: 8 }, () => 'é'.repeat(80)).join('\n') },
  };
  const results = Array.from({ length: 13 }, () => result({ checks: Array.from({ length: 64 }, () => talkative) }));
  const document = render(...results);
  expect(schema.safeParse(document).error).toBeUndefined();
  expect(document.tests[0].output).not.toContain('é');
  expect(render(results[0]!).tests[0].output).toContain('é');
});
