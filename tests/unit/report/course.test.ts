import { expect, test } from 'vitest';
import { type CourseRow, renderCourse, renderTotals } from '../../../grader/report/course.ts';

const row = (id: string, changes: Partial<CourseRow> = {}): CourseRow => ({
  id,
  title: `About ${id}`,
  status: 'new',
  current: false,
  points: 0,
  maxPoints: 10,
  minutes: 35,
  ...changes,
});
const rows = [
  row('programs/hello', { status: 'passed', points: 10 }),
  row('programs/loader', { status: 'started', current: true, points: 2.5 }),
  row('maps/per-cpu', { status: 'changed', points: 10 }),
  row('maps/ring-buffer', { title: 'A title that is much longer than what is left of the line' }),
];
const chapters = [
  { title: 'Programs', exercises: rows.slice(0, 2) },
  { title: 'Maps, all kinds', exercises: rows.slice(2) },
];
const screen = { color: false, width: 70, unicode: true };

test('a bar a chapter, a line an exercise', () => {
  expect(`\n${renderCourse(chapters, screen)}\n`).toMatchInlineSnapshot(`
    "
    Programs         ████████░░░░  1/2 passed, 12.5/20 points, 1 h 10 min
      ✓ programs/hello    10/10  About programs/hello
      → programs/loader  2.5/10  About programs/loader

    Maps, all kinds  ██████░░░░░░  0/2 passed, 10/20 points, 1 h 10 min
      ~ maps/per-cpu      10/10  About maps/per-cpu
        maps/ring-buffer   0/10  A title that is much longer than what is…

      ✓ passed
      → what you work on
      ~ started, or changed since it passed
    "
  `);
});

test('on forty columns nothing is wider', () => {
  const text = renderCourse(chapters, { ...screen, width: 40 });
  expect(`\n${text}\n`).toMatchInlineSnapshot(`
    "
    Programs  1/2 passed, 12.5/20
      ✓ hello        10/10  About programs/…
      → loader      2.5/10  About programs/…

    Maps, all kinds  0/2 passed, 10/20
      ~ per-cpu      10/10  About maps/per-…
        ring-buffer   0/10  A title that is…

      ✓ passed
      → what you work on
      ~ started, or changed since it passed
    "
  `);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
});

test('in ASCII', () => {
  expect(renderCourse(chapters, { ...screen, unicode: false }).split('\n')[0]).toMatchInlineSnapshot(
    `"Programs         ########----  1/2 passed, 12.5/20 points, 1 h 10 min"`,
  );
});

test('in plain mode words say what signs and columns say', () => {
  expect(`\n${renderCourse(chapters, { ...screen, plain: true, width: 1000 })}\n`).toMatchInlineSnapshot(`
    "
    Programs: 1 of 2 passed, 12.5 of 20 points, 1 h 10 min.
      programs/hello, About programs/hello: passed, 10 of 10 points.
      programs/loader, About programs/loader: started, what you work on, 2.5 of 10 points.

    Maps, all kinds: 0 of 2 passed, 10 of 20 points, 1 h 10 min.
      maps/per-cpu, About maps/per-cpu: passed, changed since, 10 of 10 points.
      maps/ring-buffer, A title that is much longer than what is left of the line: not started, 0 of 10 points.
    "
  `);
});

test('totals', () => {
  expect(renderTotals('ada', rows)).toBe('ada: 1 of 4 exercises, 22.5 of 40 points');
});
