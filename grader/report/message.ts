/** A message in the manner of clang: what is wrong, the line with a caret under it, expected and seen, what to do, a hint. */
import type { CheckResult, Location, Message } from '../verdict/result.ts';
import { cut, plain, plainLine } from '../verdict/text.ts';
import { difference } from './difference.ts';
import { type Screen, type Style, marks, painter, wrap } from './paint.ts';

const indent = '  ';
const labelWidth = 10;
const logLines = 8;

/** `about`: what the check that failed has to say besides. */
export function renderMessage(message: Message, style: Style, screen: Screen, about: Pick<Partial<CheckResult>, 'hint' | 'rationale'> = {}): string {
  const paint = painter(screen);
  const { location } = message;
  const at = location ? `${placeOf(location)}: ` : '';
  const [first = '', ...rest] = wrap(at + plain(message.text), screen.width - 2);
  const lines = [`${indent}${paint('bold', first.slice(0, at.length))}${paint(style, first.slice(at.length))}`];
  lines.push(...rest.map((line) => `${indent}${paint(style, line)}`));
  if (location?.source !== undefined) lines.push('', ...excerpt(location, style, screen));
  const facts = [
    ['expected', message.expected],
    ['seen', message.actual],
    ['', difference(plain(message.expected ?? ''), plain(message.actual ?? ''), screen.width - labelWidth - 2)],
    ['here', message.state],
    ['help', message.help],
    ['hint', about.hint],
    ['why', about.rationale],
    ['lesson', message.lesson && `${message.lesson} (content/docs/${message.lesson}.mdx)`],
  ] as const;
  const labelled = facts.flatMap(([label, text]) => (text ? block(label, text, screen) : []));
  if (labelled.length > 0) lines.push('', ...labelled);
  lines.push(...logEnd(message, screen));
  return lines.join('\n');
}

/** The end of what the tool said itself, as it said it, and where the whole of it is. */
function logEnd({ log, logFile }: Message, screen: Screen): string[] {
  const all = plain(log ?? '').split('\n').filter((line) => line.trim() !== '');
  if (all.length === 0) return [];
  const paint = painter(screen);
  const { bar } = marks(screen);
  const shown = all.slice(-logLines).map((line) => paint('dim', `${indent}  ${bar} ${cut(plainLine(line), screen.width - 7)}`));
  return ['', paint('dim', `${indent}${all.length > logLines ? 'the end of the log' : 'the log'}${logFile ? `; the whole: ${logFile}` : ''}`), ...shown];
}

function placeOf({ file, line, column }: Location): string {
  return [plainLine(file), line, column].filter((part) => part !== undefined).join(':');
}

/** The learner's own line, and a caret if the column is known. */
function excerpt({ line, column, source = '' }: Location, style: Style, screen: Screen): string[] {
  const paint = painter(screen);
  if (screen.plain) return [`${indent}Line ${line}: ${plainLine(source).trim()}`];
  const { bar } = marks(screen);
  const gutter = String(line).padStart(5);
  const window = view(plainLine(source), column, screen.width - gutter.length - 5);
  const lines = [`${paint('dim', `${indent}${gutter} ${bar}`)} ${window.text}`];
  if (window.caret !== null) lines.push(`${paint('dim', `${indent}${' '.repeat(gutter.length)} ${bar}`)} ${' '.repeat(window.caret)}${paint(style, '^')}`);
  return lines;
}

/** What fits of a line, around its column. Tabs become spaces, so that the caret stands right. */
function view(source: string, column: number | undefined, width: number): { text: string; caret: number | null } {
  const expand = (text: string) => text.replaceAll('\t', '    ');
  // Common indentation says nothing here.
  const shift = source.length - source.trimStart().length;
  const text = expand(source.slice(shift));
  // clang counts columns in bytes.
  const bytes = new TextEncoder().encode(source);
  const before = column === undefined ? null : new TextDecoder().decode(bytes.subarray(0, column - 1));
  const caret = before === null || column! > bytes.length + 1 ? null : Math.max(0, expand(before.slice(shift)).length);
  if (text.length <= width) return { text, caret };
  const from = caret === null || caret < width - 10 ? 0 : caret - Math.floor(width / 2);
  if (from === 0) return { text: cut(text, width), caret };
  return { text: cut(`…${text.slice(from + 1)}`, width), caret: caret! - from };
}

function block(label: string, text: string, screen: Screen): string[] {
  if (screen.plain) return [`${indent}${label}: ${plain(text).trimEnd()}`];
  const width = screen.width - labelWidth - 2;
  // A command stays on its line, so that it can be copied.
  const [first = '', ...rest] = plain(text).trimEnd().split('\n').flatMap((line) => (isCommand(line) ? [line] : wrap(line, width)));
  const paint = painter(screen);
  const style: Style = label === 'help' || label === 'hint' ? 'cyan' : 'dim';
  return [
    `${indent}${paint(style, label.padEnd(labelWidth))}${first}`,
    ...rest.map((line) => `${indent}${' '.repeat(labelWidth)}${line}`.trimEnd()),
  ];
}

function isCommand(line: string): boolean {
  return /^(sudo|apt-get|npx|mount|mkdir|mv|git|gh) \S/.test(line);
}
