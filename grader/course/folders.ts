/** Whether an exercise's folder holds what exercise.ts says: task.mdx, starter/, solution/ and wrong/<mistake>/. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedExercise } from './exercise.ts';
import { isLeftover } from './leftovers.ts';

/** A sentence for each problem, starting with the path below the exercise's folder. */
export async function checkFolders({ folder, files, wrong }: LoadedExercise): Promise<string[]> {
  const expected = Object.keys(files);
  const there = (await list(join(folder, 'wrong'))) ?? [];
  const mistakes = Object.keys(wrong);
  const problems = await Promise.all(
    ['starter', 'solution', ...mistakes.map((mistake) => `wrong/${mistake}`)].map((name) => compare(folder, name, expected)),
  );
  const unnamed = there.filter((name) => !mistakes.includes(name)).map((name) => `wrong/${name}: exercise.ts says nothing about it`);
  const task = (await isFile(join(folder, 'task.mdx'))) ? [] : ['task.mdx: is missing; it says what to do and why'];
  return [...task, ...problems.flat(), ...unnamed];
}

async function compare(folder: string, name: string, expected: readonly string[]): Promise<string[]> {
  const there = await list(join(folder, name));
  if (!there) return [`${name}: the folder is missing; expected ${expected.join(', ')}`];
  // What a mistake does not say is as in the solution.
  const missing = name.startsWith('wrong/') || there.length === 0 ? [] : expected.filter((file) => !there.includes(file));
  return [
    ...missing.map((file) => `${name}/${file}: is missing`),
    ...(there.length === 0 ? [`${name}: holds no file; expected ${expected.join(', ')}`] : []),
    ...there.filter((file) => !expected.includes(file)).map((file) => `${name}/${file}: is not one of 'files' in exercise.ts`),
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
  return stat(path).then((entry) => entry.isFile(), () => false);
}
