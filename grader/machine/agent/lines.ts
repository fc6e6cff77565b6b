/** Output as it arrives, and its lines: each byte is looked at once and copied once, however the chunks lie. */
export class Lines {
  #chunks: Buffer[] = [];
  /** How far the first chunk has been taken. */
  #from = 0;
  /** How many chunks are known to have no newline beyond what was taken. */
  #searched = 0;

  push(chunk: Buffer): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  /** The next whole line without its newline; undefined if there is none yet. */
  take(): string | undefined {
    for (; this.#searched < this.#chunks.length; this.#searched += 1) {
      const start = this.#searched === 0 ? this.#from : 0;
      const newline = this.#chunks[this.#searched]!.indexOf(10, start);
      if (newline >= 0) return this.#cut(this.#searched, newline);
    }
    return undefined;
  }

  /** Takes what is left, newline or not; undefined if nothing is. */
  rest(): string | undefined {
    if (this.#chunks.length === 0) return undefined;
    const text = this.text();
    this.#chunks = [];
    this.#from = this.#searched = 0;
    return text;
  }

  /** All that has not been taken. */
  text(): string {
    const [first, ...others] = this.#chunks;
    return first ? Buffer.concat([first.subarray(this.#from), ...others]).toString('utf8') : '';
  }

  /** The line that ends at `newline` of that chunk. */
  #cut(chunk: number, newline: number): string {
    const before = this.#chunks.splice(0, chunk);
    const last = this.#chunks[0]!;
    const parts =
      before.length === 0
        ? [last.subarray(this.#from, newline)]
        : [before[0]!.subarray(this.#from), ...before.slice(1), last.subarray(0, newline)];
    this.#from = newline + 1;
    this.#searched = 0;
    if (this.#from === last.length) {
      this.#chunks.shift();
      this.#from = 0;
    }
    return parts.length === 1 ? parts[0]!.toString('utf8') : Buffer.concat(parts).toString('utf8');
  }
}
