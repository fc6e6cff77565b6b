/** Speaks to the agent of a machine over any two-way stream: a virtio-serial port, or a child's pipes. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
  type Conversation,
  type ConversationOptions,
  MachineFileError,
  MachineLost,
  type Running,
  type RunOptions,
  type RunResult,
} from '../machine.ts';
import { GivenTime } from '../given-time.ts';
import { Command, defaultTimeoutMs, encodeRun } from './command.ts';
import { PacedConversation, windowBytes } from './conversation.ts';
import { BadFrame, cString, decodeFields, encodeFrame, type Frame, FrameDecoder, frameType } from './frames.ts';

/** The agent answers a ping at once, whatever else runs on its machine. All in the machine's own time. */
const pingAfterMs = 3000;
const silenceMs = 12_000;

/** The command that waits in a saved state: an id that no client comes to by counting. */
const waitingId = 0xffff_ffff;
/** Of a ping and its answer, which nobody waits for. */
const pingId = 0xffff_fffe;

interface Handler {
  receive(frame: Frame): void;
  fail(error: Error): void;
}

export class AgentClient {
  readonly #stream: Duplex;
  readonly #decoder = new FrameDecoder();
  readonly #handlers = new Map<number, Handler>();
  readonly #onSilence: (message: string) => void;
  /** The machine's. */
  readonly time: GivenTime;
  #lost: Error | undefined;
  #nextId = 1;
  /** Forgets the next look at whether the agent is still there; one is planned while anything is asked of it. */
  #forgetLook: (() => void) | undefined;
  #heard = 0;
  #pinged: number | undefined;

  /** `onSilence` is told when the agent answers no more; it should end the machine and then call `lose`. */
  constructor(stream: Duplex, onSilence: (message: string) => void, time = new GivenTime()) {
    this.#stream = stream;
    this.#onSilence = onSilence;
    this.time = time;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', () => {}); // the machine's owner sees its end and calls lose()
  }

  /** The machine is gone: everything under way and everything later rejects with `error`. */
  lose(error: Error): void {
    if (this.#lost) return;
    this.#lost = error;
    for (const handler of this.#handlers.values()) handler.fail(error);
    this.#handlers.clear();
    this.#forgetLook?.();
    this.#stream.destroy();
  }

  start(argv: readonly string[], options: RunOptions = {}): Running {
    const id = this.#nextId++;
    const command = this.#listen(id, options.timeoutMs ?? defaultTimeoutMs);
    this.#send(id, frameType.run, encodeRun(argv, options));
    if (options.input !== undefined) command.write(options.input);
    return command;
  }

  /** Starts the one command that goes on in every copy of this machine, without a deadline. */
  startWaiting(argv: readonly string[], options: RunOptions): Running {
    const command = this.#listen(waitingId);
    this.#send(waitingId, frameType.run, encodeRun(argv, options));
    return command;
  }

  /** Takes up, in a copy, what startWaiting has started; it still has no deadline. Call once. */
  takeWaiting(): Running {
    return this.#listen(waitingId);
  }

  /** A command whose frames have this id; without `timeoutMs` it has no deadline. */
  #listen(id: number, timeoutMs?: number): Command {
    const command = new Command((type, payload) => this.#send(id, type, payload), this.time, timeoutMs);
    if (this.#lost) {
      command.fail(this.#lost);
      return command;
    }
    this.#expect(id, command, command.done);
    return command;
  }

  /** Frames with this id are for `handler` until `done` settles; meanwhile the agent must be there. */
  #expect(id: number, handler: Handler, done: Promise<unknown>): void {
    this.#handlers.set(id, handler);
    if (!this.#forgetLook) this.#look();
    const forget = () => {
      this.#handlers.delete(id);
      if (this.#handlers.size > 0) return;
      this.#forgetLook?.();
      this.#forgetLook = this.#pinged = undefined;
    };
    done.then(forget, forget);
  }

  /** The first answer of all, which may take its time: nobody is there yet to answer a ping. */
  #await(id: number, handler: Handler, done: Promise<unknown>, deadlineMs: number, what: string): void {
    this.#handlers.set(id, handler);
    const late = () => this.#onSilence(`no answer within ${Math.round(deadlineMs / 1000)} s (${what})`);
    const cancel = this.time.after(deadlineMs, late);
    const forget = () => {
      cancel();
      this.#handlers.delete(id);
    };
    done.then(forget, forget);
  }

  /** Asks an agent that is quiet whether it is there; one that is not after `silenceMs` is lost. */
  #look(): void {
    const heard = this.#heard;
    this.#forgetLook = this.time.after(pingAfterMs, () => {
      const now = this.time.now();
      if (this.#heard !== heard) this.#pinged = undefined;
      else if (this.#pinged === undefined) {
        this.#pinged = now;
        this.#send(pingId, frameType.ping, Buffer.alloc(0));
      } else if (now - this.#pinged >= silenceMs) {
        return this.#onSilence(`no answer within ${silenceMs / 1000} s`);
      }
      this.#look();
    });
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const command = this.start(argv, options);
    command.end();
    return command.done;
  }

  converse(argv: readonly string[], options: ConversationOptions = {}): Conversation {
    const id = this.#nextId++;
    const conversation = new PacedConversation((type, payload) => this.#send(id, type, payload));
    if (this.#lost) {
      conversation.fail(this.#lost);
      return conversation;
    }
    this.#expect(id, conversation, conversation.done);
    this.#send(id, frameType.run, encodeRun(argv, { ...options, paced: true, maxOutputBytes: windowBytes }));
    return conversation;
  }

  async put(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
    await this.#ask(
      frameType.put,
      Buffer.concat([cString(path), cString(mode.toString(8)), Buffer.from(content)]),
      `writing ${path}`,
    );
  }

  async get(path: string, maxBytes = 1 << 20): Promise<Uint8Array> {
    return this.#ask(frameType.get, Buffer.concat([cString(path), cString(String(maxBytes))]), `reading ${path}`);
  }

  /** Sets the machine's clock to ours and gives it fresh entropy; also the first sign of life. */
  async setClock(deadlineMs: number): Promise<void> {
    const now = Buffer.alloc(8);
    now.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n);
    await this.#ask(frameType.clock, Buffer.concat([now, randomBytes(64)]), 'the first answer', deadlineMs);
  }

  #ask(type: number, payload: Uint8Array, what: string, deadlineMs?: number): Promise<Buffer> {
    if (this.#lost) return Promise.reject(this.#lost);
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const receive = (frame: Frame) => {
      if (frame.type === frameType.failed)
        reject(new MachineFileError(decodeFields(frame.payload).get('message') ?? what));
      else resolve(frame.payload);
    };
    const handler = { receive, fail: reject };
    if (deadlineMs === undefined) this.#expect(id, handler, promise);
    else this.#await(id, handler, promise, deadlineMs, what);
    this.#send(id, type, payload);
    return promise;
  }

  #send(id: number, type: number, payload: Uint8Array): void {
    if (!this.#lost) this.#stream.write(encodeFrame(id, type, payload));
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) {
        this.#heard += 1;
        this.#handlers.get(frame.id)?.receive(frame);
      }
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      this.lose(new MachineLost('garbled', `the guest sent what is not our protocol: ${error.message}`));
    }
  }
}
