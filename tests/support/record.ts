/** `npm run record` (or `node tests/support/record.ts first-run`, for one): records the terminal output that the documents show, from real runs in a fresh copy, and puts it and quoted code in place. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../grader/machine/cache.ts';
import { Clone, repository } from './clone.ts';
import { recordingFileOf, withQuotes } from './quotes.ts';

export const documents = ['README.md', 'docs/writing-an-exercise.md'];

/** What each recording is of; a kernel test makes them anew and compares. */
export const recordings: Record<string, (clone: Clone) => Promise<string>> = {
  /** What a learner sees of the very first `npx grade` once everything is set up. */
  async 'first-run'(clone) {
    const { stdout, stderr } = await clone.grade(['--as', 'ada']);
    const started = stderr.split('\n').find((line) => line.startsWith('Started'));
    return `$ npx grade\n${started}\n\n${stdout}`;
  },
  async 'new-exercise'(clone) {
    const { stdout } = await clone.grade(['new', 'networking/drop-echo', '--kind', 'xdp']);
    return `$ npx grade new networking/drop-echo --kind xdp\n${stdout}`;
  },
  /** An author's error: the solution does not do what a mistake does. */
  async verify(clone) {
    const { stdout: made } = await clone.grade(['new', 'networking/drop-echo', '--kind', 'xdp']);
    if (!made.includes('Made')) throw new Error('There is no exercise to verify.');
    const at = (name: string) => clone.path('content/exercises/networking/drop-echo', name, 'drop.bpf.c');
    await rm(clone.path('content/exercises/networking/drop-echo/wrong/either-port.patch'));
    await cp(at('solution'), at('wrong/either-port'));
    const { stdout } = await clone.grade(['verify', 'networking/drop-echo', '--seeds', '1']);
    return `$ npx grade verify networking/drop-echo --seeds 1\n${stdout}`;
  },
};

/** What differs from run to run and machine to machine: seconds, seed, the accelerator. */
export function withoutChance(text: string): string {
  return text
    .replace(/ +\d+\.\d s/g, ' N s')
    .replace(/--seed [0-9a-f]+/, '--seed S')
    .replace(/VM \(\w+\)/, 'VM')
    .replace(/Linux \S+/, 'Linux')
    .replace(/ +$/gm, '');
}

export async function recordIn(name: string): Promise<string> {
  const clone = await Clone.make();
  try {
    return await recordings[name]!(clone);
  } finally {
    await clone.remove();
  }
}

if (process.argv[1] === import.meta.filename) {
  const named = process.argv.slice(2);
  // A learner's first run compiles, so nothing may be at hand that was compiled before.
  await rm(join(cacheFolder(), 'objects'), { recursive: true, force: true });
  for (const name of Object.keys(recordings).filter((name) => named.length === 0 || named.includes(name))) {
    const text = await recordIn(name);
    await writeFile(recordingFileOf(name), text);
    process.stdout.write(`${text}\n`);
  }
  for (const document of documents) {
    const path = join(repository, document);
    await writeFile(path, await withQuotes(await readFile(path, 'utf8')));
  }
}
