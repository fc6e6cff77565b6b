/** What a teacher grades: all of submissions/, whatever learners have put there; and again, only what has no verdict yet. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { targetsOfClass } from '../../../grader/cli/class-targets.ts';
import { grade } from '../../../grader/cli/grade.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { readSubmission } from '../../../grader/course/submission.ts';
import { renderRecord } from '../../../grader/report/record.ts';
import { smallCourse } from '../course/courses.ts';
import { passOf } from '../github/results.ts';
import { addFiles } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

let root: string;
const paths = ['submissions/ada/programs/hello', 'submissions/bob/networking/drop', 'submissions/bob/programs/hello'];

beforeEach(async () => {
  root = await smallCourse();
  await addFiles(root, {
    ...Object.fromEntries(paths.map((path) => [`${path}/a.bpf.c`, `of ${path}`])),
    'submissions/README.md': 'ours',
    // Things that learners leave there.
    'submissions/eve/foo/bar/a.bpf.c': 'x',
    'submissions/eve/programs/notes.txt': 'x',
    'submissions/not a login/programs/hello/a.bpf.c': 'x',
  });
  vi.spyOn(process, 'cwd').mockReturnValue(root);
});
afterEach(() => void vi.restoreAllMocks());

const found = async (...named: string[]) => {
  const { context, noted } = listen(root);
  const { targets, rest } = await targetsOfClass(context, await loadCourse(root), named);
  return { folders: targets.map(({ folder }) => folder), rest, noted: noted() };
};
const absolute = (...folders: string[]) => folders.map((folder) => join(root, folder));

test('submissions/ is everything in it that is of the course', async () => {
  const { folders, rest, noted } = await found('submissions');
  expect(folders).toEqual(absolute(...paths));
  expect(rest).toEqual([]);
  expect(noted).toBe('Passed over, of no exercise: submissions/eve/foo/bar');
  expect((await found('submissions/')).folders).toHaveLength(3);
  expect((await found('submissions/bob')).folders).toEqual(absolute(paths[1]!, paths[2]!));
});

test('of a pattern of the shell, one learner’s odd folder keeps nobody else from being graded', async () => {
  const odd = ['submissions/eve/foo/bar', 'submissions/eve/programs/notes.txt'];
  expect(await found(...paths, ...odd)).toEqual({
    folders: [],
    rest: paths,
    noted: odd.map((path) => `Passed over, of no exercise: ${path}`).join('\n'),
  });
});

test('what was typed wrongly is said', async () => {
  for (const text of ['submissions/eve/foo/bar', 'submissions/zoe', 'helo'])
    expect(await found(text)).toMatchObject({ folders: [], rest: [text] });
  expect((await found('submissions/zoe', ...paths)).rest).toContain('submissions/zoe');
  expect(await failure(found('submissions/eve').then(() => 0))).toContain('There is no submission to an exercise');
});

test('--resume leaves out what has a verdict, as long as its files are the same', async () => {
  const course = await loadCourse(root);
  const lines = paths.map(async (path) => {
    const exercise = course.find(({ id }) => path.endsWith(id))!;
    const read = await readSubmission(root, join(root, path), exercise.files);
    if (!('submission' in read)) throw new Error(read.problem.text);
    return renderRecord({
      result: { ...(await passOf(exercise, path.split('/')[1])), digest: read.submission.digest },
    });
  });
  const report = [join(root, 'results.jsonl')];
  await writeFile(report[0]!, (await Promise.all(lines)).join(''));
  const again = async () => {
    const { context, noted } = listen(root);
    // So that nothing is run.
    await grade({ ...context, interrupted: () => true }, ['submissions'], { report, resume: true, jobs: '1' });
    return noted();
  };
  expect(await again()).toContain('3 of 3 have a verdict already.');
  await writeFile(join(root, paths[0]!, 'a.bpf.c'), 'another');
  expect(await again()).toContain('2 of 3 have a verdict already.');
});
