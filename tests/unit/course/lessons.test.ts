import { expect, test } from 'vitest';
import { readLessons, withLesson, withLessons } from '../../../grader/course/lessons.ts';
import { failed, result } from '../report/results.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

async function lessons() {
  const root = await temporaryFolder();
  await addFiles(root, {
    'content/docs/maps/locks.mdx': '---\ntitle: Locks\nexercises: [maps/spin-lock, programs/hello]\n---\nText: [1]\n',
    'content/docs/vm/reading.mdx': '---\ntitle: Reading\n---\n',
    'content/docs/vm/broken.mdx': '---\nexercises: [\n---\n',
  });
  return readLessons(root);
}

test('a message names its lesson only if there is one; else that of the exercise', async () => {
  const written = await lessons();
  const about = (lesson: string | undefined, exercise?: string) =>
    withLesson({ text: 'x', ...(lesson && { lesson }) }, written, exercise).lesson;
  expect(about('vm/reading', 'maps/spin-lock')).toBe('vm/reading');
  expect(about('vm/unwritten', 'maps/spin-lock')).toBe('maps/locks');
  expect(about(undefined, 'maps/spin-lock')).toBe('maps/locks');
  expect(about('vm/unwritten', 'bcc/hello')).toBeUndefined();
  expect(about('vm/unwritten')).toBeUndefined();
});

test('of several lessons that name an exercise, one of its own chapter comes first', () => {
  const several = (...names: string[]) => new Map(names.map((name) => [name, ['maps/locks']]));
  const about = (lessons: ReturnType<typeof several>) => withLesson({ text: 'x' }, lessons, 'maps/locks').lesson;
  expect(about(several('bcc/why', 'maps/locking', 'vm/late'))).toBe('maps/locking');
  expect(about(several('vm/late', 'bcc/why', 'mapsy/other'))).toBe('bcc/why');
});

test('in a result, failed checks have a lesson and others none', async () => {
  const { checks } = withLessons(result({ exercise: 'programs/hello' }), await lessons());
  expect(checks.map(({ message }) => message?.lesson)).toEqual([undefined, 'maps/locks', undefined]);
  expect(checks[1]!.message!.text).toBe(failed.message!.text);
});

test('a repository without lessons has none', async () => {
  expect((await readLessons(await temporaryFolder())).size).toBe(0);
});
