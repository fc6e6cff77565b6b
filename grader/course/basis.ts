/**
 * What a verification rests on, as one digest: the exercise, the part of the kit that it uses, the judge, the guest's recipe and
 * tools, and the kernel's series. As long as it is the same, what was verified need not be verified again.
 *
 * Not in it: words (grader/explain, task.mdx), for they decide nothing, and what comes by itself (a kernel's exact release, Debian's
 * packages), for a failure may not depend on the day. What those change is found by the nightly run, which verifies everything.
 */
import { glob, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { LoadedExercise } from './exercise.ts';
import { isLeftover } from './leftovers.ts';
import { filesRunWith } from './imports.ts';
import { digestOf } from './submission.ts';
import { digestOfExercise } from './verification.ts';

/** What every verdict goes through, whatever the exercise. */
const core = ['grader/cli/cases.ts', 'grader/kit/kit.ts', 'grader/machine/vm/guest.ts', 'grader/verdict/judge.ts'];
const isWords = (path: string) => path.startsWith('grader/explain/');

/** 'sha256:…' for the exercise on the kernel that kernels.json calls so. */
export async function basisOf(root: string, exercise: LoadedExercise, kernel: string): Promise<string> {
  const { folder } = exercise;
  const own = await filesBelow(folder, (name) => name.endsWith('.ts'));
  const code = await filesRunWith(root, [...core, ...own.map((name) => relative(root, join(folder, name)))], isWords);
  const below = `${relative(root, folder)}${sep}`;
  return digestOfAll(root, [...code.filter((path) => !path.startsWith(below)), ...(await environmentFiles(root))], {
    exercise: await digestOfExercise(exercise),
    kernel,
  });
}

/** 'sha256:…' of files below `root` and of some facts. */
export async function digestOfAll(
  root: string,
  paths: readonly string[],
  facts: Record<string, string>,
): Promise<string> {
  const files = await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path))] as const));
  const said = Object.entries(facts).map(([name, value]) => [`:${name}`, Buffer.from(value)] as const);
  return digestOf(new Map<string, Uint8Array>([...files, ...said]));
}

/** The recipes of the image and of a kernel's disk, and the sources of all that runs in the guest. */
export async function environmentFiles(root: string): Promise<string[]> {
  const files = await filesBelow(join(root, 'environment'), (name) => !isElsewhere(name));
  return files.map((name) => `environment/${name}`);
}

/**
 * A list of releases, and machines in which nothing is verified: those of one's own, and the emulated one of the lab.
 * published.json names what the recipes made once, by digest: as with Debian's packages, which of their results it is
 * does not decide.
 */
function isElsewhere(name: string): boolean {
  const isList = name === 'kernels.json' || name === 'published.json';
  return isList || ['vagrant', 'lima', 'lab'].some((folder) => name.startsWith(`${folder}${sep}`));
}

async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true })) {
    const name = relative(folder, join(entry.parentPath, entry.name));
    if (entry.isFile() && isWanted(name) && !name.split(sep).some(isLeftover)) names.push(name);
  }
  return names.sort();
}
