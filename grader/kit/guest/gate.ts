/** The other end of environment/guest/gate.c: a learner's program whose first word waits until it was looked at what there is. */
import { LineTimeout, type Machine, type Running, type RunOptions, type RunResult } from '../../machine/machine.ts';
import { asLearner, bounds, inNamespaces, type Privileges } from './apart.ts';
import type { Toolkit } from './toolkit.ts';

export type GateEvent =
  /** It is about to say its first word, and waits for `open`. */
  | { kind: 'writes' }
  /** It has slept for some seconds of its machine's time, without a word and without work. Said once, until something happens. */
  | { kind: 'quiet' }
  /** It has been at work for `busyMs` of its machine's time, without a word. Said again after as long. */
  | { kind: 'busy' }
  /** A line of its standard output, hostile text. */
  | { kind: 'line'; text: string }
  /** Its exit code, or 128 + the number of the signal that ended it. */
  | { kind: 'end'; code: number };

/** Its last event comes long before. */
const patienceMs = 1_800_000;
/** Who sleeps is said to be quiet after a third of it, and what a loader does takes one or two seconds under emulation. */
const busyMs = 20_000;
const busy: unique symbol = Symbol('busy');

export class Gated {
  readonly #process: Running;
  #end: Extract<GateEvent, { kind: 'end' }> | undefined;

  constructor(
    machine: Machine,
    toolkit: Toolkit,
    argv: readonly string[],
    privileges: Privileges,
    options: RunOptions = {},
  ) {
    this.#process = machine.start(inNamespaces([toolkit.gate, ...asLearner(argv, privileges)]), {
      ...bounds,
      timeoutMs: patienceMs,
      ...options,
    });
    this.#process.done.catch(() => {});
  }

  /** What happens next; after the end, the end again. */
  async next(): Promise<GateEvent> {
    if (this.#end) return this.#end;
    const said = await this.#process.line(busyMs).catch((error: unknown): typeof busy => {
      if (error instanceof LineTimeout) return busy;
      throw error;
    });
    if (said === busy) return { kind: 'busy' };
    if (said === null) return (this.#end = { kind: 'end', code: await this.#codeAtLast() });
    if (said === '@writes' || said === '@quiet') return { kind: said.slice(1) as 'writes' | 'quiet' };
    const [, code] = /^@end (\d{1,3})$/.exec(said) ?? [];
    if (code !== undefined) return (this.#end = { kind: 'end', code: Number(code) });
    return { kind: 'line', text: said.slice(1, 8193) };
  }

  /** Lets its output through. */
  open(): void {
    this.#process.write('go\n');
  }

  /** SIGINT, as by Ctrl-C. */
  interrupt(): void {
    this.#process.write('INT\n');
  }

  /** Ends it, if it has not ended, and all that it started. What it said on standard error. */
  async close(): Promise<string> {
    if (!this.#end) this.#process.signal(9);
    return (await this.#process.done).stderr;
  }

  /** The gate itself was ended: by a limit of the machine's, such as that of output. */
  async #codeAtLast(): Promise<number> {
    const result: RunResult = await this.#process.done;
    return result.signal ? 128 + result.signal : result.code;
  }
}
