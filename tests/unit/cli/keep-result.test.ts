import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepResult } from '../../../grader/cli/keep-result.ts';
import { readResult } from '../../../grader/course/progress.ts';
import { loadProgress } from '../../../grader/course/progress-store.ts';
import type { LoadedExercise } from '../../../grader/course/exercise.ts';
import { resultOf } from '../course/results.ts';
import { temporaryFolder } from '../temporary.ts';
import { listen } from './contexts.ts';

const hello = { id: 'programs/hello' } as LoadedExercise;

/** What keepResult says in a course whose folder holds these files. */
async function keepIn(files: Record<string, string>) {
  const root = await temporaryFolder(files);
  const { context } = listen(root);
  return { root, said: await keepResult(context, 'me', hello, resultOf(hello.id, { digest: 'a' })) };
}

test('a result that can be kept is, and nothing is said', async () => {
  const { root, said } = await keepIn({});
  expect(said).toBeUndefined();
  expect(await readResult(root, 'me', hello.id)).toMatchObject({ digest: 'a' });
});

test('where .grade cannot be written, the verdict is not lost: it is said what was not kept, and why', async () => {
  const { said } = await keepIn({ '.grade': 'a file where a folder should be' });
  expect(said).toMatch(/^Not kept: the result of programs\/hello\. E(NOTDIR|EXIST)/);
});

test('a folder where the progress should be is set aside like any broken file', async () => {
  const { root, said } = await keepIn({ '.grade/progress.json/x': '' });
  expect(said).toBeUndefined();
  expect((await loadProgress(root)).learners).toHaveProperty('me');
  expect((await stat(join(root, '.grade/progress.json.broken-1'))).isDirectory()).toBe(true);
});
