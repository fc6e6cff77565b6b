/** Says what is going on while the reader waits: one line redrawn on a terminal, few plain lines elsewhere. */
import { plainLine } from '../verdict/text.ts';
import { bar } from './paint.ts';

export interface Progress {
  /** A new step begins; the one before it is over. */
  step(label: string): void;
  /** How far it is, or what it does. */
  update(state: { done: number; total?: number; unit: 'bytes' | 'items' } | string): void;
  /** The step ended well, or badly; what is said stays on the screen. */
  done(text: string): void;
  fail(text: string): void;
  /** Takes the redrawn line off the screen, before something else is written. */
  clear(): void;
}

export interface ProgressOptions {
  tty: boolean;
  /** --json: nothing at all. */
  quiet: boolean;
  unicode?: boolean;
  /** Milliseconds. */
  now?: () => number;
}

export interface ProgressStream {
  write(text: string): unknown;
  columns?: number;
}

// Often enough to look alive, seldom enough not to cost anything.
const redrawMs = 100;
const plainLineMs = 10_000;

export function createProgress(
  stream: ProgressStream,
  { tty, quiet, unicode = true, now = Date.now }: ProgressOptions,
): Progress {
  let label = '';
  let startedAt = 0;
  let shownAt = 0;
  const elapsed = () => Math.floor((now() - startedAt) / 1000);
  const line = (state: string) => {
    const seconds = elapsed();
    return [label, state, seconds > 0 ? `${seconds} s` : ''].filter((part) => part !== '').join('  ');
  };
  const show = (state: string, force: boolean) => {
    if (!force && now() - shownAt < (tty ? redrawMs : plainLineMs)) return;
    shownAt = now();
    // One column stays free: a full line would wrap and could not be redrawn.
    stream.write(tty ? `\r\u001b[2K${line(state).slice(0, (stream.columns ?? 80) - 1)}` : `${line(state)}\n`);
  };
  const end = (mark: string, text: string) => {
    const seconds = label !== '' && elapsed() > 0 ? `  ${elapsed()} s` : '';
    stream.write(`${tty ? '\r\u001b[2K' : ''}${mark} ${plainLine(text)}${seconds}\n`);
    label = '';
  };
  if (quiet) return { step() {}, update() {}, done() {}, fail() {}, clear() {} };
  return {
    step(text) {
      label = plainLine(text, 200);
      startedAt = now();
      show('', true);
    },
    update(state) {
      if (label === '') return;
      show(typeof state === 'string' ? plainLine(state, 200) : amount(state, tty, unicode), false);
    },
    done: (text) => end(unicode ? '✓' : '+', text),
    clear() {
      if (tty && label !== '') stream.write('\r\u001b[2K');
      label = '';
    },
    fail: (text) => end(unicode ? '✗' : 'x', text),
  };
}

function amount(
  { done, total, unit }: { done: number; total?: number; unit: 'bytes' | 'items' },
  tty: boolean,
  unicode: boolean,
): string {
  const show = (value: number) => (unit === 'bytes' ? bytes(value) : String(value));
  if (!total) return show(done);
  const share = Math.min(1, Math.max(0, done / total));
  const counted = `${Math.floor(share * 100)}%  ${show(done)} of ${show(total)}`;
  return tty ? `${bar(share, 24, unicode)} ${counted}` : counted;
}

function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  const [scaled, unit] =
    value < 1024 ** 2
      ? [value / 1024, 'KiB']
      : value < 1024 ** 3
        ? [value / 1024 ** 2, 'MiB']
        : [value / 1024 ** 3, 'GiB'];
  return `${scaled.toFixed(scaled < 10 ? 1 : 0)} ${unit}`;
}
