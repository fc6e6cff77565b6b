/** Whether an exercise's folder holds what exercise.yaml says: task.mdx, starter/, solution/, and each mistake below wrong/. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedExercise } from './exercise.ts';
import { isLeftover } from './leftovers.ts';
import { foldersOf, listTree } from './tree.ts';

/** A sentence for each problem, starting with the path below the exercise's folder. */
export async function checkFolders({ folder, files, wrong, also = {} }: LoadedExercise): Promise<string[]> {
  const expected = Object.keys(files);
  const cases = [
    ...Object.keys(wrong).map((name) => `wrong/${name}`),
    ...Object.keys(also).map((name) => `also/${name}`),
  ];
  const task = (await isFile(join(folder, 'task.mdx'))) ? [] : ['task.mdx: is missing; it says what to do and why'];
  const problems = await Promise.all([
    compare(folder, 'starter', expected, { whole: true }),
    compare(folder, 'solution', expected, { whole: true }),
    ...cases.map((name) => compareCase(folder, name, expected)),
  ]);
  return [...task, ...problems.flat()];
}

/** What is below wrong/ or also/ and exercise.yaml does not name: 'wrong/mine'. It can be tried, and nobody relies on it. */
export async function undeclaredCases({ folder, wrong, also = {} }: LoadedExercise): Promise<string[]> {
  const below = async (kind: string, known: Readonly<Record<string, unknown>>) =>
    ((await list(join(folder, kind))) ?? [])
      .map((name) => name.replace(/\.patch$/, ''))
      .filter((name) => !Object.hasOwn(known, name))
      .map((name) => `${kind}/${name}`);
  return [...(await below('wrong', wrong)), ...(await below('also', also))];
}

async function compareCase(folder: string, name: string, expected: readonly string[]): Promise<string[]> {
  const isPatch = await isFile(join(folder, `${name}.patch`));
  const there = await list(join(folder, name));
  if (isPatch && there) return [`${name}: is there as a folder and as ${name}.patch; keep one of them`];
  if (isPatch) return [];
  if (!there) return [`${name}: is missing; expected a folder, or ${name}.patch`];
  return compare(folder, name, expected, { whole: false });
}

/** What a mistake's folder does not hold is as in the solution. */
async function compare(
  folder: string,
  name: string,
  expected: readonly string[],
  { whole }: { whole: boolean },
): Promise<string[]> {
  const there = await listTree(join(folder, name), foldersOf(expected)).then(
    ({ names, notFolders }) => [...names, ...notFolders],
    () => null,
  );
  if (!there) return [`${name}: the folder is missing; expected ${expected.join(', ')}`];
  const missing = !whole || there.length === 0 ? [] : expected.filter((file) => !there.includes(file));
  return [
    ...missing.map((file) => `${name}/${file}: is missing`),
    ...(there.length === 0 ? [`${name}: holds no file; expected ${expected.join(', ')}`] : []),
    ...there
      .filter((file) => !expected.includes(file))
      .map((file) => `${name}/${file}: is not one of 'files' in exercise.yaml`),
  ];
}

async function list(folder: string): Promise<string[] | null> {
  try {
    return (await readdir(folder)).filter((name) => !isLeftover(name)).sort();
  } catch {
    return null;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
