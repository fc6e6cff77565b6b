/** One program of a loaded object: run on made-up packets, or attached by its number in the kernel. */
import { quote } from './expect.ts';
import { CheckFailure } from './failure.ts';
import type { Loader, Opened, TestRun } from './loader.ts';

export class LoadedProgram {
  readonly name: string;
  readonly #loader: Loader;
  #id: Promise<number> | undefined;

  constructor(loader: Loader, name: string) {
    this.#loader = loader;
    this.name = name;
  }

  /** The kernel's number for it. Whoever else shall attach it gets hold of it by this. */
  id(): Promise<number> {
    return (this.#id ??= this.#askId());
  }

  /**
   * BPF_PROG_TEST_RUN, once with each packet (frames from their Ethernet header on), all in one call to the machine.
   * The kernel runs nothing that is shorter than an Ethernet header.
   */
  async runEach(packets: readonly Uint8Array[]): Promise<TestRun[]> {
    const reply = await this.#loader.ask('run', this.name, ...packets.map((packet) => Buffer.from(packet).toString('hex')));
    if (!reply.ok) throw new Error(`The program ${this.name} cannot be run: ${reply.message}`);
    if (reply.runs.length !== packets.length) throw new Error(`The loader ran ${reply.runs.length} of ${packets.length} packets.`);
    const refused = reply.runs.find((run) => run.errno !== 0);
    if (refused) throw new Error(`The kernel refuses a test run of ${this.name}: errno ${refused.errno}`);
    return reply.runs;
  }

  async #askId(): Promise<number> {
    const reply = await this.#loader.ask('id', this.name);
    if (!reply.ok) throw new Error(`The program ${this.name} has no number: ${reply.message}`);
    return reply.id;
  }
}

/** libbpf's name of a type -> the section that a learner writes for it. */
const sections: Record<string, string> = { xdp: 'xdp', sched_cls: 'tc', socket_filter: 'socket' };

export function notTheOnly(type: string, found: number, file: string, programs: Opened['programs']): CheckFailure {
  const section = quote(sections[type] ?? type);
  return new CheckFailure({
    text: found ? `${file} holds ${found} programs with SEC(${section}), and nobody knows which to attach.` : `${file} holds no program with SEC(${section}).`,
    expected: `One program, with SEC(${section}) in front.`,
    actual: programs.map((program) => `${quote(program.name, 64)} has SEC(${quote(program.section)}).`).join(' ').slice(0, 2000),
    help: `The section says what kind of program it is, and what the kernel gives it to look at. Write SEC(${section}) in front of the one function that the kernel shall run.`,
  });
}
