/** What the processes of one measurement use, as /proc tells it. They are known by a mark in their environment, which they inherit. */
import { readdir, readFile } from 'node:fs/promises';

export const markName = 'HOOKPOINT_BENCH';

export interface Usage {
  pid: number;
  parent: number;
  /** User and system time until now. */
  cpuSeconds: number;
  /** Resident memory. */
  rss: number;
  /** The same, with pages that several processes share divided among them. */
  pss: number;
}

/** Of all processes whose environment has the mark, those that end while we look left out. */
export class Marked {
  readonly #mark: string;
  /** Whether a process has the mark, by its id and start. */
  readonly #known = new Map<string, boolean>();

  constructor(mark: string) {
    this.#mark = `${markName}=${mark}`;
  }

  async usage(): Promise<Usage[]> {
    const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    return (await Promise.all(names.map((name) => this.#read(name).catch(() => undefined)))).filter(
      (one) => one !== undefined,
    );
  }

  async #read(pid: string): Promise<Usage | undefined> {
    const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    const key = `${pid}:${stat.start}`;
    if (!this.#known.has(key)) {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
      // A process has none in the moment of its exec.
      if (environment === '') return undefined;
      this.#known.set(key, environment.split('\0').includes(this.#mark));
    }
    if (!this.#known.get(key)) return undefined;
    const { rss, pss } = parseRollup(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return { pid: Number(pid), parent: stat.parent, cpuSeconds: stat.cpuSeconds, rss, pss };
  }
}

/** User and system time of this process's children that have ended and were waited for, and of theirs. */
export async function cpuSecondsOfEndedChildren(): Promise<number> {
  return parseStat(await readFile('/proc/self/stat', 'utf8')).childrenCpuSeconds;
}

/** Linux tells processes' times in hundredths of a second (proc_pid_stat(5): USER_HZ). */
const ticksPerSecond = 100;

export function parseStat(text: string): {
  parent: number;
  start: string;
  cpuSeconds: number;
  childrenCpuSeconds: number;
} {
  // The name in parentheses may have anything in it. What follows begins with the third field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    parent: field(4),
    start: fields[22 - 3]!,
    cpuSeconds: (field(14) + field(15)) / ticksPerSecond,
    childrenCpuSeconds: (field(16) + field(17)) / ticksPerSecond,
  };
}

/** Bytes. */
export function parseRollup(text: string): { rss: number; pss: number } {
  const line = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { rss: line('Rss'), pss: line('Pss') };
}
