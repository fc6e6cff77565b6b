/** Speaks to the agent of a machine over any two-way stream: a virtio-serial port, or a child's pipes. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { type Conversation, type ConversationOptions, MachineFileError, MachineLost, type Running, type RunOptions, type RunResult } from '../machine.ts';
import { Command, defaultTimeoutMs, encodeRun } from './command.ts';
import { PacedConversation, windowBytes } from './conversation.ts';
import { BadFrame, cString, decodeFields, encodeFrame, type Frame, FrameDecoder, frameType } from './frames.ts';

/** How much longer than a command's own deadline the agent may be quiet about it. */
const graceMs = 30_000;

/** The command that waits in a saved state: an id that no client comes to by counting. */
const waitingId = 0xffff_ffff;

export class AgentClient {
  readonly #stream: Duplex;
  readonly #decoder = new FrameDecoder();
  readonly #handlers = new Map<number, { receive(frame: Frame): void; fail(error: Error): void }>();
  readonly #onSilence: (message: string) => void;
  #lost: Error | undefined;
  #nextId = 1;

  /** `onSilence` is told when the agent misses a deadline; it should end the machine and then call `lose`. */
  constructor(stream: Duplex, onSilence: (message: string) => void) {
    this.#stream = stream;
    this.#onSilence = onSilence;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', () => {}); // the machine's owner sees its end and calls lose()
  }

  /** The machine is gone: everything under way and everything later rejects with `error`. */
  lose(error: Error): void {
    if (this.#lost) return;
    this.#lost = error;
    for (const handler of this.#handlers.values()) handler.fail(error);
    this.#handlers.clear();
    this.#stream.destroy();
  }

  start(argv: readonly string[], options: RunOptions = {}): Running {
    const id = this.#nextId++;
    const command = this.#listen(id, (options.timeoutMs ?? defaultTimeoutMs) + graceMs, argv[0] ?? 'a command');
    this.#send(id, frameType.run, encodeRun(argv, options));
    if (options.input !== undefined) command.write(options.input);
    return command;
  }

  /** Starts the one command that goes on in every copy of this machine, without a deadline. */
  startWaiting(argv: readonly string[], options: RunOptions): Running {
    const command = this.#listen(waitingId);
    this.#send(waitingId, frameType.run, encodeRun(argv, { ...options, timeoutMs: 0 }));
    return command;
  }

  /** Takes up, in a copy, what startWaiting has started; from now on it has a deadline. Call once. */
  takeWaiting(timeoutMs: number): Running {
    const command = this.#listen(waitingId, timeoutMs + graceMs, 'what waited');
    const timer = setTimeout(() => command.signal(constants.signals.SIGKILL), timeoutMs);
    const forget = () => clearTimeout(timer);
    command.done.then(forget, forget);
    return command;
  }

  /** A command whose frames have this id; without `silenceMs` it may be quiet for ever. */
  #listen(id: number, silenceMs?: number, what = ''): Command {
    const command = new Command((type, payload) => this.#send(id, type, payload));
    if (this.#lost) {
      command.fail(this.#lost);
      return command;
    }
    this.#handlers.set(id, command);
    const timer = silenceMs === undefined ? undefined : this.#watch(silenceMs, what);
    const forget = () => {
      clearTimeout(timer);
      this.#handlers.delete(id);
    };
    command.done.then(forget, forget);
    return command;
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
    this.#handlers.set(id, conversation);
    const forget = () => void this.#handlers.delete(id);
    conversation.done.then(forget, forget);
    this.#send(id, frameType.run, encodeRun(argv, { ...options, timeoutMs: 0, paced: true, maxOutputBytes: windowBytes }));
    return conversation;
  }

  async put(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
    await this.#ask(frameType.put, Buffer.concat([cString(path), cString(mode.toString(8)), Buffer.from(content)]), `writing ${path}`);
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

  #ask(type: number, payload: Uint8Array, what: string, deadlineMs = graceMs): Promise<Buffer> {
    if (this.#lost) return Promise.reject(this.#lost);
    const id = this.#nextId++;
    return new Promise<Buffer>((resolve, reject) => {
      const timer = this.#watch(deadlineMs, what);
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#handlers.delete(id);
        then();
      };
      this.#handlers.set(id, {
        fail: (error) => settle(() => reject(error)),
        receive: (frame) =>
          settle(() => {
            if (frame.type === frameType.failed) reject(new MachineFileError(decodeFields(frame.payload).get('message') ?? what));
            else resolve(frame.payload);
          }),
      });
      this.#send(id, type, payload);
    });
  }

  #watch(ms: number, what: string): NodeJS.Timeout {
    return setTimeout(() => this.#onSilence(`no answer within ${Math.round(ms / 1000)} s (${what})`), ms);
  }

  #send(id: number, type: number, payload: Uint8Array): void {
    if (!this.#lost) this.#stream.write(encodeFrame(id, type, payload));
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) this.#handlers.get(frame.id)?.receive(frame);
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      this.lose(new MachineLost('garbled', `the guest sent what is not our protocol: ${error.message}`));
    }
  }
}
