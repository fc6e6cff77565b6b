import { AgentClient } from '../agent/client.ts';
import { type Conversation, type ConversationOptions, type Machine, type MachineInfo, MachineLost, type Running, type RunOptions, type RunResult } from '../machine.ts';
import { Qemu, type QemuOptions } from './qemu.ts';

/** Milliseconds until a booting or restored guest must have answered; TCG on a busy two-core machine needs 5,000. */
const bootDeadlineMs = { kvm: 30_000, tcg: 120_000 };
const restoreDeadlineMs = 30_000;

/** A QEMU guest with the agent in it. */
export class Guest implements Machine {
  readonly info: MachineInfo;
  readonly qemu: Qemu;
  readonly #client: AgentClient;
  /** Whether a command waits in it (startWaiting) that nobody has taken up. */
  #waiting: boolean;

  private constructor(qemu: Qemu, info: MachineInfo, waiting: boolean) {
    this.qemu = qemu;
    this.info = info;
    this.#waiting = waiting;
    this.#client = new AgentClient(qemu.agent, (message) => this.#silence(message));
    qemu.ended.then((lost) => this.#client.lose(lost));
  }

  /**
   * Boots, or restores if the options name a state, in which a command may be `waiting`. Resolves once the agent answers; rejects with
   * MachineLost.
   */
  static async start(options: QemuOptions, info: Omit<MachineInfo, 'kind' | 'accelerator'>, waiting = false): Promise<Guest> {
    const guest = new Guest(new Qemu(options), { kind: 'vm', accelerator: options.accelerator, ...info }, waiting);
    try {
      if (options.state === undefined) {
        await guest.#client.setClock(bootDeadlineMs[options.accelerator]);
      } else {
        const timer = setTimeout(() => guest.#silence('the saved state could not be restored in time'), restoreDeadlineMs);
        await guest.qemu.restore().finally(() => clearTimeout(timer));
        await guest.#client.setClock(restoreDeadlineMs);
      }
      return guest;
    } catch (error) {
      await guest.stop();
      throw error instanceof MachineLost ? error : new MachineLost('died', `the guest could not be started: ${(error as Error).message}`);
    }
  }

  run(argv: readonly string[], options?: RunOptions): Promise<RunResult> {
    return this.#client.run(argv, options);
  }

  start(argv: readonly string[], options?: RunOptions): Running {
    return this.#client.start(argv, options);
  }

  startWaiting(argv: readonly string[], options: RunOptions): Running {
    this.#waiting = true;
    return this.#client.startWaiting(argv, options);
  }

  takeWaiting(timeoutMs: number): Running | undefined {
    if (!this.#waiting) return undefined;
    this.#waiting = false;
    return this.#client.takeWaiting(timeoutMs);
  }

  get hasWaiting(): boolean {
    return this.#waiting;
  }

  converse(argv: readonly string[], options?: ConversationOptions): Conversation {
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

  #silence(message: string): void {
    const { console } = this.qemu;
    this.#client.lose(new MachineLost(console.complaint ? 'panic' : 'silence', console.complaint ? `the guest's kernel is stuck: ${console.complaint}` : `the guest is silent: ${message}`, console.tail()));
    this.qemu.kill();
  }
}
