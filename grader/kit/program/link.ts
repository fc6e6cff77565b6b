/** One program, attached to one target. */
import { quote } from '../checks/expect.ts';
import { CheckFailure, Unsupported } from '../../verdict/failure.ts';
import { type Loader, type Refusal, word } from '../guest/loader.ts';

/** EOPNOTSUPP, and ENOTSUPP, which the kernel lets out of some of its BPF code. */
const unsupported = new Set([95, 524]);

export class Link {
  readonly #loader: Loader;
  readonly #number: string;
  /** What it is attached to, for messages: 'the cgroup /sys/fs/cgroup/a'. */
  readonly place: string;

  constructor(loader: Loader, number: number, place: string) {
    this.#loader = loader;
    this.#number = String(number);
    this.place = place;
  }

  /** After this, nothing else can be done with it. */
  async detach(): Promise<void> {
    const reply = await this.#loader.ask('link-detach', this.#number);
    if (!reply.ok) throw new Error(`Detaching from ${this.place} failed: ${reply.message}`);
  }

  /**
   * From now on the other program runs there, without a moment in which none does. It may be of another object.
   * CheckFailure if the kernel does not take it, Unsupported where a program cannot be replaced (kprobes, uprobes, perf events).
   *
   * `await link.replace(await kit.program('second.bpf.c').named('count'));`
   */
  async replace(program: { readonly name: string; id(): Promise<number> }): Promise<void> {
    const reply = await this.#loader.ask('link-replace', this.#number, `#${await program.id()}`);
    if (!reply.ok) throw refused(reply, program.name, this.place, 'does not replace the program at');
  }

  /** Makes it outlast the loader, until `unpin`: a path below /sys/fs/bpf. Unsupported for what is no link (tc, sockets, perf events). */
  async pin(path: string): Promise<void> {
    const reply = await this.#loader.ask('link-pin', this.#number, word(path));
    if (reply.ok) return;
    const ebadf = 9;
    if (reply.errno === ebadf) throw new Unsupported(`What holds a program at ${this.place} is no link to be pinned.`);
    throw new Error(`Pinning the link to ${this.place} failed: ${reply.message}`);
  }

  /** The kernel's word: the type of the link and the number of its program. Throws for what is no link (tc, sockets, perf events). */
  async info(): Promise<{ type: string; program: number }> {
    const reply = await this.#loader.ask('link-info', this.#number);
    if (!reply.ok) throw new Error(`Nothing is known of the link to ${this.place}: ${reply.message}`);
    return { type: reply.type, program: reply.program };
  }

  /**
   * What an iterator's program writes when it is read once, as text. CheckFailure if that is more than `maxBytes`
   * (1 MiB by default, 4 MiB at most), which a program that repeats itself for ever would write.
   *
   * `const lines = (await link.read()).split('\n');`
   */
  async read(maxBytes = 2 ** 20): Promise<string> {
    const reply = await this.#loader.ask('link-read', this.#number, String(maxBytes));
    if (!reply.ok) throw new Error(`Reading ${this.place} failed: ${reply.message}`);
    if (reply.truncated)
      throw new CheckFailure({
        text: `The iterator wrote more than ${maxBytes} bytes.`,
        expected: 'A line or so for each thing that it visits.',
        help: 'Write only what the task asks for, and return 0 from the program: 1 makes the kernel call it again for the same thing.',
      });
    return Buffer.from(reply.output).toString('utf8');
  }
}

/** The author named the place, so one that is not there is no fault of the learner's. */
export function refused(no: Refusal, program: string, place: string, deed: string): Error {
  const [enoent, enodev, esrch, ebadf] = [2, 19, 3, 9];
  const words = `The kernel ${deed} ${place}: ${no.message}`;
  if (unsupported.has(no.errno)) return new Unsupported(`${words}.`);
  if ([enoent, enodev, esrch, ebadf].includes(no.errno)) return new Error(`${words}. ${no.libbpf.slice(0, 1000)}`);
  return new CheckFailure({
    text: `${words}.`,
    expected: `The program ${quote(program, 64)} can be attached there.`,
    help: 'The section says what kind of program it is, and only some kinds fit a place. Compare SEC("…") with the task.',
    ...(no.libbpf && { wholeLog: no.libbpf }),
  });
}
