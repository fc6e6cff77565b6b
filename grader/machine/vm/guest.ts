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
import { Qemu, type QemuOptions } from './qemu.ts';

/** Milliseconds of its own time until a booting or restored guest must have answered; TCG on a busy two-core machine needs 5,000. */
const bootDeadlineMs = { kvm: 30_000, tcg: 120_000 };
const restoreDeadlineMs = 30_000;

/** A QEMU guest with the agent in it. */
export class Guest implements Machine {
  readonly info: MachineInfo;
  readonly qemu: Qemu;
  readonly time: GivenTime;
  readonly copyOf: string | undefined;
  commandsStarted = 0;
  readonly #client: AgentClient;
  /** Whether a command waits in it (startWaiting) that nobody has taken up. */
  #waiting: boolean;

  private constructor(qemu: Qemu, info: MachineInfo, { name, waiting }: { name?: string; waiting: boolean }) {
    this.qemu = qemu;
    this.info = info;
    this.copyOf = name;
    this.#waiting = waiting;
    const starved = () => this.#lose('starved', 'it got less than five seconds of processor time in ten minutes');
    this.time = new GivenTime(threadsOf(qemu.pid), starved);
    this.#client = new AgentClient(qemu.agent, (message) => void this.#silence(message), this.time);
    qemu.ended.then((lost) => this.#client.lose(lost));
  }

  /**
   * Boots, or restores if the options name a state: this one, in which a command may be `waiting`. Resolves once the agent answers;
   * rejects with MachineLost.
   */
  static async start(
    options: QemuOptions,
    info: Omit<MachineInfo, 'kind' | 'accelerator'>,
    state: { name?: string; waiting: boolean } = { waiting: false },
  ): Promise<Guest> {
    const guest = new Guest(new Qemu(options), { kind: 'vm', accelerator: options.accelerator, ...info }, state);
    try {
      if (options.state === undefined) {
        await guest.#client.setClock(bootDeadlineMs[options.accelerator]);
      } else {
        const late = () => void guest.#silence('the saved state could not be restored in time');
        await guest.qemu.restore().finally(guest.time.after(restoreDeadlineMs, late));
        await guest.#client.setClock(restoreDeadlineMs);
      }
      return guest;
    } catch (error) {
      await guest.stop();
      throw error instanceof MachineLost
        ? error
        : new MachineLost('died', `the guest could not be started: ${(error as Error).message}`);
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

  startWaiting(argv: readonly string[], options: RunOptions): Running {
    this.#waiting = true;
    this.commandsStarted += 1;
    return this.#client.startWaiting(argv, options);
  }

  takeWaiting(): Running | undefined {
    if (!this.#waiting) return undefined;
    this.#waiting = false;
    this.commandsStarted += 1;
    return this.#client.takeWaiting();
  }

  get hasWaiting(): boolean {
    return this.#waiting;
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

  get ended(): Promise<MachineLost> {
    return this.qemu.ended;
  }

  async stop(): Promise<void> {
    this.qemu.kill();
    await this.qemu.ended;
  }

  async #silence(message: string): Promise<void> {
    const { complaint } = this.qemu.console;
    if (complaint) return this.#lose('panic', `the guest's kernel is stuck: ${complaint}`);
    const busyWith = await within(2000, this.#busyWith());
    this.#lose('silence', `the guest is silent: ${message}`, busyWith);
  }

  /** A BPF program, if some processor was in what the kernel compiled of one, or in a module, most of the time that it was looked at. */
  async #busyWith(): Promise<string | undefined> {
    const moments = await this.qemu.instructionPointers(20);
    const inProgram = moments.filter((all) =>
      all.some((address) => address >= firstOfModules && address < endOfModules),
    );
    return inProgram.length >= moments.length / 2 ? 'a BPF program' : undefined;
  }

  #lose(reason: LostReason, message: string, busyWith?: string): void {
    this.#client.lose(new MachineLost(reason, message, this.qemu.console.tail(), busyWith));
    this.qemu.kill();
  }
}

/** Where x86-64 Linux has modules and the machine code of BPF programs (Documentation/arch/x86/x86_64/mm.rst). */
const firstOfModules = 0xffff_ffff_c000_0000n;
const endOfModules = 0xffff_ffff_ff00_0000n;

/** What does not come in time, or not at all, is undefined. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  return Promise.race([promise.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}
