/** The terminal on the guest: xterm.js, and beside it a plain log and a field for a command. Texts of the guest are only ever text. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal as Xterm } from '@xterm/xterm';
import type { Size } from './messages.ts';
import { plainText } from './plain-text.ts';

/** Characters of the plain log. */
const mostPlain = 20_000;

export interface TerminalParts {
  screen: HTMLElement;
  plain: HTMLElement;
  /** Keys, for the guest. */
  onType(text: string): void;
  onResize(size: Size): void;
  /** So many bytes are on the screen. */
  onShown(bytes: number): void;
}

export class Terminal {
  readonly #parts: TerminalParts;
  readonly #xterm: Xterm;
  readonly #fit = new FitAddon();
  readonly #decoder = new TextDecoder();
  #plain = '';
  #isDue = false;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    const style = getComputedStyle(parts.screen);
    this.#xterm = new Xterm({
      cols: 80,
      rows: 12,
      fontFamily: style.fontFamily,
      fontSize: Number.parseFloat(style.fontSize),
      scrollback: 5000,
      theme: { background: '#0d1112', foreground: '#d6dedd', cursor: '#ff9a66', selectionBackground: '#3f5c66' },
      // A link that the guest writes leads nowhere.
      linkHandler: { activate: () => {} },
    });
    this.#xterm.loadAddon(this.#fit);
    this.#xterm.open(parts.screen);
    this.#xterm.textarea?.setAttribute('aria-label', 'Terminal');
    this.#xterm.textarea?.setAttribute('aria-describedby', 'try-terminal-keys');
    this.#xterm.attachCustomKeyEventHandler(leaveByTab());
    this.#xterm.onData((text) => parts.onType(text));
    this.#xterm.onResize(({ rows, cols }) => parts.onResize({ rows, columns: cols }));
    new ResizeObserver(() => this.fit()).observe(parts.screen);
    this.fit();
  }

  get size(): Size {
    return { rows: this.#xterm.rows, columns: this.#xterm.cols };
  }

  write(bytes: Uint8Array): void {
    this.#xterm.write(bytes, () => this.#parts.onShown(bytes.length));
    this.#plain = (this.#plain + this.#decoder.decode(bytes, { stream: true })).slice(-2 * mostPlain);
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => this.#showPlain(), 200);
  }

  /** As before anything was printed. */
  reset(): void {
    this.#xterm.reset();
    this.#plain = '';
    this.#parts.plain.textContent = '';
  }

  /** As many rows and columns as there is room for; nothing while it is hidden. */
  fit(): void {
    if (this.#parts.screen.clientHeight > 0) this.#fit.fit();
  }

  #showPlain(): void {
    this.#isDue = false;
    const text = plainText(this.#plain).slice(-mostPlain);
    const { plain } = this.#parts;
    const before = plain.textContent;
    // What is only more of the same is added, so that only that is read aloud.
    if (text.startsWith(before) && before !== '') plain.append(text.slice(before.length));
    else plain.textContent = text;
    plain.scrollTop = plain.scrollHeight;
  }
}

/** Tab is the shell's, but after Escape it leaves, as in the editor. */
function leaveByTab(): (event: KeyboardEvent) => boolean {
  let leaves = false;
  return ({ type, key }) => {
    if (type !== 'keydown') return true;
    if (leaves && key === 'Tab') return false;
    if (key !== 'Shift') leaves = key === 'Escape';
    return true;
  };
}
