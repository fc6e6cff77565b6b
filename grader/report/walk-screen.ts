/** The walk through a log as a screen to step in: instructions, what is in registers and slots, what happened. Pure. */
import {
  type Failed,
  nextOf,
  placeIn,
  placeName,
  sourceAround,
  type Shown,
  type StepView,
  viewOf,
  type Walk,
} from '../explain/walk/index.ts';
import type { Sources } from '../explain/source.ts';
import { ascii, fit, marks, pad, painter, type Paint, type Screen, wrap } from './paint.ts';

export interface WalkView {
  walk: Walk;
  failed: Failed;
  /** By step of the path that failed: the one after it. */
  next: ReadonlyMap<number, number | undefined>;
  /** The steps of the path that failed. */
  path: readonly number[];
  /** The steps to go through, which ascend. */
  list: readonly number[];
  step: number;
  /** Of which the key n finds the next change. */
  register: string;
  /** What is typed after '/', while it is. */
  query: string | null;
  notice: string | null;
  /** The reader's own program; without it the log's quotes are the source. */
  sources: Sources;
  /** The source is shown in the place of the instructions. */
  isSource: boolean;
}

interface Size {
  rows: number;
  columns: number;
}

// From so many columns on there is room for two panes side by side.
const wide = 100;

/** Exactly `rows` lines, none wider than `columns`. */
export function renderWalkScreen(view: WalkView, screen: Screen, { rows, columns }: Size): string[] {
  const paint = painter(screen);
  const shown = viewOf(view.walk, view.step, nextOf(view.walk, view.step, view.next));
  const room = Math.max(3, rows - 4);
  const body =
    columns >= wide
      ? beside(view, shown, screen, paint, room, columns)
      : below(view, shown, screen, paint, room, columns);
  const lines = [
    paint('bold', fit(titleOf(view, shown), columns)),
    paint('cyan', fit(shown.source, columns)),
    ...body,
    rule(screen, columns, paint),
    footer(view, paint, columns),
  ];
  return (screen.unicode ? lines : lines.map(narrowly)).slice(0, rows);
}

/** In ASCII no line may become wider. */
function narrowly(line: string): string {
  return ascii(line.replaceAll('…', '~').replace('↓↑', 'jk'));
}

function beside(view: WalkView, shown: StepView, screen: Screen, paint: Paint, rows: number, columns: number) {
  const left = Math.min(80, Math.floor(columns * 0.5));
  const bar = ` ${paint('dim', marks(screen).bar)} `;
  const code = mainLines(view, screen, paint, rows, left);
  const width = columns - left - 3;
  const about = aboutLines(view, shown, paint, width);
  // With the program there is room for it below what happened.
  const own = view.sources.size > 0 && !view.isSource && rows > 16 ? sourceLines(view, paint, 7, width) : [];
  const from = own.length > 0 ? rows - own.length : rows;
  const right = (row: number) => (row < from - 1 || own.length === 0 ? about[row] : own[row - from]) ?? '';
  return Array.from({ length: rows }, (_, i) => `${pad(code[i] ?? '', left)}${bar}${right(i)}`);
}

function below(view: WalkView, shown: StepView, screen: Screen, paint: Paint, rows: number, columns: number) {
  const about = aboutLines(view, shown, paint, columns);
  const forCode = Math.max(3, rows - 1 - Math.min(about.length, Math.ceil(rows * 0.6)));
  const lines = [
    ...mainLines(view, screen, paint, forCode, columns),
    rule(screen, columns, paint),
    ...about.slice(0, rows - forCode - 1),
  ];
  return Array.from({ length: rows }, (_, i) => lines[i] ?? '');
}

function titleOf({ walk, list, step }: WalkView, { insn, place, visit, frame }: StepView): string {
  return [
    `step ${placeIn(list, step) + 1} of ${list.length}`,
    `instruction ${insn}${visit.of > 1 ? `, visit ${visit.number} of ${visit.of}` : ''}`,
    ...(place === '' ? [] : [place]),
    ...(frame > 0 ? [`${frame} deep in calls`] : []),
    ...(list.length < walk.steps.length ? ['the path that failed'] : []),
  ].join('  ');
}

function mainLines(view: WalkView, screen: Screen, paint: Paint, rows: number, width: number): string[] {
  if (!view.isSource) return codeLines(view, screen, paint, rows, width);
  const lines = sourceLines(view, paint, rows - 1, width);
  return lines.length > 0
    ? lines
    : ['The log does not say which line of the source this is.'].map((line) => fit(line, width));
}

