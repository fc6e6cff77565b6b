import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { renderGradebook } from '../../../grader/report/gradebook.ts';
import { withFullMarks } from '../../../grader/report/judged.ts';
import { makeReport } from '../../../grader/report/json.ts';
import { errored, everyOutcome, hostile, pass, result } from './results.ts';

const rows = (...results: Parameters<typeof makeReport>[0]) =>
  parse(renderGradebook(makeReport(results)), { bom: true, columns: true }) as Record<string, string>[];
const of = (login: string, changes: Parameters<typeof result>[0] = {}) =>
  result({ exercise: 'programs/hello', submission: `submissions/${login}/programs/hello`, ...changes });

test('a row a learner, a column an exercise', () => {
  expect(renderGradebook(makeReport([of('bob'), pass, { ...of('bob'), exercise: 'maps/lru', points: 2.505 }]))).toBe(
    '\ufefflogin,maps/lru,programs/hello,points,max_points,not_graded\r\nbob,2.51,1,3.51,12,\r\nme,,6,6,6,\r\n',
  );
});

test('what was not judged is an empty cell, and named', () => {
  expect(rows(...everyOutcome)[0]).toMatchObject({
    'vm/null-check': '',
    'maps/lru': '',
    'programs/hello': '6',
    max_points: '12',
    not_graded: 'maps/lru: invalid, modern/dynptr: unsupported, vm/loops: unsupported, vm/null-check: error',
  });
});

test('one pass and 21 incomplete folders are not the whole of what there was to earn', () => {
  const folders = Array.from({ length: 21 }, (_, i) =>
    of('ada', { exercise: `maps/m${i}`, outcome: 'invalid', points: 0, maxPoints: 0, checks: [] }),
  );
  const course = folders.map(({ exercise: id }) => ({ id, checks: [{ points: 4 }, { points: 5 }] }));
  const all = withFullMarks([of('ada', { outcome: 'pass', points: 9, maxPoints: 9 }), ...folders], course);
  expect(rows(...all)).toMatchObject([{ points: '9', max_points: '198', 'programs/hello': '9', 'maps/m0': '' }]);
});

test('of several results of one learner the last counts, and an error of ours after it costs nothing', () => {
  const first = of('ada', { startedAt: '2026-01-01T00:00:00.000Z', points: 6 });
  const second = of('ada', { startedAt: '2026-01-02T00:00:00.000Z', points: 4 });
  const ours = {
    ...errored,
    exercise: 'programs/hello',
    submission: 'submissions/ada/programs/hello',
    startedAt: '2026-01-03T00:00:00.000Z',
  };
  for (const order of [
    [first, second, ours],
    [ours, second, first],
  ])
    expect(rows(...order)).toMatchObject([{ login: 'ada', 'programs/hello': '4', not_graded: '' }]);
  expect(rows(ours)).toMatchObject([{ 'programs/hello': '', not_graded: 'programs/hello: error' }]);
});

test('a login must be one: anything else stands under the path of its folder', () => {
  expect(
    rows(of('a--b'), of('-x'), result({ submission: 'content/exercises/programs/hello/solution' })).map(
      ({ login }) => login,
    ),
  ).toEqual([
    'content/exercises/programs/hello/solution',
    'submissions/-x/programs/hello',
    'submissions/a--b/programs/hello',
  ]);
});

test('no cell is a formula, and every row has as many cells as the first', () => {
  const table = parse(renderGradebook(makeReport([...hostile, result({ submission: '=1+1' })])), {
    bom: true,
  }) as string[][];
  expect(table.length).toBeGreaterThan(hostile.length);
  for (const cells of table) for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+@-]/);
});
