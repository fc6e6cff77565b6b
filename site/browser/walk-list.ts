/** The instructions of a walk as a list of which only what is in view is there: a log may have 100 000 of them. */
import type { Opened } from './walk-worker.ts';

/** Of a row, as the styles have it. */
const height = 28;
/** Rows beyond what is in view. */
const around = 20;

export class WalkList {
  readonly #box: HTMLElement;
  readonly #rows: HTMLElement;
  readonly #choose: (step: number) => void;
  #walk: Opened | null = null;
  #list: Int32Array = new Int32Array();
  #at = 0;
  #marked = new Set<number>();

  /** `box` is the listbox, with one element in it for the rows. */
  constructor(box: HTMLElement, choose: (step: number) => void) {
    this.#box = box;
    this.#rows = box.firstElementChild as HTMLElement;
    this.#choose = choose;
    box.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(box);
    box.addEventListener('click', ({ target }) => {
      const row = (target as Element).closest<HTMLElement>('[role=option]');
      if (row) this.#choose(Number(row.dataset.step));
    });
  }

  /** The steps to show, which ascend. */
  show(walk: Opened, list: Int32Array): void {
    this.#walk = walk;
    this.#list = list;
    this.#marked = new Set(walk.failed.steps);
    this.#rows.style.height = `${list.length * height}px`;
    this.#draw();
  }

  /** It becomes the current one, and is in view. */
  select(at: number): void {
    this.#at = at;
    const [top, room] = [at * height, this.#box.clientHeight];
    if (top < this.#box.scrollTop + height || top > this.#box.scrollTop + room - 2 * height)
      this.#box.scrollTop = Math.max(0, top - room / 2 + height / 2);
    this.#draw();
  }

  #draw(): void {
    if (!this.#walk) return;
    const first = Math.max(0, Math.floor(this.#box.scrollTop / height) - around);
    const end = Math.min(this.#list.length, first + Math.ceil(this.#box.clientHeight / height) + 2 * around);
    const shown: HTMLElement[] = [];
    for (let at = first; at < end; at += 1) shown.push(this.#row(this.#walk, at));
    // What a screen reader is told of is there, wherever the list was scrolled to.
    if (this.#at < first || this.#at >= end) shown.push(this.#row(this.#walk, this.#at));
    this.#rows.replaceChildren(...shown);
    this.#box.setAttribute('aria-activedescendant', `step-${this.#list[this.#at]}`);
  }

  #row({ log, starts, path, failed }: Opened, at: number): HTMLElement {
    const step = this.#list[at]!;
    const isLast = step === path.at(-1) && failed.messages.length > 0;
    const row = document.createElement('div');
    row.id = `step-${step}`;
    row.dataset.step = String(step);
    row.role = 'option';
    row.ariaSelected = String(at === this.#at);
    row.ariaPosInSet = String(at + 1);
    row.ariaSetSize = String(this.#list.length);
    row.style.top = `${at * height}px`;
    row.className = [isLast && 'stopped', this.#marked.has(step) && 'made'].filter(Boolean).join(' ');
    const { number, text } = instructionAt(log, starts[step]!);
    const meaning = isLast ? 'the verifier stopped here' : this.#marked.has(step) ? 'a link of the chain' : '';
    row.append(part('span', 'mark', isLast ? '✗' : meaning === '' ? '' : '●'), part('span', 'number', number));
    row.append(part('code', '', text));
    if (meaning !== '') row.append(part('span', 'sr-only', `, ${meaning}`));
    row.firstElementChild!.ariaHidden = 'true';
    return row;
  }
}

function part(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** '6: (85) call bpf_map_lookup_elem#1    ; R0=…' */
function instructionAt(log: string, start: number): { number: string; text: string } {
  const end = log.indexOf('\n', start);
  const line = log.slice(start, Math.min(end < 0 ? log.length : end, start + 300));
  const found = /^\s*(\d+): \([0-9a-f]{2}\) ([^;]*?)(?: +\d+: (?:frame\d+: ?)?R\d.*)?(?:;.*)?$/.exec(line);
  return found ? { number: found[1]!, text: found[2]!.trim() } : { number: '', text: line.trim() };
}
