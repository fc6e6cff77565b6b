/** What verify.yml makes of the records of its jobs. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { verificationRecordSchema } from '../../grader/course/verification.ts';
import { repository } from '../support/clone.ts';
import { temporaryFolder } from '../unit/temporary.ts';

const [old, digest] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
const on = (date: string) => ({
  outcome: 'verified',
  release: '6.12.1',
  image: null,
  machine: 'tcg',
  date,
  cases: 5,
  seeds: 1,
  seconds: 3,
});
const record = (exercises: object) =>
  JSON.stringify({ format: 'hookpoint-verification', version: 1, exercises, others: { 'template xdp': digest } });

test('each job is believed about its own kernel, and about no other', async () => {
  const [before, now] = ['2026-11-01', '2026-11-02'];
  const root = await temporaryFolder({
    'content/verification.json': record({
      'maps/a': { digest, kernels: { '5.10': on(before), '7.3': on(before) } },
      'maps/b': { digest: old, kernels: { '5.10': on(before) } },
    }),
    // On 5.10 all was as it must be; on 7.3 maps/a was not, and what it knew of 5.10 is from before.
    'seen/verification-5.10/content/verification.json': record({
      'maps/a': { digest, kernels: { '5.10': on(now), '7.3': on(before) } },
      'maps/b': { digest, kernels: { '5.10': on(now) } },
    }),
    'seen/verification-7.3/content/verification.json': record({
      'maps/a': { digest, kernels: { '5.10': on(before) } },
      'maps/b': { digest, kernels: { '7.3': on(now) } },
    }),
  });
  await promisify(execFile)(process.execPath, [join(repository, '.github/merge-records.mjs'), 'seen'], { cwd: root });
  const merged = verificationRecordSchema.parse(
    JSON.parse(await readFile(join(root, 'content/verification.json'), 'utf8')),
  );
  expect(merged.exercises).toEqual({
    'maps/a': { digest, kernels: { '5.10': on(now) } },
    'maps/b': { digest, kernels: { '5.10': on(now), '7.3': on(now) } },
  });
  expect(merged.others).toEqual({ 'template xdp': digest });
});
