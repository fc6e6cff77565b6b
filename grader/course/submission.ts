/** Reads what a learner handed in. The folder is hostile: nothing is followed, run, or read beyond its limit. */
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Message } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { isAside } from './aside.ts';
import type { Exercise } from './exercise.ts';
import { checkText } from './source-text.ts';
import { foldersOf, type Listed, listTree, openBelow } from './tree.ts';

export interface Submission {
  files: Map<string, Uint8Array>;
  /** sha256 of names and contents, 'sha256:…'. */
  digest: string;
}

export type ReadSubmission = { submission: Submission } | { problem: Message };

export const defaultMaxBytes = 64 * 1024;

/**
 * The files of a submission. `folder` is absolute; below `root` no part of its path may be a symbolic link.
 * Everything wrong with it comes back as `problem`, for the outcome 'invalid'.
 * `rest`: a folder of ours from which files are taken that are not in `folder`, for an author's mistake.
 */
export async function readSubmission(
  root: string,
  folder: string,
  expected: Exercise['files'],
  rest?: string,
): Promise<ReadSubmission> {
  const shown = shownPath(root, folder);
  const names = Object.keys(expected);
  const unreal = await checkFolder(root, folder, shown);
  if (unreal) return { problem: unreal };
  const there = await listTree(folder, foldersOf(names)).catch((error: Error) => error);
  const fromRest =
    rest === undefined || there instanceof Error ? [] : names.filter((name) => !there.names.includes(name));
  const problem = checkNames(there, shown, names, fromRest);
  if (problem) return { problem };
  const files = new Map<string, Uint8Array>();
  for (const name of Object.keys(expected).sort()) {
    const read = await readFile(
      rest !== undefined && fromRest.includes(name) ? rest : folder,
      name,
      expected[name]!.maxBytes ?? defaultMaxBytes,
    );
    if ('problem' in read) return read;
    files.set(name, read.bytes);
  }
  return { submission: { files, digest: digestOf(files) } };
}

/** Lengths are hashed too, so that no two sets of files look the same. */
export function digestOf(files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256');
  for (const name of [...files.keys()].sort()) {
    const bytes = files.get(name)!;
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}

async function checkFolder(root: string, folder: string, shown: string): Promise<Message | null> {
  for (const path of pathsToCheck(root, folder)) {
    const entry = await lstat(path).catch(() => null);
    if (!entry) {
      return { text: `There is no folder ${shown}.`, help: 'Start the exercise with: npx grade start' };
    }
    if (!entry.isDirectory()) {
      return {
        text: `${shownPath(root, path)} is not a folder.`,
        expected: 'a folder',
        actual: kindOf(entry),
        help: 'Replace it by a real folder with your files in it.',
      };
    }
  }
  return null;
}

/** Every folder from below the root to the submission; only the last if it lies elsewhere. */
function pathsToCheck(root: string, folder: string): string[] {
  const below = relative(root, folder);
  if (below === '' || below.startsWith('..') || isAbsolute(below)) return [folder];
  const parts = below.split(sep);
  return parts.map((_, i) => join(root, ...parts.slice(0, i + 1)));
}

function checkNames(
  there: Listed | Error,
  shown: string,
  expected: readonly string[],
  optional: readonly string[],
): Message | null {
  if (there instanceof Error) {
    return {
      text: `The folder ${shown} cannot be read.`,
      actual: there.message,
      help: 'Check the permissions of the folder.',
    };
  }
  const { names, notFolders } = there;
  if (notFolders.length > 0) {
    return {
      text: `${notFolders[0]} in ${shown} is not a folder.`,
      expected: 'a folder; links are not followed',
      help: 'Replace it by a real folder with your files in it.',
    };
  }
  const missing = expected.filter((name) => !names.includes(name) && !optional.includes(name));
  const extra = names.filter((name) => !expected.includes(name) && !isAside(name)).sort();
  if (missing.length > 0) {
    return {
      text: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing in ${shown}.`,
      expected: expected.join(', '),
      actual: names.length === 0 ? 'an empty folder' : listed(names.sort()),
      help: 'Get the starter files back with: npx grade start',
    };
  }
  if (extra.length > 0) {
    return {
      text: `There are files in ${shown} that do not belong to the submission.`,
      expected: `only ${expected.join(', ')}`,
      actual: `also ${listed(extra)}`,
      help: 'Move them elsewhere, or delete them.',
    };
  }
  return null;
}

async function readFile(
  folder: string,
  name: string,
  maxBytes: number,
): Promise<{ bytes: Uint8Array } | { problem: Message }> {
  const problem = (text: string, more: Omit<Message, 'text'>) => ({ problem: { text, ...more } });
  const notAFile = (actual: string) =>
    problem(`${name} is not a regular file.`, {
      expected: 'a regular file',
      actual,
      help: 'Put the file itself there; links are not followed.',
    });

  const entry = await lstat(join(folder, name)).catch(() => null);
  if (entry && !entry.isFile()) return notAFile(kindOf(entry));
  // It can be swapped after lstat.
  const file = await openBelow(folder, name).catch((error: NodeJS.ErrnoException) => error);
  if (file instanceof Error) {
    return problem(`${name} cannot be read.`, { actual: file.message, help: 'Check the permissions of the file.' });
  }
  try {
    const opened = await file.stat();
    const { size } = opened;
    if (!opened.isFile()) return notAFile(kindOf(opened));
    if (size > maxBytes) {
      return problem(`${name} is too large.`, {
        expected: `at most ${maxBytes} bytes`,
        actual: `${size} bytes`,
        help: 'Hand in source code only, without data in it.',
      });
    }
    // No more than its size: what grows while we read is cut.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    const bytes = new Uint8Array(buffer.subarray(0, bytesRead));
    const wrong = checkText(name, bytes);
    return wrong ? { problem: wrong } : { bytes };
  } finally {
    await file.close();
  }
}

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 10)
    .map((name) => plainLine(name, 100))
    .join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

function kindOf(entry: Stats): string {
  if (entry.isSymbolicLink()) return 'a symbolic link';
  if (entry.isDirectory()) return 'a folder';
  if (entry.isFile()) return 'a file';
  if (entry.isFIFO()) return 'a named pipe';
  if (entry.isSocket()) return 'a socket';
  return 'a device';
}

function shownPath(root: string, path: string): string {
  const below = relative(root, path);
  return plainLine(below === '' || below.startsWith('..') ? path : below, 300);
}
