/** What a terminal can show: colours, marks, width. Decided once by the command, so that rendering stays pure. */
import { createRequire } from 'node:module';
import { stripVTControlCharacters, styleText } from 'node:util';

export interface Screen {
  color: boolean;
  /** Columns. */
  width: number;
  /** False where only ASCII is safe to print. */
  unicode: boolean;
  /** Words instead of signs, no columns, no colours: for screen readers, and terminals that can do no more. */
  plain?: boolean;
}

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** The stream has been asked already (NO_COLOR, is it a terminal): see screenOf. */
export function painter({ color }: Pick<Screen, 'color'>): Paint {
  return (style, text) => (color && text !== '' ? styleText(style, text, { validateStream: false }) : text);
}

/**
 * `color: false` is --no-color, `plain` --plain. Off a terminal the width is 80, or less if a narrower terminal is near: of
 * `nearby` columns, as where a pager shows it. Plain lines are broken by who shows them.
 */
export function screenOf(
  stream: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv = process.env,
  { color = true, plain = false, nearby = 80 }: { color?: boolean; plain?: boolean; nearby?: number | undefined } = {},
): Screen {
  const unicode = isUnicode(env);
  if (plain || isOn(env['HOOKPOINT_PLAIN']) || env['TERM'] === 'dumb')
    return { color: false, width: 1000, unicode, plain: true };
  // A style that comes back changed is one that node found welcome: it knows NO_COLOR, FORCE_COLOR and terminals.
  const welcome = styleText('bold', 'x', { stream }) !== 'x';
  const width = stream.isTTY ? between(stream.columns || 80, 40, 100) : between(nearby || 80, 40, 80);
  return { color: color && welcome, width, unicode, plain: false };
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no'].includes(value.toLowerCase());
}

/**
 * As the C library decides it: the first of these that is set. Where none is, a Mac and Windows Terminal mean UTF-8.
 * The Linux console and Windows' old one, in which WSL may run, have no sign for ✓ or █, whatever the locale says.
 */
function isUnicode(env: NodeJS.ProcessEnv): boolean {
  if (env['TERM'] === 'linux') return false;
  const windowsTerminal = Boolean(env['WT_SESSION']);
  if (env['WSL_DISTRO_NAME'] && !windowsTerminal && !env['TERM_PROGRAM'] && !env['TMUX']) return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale ? /utf-?8/i.test(locale) : windowsTerminal || process.platform === 'darwin';
}

/** Each has a space on both sides where it is shown. In plain mode they are words. */
export interface Marks {
  pass: string;
  fail: string;
  skipped: string;
  unsupported: string;
  /** Nothing was judged, and that is not the learner's fault. */
  error: string;
  bar: string;
  dot: string;
  arrow: string;
}

export function marks({ unicode, plain = false }: Pick<Screen, 'unicode' | 'plain'>): Marks {
  if (plain)
    return {
      pass: 'passed:',
      fail: 'failed:',
      skipped: 'skipped:',
      unsupported: 'unsupported:',
      error: 'not judged:',
      bar: '',
      dot: ',',
      arrow: 'next:',
    };
  return unicode
    ? { pass: '✓', fail: '✗', skipped: '–', unsupported: '○', error: '!', bar: '│', dot: '·', arrow: '→' }
    : { pass: '+', fail: 'x', skipped: '-', unsupported: 'o', error: '!', bar: '|', dot: '-', arrow: '->' };
}

/** `share` from 0 to 1 of `width` columns. */
export function bar(share: number, width: number, unicode: boolean): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  const [on, off] = unicode ? ['█', '░'] : ['#', '-'];
  return on.repeat(full) + off.repeat(width - full);
}

const inAscii: Record<string, string> = {
  '…': '...',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '→': '->',
  '·': '-',
  '≥': '>=',
  '≤': '<=',
  '×': 'x',
};

/** For a screen without Unicode: signs by their nearest, everything else '?'. */
export function ascii(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (sign) => inAscii[sign] ?? '?');
}

// Signs of one column each: Latin letters, and the punctuation, arrows and marks that this course writes with.
const narrow = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f\u2713\u2717]*$/;

/** Columns that a text takes on the screen: escapes take none, wide signs two. */
export function visibleLength(text: string): number {
  const bare = stripVTControlCharacters(text);
  return narrow.test(bare) ? bare.length : lazily('string-width')(bare);
}

/** `text`, and behind it what is missing of `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleLength(text)));
}

/** `text`, which has no escapes, with '…' for what is beyond `width` columns; never half a sign. */
export function fit(text: string, width: number): string {
  if (visibleLength(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (visibleLength(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/**
 * Breaks at spaces so that no line is wider than `width`, unless a word is. Line breaks stay; so does indentation. A style
 * ends with its line and goes on with the next.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (visibleLength(line) <= width || /^\s/.test(line)) return [line];
    return narrow.test(line) ? wrapNarrow(line, width) : lazily('wrap-ansi')(line, Math.max(width, 1)).split('\n');
  });
}

function wrapNarrow(line: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

interface Libraries {
  'string-width': typeof import('string-width');
  'wrap-ansi': typeof import('wrap-ansi');
}

const load = createRequire(import.meta.url);

/** They take half as long to load as Node takes to start, and most of what is shown has no need of them. */
function lazily<Name extends keyof Libraries>(name: Name): Libraries[Name]['default'] {
  return (load(name) as Libraries[Name]).default;
}
