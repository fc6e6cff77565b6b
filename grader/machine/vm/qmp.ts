/** QEMU's control channel (QMP): JSON lines, one command at a time, events in between. */
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';

export interface QmpEvent {
  event: string;
  data?: Record<string, unknown>;
}

export class Qmp {
  readonly #stream: Duplex;
  readonly #waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  readonly #onEvent: (event: QmpEvent) => void;
  #closed = false;

  constructor(stream: Duplex, onEvent: (event: QmpEvent) => void) {
    this.#stream = stream;
    this.#onEvent = onEvent;
    createInterface({ input: stream })
      .on('line', (line) => this.#receive(line))
      .on('error', () => {}); // the stream's own, passed on
    stream.on('error', () => {}); // a reset when QEMU is killed with something unread: no 'end' then, but always 'close'
    stream.on('end', () => stream.destroy());
    stream.on('close', () => {
      this.#closed = true;
      for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error('QEMU closed its control channel'));
    });
  }

  /** Rejects with QEMU's own description of what is wrong, or when QEMU ends. */
  execute<T = unknown>(command: string, args?: Record<string, unknown>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('QEMU closed its control channel'));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (value: unknown) => void, reject });
      this.#stream.write(`${JSON.stringify({ execute: command, ...(args && { arguments: args }) })}\n`);
    });
  }

  #receive(line: string): void {
    const message = JSON.parse(line) as {
      return?: unknown;
      error?: { desc: string };
      event?: string;
      data?: Record<string, unknown>;
    };
    if (message.event) this.#onEvent({ event: message.event, ...(message.data && { data: message.data }) });
    else if (message.error) this.#waiting.shift()?.reject(new Error(message.error.desc));
    else if ('return' in message) this.#waiting.shift()?.resolve(message.return);
  }
}
