/** The learner's terminal while a command has it: keys as they are pressed, and everything given back at the end. */
import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { TerminalSize } from '../machine/machine.ts';

/** Both ends are a terminal, so that a person sees what is drawn and what is pressed is heard. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/**
 * Where keys come from if standard input is a pipe or at its end: the terminal that the command was started on. Null if there is
 * none. Whoever opens it must destroy() it, or the process does not end.
 */
export function openKeyboard(): ReadStream | null {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return null;
  }
}

export function terminalSize(): TerminalSize {
  // A terminal that nobody has told its size says 0.
  return { rows: process.stdout.rows || 24, columns: process.stdout.columns || 80 };
}

const ownScreen = { enter: '\u001b[?1049h\u001b[?25l', leave: '\u001b[?1049l\u001b[?25h' };

/**
 * What a program that ended in the middle may have switched on: the other screen, cursor and keypad keys, the mouse, pasting
 * in brackets, colours. The cursor is saved first, for leaving a screen that was not entered would move it.
 */
export const sober =
  '\u001b7\u001b[?1049l\u001b[?1l\u001b>\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[?25h\u001b[0m';

/**
 * What draws `lines` over what is on the screen. A line is cleared before it is written: behind a line of full width the cursor still
 * stands on the last column, and to clear there would take its last sign.
 */
export function drawingOf(lines: readonly string[]): string {
  const drawn = lines.map((line, i) => (i === lines.length - 1 ? '\u001b[J' : '\u001b[K') + line).join('\r\n');
  // Synchronized, so that nothing flickers; longer lines are cut, not wrapped: a wrapped line would push the others down.
  return `\u001b[?2026h\u001b[?7l\u001b[H${drawn}\u001b[?7h\u001b[?2026l`;
}

export interface TakenTerminal {
  /** Safe to call twice. */
  giveBack(): void;
}

/**
 * Keys come one by one, and Ctrl-C is one of them. `screen`: also a screen of its own, without a cursor; what was there
 * before comes back. `passThrough`: what is written is for the terminal as it is, for another one has made lines of it
 * already. It is given back at the latest when the process ends, by whatever error. `keyboard`: where the keys come from.
 */
export function takeTerminal({
  screen = false,
  passThrough = false,
  keyboard = process.stdin,
}: { screen?: boolean; passThrough?: boolean; keyboard?: ReadStream } = {}): TakenTerminal {
  let taken = true;
  const giveBack = () => {
    if (!taken) return;
    taken = false;
    process.off('exit', giveBack);
    keyboard.pause();
    keyboard.setRawMode(false);
    if (screen) process.stdout.write(ownScreen.leave);
  };
  process.once('exit', giveBack);
  keyboard.setRawMode(true);
  // Node leaves the terminal's own line ends on, which would break programs that move the cursor by them.
  if (passThrough) spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
  keyboard.resume();
  if (screen) process.stdout.write(ownScreen.enter);
  return { giveBack };
}
