import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stableIdOf } from '../../../grader/course/exercise.ts';
import { undeclaredCases } from '../../../grader/course/folders.ts';
import { CourseError, loadCourse } from '../../../grader/course/load.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { courseFile, exerciseFiles, exerciseYaml, smallCourse } from './courses.ts';

async function problems(files: Record<string, string>): Promise<readonly string[]> {
  const root = await temporaryFolder({ ...courseFile({ programs: ['hello'] }), ...files });
  const error = await loadCourse(root).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CourseError)) throw error ?? new Error('it was accepted');
  return error.problems;
}

describe('loadCourse', () => {
  test('loads in the order of course.json', async () => {
    const root = await smallCourse();
    const course = await loadCourse(root);
    expect(course.map(({ id }) => id)).toEqual(['programs/hello', 'programs/maps', 'networking/drop']);
    expect(course[0]).toMatchObject({ title: 'Say hello', folder: join(root, 'content/exercises/programs/hello') });
  });

  test('the exercise that learners meet first comes first, whatever its chapter', async () => {
    const root = await smallCourse();
    const file = join(root, 'content/exercises/course.json');
    const course = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...course, first: 'networking/drop' }));
    expect((await loadCourse(root)).map(({ id }) => id)).toEqual([
      'networking/drop',
      'programs/hello',
      'programs/maps',
    ]);
    await writeFile(
      file,
      JSON.stringify({
        chapters: [{ name: 'programs', title: 'P', exercises: ['hello', 'maps'] }],
        drafts: ['networking/drop'],
      }),
    );
    expect((await loadCourse(root)).map(({ id }) => id)).toEqual(['programs/hello', 'programs/maps']);
    for (const text of ['networking/drop', 'drop', join(root, 'content/exercises/networking/drop/solution')])
      expect((await loadCourse(root, [text])).map(({ id }) => id)).toEqual([
        'programs/hello',
        'programs/maps',
        'networking/drop',
      ]);
    await writeFile(join(root, 'content/exercises/networking/drop/exercise.yaml'), 'a draft that is broken');
    expect((await loadCourse(root, ['hello'])).length).toBe(2);
    await writeFile(file, JSON.stringify({ ...course, first: 'networking/none' }));
    await expect(loadCourse(root)).rejects.toThrow('first: no chapter lists networking/none');
  });

  test('says every problem of an exercise, with its file and line', async () => {
    const yaml = exerciseYaml({
      starter: { fails: 'count', because: '' },
      wrong: {},
      colour: 'red',
      needs: { kernel: 'new' },
    });
    expect(await problems(exerciseFiles('programs/hello', yaml))).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/exercise.yaml:7: needs.kernel: must be like '5.10', in quotes",
        "content/exercises/programs/hello/exercise.yaml:10: starter.because: must not be empty",
        "content/exercises/programs/hello/exercise.yaml: Unrecognized key: "colour"",
      ]
    `);
    const other = exerciseYaml({ needs: { kernel: 5.1 }, starter: { fails: 'count', because: 'b' }, wrong: {} });
    expect(await problems(exerciseFiles('programs/hello', other))).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/exercise.yaml:7: needs.kernel: must be like '5.10', in quotes",
      ]
    `);
  });

  test('what a check says', async () => {
    const check = {
      title: 't',
      stage: 'later',
      points: -1,
      after: ['x'],
      hints: { nudge: 'n', concept: '', line: 'l' },
    };
    const checks = { 'Two words': check };
    expect(await problems(exerciseFiles('programs/hello', exerciseYaml({ checks })))).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/exercise.yaml:19: checks.Two words: must be lower case letters, digits and single hyphens",
      ]
    `);
  });

  test('references between checks', async () => {
    const words = {
      title: 't',
      stage: 'load',
      points: 1,
      hints: { nudge: 'n', concept: 'c', line: 'l' },
      rationale: 'r',
    };
    const checks = { loads: words, reads: { ...words, after: ['writes'] }, writes: { ...words, with: { file: 'x' } } };
    expect(await problems(exerciseFiles('programs/hello', exerciseYaml({ checks })))).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/exercise.yaml:34: checks.reads.after: 'writes' is not an earlier check",
        "content/exercises/programs/hello/exercise.yaml:42: checks.writes.with: is only for a check that uses a shared one",
        "content/exercises/programs/hello/exercise.yaml:9: starter.fails: no check 'counts'; the checks are loads, reads, writes",
        "content/exercises/programs/hello/exercise.yaml:13: wrong.one.fails: no check 'counts'; the checks are loads, reads, writes",
        "content/exercises/programs/hello/exercise.yaml:15: wrong.two.fails: no check 'counts'; the checks are loads, reads, writes",
        "content/exercises/programs/hello/exercise.yaml:16: wrong.three.fails: no check 'counts'; the checks are loads, reads, writes",
      ]
    `);
  });

  test('a check that uses a shared one has its words, and may say some of them better', async () => {
    const root = await smallCourse();
    await addFiles(root, {
      'content/exercises/shared-checks.yaml': await readFile('content/exercises/shared-checks.yaml', 'utf8'),
      'content/exercises/programs/hello/exercise.yaml': exerciseYaml({
        checks: {
          loads: { uses: 'loads', points: 3 },
          counts: { uses: 'attaches', with: { kind: 'kprobe', target: 'vfs_read' }, after: ['loads'] },
          calls: { uses: 'map', with: { name: 'calls', type: 'hash', keySize: 4 } },
        },
      }),
    });
    const [{ checks } = { checks: [] }] = await loadCourse(root);
    expect(checks).toMatchObject([
      { id: 'loads', title: 'The kernel accepts the program', points: 3, with: { file: 'a.bpf.c' } },
      {
        title: 'A program is attached to the kprobe vfs_read',
        after: ['loads'],
        with: { file: 'a.bpf.c', kind: 'kprobe', target: 'vfs_read' },
        hints: { line: 'Write the section so that it names the kprobe vfs_read.' },
      },
      { title: 'There is a map calls: hash, key of 4 bytes' },
    ]);
    await addFiles(root, {
      'content/exercises/programs/hello/exercise.yaml': exerciseYaml({
        checks: { loads: { uses: 'lods' }, counts: { uses: 'attaches', with: { at: 'kprobe' } } },
      }),
    });
    await expect(loadCourse(root)).rejects.toThrow(
      /yaml:\d+: checks\.loads\.uses: no shared check 'lods'; there are compiles[^]*checks\.counts\.with\.kind: [^]*Unrecognized key: "at"/,
    );
  });

  test('folders that do not hold the files named', async () => {
    const files = exerciseFiles('programs/hello');
    delete files['content/exercises/programs/hello/solution/a.bpf.c'];
    delete files['content/exercises/programs/hello/task.mdx'];
    files['content/exercises/programs/hello/starter/b.c'] = '';
    files['content/exercises/programs/hello/starter/a.bpf.c~'] = '';
    delete files['content/exercises/programs/hello/wrong/one/a.bpf.c'];
    files['content/exercises/programs/hello/wrong/one/'] = '';
    delete files['content/exercises/programs/hello/wrong/two/a.bpf.c'];
    files['content/exercises/programs/hello/wrong/three.patch'] = '';
    expect(await problems(files)).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/task.mdx: is missing; it says what to do and why",
        "content/exercises/programs/hello/starter/b.c: is not one of 'files' in exercise.yaml",
        "content/exercises/programs/hello/solution: the folder is missing; expected a.bpf.c",
        "content/exercises/programs/hello/wrong/one: holds no file; expected a.bpf.c",
        "content/exercises/programs/hello/wrong/two: is missing; expected a folder, or wrong/two.patch",
        "content/exercises/programs/hello/wrong/three: is there as a folder and as wrong/three.patch; keep one of them",
      ]
    `);
  });

  test('a mistake that exercise.yaml does not name is no error, and is found', async () => {
    const root = await smallCourse();
    await addFiles(root, {
      'content/exercises/programs/hello/wrong/mine/a.bpf.c': '',
      'content/exercises/programs/hello/also/shorter.patch': '',
    });
    expect(await undeclaredCases((await loadCourse(root))[0]!)).toEqual(['wrong/mine', 'also/shorter']);
  });

  test('a file that is no YAML, or not there', async () => {
    expect(await problems(exerciseFiles('programs/hello', 'title: [a'))).toEqual([
      expect.stringMatching(/^content\/exercises\/programs\/hello\/exercise\.yaml: .+ at line 1/),
    ]);
    const files = exerciseFiles('programs/hello');
    delete files['content/exercises/programs/hello/exercise.yaml'];
    expect((await problems(files))[0]).toMatch(/^content\/exercises\/programs\/hello\/exercise\.yaml: cannot be read/);
  });

  test('exercises and the list of them must agree', async () => {
    expect(await problems({ ...exerciseFiles('programs/hello'), ...exerciseFiles('programs/lost') })).toEqual([
      'content/exercises/programs/lost/exercise.yaml: is not listed in content/exercises/course.json',
    ]);
    expect(await problems(courseFile({ programs: ['a', 'a'] }))).toEqual([
      'content/exercises/course.json: lists programs/a twice',
    ]);
    expect((await problems({ 'content/exercises/course.json': '{' }))[0]).toContain('course.json: Expected');
    expect((await problems({ 'content/exercises/course.json': '{}' }))[0]).toContain('course.json: chapters: ');
  });

  test('what exercises were once called, the oldest name first', async () => {
    const root = await smallCourse();
    const file = join(root, 'content/exercises/course.json');
    const course = JSON.parse(await readFile(file, 'utf8')) as object;
    const write = (formerly: Record<string, string>) => writeFile(file, JSON.stringify({ ...course, formerly }));
    await write({ 'intro/hi': 'programs/hello', 'programs/hi': 'programs/hello' });
    const exercises = await loadCourse(root);
    expect(exercises.map(({ formerly }) => formerly)).toEqual([['intro/hi', 'programs/hi'], [], []]);
    expect(exercises.map(stableIdOf)).toEqual(['intro/hi', 'programs/maps', 'networking/drop']);

    const wrong: [Record<string, string>, string][] = [
      [{ 'intro/hi': 'programs/none' }, 'formerly: intro/hi: there is no exercise programs/none'],
      [{ 'programs/maps': 'programs/hello' }, 'formerly: programs/maps is the name of an exercise'],
      [
        { 'a/a': 'b/b', 'b/b': 'programs/hello' },
        'formerly: a/a: there is no exercise b/b, which is programs/hello now: say that',
      ],
      [{ 'a/a': 'b/b', 'b/b': 'a/a' }, 'formerly: a/a: there is no exercise b/b, which is a/a now'],
    ];
    for (const [formerly, problem] of wrong) {
      await write(formerly);
      await expect(loadCourse(root)).rejects.toThrow(problem);
    }
  });

  test('a course without its list', async () => {
    const root = await smallCourse();
    await rm(join(root, 'content/exercises/course.json'));
    await expect(loadCourse(root)).rejects.toThrow('content/exercises/course.json: ENOENT');
  });
});
