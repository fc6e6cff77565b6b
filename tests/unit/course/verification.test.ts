import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOfExercise, readRecord, updateRecord, type VerifiedOn, writeRecord } from '../../../grader/course/verification.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

const [one, two] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
const seen: VerifiedOn = { outcome: 'verified', release: '6.12.1', image: null, machine: 'tcg', date: '2026-11-22', cases: 5, seeds: 2, seconds: 3.1 };

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
    const record = updateRecord(updateRecord({ format: 'hookpoint-verification', version: 1, exercises: {} }, 'maps/a', one, '6.12', seen), 'maps/a', one, '7.3', seen);
    expect(Object.keys(updateRecord(record, 'maps/a', one, '7.3', null).exercises['maps/a']!.kernels)).toEqual(['6.12']);
    expect(updateRecord(updateRecord(record, 'maps/a', one, '7.3', null), 'maps/a', one, '6.12', null).exercises).toEqual({});
  });

  test('a changed exercise is not what was verified', () => {
    const record = updateRecord({ format: 'hookpoint-verification', version: 1, exercises: {} }, 'maps/a', one, '6.12', seen);
    expect(updateRecord(record, 'maps/a', two, '7.3', seen).exercises['maps/a']).toEqual({ digest: two, kernels: { '7.3': seen } });
  });

  test('one that is broken is refused, not written over', async () => {
    const root = await temporaryFolder({ 'content/verification.json': '{"format":"else"}' });
    await expect(readRecord(root)).rejects.toThrow();
  });
});

test('the digest is of everything but the text, and of no leftovers', async () => {
  const folder = await temporaryFolder({ 'exercise.ts': 'a', 'task.mdx': 't', 'solution/x.c': 'c' });
  const before = await digestOfExercise(folder);
  await addFiles(folder, { 'task.mdx': 'other', 'solution/x.c~': 'old' });
  expect(await digestOfExercise(folder)).toBe(before);
  await writeFile(join(folder, 'solution/x.c'), 'd');
  expect(await digestOfExercise(folder)).not.toBe(before);
});
