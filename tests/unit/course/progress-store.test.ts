import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveResult } from '../../../grader/course/progress.ts';
import { emptyProgress } from '../../../grader/course/progress-entries.ts';
import { parseProgress, type ProgressFile } from '../../../grader/course/progress-file.ts';
import { loadProgress, ProgressRefused, updateProgress } from '../../../grader/course/progress-store.ts';
import { repository } from '../../support/clone.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { resultOf } from './results.ts';

// Real processes, on a machine that may be busy.

const node = join(repository, 'node_modules/.bin/node');

/** A process of its own, as another `grade` is. */
function saver(root: string, id: string, times: number): ChildProcess {
  return spawn(node, [join(repository, 'tests/support/save-results.ts'), root, id, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function whole(root: string): Promise<ProgressFile> {
  const parsed = parseProgress(await readFile(join(root, '.grade/progress.json'), 'utf8'));
  if (!('progress' in parsed)) throw new Error(parsed.detail);
  return parsed.progress;
}

test('eight graders at once lose nothing', async () => {
  const root = await temporaryFolder();
  const ids = Array.from({ length: 8 }, (_, i) => `maps/e${i}`);
  const ended = await Promise.all(ids.map((id) => once(saver(root, id, 3), 'exit')));
  expect(ended.map(([code]) => code)).toEqual(ids.map(() => 0));
  const { exercises } = (await whole(root)).learners['me']!;
  expect(Object.keys(exercises).sort()).toEqual(ids);
  expect(ids.map((id) => exercises[id]!.points)).toEqual(ids.map(() => 2));
});

test('a grader that is killed leaves a whole file, and the next one clears up', async () => {
  const root = await temporaryFolder();
  for (let i = 0; i < 3; i += 1) {
    const child = saver(root, `maps/e${i}`, 1_000_000);
    await once(child.stdout!, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(Object.keys((await whole(root)).learners['me']!.exercises)).toContain(`maps/e${i}`);
  }
  await addFiles(root, { '.grade/progress.json.left-by-one.tmp': '{' });
  await saveResult(root, 'me', { id: 'maps/last' }, resultOf('maps/last'));
  expect(Object.keys((await whole(root)).learners['me']!.exercises).length).toBe(4);
  expect((await readdir(join(root, '.grade'))).filter((name) => name.startsWith('progress')).sort()).toEqual([
    'progress.json',
    'progress.lock',
  ]);
});

test.each([
  ['half a file', '{"format": "hookpoint-prog', /Unterminated|JSON/],
  ['something else', '[]', /the whole/],
  [
    'a field that is none',
    JSON.stringify({ ...emptyProgress(), learners: { me: { exercises: { 'a/b': { points: 'many' } } } } }),
    /learners\.me\.exercises\.a\/b\./,
  ],
])('%s is set aside with a note, and never overwritten', async (_, text, why) => {
  const root = await temporaryFolder({ '.grade/progress.json': text });
  const notes: string[] = [];
  expect(await loadProgress(root, (note) => notes.push(note))).toEqual(emptyProgress());
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(why);
  expect(notes[0]).toContain('.grade/progress.json.broken-1');
  expect(await readFile(join(root, '.grade/progress.json.broken-1'), 'utf8')).toBe(text);

  await addFiles(root, { '.grade/progress.json': 'again' });
  await saveResult(root, 'me', { id: 'a/b' }, resultOf('a/b'), (note) => notes.push(note));
  expect(await readFile(join(root, '.grade/progress.json.broken-2'), 'utf8')).toBe('again');
  expect(Object.keys((await whole(root)).learners['me']!.exercises)).toEqual(['a/b']);
});

test('a file of a later version is refused and stays as it is', async () => {
  const later = JSON.stringify({ format: 'hookpoint-progress', version: 2, everything: 'new' });
  const root = await temporaryFolder({ '.grade/progress.json': later });
  await expect(loadProgress(root)).rejects.toThrow(ProgressRefused);
  await expect(updateProgress(root, () => emptyProgress())).rejects.toThrow(
    'it is of version 2, and this course knows version 1',
  );
  expect(await readFile(join(root, '.grade/progress.json'), 'utf8')).toBe(later);
});

test('deleted, it is empty again; reading makes no file', async () => {
  const root = await temporaryFolder();
  await saveResult(root, 'me', { id: 'a/b' }, resultOf('a/b'));
  await rm(join(root, '.grade/progress.json'));
  expect(await loadProgress(root)).toEqual(emptyProgress());
  expect(await readdir(join(root, '.grade'))).not.toContain('progress.json');
});
