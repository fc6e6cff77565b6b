/** `grade progress`: out of one clone, into another, and never over anything else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { progress } from '../../../grader/cli/progress.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { readProgress } from '../../../grader/course/progress.ts';
import { loadProgress } from '../../../grader/course/progress-store.ts';
import { startExercise } from '../../../grader/course/workspace.ts';
import { courseFile, smallCourse, smallCourseFiles } from '../course/courses.ts';
import { graded } from '../course/results.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

const as = { as: 'me' };

/** A clone in which hello has passed. */
async function clone() {
  const root = await smallCourse();
  const [hello] = await loadCourse(root);
  await startExercise(root, 'me', hello!);
  await graded(root, 'me', hello!);
  return { root, file: join(root, 'mine.json'), ...listen(root) };
}

const readByReader = (day: string) =>
  JSON.stringify({
    format: 'hookpoint-progress',
    version: 1,
    learners: {
      '*': { exercises: {}, lessons: { 'maps.locks': day }, ticked: { 'programs/maps': day, 'of/later': day } },
    },
  });

test('out of one clone and into another: passed there is known here, and files count by themselves', async () => {
  const one = await clone();
  expect(await progress(one.context, { ...as, export: one.file })).toBe(0);
  expect(one.said()).toContain('me, in all: 1 exercise passed, 0 lessons read.');
  const other = await smallCourse();
  const { context, said } = listen(other);
  expect(await progress(context, { ...as, import: one.file })).toBe(0);
  expect(said()).toContain('New here: 1 exercise passed, 0 lessons read.');
  const known = (await readProgress(other, 'me', await loadCourse(other))).get('programs/hello')!;
  expect(known).toMatchObject({ started: false, passed: false, entry: { outcome: 'pass', points: 3 } });
});

test('what the site exports is taken over, unknown ids too; ticks are no verdicts', async () => {
  const { root, file, context, said } = await clone();
  const before = await loadProgress(root);
  await addFiles(root, { 'mine.json': readByReader('2026-02-01T00:00:00.000Z') });
  await progress(context, { ...as, import: file });
  expect(said()).toContain('New here: 0 exercises passed, 2 exercises ticked on the site, 1 lesson read.');
  const { me } = (await loadProgress(root)).learners;
  expect(me).toEqual({
    ...before.learners['me'],
    lessons: { 'maps.locks': '2026-02-01T00:00:00.000Z' },
    ticked: { 'programs/maps': '2026-02-01T00:00:00.000Z', 'of/later': '2026-02-01T00:00:00.000Z' },
  });
  // A later grading, and a second import, take nothing of it.
  await graded(root, 'me', (await loadCourse(root))[0]!);
  await progress(context, { ...as, import: file });
  expect((await loadProgress(root)).learners['me']).toMatchObject({ lessons: me!.lessons, ticked: me!.ticked });
});

test('an exercise that was renamed meanwhile keeps what was known of it', async () => {
  const one = await clone();
  await progress(one.context, { ...as, export: one.file });
  const files = Object.fromEntries(
    Object.entries(smallCourseFiles).map(([path, text]) => [path.replace('programs/hello/', 'programs/hi/'), text]),
  );
  const list = JSON.parse(Object.values(courseFile({ programs: ['hi', 'maps'], networking: ['drop'] }))[0]!) as object;
  const root = await temporaryFolder({
    ...files,
    'content/exercises/course.json': JSON.stringify({ ...list, formerly: { 'programs/hello': 'programs/hi' } }),
  });
  await progress(listen(root).context, { ...as, import: one.file });
  expect((await readProgress(root, 'me', await loadCourse(root))).get('programs/hi')!.entry).toMatchObject({
    outcome: 'pass',
  });
});

test('progress of somebody else stays theirs, and is said', async () => {
  const one = await clone();
  await progress(one.context, { ...as, export: one.file });
  const { context, said } = listen(await smallCourse());
  await progress(context, { as: 'you', import: one.file });
  expect(said()).toContain('It has progress of me as well, who is not you (you). It is kept as theirs.');
  expect(Object.keys((await loadProgress(context.root)).learners)).toEqual(
    ['me', 'you'].filter((name) => name === 'me'),
  );
});

test.each([
  ['no JSON', '{"format":', 'Nothing was changed.'],
  ['another document', '{"format":"other"}', 'format: '],
  ['a date that is none', readByReader('yesterday'), 'learners.*.lessons.maps.locks: Invalid ISO datetime'],
  [
    'of a later version',
    '{"format":"hookpoint-progress","version":9}',
    'it is of version 9, and this course knows version 1',
  ],
])('a file with %s is refused with what is wrong, and changes nothing', async (_, text, why) => {
  const { root, file, context } = await clone();
  await addFiles(root, { 'mine.json': text });
  const before = await readFile(join(root, '.grade/progress.json'), 'utf8');
  const said = await failure(progress(context, { ...as, import: file }));
  expect(said).toContain(why);
  expect(said).toContain('Nothing was changed.');
  expect(await readFile(join(root, '.grade/progress.json'), 'utf8')).toBe(before);
});

test('a file that is not there; an export over something else, or into no folder', async () => {
  const { root, context } = await clone();
  expect(await failure(progress(context, { ...as, import: join(root, 'none.json') }))).toContain('There is no file');
  await addFiles(root, { 'notes.json': 'mine' });
  expect(await failure(progress(context, { ...as, export: join(root, 'notes.json') }))).toContain(
    'exists already, and is not a file of progress',
  );
  expect(await readFile(join(root, 'notes.json'), 'utf8')).toBe('mine');
  expect(await failure(progress(context, { ...as, export: join(root, 'none/x.json') }))).toContain('cannot be written');
});

test('to standard output, and --json', async () => {
  const { context } = await clone();
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (written.push(String(text)), true));
  await progress(context, { ...as, export: '-' });
  await progress({ ...context, json: true }, as).finally(() => spy.mockRestore());
  expect(JSON.parse(written[0]!)).toMatchObject({
    format: 'hookpoint-progress',
    learners: { me: { exercises: { 'programs/hello': { outcome: 'pass' } } } },
  });
  expect(JSON.parse(written[1]!)).toEqual({
    login: 'me',
    passed: ['programs/hello'],
    practised: [],
    ticked: [],
    lessons: [],
  });
});
