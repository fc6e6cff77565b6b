import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readCatalog } from '../../../grader/course/catalog.ts';
import { choosePath, inOrderOf, readChosenPath } from '../../../grader/course/paths.ts';
import { readPaths } from '../../../grader/course/read-paths.ts';
import { temporaryFolder } from '../temporary.ts';
import { smallCourseFiles } from './courses.ts';

const course = ['programs/hello', 'programs/maps', 'networking/drop'];
const networking = {
  name: 'networking',
  title: 'Networking',
  summary: 'Packets.',
  lessons: ['programs/first'],
  exercises: ['networking/drop'],
  extra: { lessons: [], exercises: ['programs/maps'] },
};
const withPaths = (...paths: unknown[]) =>
  temporaryFolder({ ...smallCourseFiles, 'content/paths.yaml': stringify(paths) });

test('what the chosen path requires comes first, and the rest stays in its order', async () => {
  const root = await withPaths(networking);
  const { exercises, paths } = await readCatalog(root);
  const orderNow = async () => inOrderOf(await readChosenPath(root, paths), exercises).map(({ id }) => id);
  expect(await orderNow()).toEqual(course);
  await choosePath(root, paths[0]!);
  expect(await orderNow()).toEqual(['networking/drop', 'programs/hello', 'programs/maps']);
  // Kept with the rest of the catalog, and not by what an earlier course called so.
  expect(await readChosenPath(root, (await readCatalog(root)).paths)).toMatchObject({ name: 'networking' });
  expect(await readChosenPath(root, [])).toBeUndefined();
  await choosePath(root, null);
  expect(await orderNow()).toEqual(course);
});

test('a course need not have paths', async () => {
  expect(await readPaths(await temporaryFolder(smallCourseFiles), course)).toEqual([]);
});

test.each([
  ['an unknown exercise', { exercises: ['networking/dorp'] }, 'there is no exercise networking/dorp'],
  [
    'the wrong order',
    { exercises: ['networking/drop', 'programs/hello'] },
    '[0].exercises: programs/hello must come before networking/drop, as in the course',
  ],
  ['extra that is required', { extra: { lessons: [], exercises: ['networking/drop'] } }, 'is required already'],
  ['something twice', { lessons: ['a/b', 'a/b'] }, '[0].lessons: names something twice'],
  ['no lessons', { lessons: [] }, '[0].lessons: '],
])('%s', async (_, changes, problem) => {
  const root = await withPaths({ ...networking, ...changes });
  await expect(readPaths(root, course)).rejects.toMatchObject({ problems: [expect.stringContaining(problem)] });
  await expect(readPaths(root, course)).rejects.toMatchObject({
    problems: [expect.stringContaining('content/paths.yaml')],
  });
});

test('two paths of the same name; a file that is not YAML', async () => {
  await expect(readPaths(await withPaths(networking, networking), course)).rejects.toThrow('the same name');
  const broken = await temporaryFolder({ 'content/paths.yaml': '- name: [' });
  await expect(readPaths(broken, course)).rejects.toThrow('content/paths.yaml');
});
