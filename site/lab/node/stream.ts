/** node:stream, of which the grader uses what a terminal on the machine needs (grader/machine/agent/conversation.ts): no pipes, no encodings. */

type Listener = (chunk?: Uint8Array) => void;

/** What is pushed while nobody listens, or while it is paused, waits; `read` is told when there is room again. */
export class Readable {
  readonly #read: () => void;
  readonly #waiting: (Uint8Array | null)[] = [];
  readonly #listeners: Record<string, Listener[]> = {};
  #flows = false;

  constructor({ read }: { highWaterMark?: number; read(): void }) {
    this.#read = read;
  }

  on(event: 'data' | 'end', listener: Listener): this {
    (this.#listeners[event] ??= []).push(listener);
    if (event === 'data') this.resume();
    return this;
  }

  /** Whether there is room for more. */
  push(chunk: Uint8Array | null): boolean {
    if (this.#flows && this.#waiting.length === 0) this.#emit(chunk);
    else this.#waiting.push(chunk);
    return this.#flows;
  }

  pause(): this {
    this.#flows = false;
    return this;
  }

  resume(): this {
    if (this.#flows) return this;
    this.#flows = true;
    while (this.#flows && this.#waiting.length > 0) this.#emit(this.#waiting.shift()!);
    if (this.#flows) this.#read();
    return this;
  }

  #emit(chunk: Uint8Array | null): void {
    for (const listener of this.#listeners[chunk ? 'data' : 'end'] ?? [])
      if (chunk) listener(chunk);
      else listener();
  }
}

/** One chunk after the other. */
export class Writable {
  readonly #write: (chunk: Uint8Array, encoding: string, next: () => void) => void;
  readonly #final: ((next: () => void) => void) | undefined;
  readonly #waiting: (Uint8Array | null)[] = [];
  #isBusy = false;

  constructor({
    write,
    final,
  }: {
    highWaterMark?: number;
    write(chunk: Uint8Array, encoding: string, next: () => void): void;
    final?(next: () => void): void;
  }) {
    this.#write = write;
    this.#final = final;
  }

  write(chunk: string | Uint8Array): boolean {
    this.#waiting.push(Buffer.from(chunk as string));
    this.#go();
    return !this.#isBusy;
  }

  end(): this {
    this.#waiting.push(null);
    this.#go();
    return this;
  }

  #go(): void {
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    const next = () => {
      this.#isBusy = false;
      this.#go();
    };
    const chunk = this.#waiting.shift()!;
    if (chunk) this.#write(chunk, 'buffer', next);
    else this.#final?.(next);
  }
}
