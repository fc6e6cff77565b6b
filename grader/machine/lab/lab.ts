/** The third kind of machine: an emulator in a thread, of Node or of a page. No QEMU, no root. */
import { AgentClient } from '../agent/client.ts';
import { GivenTime, type ReadThreads } from '../given-time.ts';
import {
  type Conversation,
  type ConversationOptions,
  type LostReason,
  type Machine,
  type MachineInfo,
  MachineLost,
  type Running,
  type RunOptions,
  type RunResult,
} from '../machine.ts';
import { ConsoleLog } from '../vm/console.ts';
import { AgentLine } from './agent-line.ts';
import type { FromMachine, Start, ToMachine } from './messages.ts';
import { slowed, slowness } from './slowed.ts';

/** What environment/lab/init says on the console once the agent may be spoken to. */
const agentListens = 'hookpoint: the agent listens';

/** Milliseconds of its own time until a booting or restored machine must have answered. A boot takes ten seconds of it. */
const bootDeadlineMs = 150_000;
const restoreDeadlineMs = 15_000;

/** Where a machine runs (node-thread.ts, page.ts), and how it is talked to. */
export interface Thread {
  tell(message: ToMachine): void;
  /** Called once. `onEnd` is told why, if that is known; it may be told more than once. */
  hear(onMessage: (message: FromMachine) => void, onEnd: (why?: string) => void): void;
  /** At once, whatever it does. */
  end(): void;
  /** The time that threads of this process had; empty where nobody can know. */
  readThreads: ReadThreads;
}

export class Lab implements Machine {
  readonly info: MachineInfo;
  readonly time: GivenTime;
  readonly copyOf: string | undefined;
  commandsStarted = 0;
  readonly console = new ConsoleLog();
  readonly ended: Promise<void>;
  readonly #thread: Thread;
  readonly #client: AgentClient;
  readonly #line: AgentLine;
  #saved: ((state: Uint8Array) => void) | undefined;
  #added: (() => void) | undefined;
  #listens: (() => void) | undefined;
  #lost: MachineLost | undefined;

  private constructor(thread: Thread, info: MachineInfo, copyOf: string | undefined) {
    this.info = info;
    this.copyOf = copyOf;
    this.#thread = thread;
    this.#line = new AgentLine((bytes) => thread.tell({ type: 'input', bytes }));
    const starved = () => this.#lose('starved', `it got less than ${5 * slowness} s of processor time in ten minutes`);
    this.time = new GivenTime(slowed(thread.readThreads), starved);
    this.#client = new AgentClient(
      this.#line.asStream(),
      (message) => this.#lose('silence', `the guest is silent: ${message}`),
      this.time,
    );
    this.ended = new Promise((resolve) =>
      thread.hear(
        (message) => this.#hear(message),
        (why) => {
          this.#lose('died', why ? `the emulator ended: ${why}` : 'the emulator ended');
          if (!why) resolve();
        },
      ),
    );
  }

  /** Boots, or goes on from a state: `start` says which. Resolves once the agent answers; rejects with MachineLost. */
  static async start(
    thread: Thread,
    start: Start,
    info: Omit<MachineInfo, 'kind' | 'accelerator'>,
    copyOf?: string,
  ): Promise<Lab> {
    const lab = new Lab(thread, { kind: 'vm', accelerator: 'bochs', ...info }, copyOf);
    try {
      thread.tell({ type: 'start', start });
      if ('parts' in start.from) await lab.#booted();
      await lab.#client.setClock(restoreDeadlineMs);
      return lab;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  run(argv: readonly string[], options?: RunOptions): Promise<RunResult> {
    this.commandsStarted += 1;
    return this.#client.run(argv, options);
  }

  start(argv: readonly string[], options?: RunOptions): Running {
    this.commandsStarted += 1;
    return this.#client.start(argv, options);
  }

  converse(argv: readonly string[], options?: ConversationOptions): Conversation {
    this.commandsStarted += 1;
    return this.#client.converse(argv, options);
  }

  put(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
    return this.#client.put(path, content, mode);
  }

  get(path: string, maxBytes?: number): Promise<Uint8Array> {
    return this.#client.get(path, maxBytes);
  }

  /** The machine as bytes for `Start`; it does not go on after that. Nothing may be asked of it meanwhile. */
  async save(): Promise<Uint8Array> {
    const saved = new Promise<Uint8Array>((resolve) => (this.#saved = resolve));
    this.#thread.tell({ type: 'save' });
    return Promise.race([saved, this.#end()]);
  }

  /** Gives a machine that was restored without its compiler what `saveState` put apart of it (set-up.ts). */
  async addCompiler(compiler: Uint8Array): Promise<void> {
    const added = new Promise<void>((resolve) => (this.#added = resolve));
    this.#thread.tell({ type: 'add', state: compiler });
    return Promise.race([added, this.#end()]);
  }

  async stop(): Promise<void> {
    this.#thread.end();
    await this.ended;
  }

  /** Rejects when the machine has ended. */
  async #end(): Promise<never> {
    await this.ended;
    throw this.#lost;
  }

  /** Rejects with MachineLost if the machine ends before its agent listens, or takes too long. */
  async #booted(): Promise<void> {
    const late = () => this.#lose('silence', `the agent did not start within ${bootDeadlineMs / 1000} s`);
    const cancel = this.time.after(bootDeadlineMs, late);
    const listens = new Promise<void>((resolve) => (this.#listens = resolve));
    await Promise.race([listens, this.#end()]).finally(cancel);
    this.#listens = undefined;
  }

  #hear(message: FromMachine): void {
    if (message.type === 'agent') this.#line.receive(message.bytes);
    else if (message.type === 'console') {
      this.console.push(Buffer.from(message.bytes));
      if (this.console.tail().includes(agentListens)) this.#listens?.();
    } else if (message.type === 'saved') this.#saved?.(message.state);
    else if (message.type === 'added') this.#added?.();
    else if (message.type === 'ended') this.#lose('died', `the emulator ended: ${message.message}`);
  }

  #lose(reason: LostReason, message: string): void {
    const { complaint } = this.console;
    this.#lost ??= complaint
      ? new MachineLost('panic', `the guest's kernel gave up: ${complaint}`, this.console.tail())
      : new MachineLost(reason, message, this.console.tail());
    this.#client.lose(this.#lost);
    this.#thread.end();
  }
}
