/** Machines for whoever grades again and again: the next pristine guest is restored while the learner still edits. */
import type { Machines, OpenMachine } from './machines.ts';

/** A spare that nobody has needed for so long is let go; the next grading then restores its own. */
const idleMs = 10 * 60_000;

export class SpareMachines implements Pick<Machines, 'open' | 'release'> {
  readonly #machines: Pick<Machines, 'open' | 'release' | 'close'>;
  readonly #warmUp: (open: OpenMachine) => WarmUp;
  #spare: Promise<Spare> | undefined;
  #inUse: Promise<OpenMachine> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(machines: Pick<Machines, 'open' | 'release' | 'close'>, warmUp: (open: OpenMachine) => WarmUp) {
    this.#machines = machines;
    this.#warmUp = warmUp;
  }

  /** Restores the spare, if there is none. Rejects as Machines.open does; the next `open` then tries again. */
  async prepare(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#drop(), idleMs).unref();
    const spare = (this.#spare ??= this.#restore());
    try {
      await spare;
    } catch (error) {
      if (this.#spare === spare) this.#spare = undefined;
      throw error;
    }
  }

  open(): Promise<OpenMachine> {
    const opening = this.#takeOrOpen();
    opening.catch(() => {}); // cancel looks at it, too
    return (this.#inUse = opening);
  }

  async release(open: OpenMachine): Promise<void> {
    this.#inUse = undefined;
    await this.#machines.release(open);
  }

  /** Throws away the guest that is in use: whatever is done on it fails at once. The host goes on, and its work is waited for. */
  async cancel(): Promise<void> {
    const open = await this.#inUse?.catch(() => undefined);
    if (open?.machine.info.kind === 'vm') await open.machine.stop();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await Promise.all([this.#drop(), this.cancel()]);
    await this.#machines.close();
  }

  async #takeOrOpen(): Promise<OpenMachine> {
    const spare = await this.#take();
    return spare && !spare.gone ? spare.open : this.#machines.open();
  }

  async #restore(): Promise<Spare> {
    const open = await this.#machines.open();
    const spare: Spare = { open, gone: false, warmUp: this.#warmUp(open) };
    void open.machine.ended.then(() => (spare.gone = true));
    return spare;
  }

  async #take(): Promise<Spare | undefined> {
    clearTimeout(this.#idle);
    const taken = this.#spare;
    this.#spare = undefined;
    const spare = await taken?.catch(() => undefined);
    await spare?.warmUp.stop();
    return spare;
  }

  async #drop(): Promise<void> {
    const spare = await this.#take();
    if (spare) await this.#machines.release(spare.open);
  }
}

interface Spare {
  open: OpenMachine;
  /** It died while it waited. */
  gone: boolean;
  warmUp: WarmUp;
}

/** What a spare does while it waits, and must be over when it is needed. */
export interface WarmUp {
  stop(): Promise<void>;
}
