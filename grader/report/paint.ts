/** What a terminal can show: colours, marks, width. Decided once by the command, so that rendering stays pure. */
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

/** `color: false` is --no-color, `plain` --plain. Off a terminal the width is 80; plain lines are broken by who shows them. */
export function screenOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env, { color = true, plain = false } = {}): Screen {
  const unicode = isUnicode(env);
  if (plain || isOn(env['HOOKPOINT_PLAIN']) || env['TERM'] === 'dumb') return { color: false, width: 1000, unicode, plain: true };
  // A style that comes back changed is one that node found welcome: it knows NO_COLOR, FORCE_COLOR and terminals.
  const welcome = styleText('bold', 'x', { stream }) !== 'x';
  const width = stream.isTTY ? Math.min(Math.max(stream.columns || 80, 40), 100) : 80;
  return { color: color && welcome, width, unicode, plain: false };
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
  if (plain) return { pass: 'passed:', fail: 'failed:', skipped: 'skipped:', unsupported: 'unsupported:', error: 'not judged:', bar: '', dot: ',', arrow: 'next:' };
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

const inAscii: Record<string, string> = { '…': '...', '“': '"', '”': '"', '‘': "'", '’': "'", '–': '-', '—': '-', '→': '->', '·': '-', '≥': '>=', '≤': '<=', '×': 'x' };

/** For a screen without Unicode: signs by their nearest, everything else '?'. */
export function ascii(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (sign) => inAscii[sign] ?? '?');
}

/** Columns that a text takes on the screen: escapes take none. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Breaks at spaces so that no line is wider than `width`, unless a word is. Line breaks stay; so does indentation. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (visibleLength(line) <= width || /^\s/.test(line)) return [line];
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
      if (current !== '' && visibleLength(current) + 1 + visibleLength(word) > width) {
        lines.push(current);
        current = word;
      } else current = current === '' ? word : `${current} ${word}`;
    }
    return [...lines, current];
  });
}
