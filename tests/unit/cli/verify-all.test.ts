import { expect, test } from 'vitest';
import { confirmAll, duration, estimate, type VerificationPlan } from '../../../grader/cli/verify-all.ts';
import { recordFile } from '../../../grader/course/verification.ts';
import { temporaryFolder } from '../temporary.ts';
import { exercise } from '../verdict/exercises.ts';
import { failure, listen } from './contexts.ts';

const known = { ...exercise(), id: 'programs/hello' };
const unknown = { ...exercise(), id: 'maps/hash' };
const cases = (many: number) => Array.from({ length: many });
const plan: VerificationPlan = {
  exercises: [
    { exercise: known, cases: cases(5) },
    { exercise: unknown, cases: cases(10) },
  ],
  kernels: [
    { id: '5.10', suits: (one) => one === known },
    { id: '6.12', suits: () => true },
  ],
  seeds: 2,
  jobs: 1,
};
const on = (seconds: number) => ({
  outcome: 'verified' as const,
  release: 'r',
  image: null,
  machine: 'tcg',
  date: '2026-01-01',
  cases: 5,
  seeds: 2,
  seconds,
});
const record = {
  format: 'hookpoint-verification' as const,
  version: 1 as const,
  exercises: { 'programs/hello': { digest: `sha256:${'0'.repeat(64)}`, kernels: { '5.10': on(2), '6.12': on(4) } } },
};

test('runs and seconds of the record; what it does not know takes as long as what it knows', () => {
  // 10 runs of 2 s, 10 of 4 s, and 20 of which nothing is known.
  expect(estimate(plan, record)).toEqual({ runs: 40, seconds: 20 + 40 + 60 });
  expect(estimate({ ...plan, jobs: 2 }, record).seconds).toBe(60);
  expect(estimate(plan, { ...record, exercises: {} })).toEqual({ runs: 40, seconds: null });
});

test.each([
  [20, 'less than a minute'],
  [8 * 60, 'about 8 min'],
  [2 * 3600 + 600, 'about 2 h 10 min'],
])('%i s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test('where nobody can be asked, nothing is verified but with --yes; how long it takes is said either way', async () => {
  const root = await temporaryFolder({ [recordFile]: JSON.stringify(record) });
  for (const yes of [false, true]) {
    const { context, noted } = listen(root, { yes, json: true });
    const ended = confirmAll(context, plan).then(() => 0);
    if (yes) expect(await ended).toBe(0);
    else expect(await failure(ended)).toContain('npx grade verify --yes');
    expect(noted()).toBe(
      '2 exercises on 2 kernels, 40 runs: about 2 min on the machine that made content/verification.json.',
    );
  }
});
