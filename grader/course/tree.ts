/** Files in folders: which there are, and how one is opened where folders may change meanwhile. */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftover } from './leftovers.ts';

/** How many names a path below a submission may have: 'a/b/c/d.c'. */
export const mostLevels = 4;

/** The folders that files with these names lie in: 'a' and 'a/b' for 'a/b/c.c'. */
export function foldersOf(names: readonly string[]): Set<string> {
  return new Set(
    names.flatMap((name) => {
      const parts = name.split('/').slice(0, -1);
      return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
    }),
  );
}

export interface Listed {
  /** Files by '/'-separated path, and what else is there, such as a folder that no file should be in. */
  names: string[];
  /** Paths that should be folders and are something else. */
  notFolders: string[];
}

/**
 * What is in a folder, going only into `folders`, so that nobody's tree of a million folders is walked. Links are named, not followed;
 * what editors leave is passed over. Rejects if the folder cannot be read.
 */
export async function listTree(folder: string, folders: ReadonlySet<string>): Promise<Listed> {
  const found: Listed = { names: [], notFolders: [] };
  const look = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (isLeftover(entry.name)) continue;
      if (!folders.has(path)) found.names.push(path);
      else if (entry.isDirectory()) await look(path);
      else found.notFolders.push(path);
    }
  };
  await look('');
  found.names.sort();
  return found;
}

/**
 * Opens `name` below a folder for reading, one step at a time and each from the one before (Linux: /proc/self/fd), so that no folder can
 * be swapped for a link on the way. O_NOFOLLOW for a link, O_NONBLOCK so that a fifo does not make us wait. Rejects as open(2).
 */
export async function openBelow(folder: string, name: string): Promise<FileHandle> {
  const parts = name.split('/');
  const file = parts.pop()!;
  let at = folder;
  let step: FileHandle | undefined;
  try {
    for (const part of parts) {
      const next = await open(join(at, part), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      await step?.close();
      step = next;
      at = `/proc/self/fd/${step.fd}`;
    }
    return await open(join(at, file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } finally {
    await step?.close();
  }
}
