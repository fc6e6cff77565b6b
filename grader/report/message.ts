/** A message in the manner of clang: what is wrong, the line with a caret under it, expected and seen, what to do, a hint. */
import type { CheckResult, Location, Message } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { difference } from './difference.ts';
import { endOfLog, excerptOf, factsOf, placeOf } from './message-parts.ts';
import { fit, marks, pad, painter, type Screen, type Style, visibleLength, wrap } from './paint.ts';

const indent = '  ';
const labelWidth = 10;

/** `about`: what the check that failed has to say besides. */
export function renderMessage(
  message: Message,
  style: Style,
  screen: Screen,
  about: Pick<Partial<CheckResult>, 'hint' | 'rationale'> = {},
): string {
  const paint = painter(screen);
  const { location } = message;
  const at = location ? `${placeOf(location)}: ` : '';
  const [first = '', ...rest] = wrap(at + plain(message.text), screen.width - 2);
  const lines = [`${indent}${paint('bold', first.slice(0, at.length))}${paint(style, first.slice(at.length))}`];
  lines.push(...rest.map((line) => `${indent}${paint(style, line)}`));
  if (location?.source !== undefined) lines.push('', ...excerpt(location, style, screen));
  const labelled = factsOf(message, about).flatMap(([label, text]) => [
    ...block(label, text, screen),
    ...(label === 'seen' ? differenceOf(message, screen) : []),
  ]);
  if (message.lesson)
    labelled.push(...block('lesson', `${message.lesson} (content/docs/${message.lesson}.mdx)`, screen));
  if (labelled.length > 0) lines.push('', ...labelled);
  lines.push(...logEnd(message, screen));
  return lines.join('\n');
}

function differenceOf({ expected, actual }: Message, screen: Screen): string[] {
  const caret = difference(plain(expected ?? ''), plain(actual ?? ''), screen.width - labelWidth - 2);
  return caret === undefined ? [] : block('', caret, screen);
}

/** The end of what the tool said itself, as it said it, and where the whole of it is. */
function logEnd(message: Message, screen: Screen): string[] {
  const end = endOfLog(message);
  if (!end) return [];
  const paint = painter(screen);
  const { bar } = marks(screen);
  const shown = end.lines.map((line) => paint('dim', `${indent}  ${bar} ${fit(line, screen.width - 7)}`));
  return [
    '',
    paint('dim', `${indent}${end.title}${message.logFile ? `; the whole: ${message.logFile}` : ''}`),
    ...shown,
  ];
}

/** The learner's own line, and a caret if the column is known. */
function excerpt(location: Location, style: Style, screen: Screen): string[] {
  const paint = painter(screen);
  const { line, source = '' } = location;
  if (screen.plain) return [`${indent}Line ${line}: ${plainLine(source).trim()}`];
  const { bar } = marks(screen);
  const gutter = String(line).padStart(5);
  const window = view(excerptOf(location), screen.width - gutter.length - 5);
  const lines = [`${paint('dim', `${indent}${gutter} ${bar}`)} ${window.text}`];
  if (window.caret !== null)
    lines.push(
      `${paint('dim', `${indent}${' '.repeat(gutter.length)} ${bar}`)} ${' '.repeat(visibleLength(window.text.slice(0, window.caret)))}${paint(style, '^')}`,
    );
  return lines;
}

/** What fits of a line, around its caret. */
function view({ text, caret }: ReturnType<typeof excerptOf>, width: number): ReturnType<typeof excerptOf> {
  if (visibleLength(text) <= width) return { text, caret };
  const from = caret === null || caret < width - 10 ? 0 : caret - Math.floor(width / 2);
  if (from === 0) return { text: fit(text, width), caret };
  return { text: fit(`…${text.slice(from + 1)}`, width), caret: caret! - from };
}

function block(label: string, text: string, screen: Screen): string[] {
  if (screen.plain) return [`${indent}${label}: ${plain(text).trimEnd()}`];
  const width = screen.width - labelWidth - 2;
  // A command stays on its line, so that it can be copied.
  const [first = '', ...rest] = plain(text)
    .trimEnd()
    .split('\n')
    .flatMap((line) => (isCommand(line) ? [line] : wrap(line, width)));
  const paint = painter(screen);
  const style: Style = label === 'help' || label === 'hint' ? 'cyan' : 'dim';
  return [
    `${indent}${paint(style, pad(label, labelWidth))}${first}`,
    ...rest.map((line) => `${indent}${' '.repeat(labelWidth)}${line}`.trimEnd()),
  ];
}

function isCommand(line: string): boolean {
  return /^(sudo|apt-get|npx|mount|mkdir|mv|git|gh) \S/.test(line);
}
