/** One program of a loaded object: run on what the grader makes up, or attached to what it names. */
import { quote } from '../checks/expect.ts';
import { CheckFailure, Unsupported } from '../../verdict/failure.ts';
import { hex, type KnownProgram, type Loader, type Opened, type TestRun, word } from '../guest/loader.ts';
import { Link, refused } from './link.ts';
import { inWords, type Target } from './targets.ts';

/** What a program is to run on. */
export interface RunInput {
  /** For programs that look at packets: a frame from its Ethernet header on. */
  data?: Uint8Array;
  /** The kind's context as the kernel takes it: struct xdp_md, struct __sk_buff, arguments of a raw tracepoint. */
  context?: Uint8Array;
}

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
    return (this.#id ??= this.about().then(({ id }) => id));
  }

  /**
   * What the kernel knows of it: runs and nanoseconds (see `kit.bpf.countRuns`), instructions that the verifier walked
   * through (0 before 5.16), sizes in bytes.
   */
  async about(): Promise<KnownProgram> {
    const reply = await this.#loader.ask('program', this.name);
    if (!reply.ok) throw new Error(`The kernel says nothing of the program ${this.name}: ${reply.message}`);
    return reply;
  }

  /**
   * Attaches it to a target that is named. CheckFailure if the kernel does not let it, Unsupported if this kernel has no such place.
   *
   * ```ts
   * const link = await program.attachTo({ cgroup: '/sys/fs/cgroup/web' });
   * await program.attachTo({ interface: 'eth0', hook: 'tc egress', namespace: pair.namespace });
   * await program.attachTo({ uprobe: target.path, symbol: 'parse', at: 'return' });
   * ```
   */
  async attachTo(target: Target): Promise<Link> {
    const { command, place, since } = inWords(target);
    if (since) this.#loader.needs(since, `Attaching a program to ${place}`);
    const reply = await this.#loader.ask('attach-to', this.name, ...command);
    if (!reply.ok) throw refused(reply, this.name, place, `does not attach ${this.name} to`);
    return new Link(this.#loader, reply.link, place);
  }

  /**
   * BPF_PROG_TEST_RUN, once with each packet (frames from their Ethernet header on), all in one call to the machine.
   * The kernel runs nothing that is shorter than an Ethernet header.
   */
  runEach(packets: readonly Uint8Array[]): Promise<TestRun[]> {
    return this.runAll(packets.map((data) => ({ data })));
  }

  /**
   * The same with a packet, a context, or both; `repeat` times in the kernel (at most 1,000,000), of which the last run is told and
   * `nanoseconds` is the mean. Unsupported if this kernel cannot run this kind of program so.
   *
   * ```ts
   * const { retval, nanoseconds } = await program.run({ data: frame, repeat: 10_000 });
   * ```
   */
  async run({ repeat = 1, ...input }: RunInput & { repeat?: number }): Promise<TestRun> {
    return (await this.runAll([input], repeat))[0]!;
  }

  /** `run` for many, one after the other, in one call to the machine. */
  async runAll(inputs: readonly RunInput[], repeat = 1): Promise<TestRun[]> {
    if (!Number.isInteger(repeat) || repeat < 1 || repeat > 1_000_000)
      throw new RangeError(`A program is run from 1 to 1,000,000 times, not ${repeat}.`);
    const words = inputs.flatMap(({ context, data }) => [hex(context), hex(data)]);
    const reply = await this.#loader.ask('run', this.name, String(repeat), ...words);
    if (!reply.ok) throw new Error(`The program ${this.name} cannot be run: ${reply.message}`);
    if (reply.runs.length !== inputs.length)
      throw new Error(`The loader ran ${reply.runs.length} of ${inputs.length} inputs.`);
    const no = reply.runs.find((run) => run.errno !== 0);
    if (no && [95, 524].includes(no.errno))
      throw new Unsupported(`This kernel has no test run for programs like ${this.name}.`);
    if (no) throw new Error(`The kernel refuses a test run of ${this.name}: errno ${no.errno}`);
    return reply.runs;
  }

  /** Runs it on this packet on every CPU at once, so many times on each, all in one call. The number of CPUs. */
  async runTogether(packet: Uint8Array, repeat: number): Promise<number> {
    const reply = await this.#loader.ask('run-together', this.name, String(repeat), hex(packet));
    if (!reply.ok) throw new Error(`The program ${this.name} cannot be run on all CPUs: ${reply.message}`);
    return reply.cpus;
  }

  /** Makes it outlast the loader, until `kit.bpf.unpin`: a path below /sys/fs/bpf. */
  async pin(path: string): Promise<void> {
    const reply = await this.#loader.ask('pin', 'program', this.name, word(path));
    if (!reply.ok) throw new Error(`The program ${this.name} cannot be pinned at ${path}: ${reply.message}`);
  }
}

/** libbpf's name of a type -> the section that a learner writes for it. */
const sections: Record<string, string> = { xdp: 'xdp', sched_cls: 'tc', socket_filter: 'socket' };

export function notTheOnly(type: string, found: number, file: string, programs: Opened['programs']): CheckFailure {
  const section = quote(sections[type] ?? type);
  return new CheckFailure({
    text: found
      ? `${file} holds ${found} programs with SEC(${section}), and nobody knows which to attach.`
      : `${file} holds no program with SEC(${section}).`,
    expected: `One program, with SEC(${section}) in front.`,
    actual: programs
      .map((program) => `${quote(program.name, 64)} has SEC(${quote(program.section)}).`)
      .join(' ')
      .slice(0, 2000),
    help: `The section says what kind of program it is, and what the kernel gives it to look at. Write SEC(${section}) in front of the one function that the kernel shall run.`,
  });
}
