/** Keeps a machine going, without keeping its thread from hearing what it is told. */
import { type Emulator, port } from './emulator.ts';
import type { FromMachine } from './messages.ts';
import { ticksPerSecond } from './recipe.ts';

/** So long, in the guest's time, until the thread hears again what it was told; as long as an emulator of this speed takes for it. */
const sliceTicks = ticksPerSecond / 60;
/** An idle guest is let sleep for as long at most before its clock is looked at again. */
const longestSleepMs = 50;

/** What is used of a MessageChannel, whose types differ from Node to page. */
interface Turn {
  port1: { onmessage: (() => void) | null };
  port2: { postMessage(message: null): void };
}

export class Runner {
  readonly #emulator: Emulator;
  readonly #tell: (message: FromMachine) => void;
  readonly #turn = new MessageChannel() as unknown as Turn;
  #wake: (() => void) | undefined;
  #pausing: (() => void) | undefined;

  constructor(emulator: Emulator, tell: (message: FromMachine) => void) {
    this.#emulator = emulator;
    this.#tell = tell;
  }

  /** For the agent. */
  input(bytes: Uint8Array): void {
    this.#emulator.send(port.agent, bytes);
    this.#wake?.();
  }

  /** Resolves when it stands still. */
  pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#pausing = resolve;
      this.#wake?.();
    });
  }

  /** Until it is paused; rejects when the machine has ended. */
  async run(): Promise<void> {
    // The guest's clock may fall behind ours, as it does when it is busy, but while it waits it is not let run ahead.
    let ahead = performance.now() - this.#emulator.seconds * 1000;
    while (!this.#pausing) {
      const { isIdle } = this.#runSlice();
      const hadOutput = this.#pass();
      const early = this.#emulator.seconds * 1000 + ahead - performance.now();
      if (!isIdle || hadOutput || early <= 0) {
        // Time that was lost is not made up for: a guest that waits would have to spin.
        if (early < 0) ahead -= early;
        await this.#hear();
      } else {
        await this.#sleep(Math.min(early, longestSleepMs));
      }
    }
    this.#pausing();
  }

  /** What the guest said last may be why it ended. */
  #runSlice(): { isIdle: boolean } {
    try {
      return this.#emulator.run(sliceTicks);
    } catch (error) {
      this.#pass();
      throw error;
    }
  }

  #pass(): boolean {
    let some = false;
    for (const type of ['console', 'agent'] as const) {
      const bytes = this.#emulator.receive(port[type]);
      if (!bytes) continue;
      some = true;
      this.#tell({ type, bytes });
    }
    return some;
  }

  /** What has arrived meanwhile. By a message to itself: a timer of 0 ms takes a page 4 ms, a quarter of a slice. */
  #hear(): Promise<void> {
    return new Promise((resolve) => {
      this.#turn.port1.onmessage = () => resolve();
      this.#turn.port2.postMessage(null);
    });
  }

  /** Milliseconds; ends at once with input. */
  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
