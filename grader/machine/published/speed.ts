/** How far a download is, and how fast: '182 of 398 MB, 11.9 MB/s'. */

import type { Part } from './manifest.ts';

/** The speed is that of the last seconds: an average since the start would hide that it stands still. */
const windowMs = 5000;

export class Speed {
  readonly #parts: ReadonlySet<string>;
  readonly #total: number;
  readonly #now: () => number;
  readonly #here = new Map<string, number>();
  #came: { at: number; bytes: number }[] = [];

  /** Of these parts, whatever else comes besides. */
  constructor(parts: readonly Pick<Part, 'name' | 'bytes'>[], now: () => number = () => performance.now()) {
    this.#parts = new Set(parts.map(({ name }) => name));
    this.#total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#now = now;
  }

  /** Of a part so many bytes are there now, `fresh` ones if they came just now. */
  note(part: string, bytes: number, fresh: boolean): void {
    if (!this.#parts.has(part)) return;
    const before = this.#here.get(part) ?? 0;
    this.#here.set(part, bytes);
    if (fresh && bytes > before) this.#came.push({ at: this.#now(), bytes: bytes - before });
  }

  /** What to say of it now. */
  toString(): string {
    const now = this.#now();
    this.#came = this.#came.filter(({ at }) => now - at < windowMs);
    const done = [...this.#here.values()].reduce((sum, one) => sum + one, 0);
    const said = `${megabytes(done)} of ${megabytes(this.#total)} MB`;
    const [first] = this.#came;
    if (!first) return done < this.#total ? `${said}, waiting for the server` : said;
    const seconds = Math.max(0.25, (now - first.at) / 1000);
    const perSecond = this.#came.reduce((sum, one) => sum + one.bytes, 0) / seconds;
    return `${said}, ${megabytes(perSecond, 1)} MB/s`;
  }
}

export function megabytes(bytes: number, digits = 0): string {
  return (bytes / 1e6).toFixed(digits);
}
