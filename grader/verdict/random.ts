import { createHash, randomBytes } from 'node:crypto';

/** A seed that nobody can guess: 32 hexadecimal digits. */
export function newSeed(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Draws a workload from a seed. The same seed gives the same draws on every machine and version of Node: the stream
 * is sha256(seed + ':' + 0), sha256(seed + ':' + 1), …, read four bytes at a time, big endian.
 */
export class Random {
  readonly seed: string;
  #block = Buffer.alloc(0);
  #blocks = 0;

  constructor(seed: string) {
    if (!/^[0-9a-f]{1,64}$/.test(seed))
      throw new RangeError(`A seed is 1 to 64 hexadecimal digits, not ${JSON.stringify(seed)}.`);
    this.seed = seed;
  }

  /** A whole number from min to max, both included; every one as likely as the others. */
  int(min: number, max: number): number {
    const span = max - min + 1;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || span < 1 || span > 2 ** 32)
      throw new RangeError(`int needs whole numbers min <= max less than 2^32 apart, not ${min} and ${max}.`);
    // The last, incomplete run of numbers would favour the small ones: draw again.
    const fair = 2 ** 32 - (2 ** 32 % span);
    for (;;) {
      const drawn = this.#uint32();
      if (drawn < fair) return min + (drawn % span);
    }
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick needs at least one item.');
    return items[this.int(0, items.length - 1)]!;
  }

  /** A new array in random order; the given one is left alone. */
  shuffle<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.int(0, last);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }

  /** As many results of `make` as a draw from min to max says. */
  several<T>(min: number, max: number, make: () => T): T[] {
    return Array.from({ length: this.int(min, max) }, make);
  }

  /** Lower-case letters: fit for a file, a process (at most 15 bytes there), an interface. */
  name(length = 8): string {
    return Array.from({ length }, () => String.fromCharCode(97 + this.int(0, 25))).join('');
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.int(0, 255));
  }

  #uint32(): number {
    if (this.#block.length === 0)
      this.#block = createHash('sha256')
        .update(`${this.seed}:${this.#blocks++}`)
        .digest();
    const drawn = this.#block.readUInt32BE(0);
    this.#block = this.#block.subarray(4);
    return drawn;
  }
}
