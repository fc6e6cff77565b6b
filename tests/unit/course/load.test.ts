import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stableIdOf } from '../../../grader/course/exercise.ts';
import { CourseError, loadCourse } from '../../../grader/course/load.ts';
import { temporaryFolder } from '../temporary.ts';
import { courseFile, exerciseFiles, exerciseText, smallCourse } from './courses.ts';

async function problems(files: Record<string, string>): Promise<readonly string[]> {
  const root = await temporaryFolder({ ...courseFile({ programs: ['hello'] }), ...files });
  const error = await loadCourse(root).then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof CourseError)) throw error ?? new Error('it was accepted');
  return error.problems;
}

describe('loadCourse', () => {
  test('loads in the order of course.json', async () => {
    const root = await smallCourse();
    const course = await loadCourse(root);
    expect(course.map(({ id }) => id)).toEqual(['programs/hello', 'programs/maps', 'networking/drop']);
    expect(course[0]).toMatchObject({ title: 'Say hello', folder: join(root, 'content/exercises/programs/hello') });
    expect(course[0]!.checks[1]!.run).toBeTypeOf('function');
  });

  test('the exercise that learners meet first comes first, whatever its chapter', async () => {
    const root = await smallCourse();
    const file = join(root, 'content/exercises/course.json');
    const course = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...course, first: 'networking/drop' }));
    expect((await loadCourse(root)).map(({ id }) => id)).toEqual(['networking/drop', 'programs/hello', 'programs/maps']);
    await writeFile(file, JSON.stringify({ chapters: [{ name: 'programs', title: 'P', exercises: ['hello', 'maps'] }], drafts: ['networking/drop'] }));
    expect((await loadCourse(root)).map(({ id }) => id)).toEqual(['programs/hello', 'programs/maps']);
    for (const text of ['networking/drop', 'drop', join(root, 'content/exercises/networking/drop/solution')])
      expect((await loadCourse(root, [text])).map(({ id }) => id)).toEqual(['programs/hello', 'programs/maps', 'networking/drop']);
    await writeFile(join(root, 'content/exercises/networking/drop/exercise.ts'), 'a draft that is broken');
    expect((await loadCourse(root, ['hello'])).length).toBe(2);
    await writeFile(file, JSON.stringify({ ...course, first: 'networking/none' }));
    await expect(loadCourse(root)).rejects.toThrow('first: no chapter lists networking/none');
  });

  test('says every problem of an exercise, with its file', async () => {
    const text = exerciseText({ starter: { fails: 'count', because: '' }, wrong: {}, colour: 'red', needs: { kernel: 'new' } });
    expect(await problems(exerciseFiles('programs/hello', text))).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/exercise.ts: needs.kernel: must be like '5.10'",
        "content/exercises/programs/hello/exercise.ts: starter.because: must not be empty",
        "content/exercises/programs/hello/exercise.ts: Unrecognized key: "colour"",
        "content/exercises/programs/hello/exercise.ts: starter.fails: no check 'count'; the checks are loads, counts",
        "content/exercises/programs/hello/exercise.ts: wrong: needs at least 3 misconceptions",
      ]
    `);
  });

  test('references between checks', async () => {
    const hints = `{ nudge: 'n', concept: '', line: 'l' }`;
    const check = `{ id: 'Two words', title: 't', stage: 'later', points: -1, after: ['x'], hints: ${hints}, rationale: 'r', run: 5 }`;
    expect(await problems(exerciseFiles('programs/hello', `export default { checks: [${check}] }`))).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/exercise.ts: title: Invalid input: expected string, received undefined",
        "content/exercises/programs/hello/exercise.ts: summary: Invalid input: expected string, received undefined",
        "content/exercises/programs/hello/exercise.ts: files: Invalid input: expected record, received undefined",
        "content/exercises/programs/hello/exercise.ts: needs: Invalid input: expected object, received undefined",
        "content/exercises/programs/hello/exercise.ts: checks[0].id: must be lower case letters, digits and single hyphens",
        "content/exercises/programs/hello/exercise.ts: checks[0].stage: Invalid option: expected one of "files"|"compile"|"load"|"attach"|"fires"|"correct"|"limits"|"clean-up"",
        "content/exercises/programs/hello/exercise.ts: checks[0].points: Too small: expected number to be >=0",
        "content/exercises/programs/hello/exercise.ts: checks[0].hints.concept: must not be empty",
        "content/exercises/programs/hello/exercise.ts: checks[0].run: must be a function",
        "content/exercises/programs/hello/exercise.ts: starter: Invalid input: expected object, received undefined",
        "content/exercises/programs/hello/exercise.ts: wrong: Invalid input: expected record, received undefined",
      ]
    `);
    const twice = exerciseText().replace("id: 'counts'", "id: 'loads'").replace("after: ['loads']", "after: ['later']");
    expect(await problems(exerciseFiles('programs/hello', twice))).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/exercise.ts: checks[1].id: 'loads' is the id of an earlier check too",
        "content/exercises/programs/hello/exercise.ts: checks[1].after: 'later' is not an earlier check",
        "content/exercises/programs/hello/exercise.ts: starter.fails: no check 'counts'; the checks are loads, loads",
        "content/exercises/programs/hello/exercise.ts: wrong.one.fails: no check 'counts'; the checks are loads, loads",
        "content/exercises/programs/hello/exercise.ts: wrong.two.fails: no check 'counts'; the checks are loads, loads",
        "content/exercises/programs/hello/exercise.ts: wrong.three.fails: no check 'counts'; the checks are loads, loads",
      ]
    `);
  });

  test('folders that do not hold the files named', async () => {
    const files = exerciseFiles('programs/hello');
    delete files['content/exercises/programs/hello/solution/a.bpf.c'];
    delete files['content/exercises/programs/hello/task.mdx'];
    files['content/exercises/programs/hello/starter/b.c'] = '';
    files['content/exercises/programs/hello/starter/a.bpf.c~'] = '';
    files['content/exercises/programs/hello/wrong/four/a.bpf.c'] = '';
    delete files['content/exercises/programs/hello/wrong/one/a.bpf.c'];
    files['content/exercises/programs/hello/wrong/one/'] = '';
    expect(await problems(files)).toMatchInlineSnapshot(`
      [
        "content/exercises/programs/hello/task.mdx: is missing; it says what to do and why",
        "content/exercises/programs/hello/starter/b.c: is not one of 'files' in exercise.ts",
        "content/exercises/programs/hello/solution: the folder is missing; expected a.bpf.c",
        "content/exercises/programs/hello/wrong/one: holds no file; expected a.bpf.c",
        "content/exercises/programs/hello/wrong/four: exercise.ts says nothing about it",
      ]
    `);
  });

  test('an exercise that does not import, or exports nothing', async () => {
    expect(await problems(exerciseFiles('programs/hello', 'throw new Error("oops")'))).toEqual([
      'content/exercises/programs/hello/exercise.ts: cannot be imported: oops',
    ]);
    expect((await problems(exerciseFiles('programs/hello', 'export const a = 1')))[0]).toContain('has no default export');
  });

  test('exercises and the list of them must agree', async () => {
    expect(await problems({ ...exerciseFiles('programs/hello'), ...exerciseFiles('programs/lost') })).toEqual([
      'content/exercises/programs/lost/exercise.ts: is not listed in content/exercises/course.json',
    ]);
    expect(await problems(courseFile({ programs: ['a', 'a'] }))).toEqual(['content/exercises/course.json: lists programs/a twice']);
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
      [{ 'a/a': 'b/b', 'b/b': 'programs/hello' }, 'formerly: a/a: there is no exercise b/b, which is programs/hello now: say that'],
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
