import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  digestOfExercise,
  type MutantsRecord,
  readRecord,
  updateMutants,
  updateRecord,
  type VerifiedOn,
  writeRecord,
} from '../../../grader/course/verification.ts';
import { check, exercise } from '../verdict/exercises.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

const [one, two] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
const seen: VerifiedOn = {
  outcome: 'verified',
  release: '6.12.1',
  image: null,
  machine: 'tcg',
  date: '2026-11-22',
  cases: 5,
  seeds: 2,
  seconds: 3.1,
};

describe('the verification record', () => {
  test('is kept by exercise and kernel, oldest kernel first, and read back', async () => {
    const root = await temporaryFolder({ 'content/': '' });
    let record = await readRecord(root);
    record = updateRecord(record, 'maps/b', one, '6.12', seen);
    record = updateRecord(record, 'maps/b', one, '5.10', { ...seen, outcome: 'unsupported', reason: 'too old' });
    record = updateRecord(record, 'maps/a', two, '6.12', seen);
    await writeRecord(root, record);
    expect(await readdir(join(root, 'content'))).toEqual(['verification.json']);
    const read = await readRecord(root);
    expect(read).toEqual(record);
    expect(Object.keys(read.exercises)).toEqual(['maps/a', 'maps/b']);
    expect(Object.keys(read.exercises['maps/b']!.kernels)).toEqual(['5.10', '6.12']);
  });

  test('what no longer holds is struck out, of this kernel alone', () => {
    const record = updateRecord(
      updateRecord({ format: 'hookpoint-verification', version: 1, exercises: {} }, 'maps/a', one, '6.12', seen),
      'maps/a',
      one,
      '7.3',
      seen,
    );
    expect(Object.keys(updateRecord(record, 'maps/a', one, '7.3', null).exercises['maps/a']!.kernels)).toEqual([
      '6.12',
    ]);
    expect(
      updateRecord(updateRecord(record, 'maps/a', one, '7.3', null), 'maps/a', one, '6.12', null).exercises,
    ).toEqual({});
  });

  test('a changed exercise is not what was verified', () => {
    const record = updateRecord(
      { format: 'hookpoint-verification', version: 1, exercises: {} },
      'maps/a',
      one,
      '6.12',
      seen,
    );
    expect(updateRecord(record, 'maps/a', two, '7.3', seen).exercises['maps/a']).toEqual({
      digest: two,
      kernels: { '7.3': seen },
    });
  });

  test('mutants stand beside the kernels: neither strikes out the other, a change of the exercise both', () => {
    const mutants: MutantsRecord = {
      killed: 40,
      excused: 2,
      equivalent: 3,
      invalid: 1,
      kernel: '6.12',
      seeds: 1,
      date: '2026-11-22',
    };
    const empty = { format: 'hookpoint-verification' as const, version: 1 as const, exercises: {} };
    const both = updateMutants(updateRecord(empty, 'maps/a', one, '6.12', seen), 'maps/a', one, mutants);
    expect(both.exercises['maps/a']).toEqual({ digest: one, kernels: { '6.12': seen }, mutants });
    expect(updateRecord(both, 'maps/a', one, '7.3', seen).exercises['maps/a']!.mutants).toEqual(mutants);
    expect(updateMutants(both, 'maps/a', one, null).exercises['maps/a']).toEqual({
      digest: one,
      kernels: { '6.12': seen },
    });
    expect(updateRecord(both, 'maps/a', two, '6.12', seen).exercises['maps/a']!.mutants).toBeUndefined();
    expect(updateMutants(both, 'maps/a', two, mutants).exercises['maps/a']!.kernels).toEqual({});
    expect(updateMutants(empty, 'maps/a', one, null)).toEqual(empty);
  });

  test('one that is broken is refused, not written over', async () => {
    const root = await temporaryFolder({ 'content/verification.json': '{"format":"else"}' });
    await expect(readRecord(root)).rejects.toThrow();
  });
});

test('the digest is of everything that decides: no words, and no leftovers', async () => {
  const folder = await temporaryFolder({
    'exercise.yaml': 'a',
    'task.mdx': 't',
    'mutants.yaml': '[]',
    'solution/x.c': 'c',
  });
  const written = { ...exercise(check('load')), folder };
  const before = await digestOfExercise(written);
  await addFiles(folder, {
    'exercise.yaml': 'b',
    'task.mdx': 'other',
    'mutants.yaml': '# none',
    'solution/x.c~': 'old',
  });
  const reworded = { ...written, title: 'new', checks: [check('load', undefined, { title: 'new', help: 'new' })] };
  expect(await digestOfExercise(reworded)).toBe(before);
  expect(await digestOfExercise({ ...written, needs: { kernel: '6.1' } })).not.toBe(before);
  expect(await digestOfExercise({ ...written, checks: [check('load', undefined, { points: 9 })] })).not.toBe(before);
  await writeFile(join(folder, 'solution/x.c'), 'd');
  expect(await digestOfExercise(written)).not.toBe(before);
});
