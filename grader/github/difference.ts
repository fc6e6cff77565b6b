/** What git says two commits differ in. Reads trees only: no file of either commit is opened, no filter or hook is run. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Change } from './places.ts';

export type Difference = { changes: Change[] } | { problem: { text: string; help: string } };

const mostBytes = 64 * 1024 * 1024;

/**
 * Changes of `head` since it left `base`, both full commit ids, in the git repository at `folder`. Renames are a removal and
 * an addition. Anything that cannot be found comes back as `problem`.
 */
export async function differenceOf(folder: string, base: string, head: string): Promise<Difference> {
  const fork = await git(folder, 'merge-base', base, head);
  if (fork === null) {
    return {
      problem: {
        text: `The commits ${base} and ${head} have nothing in common in ${folder}.`,
        help: 'Fetch both with their history (in a workflow: fetch-depth: 0), then run the same command again.',
      },
    };
  }
  const raw = await git(folder, 'diff-tree', '-r', '-z', '--raw', '--no-renames', fork.trim(), head);
  if (raw === null)
    return {
      problem: {
        text: `git cannot compare ${fork.trim()} and ${head} in ${folder}.`,
        help: 'See what it says: git diff-tree -r ' + `${fork.trim()} ${head}`,
      },
    };
  return { changes: parseRawDiff(raw) };
}

/** `git diff-tree -z --raw`: ':<mode> <mode> <id> <id> <status>' NUL path NUL …; a path may hold anything but NUL. */
export function parseRawDiff(raw: string): Change[] {
  const parts = raw.split('\0');
  const changes: Change[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const status = parts[i]!.split(' ')[4];
    if (!parts[i]!.startsWith(':') || status === undefined)
      throw new Error(`git diff-tree said something else than a change: ${JSON.stringify(parts[i]!.slice(0, 100))}`);
    changes.push({ path: parts[i + 1]!, removed: status === 'D' });
  }
  return changes;
}

async function git(folder: string, ...args: string[]): Promise<string | null> {
  try {
    // The clone may hold a stranger's branch: what its index or attributes ask for is not done.
    const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];
    return (
      await promisify(execFile)('git', [...safe, ...args], { cwd: folder, maxBuffer: mostBytes, timeout: 120_000 })
    ).stdout;
  } catch {
    return null;
  }
}
