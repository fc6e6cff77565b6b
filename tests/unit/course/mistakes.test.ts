import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCase, readCase } from '../../../grader/course/mistakes.ts';
import { exercise } from '../verdict/exercises.ts';
import { temporaryFolder } from '../temporary.ts';

const patch = (file: string, from: string, to: string) =>
  `--- a/${file}\n+++ b/${file}\n@@ -1,3 +1,3 @@\n one\n-${from}\n+${to}\n three\n`;

async function course(more: Record<string, string> = {}) {
  const root = await temporaryFolder({
    'solution/a.c': 'one\ntwo\nthree\n',
    'solution/b.c': 'b\n',
    'wrong/whole/a.c': 'other\n',
    'wrong/patched.patch': patch('a.c', 'two', '2'),
    'also/way.patch': patch('a.c', 'two', 'zwei'),
    'wrong/stale.patch': patch('a.c', 'TWO', '2'),
    'wrong/elsewhere.patch': patch('../a.c', 'two', '2'),
    'wrong/miscounted.patch': patch('a.c', 'two', '2').replace('-1,3', '-1,2'),
    'wrong/cut-off.patch': patch('a.c', 'two', '2').split('\n').slice(0, 5).join('\n'),
    'wrong/empty.patch': '',
    'wrong/program.patch': 'int main(void) { return 0; }\n',
    ...more,
  });
  const files = { 'a.c': { description: 'a' }, 'b.c': { description: 'b' } };
  return { root, exercise: { ...exercise(), folder: root, files } };
}

async function textOf(name: string): Promise<string[]> {
  const { root, exercise } = await course();
  const read = await readCase(root, exercise, name);
  if ('problem' in read) throw new Error(read.problem.text);
  return [...read.submission.files].map(
    ([file, bytes]) => `${file}: ${Buffer.from(bytes).toString().replaceAll('\n', ' ')}`,
  );
}

test('a mistake is a folder, or a patch of the solution', async () => {
  expect(await textOf('wrong/whole')).toEqual(['a.c: other ', 'b.c: b ']);
  expect(await textOf('wrong/patched')).toEqual(['a.c: one 2 three ', 'b.c: b ']);
  expect(await textOf('also/way')).toEqual(['a.c: one zwei three ', 'b.c: b ']);
});

test('a patch that does not fit says so', async () => {
  await expect(textOf('wrong/stale')).rejects.toThrow("wrong/stale.patch no longer fits the solution's a.c.");
  await expect(textOf('wrong/elsewhere')).rejects.toThrow("changes '../a.c', which the solution does not have");
});

test.each(['miscounted', 'cut-off', 'empty', 'program'])(
  'a file that is not a patch is the author’s to fix: %s',
  async (name) => {
    await expect(textOf(`wrong/${name}`)).rejects.toThrow(`wrong/${name}.patch is not a patch that can be applied: `);
  },
);

test('which paths are cases of their own', async () => {
  const { exercise } = await course();
  const at = (path: string) => isCase(exercise, join(exercise.folder, path));
  expect(['wrong/a', 'also/b'].map(at)).toEqual([true, true]);
  expect(['solution', 'wrong', 'wrong/a/b', '../wrong/a', 'other/a'].map(at)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
