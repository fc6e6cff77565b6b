/** What BPF programs print with bpf_printk: it goes to the kernel's trace, to which every program on the machine writes. */
import { randomUUID } from 'node:crypto';
import { type Machine, MachineFileError } from '../../machine/machine.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import type { Action, Performed, Processes } from '../processes/processes.ts';

export interface TraceMessage {
  /** The thread in whose context the program ran. */
  pid: number;
  cpu: number;
  text: string;
}

export interface Recording {
  performed: Performed[];
  /** All that was printed on the machine meanwhile, by whatever process. */
  messages: TraceMessage[];
}

/** Text, in bytes. A trace of the usual size that overflows on one CPU holds far more: 1,408 KB, and text takes more room than events. */
const leastBeforeLoss = 512 * 1024;

export class Tracing {
  readonly #machine: Machine;
  readonly #processes: Processes;

  constructor(machine: Machine, processes: Processes) {
    this.#machine = machine;
    this.#processes = processes;
  }

  /**
   * Performs the actions, and reads what was printed meanwhile. A tracing program is done when the system call that it
   * hangs on goes on, so nothing is waited for. CheckFailure if more was printed than the trace holds.
   */
  async record(actions: readonly Action[]): Promise<Recording> {
    const nonce = randomUUID();
    const start = `hookpoint-start-${nonce}`;
    const end = `hookpoint-end-${nonce}`;
    const plan: Action[] = [
      ...this.#makeRoom(),
      { action: 'mark', text: start },
      ...actions,
      { action: 'mark', text: end },
    ];
    const performed = await this.#processes.perform(plan);
    if (performed.some(({ action, errno }) => action === 'mark' && errno !== 0))
      throw new Error(
        "The kernel's trace cannot be written. Is tracefs mounted at /sys/kernel/tracing, and 1 in its file tracing_on?",
      );
    const trace = await this.#read(start, end);
    const { messages, lost } = parseTrace(trace.text, start, end);
    if (lost && trace.isWhole && trace.text.length < leastBeforeLoss)
      throw new Error(`The kernel's trace lost lines of ours, though it holds only ${trace.text.length} bytes.`);
    if (lost)
      throw new CheckFailure({
        text: "Your program prints so much that the kernel's trace overflowed before it could be read.",
        expected: 'One message for each event that the task names.',
        help: 'Look at what the program is attached to, and print once for each event.',
      });
    return { performed: performed.slice(plan.length - actions.length - 1, -1), messages };
  }

  /**
   * As long as nobody traces, the kernel has room for some hundred lines on each CPU. A guest is ours; on a host the event that
   * bpf_printk is gets switched on, as loading the program does: with that the kernel gives its trace the usual size.
   */
  #makeRoom(): Action[] {
    if (this.#machine.info.kind === 'host')
      return [{ action: 'write', path: '/sys/kernel/tracing/events/bpf_trace/bpf_trace_printk/enable', text: '1' }];
    return [{ action: 'write', path: '/sys/kernel/tracing/buffer_size_kb', text: '2048' }];
  }

  /**
   * `trace`, not `trace_pipe`: what one reader takes from the pipe, another never sees. Reading it needs no process, which
   * takes a while where instructions are emulated; one that is too long is cut to what lies between the marks.
   */
  async #read(start: string, end: string): Promise<{ text: string; isWhole: boolean }> {
    const all = await this.#machine.get('/sys/kernel/tracing/trace', 2 ** 20).catch((error: unknown) => {
      if (!(error instanceof MachineFileError)) throw error;
    });
    if (all) return { text: Buffer.from(all).toString('utf8'), isWhole: true };
    const script =
      'cd /sys/kernel/tracing && [ -e trace ] || cd /sys/kernel/debug/tracing && exec sed -n "/$1/,/$2/p" trace';
    const result = await this.#machine.run(['sh', '-c', script, 'sh', start, end], {
      maxOutputBytes: 8 * 2 ** 20,
      timeoutMs: 120_000,
    });
    if (result.code !== 0) throw new Error(`The kernel's trace cannot be read: ${result.stderr.slice(0, 500)}`);
    return { text: result.stdout, isWhole: false };
  }
}

/** `lost` if a mark is missing: the start was overwritten, or the end is beyond what could be read. */
export function parseTrace(trace: string, start: string, end: string): { messages: TraceMessage[]; lost: boolean } {
  const messages: TraceMessage[] = [];
  let started = false;
  for (const line of trace.split('\n')) {
    const event = parseEvent(line);
    if (event?.name === 'tracing_mark_write' && event.text === start) started = true;
    else if (!started) continue;
    else if (event?.name === 'tracing_mark_write' && event.text === end) return { messages, lost: false };
    else if (event?.name === 'bpf_trace_printk') messages.push({ pid: event.pid, cpu: event.cpu, text: event.text });
    // A message of several lines goes on without a head, and one that ends with \n leaves an empty line.
    else if (!event && line !== '' && messages.length > 0) messages.at(-1)!.text += `\n${line}`;
  }
  return { messages, lost: true };
}

/**
 * `           comm-1234    [001] d..21  5678.901234: bpf_trace_printk: text`. A process names itself, also with '-', ' ' and
 * ':', so the name is whatever stands before the first thing of this shape. With the option record-tgid, `(  1234)`
 * stands before the CPU.
 */
const eventLine = /^ *.{0,16}?-(\d{1,10}) +(?:\([ \d-]*\) +)?\[(\d{1,5})\] +\S+ +\d+\.\d+: (\w+): ?(.*)$/;

function parseEvent(line: string): { pid: number; cpu: number; name: string; text: string } | null {
  const parts = eventLine.exec(line);
  return parts && { pid: Number(parts[1]), cpu: Number(parts[2]), name: parts[3]!, text: parts[4]! };
}
