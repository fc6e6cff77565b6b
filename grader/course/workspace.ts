/** Where learners work: submissions/<login>/<chapter>/<exercise>/. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Message } from '../verdict/result.ts';
import type { LoadedExercise } from './exercise.ts';
import { askGit } from './git.ts';
import { isLogin } from './login.ts';

export type Started =
  | { folder: string; /** Files that were copied now; none if all were there. */ copied: string[] }
  | { problem: Message };

/** Absolute path of a learner's folder for an exercise. Throws on a login that is none: callers get it from findLogin. */
export function submissionFolder(root: string, login: string, exerciseId: string): string {
  if (!isLogin(login)) throw new Error(`'${login}' is not a GitHub login`);
  return join(root, 'submissions', login, exerciseId);
}

/** Copies the starter to where the learner works, but for the files that are given. A file that is there stays as it is, whoever wrote it. */
export async function startExercise(
  root: string,
  login: string,
  exercise: LoadedExercise,
  given: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Started> {
  const folder = submissionFolder(root, login, exercise.id);
  const names = Object.keys(exercise.files);
  const problem = await stillUnderOldName(root, login, exercise);
  if (problem) return { problem };
  // Staged on the same file system, so that the folder appears whole or not at all.
  const staging = join(root, '.grade', 'staging', randomUUID());
  try {
    await mkdir(staging, { recursive: true });
    for (const name of names) {
      await mkdir(dirname(join(staging, name)), { recursive: true });
      const bytes = given.get(name);
      if (bytes) await writeFile(join(staging, name), bytes);
      else await copyFile(join(exercise.folder, 'starter', name), join(staging, name));
    }
    await mkdir(dirname(folder), { recursive: true });
    if (!(await exists(folder)) && (await moved(staging, folder))) return { folder, copied: names };
    if (!(await lstat(folder)).isDirectory()) return { problem: occupied(folder) };
    return { folder, copied: await fillIn(staging, folder, names) };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** '<chapter>/<name>' of every exercise that the learner has a folder for. */
export async function startedExercises(root: string, login: string): Promise<string[]> {
  const home = join(root, 'submissions', login);
  const folders = async (path: string) =>
    (await readdir(path, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  const chapters = await folders(home);
  const found = await Promise.all(
    chapters.map(async (chapter) => (await folders(join(home, chapter))).map((name) => `${chapter}/${name}`)),
  );
  return found.flat().sort();
}

/** What an exercise was called when the learner started it, if their folder has that name and none has today's. */
export function oldNameOf({ id, formerly = [] }: LoadedExercise, started: readonly string[]): string | undefined {
  return started.includes(id) ? undefined : formerly.findLast((old) => started.includes(old));
}

/** Whose work it is must be the learner's to say, so it is not moved for them. */
async function stillUnderOldName(root: string, login: string, exercise: LoadedExercise): Promise<Message | null> {
  const old = oldNameOf(exercise, await startedExercises(root, login));
  if (old === undefined) return null;
  const [from, to] = [join('submissions', login, old), join('submissions', login, exercise.id)];
  const tracked = (await askGit(root, ['ls-files', '--', from])).stdout !== '';
  return {
    text: `${old} was renamed to ${exercise.id}, and your files are still where they were.`,
    actual: `${from}/`,
    expected: `${to}/`,
    help: `Move them with:\nmkdir -p ${dirname(to)} && ${tracked ? 'git mv' : 'mv'} ${from} ${to}`,
  };
}

/** False if another `grade start` was faster. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    throw error;
  }
}

async function fillIn(from: string, to: string, names: readonly string[]): Promise<string[]> {
  const copied: string[] = [];
  for (const name of names) {
    try {
      await mkdir(dirname(join(to, name)), { recursive: true });
      await copyFile(join(from, name), join(to, name), constants.COPYFILE_EXCL);
      copied.push(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return copied;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function occupied(folder: string): Message {
  return {
    text: 'The exercise cannot be started: something else is in its place.',
    expected: `a folder, or nothing, at ${folder}`,
    help: 'Move it elsewhere, and start again.',
  };
}
