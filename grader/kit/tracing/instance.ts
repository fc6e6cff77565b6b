/**
 * A trace of our own beside the kernel's main one (a tracefs instance): it gets what BPF programs print as well, and nobody takes
 * lines out of it by reading. What a learner's process shows of the main trace is its own word; this is the kernel's.
 */
import { type Machine, MachineFileError } from '../../machine/machine.ts';
import type { TraceMessage } from './tracing.ts';

export interface TraceEvent extends TraceMessage {
  /** 'bpf_trace_printk', or 'tracing_mark_write' for a mark; `text` without the one line end that may be at its end. */
  name: string;
}

const mostBytes = 8 * 2 ** 20;

export class TraceInstance {
  readonly folder: string;
  readonly #machine: Machine;

  private constructor(machine: Machine, folder: string) {
    this.#machine = machine;
    this.folder = folder;
  }

  /** Holds what BPF programs print from here on. */
  static async open(machine: Machine, name: string): Promise<TraceInstance> {
    const folder = `/sys/kernel/tracing/instances/${name}`;
    const script =
      'mkdir "$1" && cd "$1" && echo global >trace_clock && echo 1 >events/bpf_trace/bpf_trace_printk/enable';
    const made = await machine.run(['sh', '-c', script, 'sh', folder]);
    if (made.code !== 0) throw new Error(`The kernel has no trace for us: ${made.stderr.slice(0, 500)}`);
    return new TraceInstance(machine, folder);
  }

  /** All that it holds, in the order in which it happened; null if there is more than the grader reads. */
  async read(): Promise<TraceEvent[] | null> {
    const all = await this.#machine.get(`${this.folder}/trace`, mostBytes).catch((error: unknown) => {
      if (!(error instanceof MachineFileError)) throw error;
    });
    return all ? parseEvents(Buffer.from(all).toString('utf8')) : null;
  }

  async close(): Promise<void> {
    await this.#machine.run(['rmdir', this.folder]);
  }
}

/** A text that ends with a line end leaves an empty line; more lines than that are part of the text. */
export function parseEvents(trace: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  let more: string[] = [];
  const end = () => {
    const last = events.at(-1);
    if (last && more.length > 0) last.text += `\n${more.join('\n')}`.replace(/\n$/, '');
    more = [];
  };
  for (const line of trace.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('#')) continue;
    const parts = eventLine.exec(line);
    if (!parts) {
      more.push(line);
      continue;
    }
    end();
    events.push({ pid: Number(parts[1]), cpu: Number(parts[2]), name: parts[3]!, text: parts[4]! });
  }
  end();
  return events;
}

/** As in tracing.ts: a process names itself, so the name is whatever stands before the first thing of this shape. */
const eventLine = /^ *.{0,16}?-(\d{1,10}) +(?:\([ \d-]*\) +)?\[(\d{1,5})\] +\S+ +\d+\.\d+: (\w+): ?(.*)$/;