/** The file's name, and lines of it around that of the step; nothing where the log does not say which line that is. */
function sourceLines({ walk, step, sources }: WalkView, paint: Paint, rows: number, width: number): string[] {
  const around = sourceAround(walk, step, sources, rows);
  if (!around) return [];
  const lines = around.lines.map(({ line, text, isCurrent }) => {
    const shown = fit(`${isCurrent ? '>' : ' '}${String(line).padStart(5)} ${text.replaceAll('\t', '    ')}`, width);
    return isCurrent ? paint('inverse', pad(shown, width)) : shown;
  });
  return [paint('cyan', fit(around.file, width)), ...lines];
}

/** Instructions around the step, with their lines of source between them. */
function codeLines({ walk, list, step, failed }: WalkView, screen: Screen, paint: Paint, rows: number, width: number) {
  const at = placeIn(list, step);
  const lines: string[] = [];
  let current = 0;
  let source: string | undefined;
  for (let i = Math.max(0, at - rows); i < Math.min(list.length, at + rows); i += 1) {
    const one = walk.steps[list[i]!]!;
    const said = [placeName(one.place), one.place?.text ?? ''].filter(Boolean).join('  ');
    if (said !== '' && said !== source) lines.push(paint('cyan', fit(said, width)));
    if (said !== '') source = said;
    if (list[i] === step) current = lines.length;
    lines.push(codeLine(list[i]!));
  }
  const from = Math.max(0, Math.min(current - Math.floor(rows / 2), lines.length - rows));
  return lines.slice(from, from + rows);

  function codeLine(index: number): string {
    const { insn, text, frame } = walk.steps[index]!;
    const stopped = index === walk.last && failed.messages.length > 0;
    const isCause = failed.steps.includes(index);
    const mark = stopped ? marks(screen).fail : isCause ? '*' : ' ';
    const line = `${index === step ? '>' : ' '}${mark} ${String(insn).padStart(4)} ${' '.repeat(frame)}${text}`;
    const style = index === step ? 'inverse' : stopped ? 'red' : isCause ? 'yellow' : 'reset';
    const shown = fit(line, width);
    return style === 'reset' ? shown : paint(style, index === step ? pad(shown, width) : shown);
  }
}

/** What happened, what the message is about, and what there is. */
function aboutLines(view: WalkView, shown: StepView, paint: Paint, width: number): string[] {
  const { walk, step, failed } = view;
  const lines = shown.words.flatMap((words) => wrap(words, width));
  const links = failed.causes.flatMap(({ links: all }) => all.filter((link) => link.step === step));
  for (const { words } of links)
    if (!shown.words.some((said) => words.startsWith(said)))
      lines.push(...wrap(words, width).map((line) => paint('yellow', line)));
  if (step === walk.last)
    lines.push(
      ...failed.messages.slice(0, 4).flatMap((said) => wrap(said, width).map((line) => paint('red', line))),
      ...failed.causes.flatMap(({ name, is }) => wrap(`${name} ${is}.`, width).map((line) => paint('yellow', line))),
    );
  if (lines.length > 0) lines.push('');
  const byChange = [...shown.values.filter(({ changed }) => changed), ...shown.values.filter((one) => !one.changed)];
  lines.push(...byChange.map((value) => valueLine(value, view.register, paint, width)));
  if (shown.gone.length > 0) lines.push(paint('dim', fit(`no value any more: ${shown.gone.join(', ')}`, width)));
  return lines;
}

function valueLine({ name, words, changed }: Shown, register: string, paint: Paint, width: number): string {
  const line = fit(`${changed ? '*' : ' '}${name === register ? '>' : ' '}${name.padEnd(5)} ${words}`, width);
  return changed ? paint('green', line) : line;
}

function rule({ unicode }: Screen, columns: number, paint: Paint): string {
  return paint('dim', (unicode ? '─' : '-').repeat(columns));
}

const keys: readonly (readonly [key: string, word: string])[] = [
  ['↓↑', 'step'],
  ['c', 'cause'],
  ['q', 'quit'],
  ['/', 'find'],
  ['n', 'next change of'],
  ['r', 'register'],
  ['v', 'next visit'],
  ['s', 'source'],
  ['a', 'all paths'],
];

/** As many keys as there is room for. */
function footer(
  { query, notice, register, walk, list, path, isSource }: WalkView,
  paint: Paint,
  columns: number,
): string {
  if (query !== null) return fit(`/${query}_`, columns);
  if (notice !== null) return paint('yellow', fit(notice, columns));
  const isAll = list.length === walk.steps.length;
  const words = keys
    .filter(([key]) => key !== 'a' || path.length < walk.steps.length)
    .map(([key, word]) => {
      if (key === 'n') return `n ${word} ${register}`;
      if (key === 's' && isSource) return 's instructions';
      return key === 'a' && isAll ? 'a path that failed' : `${key} ${word}`;
    });
  let line = '';
  for (const word of words) if (line.length + word.length + 3 <= columns) line += `${line === '' ? '' : '   '}${word}`;
  return paint('dim', line);
}
