import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type WatchParts, WatchSession } from '../../../grader/cli/watch-session.ts';
import { watchSaves } from '../../../grader/course/saves.ts';
import type { ReadSubmission } from '../../../grader/course/submission.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import { pass, result } from '../report/results.ts';
import { temporaryFolder } from '../temporary.ts';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const version = (digest: string): ReadSubmission => ({ submission: { files: new Map(), digest } });

/** Gradings that end when the test says so; a cancelled one ends with a result that nobody may see. */
function session(changes: Partial<WatchParts> = {}, first = version('first')) {
  const started: { digest: string; end(result: Result): void; cancelled: boolean }[] = [];
  const graded: Result[] = [];
  const watched = new WatchSession({ id: 'programs/hello', title: 'Hello' }, ['hello.bpf.c'], first, {
    grade: (read) =>
      new Promise((resolve) => {
        started.push({
          digest: 'submission' in read ? read.submission.digest : read.problem.text,
          end: resolve,
          cancelled: false,
        });
      }),
    async cancel() {
      const last = started.at(-1);
      if (!last || last.cancelled) return;
      last.cancelled = true;
      last.end(result({ outcome: 'error' }));
    },
    graded: async (one) => (graded.push(one), one.outcome === 'pass' ? 'maps/count – Count.' : null),
    hint: async () => ({ hints: ['a nudge'], left: 2 }),
    task: async () => 'Do it.',
    shell: async () => null,
    changed() {},
    ...changes,
  });
  return { watched, started, graded };
}

test('the first version is graded, and its result shown', async () => {
  const { watched, started, graded } = session();
  watched.again();
  await expect.poll(() => started.length).toBe(1);
  expect(watched.view).toMatchObject({ result: null, doing: 'Grading' });
  started[0]!.end(result());
  await expect.poll(() => graded.length).toBe(1);
  expect(watched.view).toMatchObject({ doing: null, result: { outcome: 'fail' }, next: null });
});

test('a save in the middle throws the grading away; only the newest version counts', async () => {
  const { watched, started, graded } = session();
  watched.again();
  await expect.poll(() => started.length).toBe(1);
  watched.saved(version('second'));
  watched.saved(version('third'));
  await expect.poll(() => started.length).toBe(2);
  expect(started.map(({ digest, cancelled }) => [digest, cancelled])).toEqual([
    ['first', true],
    ['third', false],
  ]);
  expect(watched.view.result).toBeNull();
  started[1]!.end(pass);
  await expect.poll(() => watched.view.next).toBe('maps/count – Count.');
  expect(graded).toEqual([pass]);
});

test('keys: hint, task, again, next; what makes no sense now says so', async () => {
  const { watched, started } = session();
  await watched.key('h');
  expect(watched.view.notice).toContain('nothing to hint at');
  await watched.key('n');
  expect(watched.view.notice).toContain('when this one passes');
  watched.again();
  await expect.poll(() => started.length).toBe(1);
  await watched.key('t');
  expect(watched.view).toMatchObject({ task: 'Do it.', doing: 'Grading', notice: null });
  started[0]!.end(result());
  await expect.poll(() => watched.view.result).not.toBeNull();
  expect(watched.view.task).toBeNull();
  await watched.key('h');
  expect(watched.view).toMatchObject({ hints: ['a nudge'], hintsLeft: 2 });
  await watched.key('r');
  await expect.poll(() => started.length).toBe(2);
  started[1]!.end(result());
  await expect.poll(() => watched.view.doing).toBeNull();
  expect(watched.view.hints, 'the same check fails: its hints stay').toEqual(['a nudge']);
  await watched.key('r');
  await expect.poll(() => started.length).toBe(3);
  started[2]!.end(pass);
  await expect.poll(() => watched.view.next).not.toBeNull();
  expect(watched.view.hints).toEqual([]);
  await watched.key('n');
  expect(await watched.ended).toBe('next');
});

test('quit ends what is graded, and waits for it', async () => {
  const { watched, started, graded } = session();
  watched.again();
  await expect.poll(() => started.length).toBe(1);
  await watched.key('q');
  expect(await watched.ended).toBe('quit');
  await watched.stop();
  expect(started[0]!.cancelled).toBe(true);
  expect(graded).toEqual([]);
});

test('a machine that is not to be had ends the session, as does a key that fails', async () => {
  const { watched } = session({
    grade: async () => {
      throw new Error('no QEMU');
    },
  });
  watched.again();
  await expect(watched.ended).rejects.toThrow('no QEMU');
  const other = session({
    task: async () => {
      throw new Error('no task');
    },
  });
  await other.watched.key('t');
  await expect(other.watched.ended).rejects.toThrow('no task');
});

const ways: [how: string, save: (file: string, text: string) => Promise<void>][] = [
  ['written over', (file, text) => writeFile(file, text)],
  [
    'replaced by rename, as VS Code may',
    async (file, text) => (await writeFile(`${file}.tmp`, text), rename(`${file}.tmp`, file)),
  ],
  [
    'renamed away and written anew, as vim does',
    async (file, text) => (await rename(file, `${file}~`), await writeFile(file, text), rm(`${file}~`)),
  ],
  [
    'emptied and written a moment later',
    async (file, text) => (await writeFile(file, ''), await pause(100), writeFile(file, text)),
  ],
];

test.each(ways)('a file that is %s: each version is heard once', async (_, save) => {
  const root = await temporaryFolder({ 'submissions/me/a/b/hello.bpf.c': 'int x;\n' });
  const folder = join(root, 'submissions/me/a/b');
  const file = join(folder, 'hello.bpf.c');
  const heard: ReadSubmission[] = [];
  const saves = await watchSaves(root, folder, { 'hello.bpf.c': { description: '' } }, (read) => heard.push(read));
  // A machine that stands still in the middle of a save may show the file while it is empty or away; that is no version.
  const versions = () =>
    heard
      .filter((read) => 'submission' in read)
      .map((read) => Buffer.from(read.submission.files.get('hello.bpf.c')!).toString())
      .filter((text) => text !== '');
  try {
    await save(file, 'int y;\n');
    await expect.poll(versions).toEqual(['int y;\n']);
    await save(file, 'int z;\n');
    await expect.poll(versions).toEqual(['int y;\n', 'int z;\n']);
    // The same again is nothing new; what follows it shows that it was seen.
    await writeFile(file, 'int z;\n');
    await save(file, 'int last;\n');
    await expect.poll(versions).toEqual(['int y;\n', 'int z;\n', 'int last;\n']);
    await rm(file);
    await expect
      .poll(() => heard.at(-1))
      .toMatchObject({ problem: { text: expect.stringContaining('hello.bpf.c is missing') } });
  } finally {
    await saves.close();
  }
});
