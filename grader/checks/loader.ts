/** The other end of environment/guest/loader.c: one process that holds one BPF object for as long as it is judged. */
import { z } from 'zod';
import { LineTimeout, type Machine, type Running } from '../machine/machine.ts';
import { CheckFailure } from './failure.ts';
import { machineHex, machineText, parseLine } from './hostile.ts';

const name = machineText(512);
const messages = machineText(512 * 1024);

const refusal = z.object({
  ok: z.literal(false),
  errno: z.int(),
  /** strerror, or what the loader has to say itself. */
  message: machineText(512),
  /** libbpf's own messages. */
  libbpf: messages,
});

const done = z.object({ ok: z.literal(true) });

const opened = done.extend({
  license: name,
  programs: z.array(z.object({ name, section: name, type: name, autoload: z.boolean() })).max(64),
  maps: z.array(z.object({ name, type: name, keySize: z.int(), valueSize: z.int(), maxEntries: z.int() })).max(1024),
});

const attached = done.extend({
  programs: z.array(z.object({
    program: name,
    section: name,
    /** 0 if attached. */
    errno: z.int(),
    libbpf: messages,
    /** Where the kernel says it is: kind 'tracepoint', 'kprobe', … or the type of link; target '' if the kernel names none. */
    links: z.array(z.object({ kind: name, target: name })).max(512),
  })).max(64),
});

const bytes = machineHex(16 * 2 ** 20);
const value = z.union([bytes.transform((one) => [one]), z.array(bytes).max(4096)]);
const entries = done.extend({ entries: z.array(z.tuple([bytes, value])).max(1_000_000), truncated: z.boolean() });

const records = done.extend({ records: z.array(bytes).max(1_000_000), truncated: z.boolean() });

const runs = done.extend({
  runs: z.array(z.object({
    /** 0 if the kernel ran the program. */
    errno: z.int(),
    /** What the program returned. */
    retval: z.int().min(0).max(2 ** 32 - 1),
    /** The data as the program left it. */
    data: bytes,
  })).max(10_000),
});

/** Command -> what a yes looks like; a no is always a refusal. */
const replies = {
  open: z.discriminatedUnion('ok', [opened, refusal]),
  load: z.discriminatedUnion('ok', [done, refusal.extend({ program: name.default(''), log: machineText(32 * 2 ** 20).default('') })]),
  attach: z.discriminatedUnion('ok', [attached, refusal]),
  detach: z.discriminatedUnion('ok', [done, refusal]),
  entries: z.discriminatedUnion('ok', [entries, refusal]),
  lookup: z.discriminatedUnion('ok', [done.extend({ value }), refusal]),
  update: z.discriminatedUnion('ok', [done, refusal]),
  delete: z.discriminatedUnion('ok', [done, refusal]),
  records: z.discriminatedUnion('ok', [records, refusal]),
  run: z.discriminatedUnion('ok', [runs, refusal]),
  id: z.discriminatedUnion('ok', [done.extend({ id: z.int().min(1) }), refusal]),
};

type Command = keyof typeof replies;
export type Reply<C extends Command> = z.output<(typeof replies)[C]>;
export type Opened = z.output<typeof opened>;
export type TestRun = z.output<typeof runs>['runs'][number];
export type Attached = z.output<typeof attached>['programs'][number];

/** A verifier that walks its million instructions needs its time, the more so where every instruction is emulated. */
const patienceMs = 180_000;

export class Loader {
  readonly #process: Running;

  constructor(machine: Machine, path: string) {
    this.#process = machine.start([path], { timeoutMs: 3_600_000, maxOutputBytes: 256 * 2 ** 20 });
    this.#process.done.catch(() => {}); // whoever asks next hears of it
  }

  /** Words must hold no space, save in the last word of `open`. */
  async ask<C extends Command>(command: C, ...words: string[]): Promise<Reply<C>> {
    const said = [command, ...words].join(' ');
    if (/[\n\0]/.test(said)) throw new Error(`Not a command for the loader: ${JSON.stringify(said)}`);
    this.#process.write(`${said}\n`);
    const line = await this.#process.line(patienceMs).catch((error: unknown) => {
      if (!(error instanceof LineTimeout)) throw error;
      this.close();
      throw new CheckFailure({
        text: `The kernel had no answer to '${command}' after ${patienceMs / 1000} seconds.`,
        help: 'Make the program simpler: fewer branches, fewer and shorter loops.',
      });
    });
    if (line === null) throw await this.#ended(command);
    return parseLine(line, replies[command] as unknown as z.ZodType<Reply<C>>, 'The loader');
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

/** SIGABRT, SIGBUS, SIGFPE, SIGSEGV */
const crashes = new Set([6, 7, 8, 11]);
