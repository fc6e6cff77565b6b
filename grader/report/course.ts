/** What `grade list` shows: a bar a chapter, a line an exercise. Pure. */
import { bar, marks, painter, type Screen, type Style } from './paint.ts';
import { cut } from '../verdict/text.ts';

export interface CourseRow {
  id: string;
  title: string;
  /** 'changed': it passed, and its files have changed since. */
  status: 'passed' | 'changed' | 'started' | 'new';
  /** What the learner works on. */
  current: boolean;
  /** Of the last grading. */
  points: number;
  maxPoints: number;
}

export interface ChapterRows {
  title: string;
  exercises: CourseRow[];
}

export interface CourseTotals {
  passed: number;
  exercises: number;
  points: number;
  maxPoints: number;
}

export function totalsOf(rows: readonly CourseRow[]): CourseTotals {
  const sum = (of: (row: CourseRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return { passed: sum(({ status }) => (status === 'passed' ? 1 : 0)), exercises: rows.length, points: sum(({ points }) => points), maxPoints: sum(({ maxPoints }) => maxPoints) };
}

export function renderCourse(chapters: readonly ChapterRows[], screen: Screen): string {
  const titleWidth = Math.max(...chapters.map(({ title }) => title.length));
  const idWidth = Math.max(...chapters.flatMap(({ exercises }) => exercises.map(({ id }) => id.length)));
  const parts = chapters.map(({ title, exercises }) => [heading(title, totalsOf(exercises), titleWidth, screen), ...exercises.map((row) => line(row, idWidth, screen))].join('\n'));
  return [...parts, ...(screen.plain ? [] : [legend(screen)])].join('\n\n');
}

/** 'ada: 1 of 22 exercises, 9 of 190 points' */
export function renderTotals(login: string, rows: readonly CourseRow[]): string {
  const { passed, exercises, points, maxPoints } = totalsOf(rows);
  return `${login}: ${passed} of ${exercises} exercises, ${number(points)} of ${number(maxPoints)} points`;
}

function heading(title: string, { passed, exercises, points, maxPoints }: CourseTotals, width: number, screen: Screen): string {
  const paint = painter(screen);
  const counted = `${passed} of ${exercises} passed, ${number(points)} of ${number(maxPoints)} points`;
  if (screen.plain) return `${title}: ${counted}.`;
  const share = maxPoints > 0 ? points / maxPoints : 0;
  return `${paint('bold', title.padEnd(width))}  ${paint('green', bar(share, 16, screen.unicode))}  ${paint('dim', counted)}`;
}

const words: Record<CourseRow['status'], string> = { passed: 'passed', changed: 'passed, changed since', started: 'started', new: 'not started' };

function line({ id, title, status, current, points, maxPoints }: CourseRow, width: number, screen: Screen): string {
  if (screen.plain) return `  ${id}, ${title}: ${words[status]}${current ? ', what you work on' : ''}, ${number(points)} of ${number(maxPoints)} points.`;
  const paint = painter(screen);
  const [sign, style] = signOf(status, current, screen);
  const earned = `${number(points)}/${number(maxPoints)}`.padStart(6);
  return `  ${paint(style, sign)} ${id.padEnd(width)} ${earned}  ${paint('dim', cut(title, Math.max(1, screen.width - width - 13)))}`;
}

const started = '~';

function signOf(status: CourseRow['status'], current: boolean, screen: Screen): [sign: string, style: Style] {
  const { pass, arrow } = marks(screen);
  if (status === 'passed') return [pass, 'green'];
  // In ASCII the arrow is two signs wide, and a column has one.
  if (current) return [screen.unicode ? arrow : '>', 'yellow'];
  return status === 'new' ? [' ', 'dim'] : [started, 'yellow'];
}

function legend(screen: Screen): string {
  const { pass } = marks(screen);
  return painter(screen)('dim', `  ${pass} passed   ${signOf('started', true, screen)[0]} what you work on   ${started} started, or changed since it passed`);
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
