/** What `grade list` shows: a bar a chapter, a line an exercise. Pure. */
import { bar, fit, marks, pad, painter, type Screen, type Style, visibleLength, wrap } from './paint.ts';

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
  /** How long it takes, about. */
  minutes: number;
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
  minutes: number;
}

/** A path through the course, by the exercises that it requires. */
export interface PathRow {
  name: string;
  title: string;
  summary: string;
  /** It is the one that the learner has chosen. */
  followed: boolean;
  passed: number;
  exercises: number;
  maxPoints: number;
  minutes: number;
}

export function totalsOf(rows: readonly CourseRow[]): CourseTotals {
  const sum = (of: (row: CourseRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    passed: sum(({ status }) => (status === 'passed' ? 1 : 0)),
    exercises: rows.length,
    points: sum(({ points }) => points),
    maxPoints: sum(({ maxPoints }) => maxPoints),
    minutes: sum(({ minutes }) => minutes),
  };
}

export function renderCourse(chapters: readonly ChapterRows[], screen: Screen): string {
  const titleWidth = Math.max(...chapters.map(({ title }) => visibleLength(title)));
  const rows = chapters.flatMap(({ exercises }) => exercises);
  // Where titles do not fit, names stand without their chapter, which the heading says.
  const isNarrow =
    !screen.plain && Math.max(...rows.map(({ id }) => visibleLength(id))) + leastTitle + 13 > screen.width;
  const nameOf = ({ id }: CourseRow) => (isNarrow ? id.slice(id.indexOf('/') + 1) : id);
  const nameWidth = Math.max(...rows.map((row) => visibleLength(nameOf(row))));
  const totals = chapters.map(({ title, exercises }) => ({ title, ...totalsOf(exercises) }));
  const forms = [true, false].map((timed) => totals.map((one) => heading(one, titleWidth, screen, timed)));
  const headings =
    forms.find((form) => form.every((text) => visibleLength(text) <= screen.width)) ??
    totals.map((one) => shortHeading(one, screen));
  const parts = chapters.map(({ exercises }, i) =>
    [headings[i], ...exercises.map((row) => line(row, nameOf(row), nameWidth, screen))].join('\n'),
  );
  return [...parts, ...(screen.plain ? [] : [legend(screen)])].join('\n\n');
}

/** 'ada: 1 of 22 exercises, 9 of 190 points' */
export function renderTotals(login: string, rows: readonly CourseRow[]): string {
  const { passed, exercises, points, maxPoints } = totalsOf(rows);
  return `${login}: ${passed} of ${exercises} exercises, ${number(points)} of ${number(maxPoints)} points`;
}

type Titled = CourseTotals & { title: string };

function heading(
  { title, passed, exercises, points, maxPoints, minutes }: Titled,
  width: number,
  screen: Screen,
  timed: boolean,
): string {
  const paint = painter(screen);
  const counted =
    timed && !screen.plain
      ? `${passed}/${exercises} passed, ${number(points)}/${number(maxPoints)} points, ${duration(minutes)}`
      : `${passed} of ${exercises} passed, ${number(points)} of ${number(maxPoints)} points`;
  if (screen.plain) return `${title}: ${counted}, ${duration(minutes)}.`;
  const share = maxPoints > 0 ? points / maxPoints : 0;
  return `${paint('bold', pad(title, width))}  ${paint('green', bar(share, timed ? 12 : 16, screen.unicode))}  ${paint('dim', counted)}`;
}

function shortHeading({ title, passed, exercises, points, maxPoints }: Titled, screen: Screen): string {
  const counted = `${passed}/${exercises} passed, ${number(points)}/${number(maxPoints)}`;
  const fitting = fit(title, screen.width - counted.length - 2);
  return `${painter(screen)('bold', fitting)}  ${painter(screen)('dim', counted)}`;
}

const words: Record<CourseRow['status'], string> = {
  passed: 'passed',
  changed: 'passed, changed since',
  started: 'started',
  new: 'not started',
};

function line(row: CourseRow, name: string, width: number, screen: Screen): string {
  const { id, title, status, current, points, maxPoints } = row;
  if (screen.plain)
    return `  ${id}, ${title}: ${words[status]}${current ? ', what you work on' : ''}, ${number(points)} of ${number(maxPoints)} points.`;
  const paint = painter(screen);
  const [sign, style] = signOf(status, current, screen);
  const earned = `${number(points)}/${number(maxPoints)}`.padStart(6);
  const left = screen.width - width - 13;
  const about = left < leastTitle ? '' : `  ${paint('dim', fit(title, left))}`;
  return `  ${paint(style, sign)} ${pad(name, width)} ${earned}${about}`;
}

const started = '~';

/** Columns: what is shorter says nothing. */
const leastTitle = 12;

function signOf(status: CourseRow['status'], current: boolean, screen: Screen): [sign: string, style: Style] {
  const { pass, arrow } = marks(screen);
  if (status === 'passed') return [pass, 'green'];
  // In ASCII the arrow is two signs wide, and a column has one.
  if (current) return [screen.unicode ? arrow : '>', 'yellow'];
  return status === 'new' ? [' ', 'dim'] : [started, 'yellow'];
}

function legend(screen: Screen): string {
  const { pass } = marks(screen);
  const signs = [
    `${pass} passed`,
    `${signOf('started', true, screen)[0]} what you work on`,
    `${started} started, or changed since it passed`,
  ];
  const line = signs.join('   ');
  return painter(screen)('dim', `  ${line.length + 2 > screen.width ? signs.join('\n  ') : line}`);
}

/** A line for each path, and one that says what it is for. */
export function renderPaths(paths: readonly PathRow[], screen: Screen): string {
  const paint = painter(screen);
  return paths
    .map(({ name, summary, followed, passed, exercises, maxPoints, minutes }) => {
      const counted = `${passed} of ${exercises} exercises passed, ${number(maxPoints)} points, ${duration(minutes)} of practice`;
      if (screen.plain) return `${name}${followed ? ', which you follow' : ''}: ${counted}. ${summary}`;
      const sign = followed ? paint('yellow', screen.unicode ? marks(screen).arrow : '>') : ' ';
      const about = wrap(summary, screen.width - 4).map((line) => `    ${paint('dim', line)}`);
      return [`  ${sign} ${paint('bold', name)}  ${counted}`, ...about].join('\n');
    })
    .join('\n');
}

/** '45 min', '2 h', '1 h 45 min' */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 || hours === 0 ? [`${rest} min`] : [])].join(' ');
}

/** Points have at most two decimals. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
