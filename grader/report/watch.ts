/** What `grade watch` shows: the checks, the first that failed with its message, and the keys. Pure, as all rendering. */
import { stripVTControlCharacters } from 'node:util';
import type { Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { renderMessage } from './message.ts';
import { type Screen, ascii, marks, painter, wrap } from './paint.ts';
import { renderTask } from './task.ts';
import { renderChecks, renderStages, styleOf, verdict } from './terminal.ts';

export interface WatchView {
  exercise: string;
  title: string;
  /** Paths of the files to edit, as they would be typed here. */
  files: readonly string[];
  /** Of the last grading that came to its end. */
  result: Result | null;
  /** What is done now, such as a check's title; null between gradings. */
  doing: string | null;
  /** Those asked for since the check that fails is this one. */
  hints: readonly string[];
  hintsLeft: number;
  /** The task, while it is shown instead of the result. */
  task: string | null;
  /** What comes after a pass; null if nothing is left. */
  next: string | null;
  /** What went wrong with the last key, or what to know. */
  notice: string | null;
}

export interface Window {
  rows: number;
  /** Lines that were scrolled away at the top. */
  offset: number;
}

/** At most `rows` lines, the last of them the keys; `most` is the largest offset that makes sense. */
export function renderWatch(
  view: WatchView,
  screen: Screen,
  { rows, offset }: Window,
): { lines: string[]; most: number } {
  const body = bodyOf(view, screen);
  const room = Math.max(1, rows - 3);
  const most = Math.max(0, body.length - room);
  const from = Math.min(offset, most);
  const lines = [...body.slice(from, from + room), '', statusOf(view, screen), keysOf(view, screen, most > 0)].slice(
    -rows,
  );
  return { lines: screen.unicode ? lines : lines.map(ascii), most };
}

function bodyOf(view: WatchView, screen: Screen): string[] {
  const paint = painter(screen);
  const { dot } = marks(screen);
  const heading = [
    `${paint('bold', plainLine(view.exercise))} ${paint('dim', `${dot} ${plainLine(view.title)}`)}`,
    ...view.files.map((file) => paint('dim', plainLine(file))),
    '',
  ];
  if (view.task !== null) return [...heading, ...renderTask(view.task, screen).trimEnd().split('\n')];
  return [...heading, ...resultOf(view, screen)];
}

function resultOf({ result, next, hints, hintsLeft }: WatchView, screen: Screen): string[] {
  if (!result) return ['  Your first grading is under way.'];
  const paint = painter(screen);
  const parts: string[] = [];
  if (result.checks.length > 0)
    parts.push(`  ${renderStages(result.checks, screen)}`, renderChecks(result.checks, screen));
  if (result.message) parts.push(renderMessage(result.message, styleOf[result.outcome], screen));
  const failed = result.checks.find(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped');
  const about =
    failed?.outcome === 'fail' ? { rationale: failed.rationale, ...(hints.length === 0 && { hint: failed.hint }) } : {};
  if (failed?.message) parts.push(renderMessage(failed.message, styleOf[failed.outcome], screen, about));
  if (hints.length > 0) {
    const numbered = hints.flatMap((hint, i) =>
      wrap(`${i + 1}. ${plain(hint)}`, screen.width - 9).map(
        (line, j) => `  ${paint('yellow', i + j === 0 ? 'hint ' : '     ')} ${line}`,
      ),
    );
    parts.push(
      [...numbered, ...(hintsLeft === 0 ? [paint('dim', '        That was the last one for this check.')] : [])].join(
        '\n',
      ),
    );
  }
  if (result.outcome === 'pass') {
    const then =
      next === null ? 'You have passed every exercise that the course has so far.' : `Next: ${plainLine(next)}`;
    parts.push(
      wrap(then, screen.width - 4)
        .map((line, i) => `  ${i === 0 ? paint('cyan', marks(screen).arrow) : ' '} ${line}`)
        .join('\n'),
    );
  }
  return parts.join('\n\n').split('\n');
}

function statusOf({ result, doing, notice }: WatchView, screen: Screen): string {
  const paint = painter(screen);
  const { arrow, dot } = marks(screen);
  if (doing !== null) return `  ${paint('cyan', arrow)} ${plainLine(doing)} …`;
  if (notice !== null) return `  ${paint('yellow', arrow)} ${plainLine(notice)}`;
  if (!result) return '';
  const facts = [
    `${(result.durationMs / 1000).toFixed(1)} s`,
    ...(result.machine ? [`Linux ${plainLine(result.machine.kernel)}`] : []),
    'save to grade again',
  ];
  const said = stripVTControlCharacters(verdict(result, screen)).length + 2;
  // As many of them as there is room for.
  while (facts.length > 1 && said + facts.join(' · ').length + 3 > screen.width) facts.splice(1, 1);
  return `  ${verdict(result, screen)} ${paint('dim', [dot, facts.join(` ${dot} `)].join(' '))}`;
}

/** Key and word, and when it is of use. */
const keys: readonly (readonly [key: string, word: string, useful: (view: WatchView, scrolls: boolean) => boolean])[] =
  [
    [
      'h',
      'hint',
      ({ result, hints, hintsLeft }) => result?.outcome === 'fail' && (hints.length === 0 || hintsLeft > 0),
    ],
    ['n', 'next exercise', ({ next }) => next !== null],
    ['r', 'grade again', () => true],
    ['t', 'task', () => true],
    ['s', 'shell', () => true],
    ['arrows', 'scroll', (_, scrolls) => scrolls],
    ['q', 'quit', () => true],
  ];

function keysOf(view: WatchView, screen: Screen, scrolls: boolean): string {
  const paint = painter(screen);
  const shown = keys.filter(([, , useful]) => useful(view, scrolls));
  return `  ${shown.map(([key, word]) => `${paint('bold', key)} ${key === 't' && view.task !== null ? 'back' : word}`).join('  ')}`;
}
