/** Grades of a class as files that learning platforms import as they are. Pure. */
import type { Learner } from '../course/class-schema.ts';
import { csvCell } from './escape.ts';
import type { ClassGrades, Row } from './class-grades.ts';

type Cell = string | number | null;

export interface Gradebook {
  render: (grades: ClassGrades) => string;
  /** By which of these the platform finds a learner: class.yaml must say one of them of all. */
  needs?: readonly ('id' | 'email')[];
}

export const gradebooks: Readonly<Record<string, Gradebook>> = {
  csv: { render: renderPlain },
  canvas: { render: renderCanvas, needs: ['id'] },
  moodle: { render: renderMoodle, needs: ['id', 'email'] },
  blackboard: { render: renderBlackboard, needs: ['id'] },
};

/** Everything, for a spreadsheet. */
function renderPlain({ columns, rows }: ClassGrades): string {
  return table([
    ['login', 'name', 'id', 'section', 'group', ...columns.map(({ id }) => id), 'points', 'of', 'not_graded'],
    ...rows.map((row) => [
      row.learner.login,
      row.learner.name,
      row.learner.id ?? null,
      row.learner.section ?? null,
      row.learner.group ?? null,
      ...cells(row),
      row.points,
      row.worth,
      row.grades
        .flatMap(({ exercise, why }) => (why === null || why === 'missing' ? [] : [`${exercise}: ${why}`]))
        .join(', '),
    ]),
  ]);
}

/**
 * Canvas finds a learner by `SIS User ID` and `SIS Login ID`, and takes the maximum of an assignment from the row ‘Points Possible’. A column
 * whose name it does not know becomes a new assignment; an empty cell is no grade, also where there was one (lib/gradebook_importer.rb).
 */
function renderCanvas({ columns, rows }: ClassGrades): string {
  return table([
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', ...columns.map(({ id, title }) => `${title} [${id}]`)],
    ['    Points Possible', null, null, null, null, ...columns.map(({ worth }) => worth)],
    ...rows.map((row) => {
      const { last, first } = namesOf(row.learner);
      const { id = '', email, section } = row.learner;
      return [first === '' ? last : `${last}, ${first}`, null, id, email ?? id, section ?? null, ...cells(row)];
    }),
  ]);
}

/**
 * Moodle is told at the import which column says who it is: `idnumber`, `email` or `username`. One learner whom it does not find there ends the
 * import (grade/import/csv/classes/load_data.php). An empty cell is no grade, also where there was one.
 */
function renderMoodle({ columns, rows }: ClassGrades): string {
  return table([
    ['username', 'idnumber', 'email', 'firstname', 'lastname', ...columns.map(({ id }) => id)],
    ...rows.map((row) => {
      const { last, first } = namesOf(row.learner);
      return [row.learner.login, row.learner.id ?? null, row.learner.email ?? null, first, last, ...cells(row)];
    }),
  ]);
}

/** Blackboard finds a learner by `Username`; every cell of its CSV is quoted. */
function renderBlackboard({ columns, rows }: ClassGrades): string {
  const quoted = (row: readonly Cell[]) => row.map((cell) => `"${unquoted(cell).replaceAll('"', '""')}"`).join(',');
  const lines: Cell[][] = [
    ['Last Name', 'First Name', 'Username', ...columns.map(({ id, worth }) => `${id} [Total Pts: ${worth}]`)],
    ...rows.map((row) => {
      const { last, first } = namesOf(row.learner);
      return [last, first, row.learner.id ?? '', ...cells(row)];
    }),
  ];
  return `\ufeff${lines.map(quoted).join('\r\n')}\r\n`;
}

function cells({ grades }: Row): (number | null)[] {
  return grades.map(({ points }) => points);
}

/** 'Lovelace, Ada' says it; else the last word is the family's name. */
function namesOf({ name }: Learner): { last: string; first: string } {
  const [last, first] = name.split(/,\s*/, 2);
  if (first !== undefined) return { last: last!, first };
  const words = name.split(/\s+/);
  return { last: words.at(-1)!, first: words.slice(0, -1).join(' ') };
}

function table(rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** The spaces in front of ‘Points Possible’ are part of Canvas's format. */
function cell(value: Cell): string {
  return value === null ? '' : csvCell(value);
}

/** As csvCell makes it, without its own quotes. */
function unquoted(value: Cell): string {
  const text = cell(value);
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
