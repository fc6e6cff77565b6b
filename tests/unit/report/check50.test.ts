/** Against the JSON specification of check50's documentation (cs50/check50, docs/source/json_specification.rst), which has no schema of its own. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { renderCheck50 } from '../../../grader/report/check50.ts';
import { makeReport } from '../../../grader/report/json.ts';
import { errored, everyOutcome, failed, hostile, invalid, pass, result, unsupported } from './results.ts';

const error = z.strictObject({ type: z.string(), value: z.string(), traceback: z.array(z.string()) });
const cause = z
  .looseObject({
    rationale: z.string(),
    help: z.string().nullable().optional(),
    expected: z.string().optional(),
    actual: z.string().optional(),
    error: error.optional(),
  })
  .refine(
    ({ expected, actual }) => (expected === undefined) === (actual === undefined),
    'expected and actual appear in a pair',
  );
const entry = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    passed: z.boolean().nullable(),
    log: z.array(z.string()),
    cause: cause.nullable(),
    data: z.record(z.string(), z.unknown()),
    dependency: z.string().nullable(),
  })
  .refine(
    ({ passed, cause }) => (passed === true) === (cause === null),
    'cause is null if the check passed, and only then',
  );
const head = { slug: z.string(), version: z.string() };
const schema = z.union([
  z.strictObject({
    ...head,
    results: z
      .array(entry)
      .refine((entries) => new Set(entries.map(({ name }) => name)).size === entries.length, 'names are unique'),
  }),
  z.strictObject({ ...head, error: error.extend({ data: z.record(z.string(), z.unknown()) }) }),
]);

const render = (...results: Parameters<typeof makeReport>[0]) => JSON.parse(renderCheck50(makeReport(results)));

// The example of the specification.
const example = {
  slug: 'cs50/problems/2018/x/caesar',
  results: [
    {
      name: 'exists',
      description: 'caesar.c exists.',
      passed: true,
      log: ['checking that caesar.c exists...'],
      cause: null,
      data: {},
      dependency: null,
    },
    {
      name: 'compiles',
      description: 'caesar.c compiles.',
      passed: false,
      log: ['running clang caesar.c -o caesar -std=c11 -ggdb -lm -lcs50...', '1 warning and 1 error generated.'],
      cause: { rationale: 'code failed to compile', help: null },
      data: {},
      dependency: 'exists',
    },
    {
      name: 'encrypts_a_as_b',
      description: 'encrypts "a" as "b" using 1 as key',
      passed: null,
      log: [],
      cause: { rationale: "can't check until a frown turns upside down" },
      data: {},
      dependency: 'compiles',
    },
  ],
  version: '3.0.0',
};

test('the schema accepts the documented example', () => expect(schema.safeParse(example).error).toBeUndefined());

test.each([
  ['a failure without a cause', { ...example.results[1], cause: null }],
  ['a pass with one', { ...example.results[0], cause: { rationale: 'x' } }],
  ['expected without actual', { ...example.results[1], cause: { rationale: 'x', expected: 'y' } }],
  ['a log that is one text', { ...example.results[0], log: 'x' }],
  ['no name', { ...example.results[0], name: undefined }],
])('the schema refuses %s', (_, broken) =>
  expect(schema.safeParse({ ...example, results: [broken] }).success).toBe(false),
);

test.each([
  ['every outcome', everyOutcome],
  ['hostile text', [hostile[0]!]],
  ['one result', [result()]],
])('it is valid: %s', (_, results) => {
  expect(schema.safeParse(render(...results)).error).toBeUndefined();
});

test('a check has its cause, and what it waits for', () => {
  expect(render(result())).toMatchObject({
    slug: 'programs/hello',
    results: [
      { name: 'compiles', passed: true, cause: null, dependency: null },
      {
        name: 'loads',
        passed: false,
        cause: { expected: 'a program that the verifier accepts', actual: "R0 invalid mem access 'map_value_or_null'" },
        log: ['0: (b7) r1 = 0'],
        data: { rationale: 'Only the verifier can say what it accepts.' },
      },
      { name: 'fires', passed: null, cause: { rationale: 'Not run.' }, dependency: 'loads' },
    ],
  });
});

test('what stands alone of expected and seen is part of the help', () => {
  const { cause } = render(
    result({ checks: [{ ...failed, message: { text: 'x', actual: 'nothing', help: 'Look.' } }] }),
  ).results[0];
  expect(cause).toEqual({ rationale: 'x', help: 'Seen: nothing\nLook.' });
});

test.each([
  ['unsupported', unsupported],
  ['invalid', invalid],
])('%s: one entry that neither passed nor failed', (_, unjudged) => {
  const { results } = render(unjudged);
  expect(results).toMatchObject([{ passed: null, data: { outcome: unjudged.outcome } }]);
  expect(results[0].cause.rationale).toContain('no points are lost');
});

test('an error of ours voids the failures beside it', () => {
  const { results } = render({ ...errored, checks: [failed, ...errored.checks] });
  expect(results.map(({ passed }: { passed: boolean | null }) => passed)).toEqual([null, true, null, null]);
  expect(results[2].cause.error).toMatchObject({ type: 'HookpointError' });
});

test('of several exercises the names say which', () => {
  expect(render(pass, { ...result(), exercise: 'maps/lru' })).toMatchObject({
    slug: 'hookpoint',
    results: [{ name: 'programs/hello/compiles' }, { name: 'maps/lru/compiles' }, {}, { dependency: 'maps/lru/loads' }],
  });
});

test('a command that failed has an error in place of results', () => {
  const document = JSON.parse(renderCheck50({ ...makeReport([]), error: { message: 'No QEMU.' } }));
  expect(schema.safeParse(document).error).toBeUndefined();
  expect(document.error.value).toContain('No QEMU.');
});
