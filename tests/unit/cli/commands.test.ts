/** The learner's commands that need no machine, on a small course. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { hint } from '../../../grader/cli/hint.ts';
import { list, type ListOptions } from '../../../grader/cli/list.ts';
import { reset } from '../../../grader/cli/reset.ts';
import { solution } from '../../../grader/cli/solution.ts';
import { next, start, task } from '../../../grader/cli/start.ts';
import { status } from '../../../grader/cli/status.ts';
import { readCatalog } from '../../../grader/course/catalog.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { startExercise } from '../../../grader/course/workspace.ts';
import { smallCourse } from '../course/courses.ts';
import { graded } from '../course/results.ts';
import { addFiles } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

// Each starts a process or two for its lock, on a machine that may be busy.

const as = { as: 'me' };

/** The small course with its first exercise started; `failed`: graded, and the check that failed, or null if it passed. */
async function prepare(failed?: string | null) {
  const root = await smallCourse();
  const course = await loadCourse(root);
  if (failed !== undefined) {
    await startExercise(root, 'me', course[0]!);
    await graded(root, 'me', course[0]!, failed ?? undefined);
  }
  const mine = join(root, 'submissions/me/programs/hello');
  return { root, course, mine, file: join(mine, 'a.bpf.c'), ...listen(root) };
}

async function jsonOf(running: Promise<number>): Promise<unknown> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (written.push(String(text)), true));
  await running.finally(() => spy.mockRestore());
  return JSON.parse(written.join(''));
}

describe('start and task', () => {
  test('copies the next, shows the task, the files and one step', async () => {
    const { root, context, said } = await prepare();
    await addFiles(root, { 'content/exercises/programs/hello/task.mdx': 'Do **it**.\n\n## Your task\n\nNow.\n' });
    expect(await start(context, undefined, as)).toBe(0);
    expect(said().replaceAll(pathFrom(root), '')).toMatchInlineSnapshot(`
      "programs/hello – Say hello

      Do it.

      ## Your task

      Now.

      Your files
        submissions/me/programs/hello/a.bpf.c
            The program
      The starter is there now: a.bpf.c

        → Edit submissions/me/programs/hello/a.bpf.c, then: npx grade
          The task again: npx grade task programs/hello"
    `);
    expect(await start(context, undefined, as)).toBe(0);
    expect(said()).toContain('You have started it already; nothing was changed.');
  });

  test('task shows what is under way', async () => {
    const { root, course, context, said } = await prepare(null);
    await startExercise(root, 'me', course[2]!);
    expect(await task(context, undefined, as)).toBe(0);
    expect(said()).toBe('networking/drop – Say hello\n\nDo it.');
    expect(await jsonOf(task({ ...context, json: true }, 'maps', as))).toMatchObject({
      exercise: 'programs/maps',
      task: 'Do it.',
    });
  });
});

