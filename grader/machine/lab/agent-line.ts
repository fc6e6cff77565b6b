/** The agent's end of a machine in a thread, as the stream that AgentClient wants: a page has no streams of Node's. */
import type { Duplex } from 'node:stream';

export class AgentLine {
  readonly #send: (bytes: Uint8Array) => void;
  #onData: ((bytes: Buffer) => void) | undefined;

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  receive(bytes: Uint8Array): void {
    this.#onData?.(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  /** What AgentClient uses of a stream, and no more. It is written to as fast as anybody likes: the emulator keeps what waits. */
  asStream(): Duplex {
    const stream = {
      on: (event: string, listener: (bytes: Buffer) => void) => {
        if (event === 'data') this.#onData = listener;
        return stream;
      },
      // A copy: a frame may share its memory with others, all of which would be sent to the thread.
      write: (bytes: Uint8Array) => {
        this.#send(Uint8Array.from(bytes));
        return true;
      },
      destroy: () => {
        this.#onData = undefined;
        return stream;
      },
    };
    return stream as unknown as Duplex;
  }
}
