/** What a terminal can show: colours, marks, width. Decided once by the command, so that rendering stays pure. */
import { styleText } from 'node:util';

export interface Screen {
  color: boolean;
  /** Columns. */
  width: number;
  /** False where only ASCII is safe to print. */
  unicode: boolean;
}

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** The stream has been asked already (NO_COLOR, is it a terminal): see screenOf. */
export function painter({ color }: Pick<Screen, 'color'>): Paint {
  return (style, text) => (color && text !== '' ? styleText(style, text, { validateStream: false }) : text);
}

/** `color: false` is --no-color. Off a terminal the width is 80. */
export function screenOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env, color = true): Screen {
  // A style that comes back changed is one that node found welcome: it knows NO_COLOR, FORCE_COLOR and terminals.
  const welcome = styleText('bold', 'x', { stream }) !== 'x';
  const width = stream.isTTY ? Math.min(Math.max(stream.columns || 80, 40), 100) : 80;
  return { color: color && welcome, width, unicode: isUnicode(env) };
}

/** As the C library decides it: the first of these that is set. A Mac says nothing and means UTF-8. */
function isUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale ? /utf-?8/i.test(locale) : process.platform === 'darwin';
}

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

export function marks({ unicode }: Pick<Screen, 'unicode'>): Marks {
  return unicode
    ? { pass: '✓', fail: '✗', skipped: '–', unsupported: '○', error: '!', bar: '│', dot: '·', arrow: '→' }
    : { pass: '+', fail: 'x', skipped: '-', unsupported: 'o', error: '!', bar: '|', dot: '-', arrow: '->' };
}

const inAscii: Record<string, string> = { '…': '...', '“': '"', '”': '"', '‘': "'", '’': "'", '–': '-', '—': '-', '→': '->', '·': '-', '≥': '>=', '≤': '<=', '×': 'x' };

/** For a screen without Unicode: signs by their nearest, everything else '?'. */
export function ascii(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (sign) => inAscii[sign] ?? '?');
}

/** Breaks at spaces so that no line is wider than `width`, unless a word is. Line breaks stay; so does indentation. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (line.length <= width || /^\s/.test(line)) return [line];
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
      if (current !== '' && current.length + 1 + word.length > width) {
        lines.push(current);
        current = word;
      } else current = current === '' ? word : `${current} ${word}`;
    }
    return [...lines, current];
  });
}
