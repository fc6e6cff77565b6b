import { execFileSync } from 'node:child_process';
import { symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf, readSubmission } from '../../../grader/course/submission.ts';
import { temporaryFolder } from '../temporary.ts';

const expected = { 'hello.bpf.c': { description: 'The program' } };
const source = 'int x; // é\n';

async function read(
  root: string,
  folder = 'submissions/me/programs/hello',
  files: Record<string, { description: string; maxBytes?: number }> = expected,
) {
  return readSubmission(root, join(root, folder), files);
}

async function problem(files: Record<string, string | Uint8Array>, prepare?: (folder: string) => unknown) {
  const root = await temporaryFolder({ 'submissions/me/programs/hello/': '', ...within(files) });
  await prepare?.(join(root, 'submissions/me/programs/hello'));
  const result = await read(root);
  if (!('problem' in result)) throw new Error('it was accepted');
  expect(result.problem.help).toBeTruthy();
  return result.problem;
}

const within = (files: Record<string, string | Uint8Array>) =>
  Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`submissions/me/programs/hello/${name}`, content]),
  );

describe('readSubmission', () => {
  test('reads the files and passes over what editors leave', async () => {
    const root = await temporaryFolder(
      within({ 'hello.bpf.c': source, 'hello.bpf.c~': '', '.hello.bpf.c.swp': '', '.DS_Store': '', 'README.md': 'x' }),
    );
    const result = await read(root);
    if (!('submission' in result)) throw new Error(result.problem.text);
    expect([...result.submission.files.keys()]).toEqual(['hello.bpf.c']);
    expect(new TextDecoder().decode(result.submission.files.get('hello.bpf.c'))).toBe(source);
    expect(result.submission.digest).toBe(digestOf(result.submission.files));
  });

  test("an author's mistake may hold only what differs from the solution; a learner's folder must hold all", async () => {
    const root = await temporaryFolder({
      'solution/a.py': 'a',
      'solution/b.py': 'b',
      'wrong/x/b.py': 'other',
      'wrong/y/c.py': '',
    });
    const files = { 'a.py': { description: 'A' }, 'b.py': { description: 'B' } };
    const result = await readSubmission(root, join(root, 'wrong/x'), files, join(root, 'solution'));
    if (!('submission' in result)) throw new Error(result.problem.text);
    expect([...result.submission.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['a.py', 'a'],
      ['b.py', 'other'],
    ]);
    expect(await readSubmission(root, join(root, 'wrong/y'), files, join(root, 'solution'))).toMatchObject({
      problem: { actual: 'also c.py' },
    });
    expect(await readSubmission(root, join(root, 'wrong/x'), files)).toMatchObject({
      problem: { text: 'a.py is missing in wrong/x.' },
    });
  });

  test('the folder is missing', async () => {
    const root = await temporaryFolder();
    expect(await read(root)).toMatchObject({ problem: { text: 'There is no folder submissions/me/programs/hello.' } });
  });

  test('a file is missing', async () => {
    expect(await problem({})).toMatchObject({
      text: 'hello.bpf.c is missing in submissions/me/programs/hello.',
      actual: 'an empty folder',
    });
  });

  test.each(['', ' \r\n\t\n'])('an empty file: %j', async (content) => {
    expect((await problem({ 'hello.bpf.c': content })).text).toBe('hello.bpf.c is empty.');
  });

  test('files that do not belong there are listed, without their escapes', async () => {
    const found = await problem({ 'hello.bpf.c': source, Makefile: 'all:', 'b\u001b[31m': '', '.github/': '' });
    expect(found).toMatchObject({ expected: 'only hello.bpf.c', actual: 'also .github, Makefile, b' });
  });

  test('a symbolic link is not followed', async () => {
    const found = await problem({}, (folder) => symlink('/etc/passwd', join(folder, 'hello.bpf.c')));
    expect(found).toMatchObject({ text: 'hello.bpf.c is not a regular file.', actual: 'a symbolic link' });
  });

  test('nor is one in the path of the folder', async () => {
    const root = await temporaryFolder({ 'else/programs/hello/hello.bpf.c': source, 'submissions/': '' });
    await symlink(join(root, 'else'), join(root, 'submissions', 'me'));
    expect(await read(root)).toMatchObject({
      problem: { text: 'submissions/me is not a folder.', actual: 'a symbolic link' },
    });
  });

  test('a folder in place of a file', async () => {
    expect((await problem({ 'hello.bpf.c/': '' })).actual).toBe('a folder');
  });

  test('a named pipe does not make it wait', async () => {
    const found = await problem({}, (folder) => execFileSync('mkfifo', [join(folder, 'hello.bpf.c')]));
    expect(found.actual).toBe('a named pipe');
  });

  test('a file beyond the limit', async () => {
    const found = await problem({ 'hello.bpf.c': 'x' }, (folder) => truncate(join(folder, 'hello.bpf.c'), 2_000_000));
    expect(found).toMatchObject({
      text: 'hello.bpf.c is too large.',
      expected: 'at most 65536 bytes',
      actual: '2000000 bytes',
    });
  });

  test('a limit of its own', async () => {
    const root = await temporaryFolder(within({ 'hello.bpf.c': 'x'.repeat(70_000) }));
    expect(await read(root, undefined, { 'hello.bpf.c': { description: '', maxBytes: 70_000 } })).toHaveProperty(
      'submission',
    );
  });

  test('bytes that are not UTF-8, with their line', async () => {
    const latin1 = Buffer.from('int a;\nint b; // \xe9t\xe9\n', 'latin1');
    expect(await problem({ 'hello.bpf.c': latin1 })).toMatchObject({
      actual: 'the byte 0xe9',
      location: { file: 'hello.bpf.c', line: 2 },
    });
    expect(await problem({ 'hello.bpf.c': 'a\n\n\0' })).toMatchObject({ actual: 'a NUL byte', location: { line: 3 } });
    expect(await problem({ 'hello.bpf.c': Buffer.from([0x61, 0xc3]) })).toMatchObject({ location: { line: 1 } });
  });
});

test('the digest tells where one file ends', () => {
  const files = (record: Record<string, string>) =>
    new Map(Object.entries(record).map(([name, text]) => [name, Buffer.from(text)]));
  expect(digestOf(files({ a: '1', b: '2' }))).toBe(digestOf(files({ b: '2', a: '1' })));
  expect(digestOf(files({ a: '1b', b: '' }))).not.toBe(digestOf(files({ a: '1', b: 'b' })));
});
