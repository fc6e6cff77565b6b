/** Gradebooks of a class with names that a spreadsheet, a platform or a parser could take for something else; and of a large class. */
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseClass } from '../../../grader/course/class-file.ts';
import { gradebooks } from '../../../grader/report/class-gradebooks.ts';
import { gradeClass } from '../../../grader/report/class-grades.ts';
import { result } from './results.ts';

const names = [
  "=cmd()|' /C calc'!A0",
  '@SUM(1+1)*cmd',
  '+491234',
  '-2+3',
  '  =1+1',
  '\uff1d1+1',
  'Lovelace; "Ada"',
  'Lovelace, Ada',
  'Ó Briain, Seán',
  '李 雷',
  'عبد الله',
  '\u202egnp.exe',
  'O’Neil',
  "O'Neil, Jo",
  ', Ada',
  'Madonna',
];

function gradesOf(learners: { login: string; name: string; id: string }[], exercises: string[], records = learners) {
  const text = stringify({ title: 'x', timezone: 'UTC', learners });
  const read = parseClass(text, exercises);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return gradeClass({
    classFile: read.classFile,
    course: exercises.map((id) => ({ id, title: `Title of ${id}`, checks: [{ points: 6 }] })),
    records: records.flatMap(({ login }) =>
      exercises.map((exercise) => ({
        result: result({ exercise, submission: `submissions/${login}/${exercise}`, points: 3, maxPoints: 6 }),
      })),
    ),
    now: 0,
  });
}

describe.each(Object.keys(gradebooks))('%s', (format) => {
  const tableOf = (...about: Parameters<typeof gradesOf>) =>
    parse(gradebooks[format]!.render(gradesOf(...about)), { bom: true }) as string[][];

  test('no cell is a formula, each learner has one row, and every row as many cells as the first', () => {
    const learners = names.map((name, i) => ({ login: `l${i}`, name, id: i % 2 === 0 ? `=${i}` : `0${i}` }));
    const table = tableOf(learners, ['programs/hello']);
    expect(table).toHaveLength(names.length + (format === 'canvas' ? 2 : 1));
    for (const cells of table) for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+@\uff1d\uff0b\uff20-]/);
    // A zero in front is part of an id.
    expect(table.flat()).toContain('01');
  });

  test('500 learners and 60 exercises', () => {
    const learners = Array.from({ length: 500 }, (_, i) => ({ login: `l${i}`, name: `N${i}`, id: `s${i}` }));
    const exercises = Array.from({ length: 60 }, (_, i) => `chapter/e${i}`);
    const table = tableOf(learners, exercises, learners.slice(1));
    const rows = table.filter((cells) => cells.some((cell) => /^(l|s)\d+$/.test(cell)));
    expect(rows).toHaveLength(500);
    // One has handed in nothing: empty, not zero.
    const of = (row: string[]) => row.filter((cell) => cell === '3').length;
    expect(rows.map(of)).toEqual([0, ...Array<number>(499).fill(60)]);
    expect(rows[0]!.filter((cell) => cell === '').length).toBeGreaterThanOrEqual(60);
  });
});
