/** A program that was loaded once and runs for each request in a process of its own: the other end of environment/guest/resident.c. */
import { constants } from 'node:os';
import { z } from 'zod';
import { LineTimeout, type Machine, type Running, type RunResult } from '../../machine/machine.ts';
import { machineText, parseLine } from './hostile.ts';

const milliseconds = z.number().min(0);
const answer = z.object({
  code: z.int(),
  signal: z.int(),
  cpuMs: milliseconds,
  wallMs: milliseconds,
  outOfMemory: z.int(),
  truncated: z.int(),
  said: machineText(256 * 2 ** 10),
});

/** What is known of a run that the resident took with it. */
const killed = {
  code: -1,
  signal: constants.signals.SIGKILL,
  stdout: '',
  stderr: '',
  truncated: false,
  wallMs: 0,
  cpuMs: 0,
};

export class Resident {
  readonly #machine: Machine;
  readonly #process: Running;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;
  #pending = 0;

  constructor(machine: Machine, process: Running) {
    this.#machine = machine;
    this.#process = process;
  }

  /** Resolves when it waits for its first request; rejects with what it said instead. */
  async ready(timeoutMs: number): Promise<void> {
    const said = await this.#process.line(timeoutMs);
    if (said !== 'ready')
      throw new Error(`nothing resident on the machine: ${said ?? (await this.#process.done).stderr.slice(0, 500)}`);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether nothing is asked of it that it has not answered. */
  get idle(): boolean {
    return this.#pending === 0;
  }

  /** Runs it in `folder`, after those that were asked for before; what it says is all in `stderr`. It is no more after a timeout. */
  run(folder: string, args: readonly string[], timeoutMs: number): Promise<RunResult> {
    this.#pending += 1;
    const run = this.#last.then(() => this.#ask(folder, args, timeoutMs)).finally(() => (this.#pending -= 1));
    this.#last = run.catch(() => {});
    return run;
  }

  /** Ends what runs now as by SIGKILL. */
  interrupt(): void {
    this.#process.signal(constants.signals.SIGINT);
  }

  /** Ends it, with all that a request may have left behind. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#process.signal(constants.signals.SIGKILL);
    await this.#process.done;
  }

  async #ask(folder: string, args: readonly string[], timeoutMs: number): Promise<RunResult> {
    const work = Buffer.from([folder, ...args].map((text) => `${text}\0`).join(''));
    this.#process.write(Buffer.concat([Buffer.from(work.length.toString(16).padStart(8, '0')), work]));
    try {
      const line = await this.#process.line(timeoutMs);
      if (line === null) return await this.#lost();
      const { said, outOfMemory, truncated, ...rest } = parseLine(line, answer, 'What is resident on the machine');
      const end = { outOfMemory: outOfMemory !== 0, truncated: truncated !== 0 };
      return { ...rest, ...end, stdout: '', stderr: said, timedOut: false };
    } catch (error) {
      if (!(error instanceof LineTimeout)) throw error;
      // Whether the machine is there at all, this tells: it has a deadline of its own.
      await this.#machine.run(['true']);
      await this.end();
      return { ...killed, timedOut: true, outOfMemory: false };
    }
  }

  /** It ended itself, or something ended it. */
  async #lost(): Promise<RunResult> {
    this.#ended = true;
    const { outOfMemory, timedOut } = await this.#process.done;
    return { ...killed, outOfMemory, timedOut };
  }
}
