/** The host's end of a command whose streams pass through, with as much on the way as both ends have agreed on. */
import { Readable, Writable } from 'node:stream';
import type { Conversation, RunResult, TerminalSize } from '../machine.ts';
import { decodeFields, type Frame, frameType } from './frames.ts';

/**
 * So much may be on its way in each direction. It is also what is still shown of a flood after Ctrl-C, so it is small;
 * a guest under emulation is never slowed down by it.
 */
export const windowBytes = 64 * 1024;

type Send = (type: number, payload: Uint8Array) => void;

export class PacedConversation implements Conversation {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly done: Promise<Pick<RunResult, 'code' | 'signal'>>;
  readonly #send: Send;
  readonly #settle: { resolve(end: Pick<RunResult, 'code' | 'signal'>): void; reject(error: Error): void };
  readonly #output: Record<'stdout' | 'stderr', PacedOutput>;
  #over = false;
  /** Bytes of input that the command has not read. */
  #unread = 0;
  #more: (() => void) | undefined;

  constructor(send: Send) {
    const { promise, ...settle } = Promise.withResolvers<Pick<RunResult, 'code' | 'signal'>>();
    this.done = promise;
    this.#settle = settle;
    promise.catch(() => {}); // whoever only pipes sees the streams end
    this.#send = (type, payload) => void (this.#over || send(type, payload));
    this.#output = { stdout: new PacedOutput(this.#send), stderr: new PacedOutput(this.#send) };
    this.stdout = this.#output.stdout.stream;
    this.stderr = this.#output.stderr.stream;
    this.stdin = new Writable({
      highWaterMark: windowBytes,
      write: (chunk: Buffer, _, next) => this.#write(chunk, next),
      final: (next) => (this.#send(frameType.input, Buffer.alloc(0)), next()),
    });
  }

  resize({ rows, columns }: TerminalSize): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt16LE(Math.min(rows, 65_535), 0);
    payload.writeUInt16LE(Math.min(columns, 65_535), 2);
    this.#send(frameType.resize, payload);
  }

  receive({ type, payload }: Frame): void {
    if (this.#over) return;
    if (type === frameType.stdout) this.#output.stdout.push(payload);
    else if (type === frameType.stderr) this.#output.stderr.push(payload);
    else if (type === frameType.taken && payload.length >= 4) this.#taken(payload.readUInt32LE(0));
    else if (type === frameType.exit) this.#finish(decodeFields(payload));
    else if (type === frameType.failed)
      this.fail(
        new Error(`the agent could not start a command: ${decodeFields(payload).get('message') ?? 'no reason'}`),
      );
  }

  fail(error: Error): void {
    this.#end();
    this.#settle.reject(error);
  }

  #finish(fields: Map<string, string>): void {
    this.#end();
    this.#settle.resolve({
      code: Number(fields.get('code') ?? 0) || 0,
      signal: Number(fields.get('signal') ?? 0) || 0,
    });
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.stdout.push(null);
    this.stderr.push(null);
    this.#taken(this.#unread); // what nobody reads any more is no reason to wait
  }

  #write(chunk: Buffer, next: () => void): void {
    // In pieces, so that one large chunk does not go past the window, either.
    const piece = chunk.subarray(0, windowBytes);
    const rest = chunk.subarray(piece.length);
    const go = () => (rest.length > 0 ? this.#write(rest, next) : next());
    if (this.#over) return next();
    this.#send(frameType.input, piece);
    this.#unread += piece.length;
    if (this.#unread < windowBytes) go();
    else this.#more = go;
  }

  #taken(bytes: number): void {
    this.#unread -= Math.min(bytes, this.#unread);
    const more = this.#more;
    if (!more || this.#unread >= windowBytes) return;
    this.#more = undefined;
    more();
  }
}

/** Gives the command leave for more output as its own is taken from here. */
class PacedOutput {
  readonly stream: Readable;
  readonly #send: Send;
  #owed = 0;

  constructor(send: Send) {
    this.#send = send;
    this.stream = new Readable({ highWaterMark: windowBytes / 4, read: () => this.#grant() });
  }

  push(payload: Buffer): void {
    this.#owed += payload.length;
    if (this.stream.push(payload)) this.#grant();
  }

  /** A frame for each key's echo would be a waste: the window is wide enough for what is owed meanwhile. */
  #grant(): void {
    if (this.#owed < windowBytes / 4) return;
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(this.#owed);
    this.#owed = 0;
    this.#send(frameType.credit, payload);
  }
}