describe('next and status', () => {
  test('next starts the first that is not started, and what was left stays', async () => {
    const { root, context, said, file } = await prepare('counts');
    await writeFile(file, 'mine');
    expect(await next(context, as)).toBe(0);
    expect(said()).toContain('programs/maps – Say hello');
    expect(await readdir(join(root, 'submissions/me/programs'))).toEqual(['hello', 'maps']);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  test('status: what is under way, what failed last, points, the next step', async () => {
    const { context, said } = await prepare('counts');
    expect(await status(context, as)).toBe(0);
    expect(`\n${said()}\n`).toMatchInlineSnapshot(`
      "
      You work on programs/hello, Say hello: 1 of 3 points.
      What failed last: It counts.

      me: 0 of 3 exercises, 1 of 9 points

        → Go on: npx grade
          It grades programs/hello – Print a line.
      "
    `);
    expect(await jsonOf(status({ ...context, json: true }, as))).toMatchObject({
      login: 'me',
      points: 1,
      current: { id: 'programs/hello', failed: 'counts' },
      next: 'programs/hello',
    });
  });

  test('status with nothing under way', async () => {
    const { context, said } = await prepare();
    expect(await status(context, as)).toBe(0);
    expect(said()).toContain('You work on nothing now.');
  });
});

test('what is kept of the course is made anew when a file changes, and does without a place to keep it', async () => {
  const { root } = await prepare();
  const first = await readCatalog(root);
  expect(first.exercises.map(({ id }) => id)).toEqual(['programs/hello', 'programs/maps', 'networking/drop']);
  expect(await readCatalog(root)).toEqual(first);
  const file = join(root, 'content/exercises/course.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"hello", ', '').replace('"hello",', ''));
  await rm(join(root, 'content/exercises/programs/hello'), { recursive: true });
  expect((await readCatalog(root)).exercises.map(({ id }) => id)).toEqual(['programs/maps', 'networking/drop']);
  await rm(join(root, '.grade'), { recursive: true, force: true });
  await writeFile(join(root, '.grade'), 'no folder');
  expect((await readCatalog(root)).chapters).toHaveLength(2);
});

describe('list', () => {
  test('chapters, points, and what is next', async () => {
    const { context, said } = await prepare('counts');
    expect(await list(context, [], as)).toBe(0);
    expect(`\n${said()}\n`).toMatchInlineSnapshot(`
      "
      programs    ██░░░░░░░░░░  0/2 passed, 1/6 points, 20 min
        → programs/hello     1/3  Say hello
          programs/maps      0/3  Say hello

      networking  ░░░░░░░░░░░░  0/1 passed, 0/3 points, 10 min
          networking/drop    0/3  Say hello

        ✓ passed   → what you work on   ~ started, or changed since it passed

      me: 0 of 3 exercises, 1 of 9 points

        → Go on: npx grade
          It grades programs/hello – Print a line.
      "
    `);
  });

  test('--json', async () => {
    const { context, file } = await prepare(null);
    expect(await jsonOf(list({ ...context, json: true }, [], as))).toMatchObject({
      login: 'me',
      passed: 1,
      exercises: [
        { id: 'programs/hello', status: 'passed', points: 3, maxPoints: 3 },
        { status: 'new' },
        { status: 'new' },
      ],
      chapters: [{ name: 'programs', passed: 1 }, { name: 'networking' }],
    });
    await writeFile(file, 'changed');
    expect(await jsonOf(list({ ...context, json: true }, [], as))).toMatchObject({
      passed: 0,
      exercises: [{ status: 'changed', current: true }, {}, {}],
    });
  });

  test.each<[string[], ListOptions, string[]]>([
    [['programs'], {}, ['programs/hello', 'programs/maps']],
    [['say', 'maps'], {}, ['programs/maps']],
    [['DROP'], {}, ['networking/drop']],
    [[], { todo: true }, ['programs/maps', 'networking/drop']],
    [['programs/'], { todo: true }, ['programs/maps']],
    [[], { passed: true }, ['programs/hello']],
    [['networking'], { passed: true }, []],
  ])('of %j, with %j', async (words, options, expected) => {
    const { context } = await prepare(null);
    const listed = await jsonOf(list({ ...context, json: true }, words, { ...as, ...options }));
    expect((listed as { exercises: { id: string }[] }).exercises.map(({ id }) => id)).toEqual(expected);
  });

  test('without .grade all is as new, and nothing else is lost', async () => {
    const { root, context, mine } = await prepare(null);
    await rm(join(root, '.grade'), { recursive: true });
    expect(await jsonOf(list({ ...context, json: true }, [], as))).toMatchObject({
      passed: 0,
      exercises: [{ status: 'started', current: true }, {}, {}],
    });
    expect(await readdir(mine)).toEqual(['a.bpf.c']);
  });
});

describe('hint', () => {
  test('goes one step further each time, says how many are left, and what comes after the last', async () => {
    const { context } = await prepare('counts');
    const given = [];
    for (let i = 0; i < 3; i += 1) given.push(await jsonOf(hint({ ...context, json: true }, undefined, as)));
    const step = { exercise: 'programs/hello', check: 'counts', changed: false };
    expect(given).toEqual([
      { ...step, hints: ['n', 'c'], left: 1 },
      { ...step, hints: ['n', 'c', 'l'], left: 0 },
      { ...step, hints: ['n', 'c', 'l'], left: 0 },
    ]);
  });

  test('in words', async () => {
    const { root, context, said, file } = await prepare('counts');
    await hint(context, 'hello', as);
    expect(said()).toContain('One more is left: npx grade hint. Hints cost no points.');
    expect(said()).not.toContain('have changed');
    await writeFile(file, 'changed');
    const second = listen(root);
    await hint(second.context, 'hello', as);
    expect(`\n${second.said()}\n`).toMatchInlineSnapshot(`
      "
      programs/hello: “It counts”

      Your files have changed since they were graded; this is about what failed then.

      1. n
      2. c
      3. l

      That was the last hint for this check. Hints cost no points.

        → Edit your files, then: npx grade
          The task: npx grade task programs/hello
          Still stuck? npx grade solution programs/hello --spoil
      "
    `);
  });

  test('nothing failed, nothing graded, nothing started', async () => {
    const { root, context, course } = await prepare(null);
    expect(await failure(hint(context, 'hello', as))).toBe(
      'programs/hello has passed: there is nothing to hint at.\nnpx grade programs/hello',
    );
    expect(await failure(hint(context, undefined, as))).toBe(
      'There is no exercise under way to give a hint for.\nnpx grade',
    );
    await startExercise(root, 'me', course[1]!);
    expect(await failure(hint(context, undefined, as))).toContain('No check of programs/maps has failed');
  });
});

describe('solution', () => {
  test('after a pass, also when the files have changed since', async () => {
    const { context, said, file } = await prepare(null);
    await writeFile(file, 'int mine;\n');
    expect(await solution(context, undefined, as)).toBe(0);
    expect(`\n${said()}\n`).toMatchInlineSnapshot(`
      "
      programs/hello: a solution. Others may be as good.

      a.bpf.c

      // solution

      What often goes wrong
        - “m”
          This belief fails at: It counts
        - “m”
          This belief fails at: It counts
        - “m”
          This belief fails at: It counts

        → Go on: npx grade
          It grades programs/hello – Print a line.
      "
    `);
    expect(await jsonOf(solution({ ...context, json: true }, 'hello', { ...as, diff: true }))).toMatchObject({
      files: { 'a.bpf.c': '// solution\n' },
      diff: expect.stringContaining('-int mine;\n+// solution'),
    });
  });

  test('before a pass only with --spoil; --diff needs something to compare with', async () => {
    const { context, said } = await prepare('counts');
    expect(await failure(solution(context, undefined, as))).toMatch(
      /^You have not passed programs\/hello yet\.[^]*npx grade hint programs\/hello\n[^]*--spoil$/,
    );
    expect(said()).toBe('');
    expect(await solution(context, undefined, { ...as, spoil: true })).toBe(0);
    expect(said()).toContain('// solution');
    expect(await failure(solution(context, 'maps', { ...as, spoil: true, diff: true }))).toContain(
      'There is nothing to compare with: There is no folder submissions/me/programs/maps.',
    );
  });
});

describe('reset', () => {
  test('keeps what was there, whole, and puts the starter back in the same folder', async () => {
    const { root, context, said, mine, file } = await prepare('counts');
    await addFiles(mine, { 'a.bpf.c': 'mine', 'notes/one.txt': 'remember', '.a.bpf.c.swp': 'vim' });
    await symlink('/etc/hostname', join(mine, 'link'));
    expect(await failure(reset(context, undefined, as))).toMatch(
      /nobody is there to be asked\.\nIf you mean it: npx grade reset programs\/hello --yes$/,
    );
    expect(await readFile(file, 'utf8')).toBe('mine');

    expect(await reset({ ...context, yes: true }, undefined, as)).toBe(0);
    const kept = /kept in (\S+)\//.exec(said())![1]!;
    expect(kept).toMatch(/^\.grade\/kept\/me\/programs\/hello\/\d{4}-\d\d-\d\dT/);
    expect((await readdir(join(root, kept))).sort()).toEqual(['.a.bpf.c.swp', 'a.bpf.c', 'link', 'notes']);
    expect(await readFile(join(root, kept, 'a.bpf.c'), 'utf8')).toBe('mine');
    expect(await readFile(join(root, kept, 'notes/one.txt'), 'utf8')).toBe('remember');
    expect((await readdir(mine)).sort()).toEqual(['.a.bpf.c.swp', 'a.bpf.c']);
    expect(await readFile(file, 'utf8')).toBe('// starter\n');
    expect(await readdir(join(root, '.grade/staging'))).toEqual([]);
  });

  test('the starter is not replaced by itself; a folder in a file’s place is', async () => {
    const { root, context, said, file } = await prepare('counts');
    expect(await reset(context, 'hello', as)).toBe(0);
    expect(said()).toContain('is the starter already; nothing was changed.');
    expect(await readdir(join(root, '.grade'))).not.toContain('kept');
    await rm(file);
    await mkdir(file);
    expect(await reset({ ...context, yes: true }, 'hello', as)).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('// starter\n');
    expect(await failure(reset(context, 'maps', as))).toBe(
      'You have not started programs/maps, so there is nothing to reset.\nnpx grade start programs/maps',
    );
  });
});

test('an exercise under its old name: what to do is said where it is noticed', async () => {
  const { root, context, said } = await prepare();
  const file = join(root, 'content/exercises/course.json');
  await writeFile(
    file,
    JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), formerly: { 'intro/hi': 'programs/hello' } }),
  );
  await addFiles(root, { 'submissions/me/intro/hi/a.bpf.c': 'mine' });
  await list(context, [], as);
  expect(said()).toContain('intro/hi is called otherwise now. What to do: npx grade start intro/hi');
  expect(await failure(start(context, 'intro/hi', as))).toContain(
    'mkdir -p submissions/me/programs && mv submissions/me/intro/hi submissions/me/programs/hello',
  );
});

/** Paths are shown from where the command is called. */
function pathFrom(root: string): string {
  return `${relative(process.cwd(), root)}/`;
}
