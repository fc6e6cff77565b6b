/** What a page's Web Worker runs of the lab's machine has nothing of Node in it. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/clone.ts';

/** Modules that a file needs when it runs, itself first; types are gone by then. */
async function closure(file: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (file.startsWith('node:')) return seen;
  const text = await readFile(join(repository, file), 'utf8');
  for (const [, clause, name] of text.matchAll(/^(?:import|export)\s([^;]*?)\sfrom\s+'([^']+)'/gm)) {
    const isType = clause!.startsWith('type ') || /^\{(\s*type\s[^,}]+,?)+\s*\}$/.test(clause!);
    if (!isType) await closure(name!.startsWith('.') ? join(dirname(file), name!) : name!, seen);
  }
  return seen;
}

test('the emulator’s thread in a page', async () => {
  const files = [...(await closure('grader/machine/lab/page-worker.ts'))];
  expect(files).toContain('grader/machine/lab/runner.ts');
  expect(files.filter((name) => !name.startsWith('grader/machine/lab/'))).toEqual([]);
});

test('in Node the same thread has Node’s worker_threads, and no more', async () => {
  const files = [...(await closure('grader/machine/lab/node-worker.ts'))];
  expect(files.filter((name) => !name.startsWith('grader/machine/lab/'))).toEqual(['node:worker_threads']);
});
