/** The other end of environment/guest/loader.c: one process that holds one BPF object for as long as it is judged. */
import { LineTimeout, type Machine, type Running } from '../../machine/machine.ts';
import { CheckFailure, Unsupported } from '../../verdict/failure.ts';
import { olderThan } from '../../verdict/needs.ts';
import { parseLine } from './hostile.ts';
import { type Command, type Reply, replyTo } from './loader-replies.ts';

export type { Attached, BtfType, KnownProgram, Opened, Refusal, Reply, TestRun } from './loader-replies.ts';

/**
 * Seconds of the machine's time. A verifier that walks its million instructions needs some, the more so where every instruction is
 * emulated; everything else is done at once, unless something keeps the machine from it.
 */
const patience = { load: 120, other: 30 };

export class Loader {
  readonly #process: Running;
  readonly #kernel: string;

  constructor(machine: Machine, path: string) {
    this.#kernel = machine.info.kernel;
    this.#process = machine.start([path], { timeoutMs: 3_600_000, maxOutputBytes: 256 * 2 ** 20 });
    this.#process.done.catch(() => {}); // whoever asks next hears of it
  }

  /** Words must hold no space, save in the last word of `open`. */
  async ask<C extends Command>(command: C, ...words: string[]): Promise<Reply<C>> {
    const said = [command, ...words].join(' ');
    if (/[\n\0]/.test(said)) throw new Error(`Not a command for the loader: ${JSON.stringify(said)}`);
    this.#process.write(`${said}\n`);
    const seconds = command === 'load' ? patience.load : patience.other;
    const line = await this.#process.line(seconds * 1000).catch((error: unknown) => {
      if (!(error instanceof LineTimeout)) throw error;
      this.close();
      if (command !== 'load') throw new Error(`The loader did not answer to '${command}' within ${seconds} seconds.`);
      throw new CheckFailure({
        text: `The verifier was not done with your program after ${seconds} seconds of work.`,
        help: 'Make the program simpler: fewer branches, fewer and shorter loops.',
      });
    });
    if (line === null) throw await this.#ended(command);
    return parseLine(line, replyTo(command), 'The loader');
  }

  /** Throws Unsupported on a kernel older than `since`, such as '6.6'; `what` begins the sentence. */
  needs(since: string, what: string): void {
    if (olderThan(this.#kernel, since))
      throw new Unsupported(`${what} needs Linux ${since} or newer; this is ${this.#kernel}.`);
  }

  close(): void {
    this.#process.end();
    this.#process.signal(9);
  }

  /** libbpf trusts its object more than it should: an odd one makes it crash, within a process of its own. */
  async #ended(command: Command): Promise<Error> {
    const { code, signal, stderr } = await this.#process.done;
    const how = signal ? `signal ${signal}` : `code ${code}`;
    if (crashes.has(signal) && (command === 'open' || command === 'load'))
      return new CheckFailure({
        text: `libbpf, the library that loads BPF programs, crashed with ${how} while it read your object.`,
        expected: 'An object as clang makes it from plain C.',
        help: 'Look for inline assembly and sections other than those of programs, maps, data and the license.',
      });
    return new Error(`The loader ended at '${command}' with ${how}: ${stderr.slice(0, 1000)}`);
  }
}

/** Text as the loader takes it: a path, a name of the machine's; '-' for none. */
export function word(text: string | undefined): string {
  return text ? Buffer.from(text).toString('hex') : '-';
}

/** Bytes as the loader takes them; '-' for none. */
export function hex(bytes: Uint8Array | undefined): string {
  return bytes?.length ? Buffer.from(bytes).toString('hex') : '-';
}

/** SIGABRT, SIGBUS, SIGFPE, SIGSEGV */
const crashes = new Set([6, 7, 8, 11]);
