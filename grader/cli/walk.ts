/**
 * `grade explain --walk`: on a terminal it is stepped through by keys; elsewhere, and with --plain, the path that
 * failed is printed.
 */
import { emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { failureOf, followLog, nextOnPath, pathTo } from '../explain/walk/index.ts';
import type { Sources } from '../explain/source.ts';
import { type Screen, screenOf } from '../report/paint.ts';
import { press, type WalkState } from '../report/walk-keys.ts';
import { renderWalkScreen } from '../report/walk-screen.ts';
import { drawingOf, takeTerminal, terminalSize } from './terminal.ts';

/** Resolves when the reader is done. Both ends are a terminal, and the log has an instruction. */
export async function walkOnTerminal(
  log: string,
  sources: Sources,
  { color }: Pick<Screen, 'color'>,
  keyboard: ReadStream,
): Promise<void> {
  const walk = followLog(log);
  const failed = failureOf(walk, log);
  const path = pathTo(walk, walk.last);
  let state: WalkState = {
    walk,
    failed,
    next: nextOnPath(walk),
    path,
    list: path,
    step: walk.last,
    register: failed.causes[0]?.name ?? 'r0',
    query: null,
    lastQuery: '',
    notice: null,
    sources,
    isSource: false,
  };
  const show = () => {
    const { rows, columns } = terminalSize();
    const width = Math.min(Math.max(columns, 20), 200);
    const screen = { ...screenOf(process.stdout, process.env, { color }), width };
    const lines = renderWalkScreen(state, screen, { rows, columns: width });
    process.stdout.write(drawingOf(lines));
  };
  emitKeypressEvents(keyboard);
  const terminal = takeTerminal({ screen: true, keyboard });
  try {
    await new Promise<void>((resolve) => {
      const onKey = (text: string | undefined, key: Key) => {
        const after = press(state, { name: key.name ?? '', ctrl: key.ctrl ?? false, text: text ?? '' }, pageOf());
        if (after !== 'quit') {
          state = after;
          return show();
        }
        keyboard.off('keypress', onKey);
        process.stdout.off('resize', show);
        keyboard.off('end', resolve);
        resolve();
      };
      keyboard.on('keypress', onKey);
      keyboard.once('end', resolve);
      process.stdout.on('resize', show);
      show();
    });
  } finally {
    process.stdout.off('resize', show);
    terminal.giveBack();
  }
}

function pageOf(): number {
  return Math.max(1, Math.floor(terminalSize().rows / 2));
}
