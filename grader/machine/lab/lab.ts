/** The third kind of machine: an emulator in a thread of this process, for what a page runs in a Web Worker. No QEMU, no root. */
import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { AgentClient } from '../agent/client.ts';
import { GivenTime, threadsOf } from '../given-time.ts';
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
import type { FromMachine, Start, ToMachine } from './messages.ts';
import { slowed, slowness } from './slowed.ts';

/** What environment/lab/init says on the console once the agent may be spoken to. */
const agentListens = 'hookpoint: the agent listens';

/** Milliseconds of its own time until a booting or restored machine must have answered. A boot takes ten seconds of it. */
const bootDeadlineMs = 150_000;
const restoreDeadlineMs = 15_000;

export class Lab implements Machine {
  readonly info: MachineInfo;
  readonly time: GivenTime;
  readonly copyOf: string | undefined;
  commandsStarted = 0;
  readonly console = new ConsoleLog();
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #client: AgentClient;
  readonly #agent: Duplex;
  #saved: ((state: Uint8Array) => void) | undefined;
  #listens: (() => void) | undefined;

  private constructor(start: Start, info: MachineInfo, copyOf: string | undefined) {
    this.info = info;
    this.copyOf = copyOf;
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: start });
    this.#agent = new Duplex({
      read: () => {},
      write: (bytes: Uint8Array, _encoding, done) => {
        this.#tell({ type: 'input', bytes: Uint8Array.from(bytes) });
        done();
      },
    });
    const starved = () => this.#lose('starved', `it got less than ${5 * slowness} s of processor time in ten minutes`);
    this.time = new GivenTime(slowed(threadsOf(process.pid)), starved);
    this.#client = new AgentClient(
      this.#agent,
      (message) => this.#lose('silence', `the guest is silent: ${message}`),
      this.time,
    );
    this.#worker.on('message', (message: FromMachine) => this.#hear(message));
    this.#worker.on('error', (error) => this.#lose('died', `the emulator ended: ${error.message}`));
    this.ended = new Promise((resolve) =>
      this.#worker.once('exit', () => {
        this.#lose('died', 'the emulator ended');
        resolve();
      }),
    );
  }

  /** Boots, or restores the state that `start` names. Resolves once the agent answers; rejects with MachineLost. */
  static async start(start: Start, info: Omit<MachineInfo, 'kind' | 'accelerator'>, copyOf?: string): Promise<Lab> {
    const lab = new Lab(start, { kind: 'vm', accelerator: 'bochs', ...info }, copyOf);
    try {
      if ('parts' in start) await lab.#booted();
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
    this.#tell({ type: 'save' });
    const lost = this.ended.then(() => {
      throw new MachineLost('died', 'the emulator ended before its state was saved', this.console.tail());
    });
    return Promise.race([saved, lost]);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
    await this.ended;
  }

  /** Rejects with MachineLost if the machine ends before its agent listens, or takes too long. */
  async #booted(): Promise<void> {
    const late = () => this.#lose('silence', `the agent did not start within ${bootDeadlineMs / 1000} s`);
    const cancel = this.time.after(bootDeadlineMs, late);
    const lost = this.ended.then(() => {
      throw new MachineLost('died', 'the guest did not boot', this.console.tail());
    });
    await Promise.race([new Promise<void>((resolve) => (this.#listens = resolve)), lost]).finally(cancel);
    this.#listens = undefined;
  }

  #tell(message: ToMachine): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromMachine): void {
    if (message.type === 'agent') this.#agent.push(Buffer.from(message.bytes));
    else if (message.type === 'console') {
      this.console.push(Buffer.from(message.bytes));
      if (this.console.tail().includes(agentListens)) this.#listens?.();
    } else if (message.type === 'saved') this.#saved?.(message.state);
    else if (message.type === 'ended') this.#lose('died', `the emulator ended: ${message.message}`);
  }

  #lose(reason: LostReason, message: string): void {
    const { complaint } = this.console;
    const lost = complaint
      ? new MachineLost('panic', `the guest's kernel gave up: ${complaint}`, this.console.tail())
      : new MachineLost(reason, message, this.console.tail());
    this.#client.lose(lost);
    void this.#worker.terminate();
  }
}
