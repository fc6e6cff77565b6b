import { describe, expect, test } from 'vitest';
import { placeOf, shownPath, sortChanges } from '../../../grader/github/places.ts';

const added = (path: string) => ({ path, removed: false });

describe('what a path is', () => {
  test('a file of a submission', () => {
    const folder = 'submissions/Ada-L/programs/hello';
    expect(placeOf(`${folder}/hello.bpf.c`)).toEqual({
      login: 'Ada-L',
      exercise: 'programs/hello',
      folder,
      file: 'hello.bpf.c',
    });
    expect(placeOf(`${folder}/a/b`)?.file).toBe('a/b');
    expect(placeOf(`${folder}/a\nb`)?.file).toBe('a\nb');
  });

  test.each([
    'submissions/ada/programs/hello',
    'submissions/ada/x',
    'submissions/README.md',
    'Submissions/ada/programs/hello/x',
    '/submissions/ada/programs/hello/x',
    'submissions/../.github/workflows/x',
    'submissions/ada/../../grader/x',
    'submissions/ada/programs/hello/../x',
    'submissions/ada/programs/hello//x',
    'submissions/-ada/programs/hello/x',
    'submissions/a b/programs/hello/x',
    'submissions/ada/pro grams/hello/x',
    'submissions/ada/programs/hello\n/x',
    '',
  ])('something else: %j', (path) => {
    expect(placeOf(path)).toBeNull();
  });
});

test('the author may change their own folder, and nothing else', () => {
  const paths = [
    'submissions/ada/programs/hello/a.c',
    'submissions/ada/programs/hello/b.c',
    'submissions/Ada/maps/lru/a.c',
    'submissions/eve/maps/lru/a.c',
    '.github/workflows/grade.yml',
    'submissions/adam/notes',
    'submissions/ada',
    'submissions/ada/a\u001b[2J',
  ];
  const { submissions, foreign } = sortChanges(paths.map(added), 'ada');
  expect(submissions.map(({ folder }) => folder)).toEqual([
    'submissions/ada/programs/hello',
    'submissions/Ada/maps/lru',
  ]);
  expect(foreign).toEqual(paths.slice(3));
});

test('what is in the author’s own folder and of no exercise is passed over, also beside the files of one', () => {
  const paths = [
    'submissions/ada/.DS_Store',
    'submissions/ada/README.md',
    'submissions/ada/programs/.DS_Store',
    'submissions/ada/programs/hello/.DS_Store',
    'submissions/ada/programs/hello/README.md',
    'submissions/ada/maps/lru/a.c~',
  ];
  expect(sortChanges([added('submissions/ada/programs/hello/a.c'), ...paths.map(added)], 'ada')).toMatchObject({
    submissions: [{ folder: 'submissions/ada/programs/hello' }],
    passedOver: paths,
    foreign: [],
  });
  expect(sortChanges(paths.map(added), 'eve')).toEqual({ submissions: [], passedOver: [], foreign: paths });
});

test('what was only taken away is not graded, but still foreign if it was another’s', () => {
  const removed = ['submissions/ada/programs/hello/a.c', 'submissions/eve/programs/hello/a.c'].map((path) => ({
    path,
    removed: true,
  }));
  expect(sortChanges(removed, 'ada')).toEqual({
    submissions: [],
    passedOver: [],
    foreign: ['submissions/eve/programs/hello/a.c'],
  });
});

test('a path is shown on one line, and gives no command to a runner', () => {
  expect(shownPath('a\n::error::b\u001b[31m##[group]c')).toBe('a : :error: :b# #[group]c');
});
