/** Puts the starter back, and keeps what was there. */
import { randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LoadedExercise } from './exercise.ts';
import { filesOf } from './files.ts';
import { readSubmission } from './submission.ts';
import { foldersOf, listTree } from './tree.ts';
import { submissionFolder } from './workspace.ts';
import { writeWhole } from './write-whole.ts';

export type Reset =
  /** `kept`: where the learner's files are now, below the repository; null if they were the starter's. */
  { kept: string | null } | { problem: 'not started' };

/** Whether the learner has something there that the starter is not. */
export async function differsFromStarter(root: string, login: string, exercise: LoadedExercise): Promise<boolean> {
  const read = await readSubmission(root, submissionFolder(root, login, exercise.id), exercise.files);
  if ('problem' in read) return true;
  const starter = await filesOf(exercise, 'starter');
  return [...read.submission.files].some(([name, bytes]) => Buffer.from(bytes).toString('utf8') !== starter.get(name));
}

/**
 * First the whole folder is copied to .grade/kept/<login>/<exercise>/<time>/, which appears whole or not at all. Only then each file
 * of the starter takes its place in one step, and what else was there goes. The folder itself stays: a shell or an editor may be in it.
 */
export async function resetExercise(
  root: string,
  login: string,
  exercise: LoadedExercise,
  now = new Date(),
): Promise<Reset> {
  const folder = submissionFolder(root, login, exercise.id);
  if (!(await lstat(folder).catch(() => null))?.isDirectory()) return { problem: 'not started' };
  if (!(await differsFromStarter(root, login, exercise))) return { kept: null };
  const kept = join('.grade', 'kept', login, exercise.id, `${now.toISOString().replace(/[:.]/g, '-')}`);
  await keep(root, folder, join(root, kept));

  const folders = foldersOf(Object.keys(exercise.files));
  // What should be a folder and is none, such as a link to elsewhere, goes before anything is written below it.
  for (const name of (await listTree(folder, folders)).notFolders) await rm(join(folder, name), { force: true });
  for (const name of folders) await mkdir(join(folder, name), { recursive: true });
  for (const [name, text] of await filesOf(exercise, 'starter')) {
    const path = join(folder, name);
    // What cannot be replaced by a rename, such as a folder of that name, goes first: it has been kept.
    if ((await lstat(path).catch(() => null))?.isDirectory()) await rm(path, { recursive: true });
    await writeWhole(path, text);
  }
  const { names } = await listTree(folder, folders);
  const others = names.filter((name) => exercise.files[name] === undefined);
  for (const name of others) await rm(join(folder, name), { recursive: true, force: true });
  return { kept };
}

async function keep(root: string, folder: string, target: string): Promise<void> {
  const staging = join(root, '.grade', 'staging', randomUUID());
  try {
    await mkdir(dirname(staging), { recursive: true });
    // Links are kept as links, and nothing is read through them.
    await cp(folder, staging, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await mkdir(dirname(target), { recursive: true });
    await rename(staging, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
