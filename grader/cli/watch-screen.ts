/** Draws the watch's view on a screen of its own, and hears its keys. */
import { emitKeypressEvents, type Key } from 'node:readline';
import { screenOf } from '../report/paint.ts';
import { renderWatch, type WatchView } from '../report/watch.ts';
import { drawingOf, type TakenTerminal, takeTerminal, terminalSize } from './terminal.ts';

export class WatchScreen {
  readonly #onKey: (name: string) => void;
  readonly #color: boolean;
  #terminal: TakenTerminal | undefined;
  #view: WatchView | undefined;
  #offset = 0;
  #most = 0;

  /** `onKey` is told letters by name, and 'ctrl-c'; scrolling and Ctrl-Z are done here. */
  constructor(color: boolean, onKey: (name: string) => void) {
    this.#color = color;
    this.#onKey = onKey;
    emitKeypressEvents(process.stdin);
  }

  open(): void {
    this.#terminal = takeTerminal({ screen: true });
    process.stdin.on('keypress', this.#pressed);
    process.stdout.on('resize', this.#draw);
    process.on('SIGCONT', this.#resumed);
    this.#draw();
  }

  /** What was on the terminal before comes back. Safe to call twice. */
  close(): void {
    process.stdin.off('keypress', this.#pressed);
    process.stdout.off('resize', this.#draw);
    process.off('SIGCONT', this.#resumed);
    this.#terminal?.giveBack();
    this.#terminal = undefined;
  }

  show(view: WatchView): void {
    // Another text begins at its top.
    if (view.result !== this.#view?.result || view.task !== this.#view?.task) this.#offset = 0;
    // A new hint is at the end.
    if (view.hints.length > (this.#view?.hints.length ?? 0)) this.#offset = Number.POSITIVE_INFINITY;
    this.#view = view;
    this.#draw();
  }

  readonly #draw = () => {
    if (!this.#terminal || !this.#view) return;
    const { rows } = terminalSize();
    const { lines, most } = renderWatch(this.#view, screenOf(process.stdout, process.env, { color: this.#color }), {
      rows,
      offset: this.#offset,
    });
    this.#most = most;
    this.#offset = Math.min(this.#offset, most);
    process.stdout.write(drawingOf(lines));
  };

  readonly #pressed = (_: string | undefined, { name = '', ctrl = false }: Key) => {
    const page = Math.max(1, terminalSize().rows - 4);
    const scroll: Record<string, number> = {
      up: -1,
      down: 1,
      pageup: -page,
      pagedown: page,
      space: page,
      home: -this.#most,
      end: this.#most,
    };
    if (ctrl && name === 'c') this.#onKey('ctrl-c');
    else if (ctrl && name === 'z') this.#suspend();
    else if (name in scroll) {
      this.#offset = Math.min(Math.max(0, this.#offset + scroll[name]!), this.#most);
      this.#draw();
    } else if (!ctrl) this.#onKey(name.toLowerCase());
  };

  /** As the terminal's driver would: everything that the shell started as this job stops. */
  #suspend(): void {
    this.#terminal?.giveBack();
    this.#terminal = undefined;
    process.kill(0, 'SIGTSTP');
  }

  readonly #resumed = () => {
    this.#terminal ??= takeTerminal({ screen: true });
    this.#draw();
  };
}
