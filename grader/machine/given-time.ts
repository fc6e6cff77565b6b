/**
 * Time as a machine had it. A deadline on a busy computer must not run out while the machine waits for a processor, so every deadline
 * of a machine counts the time in which it could go on. What a machine does passes from one of its threads to another (a page is
 * flushed on all virtual processors, a device answers), so it goes on only while none of them waits in the scheduler's queue: their shares
 * of waiting multiply. (With 15 processes on 2 processors a compile took 28 s: its two virtual processors waited 11 and 12 of them, the
 * device's thread 14, and 5 s are left, which is what it took when nothing else ran.) A thread that runs all the time has its own.
 * A machine that sleeps has all the time there is.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds so far: in which it ran, and in which it could have run but for another. They never fall. */
export interface ThreadTime {
  ran: number;
  waited: number;
}

/** Of each thread, by a name that stays its own. */
export type ReadThreads = () => ReadonlyMap<string, ThreadTime>;

const tickMs = 200;
/** What was counted so shortly before is still right: to ask the kernel takes a tenth of a millisecond. */
const leastMs = 50;
/** What one tick counts at most, so that a grader that was stopped, or asleep, has not used up anybody's time. */
const mostMs = 1000;
/** A machine that was given less than `leastMs` in the last `windowMs` of wall time is starved: nobody can judge on it. */
const starvation = { windowMs: 600_000, leastMs: 5000 };

export class GivenTime {
  readonly #readThreads: ReadThreads;
  readonly #onStarved: () => void;
  readonly #pending = new Map<symbol, { at: number; call: () => void }>();
  #timer: NodeJS.Timeout | undefined;
  #given = 0;
  #counted = 0;
  #wall = 0;
  #before: ReadonlyMap<string, ThreadTime> = new Map();
  /** Milliseconds of waiting that the kernel told of, by thread, and that are longer than what has been counted since. */
  readonly #owed = new Map<string, number>();
  #window = { wall: 0, given: 0 };
  /** How many deadlines have passed. */
  passed = 0;

  /** `onStarved` is told when the machine gets practically no time at all. */
  constructor(readThreads: ReadThreads = () => new Map(), onStarved: () => void = () => {}) {
    this.#readThreads = readThreads;
    this.#onStarved = onStarved;
  }

  /** Milliseconds given so far; counted only while somebody waits. */
  now(): number {
    if (this.#pending.size > 0) this.#count();
    return this.#given;
  }

  /** Calls `call` once `ms` more milliseconds were given, to a fifth of a second; what is returned forgets it. */
  after(ms: number, call: () => void): () => void {
    const key = Symbol();
    if (this.#pending.size === 0) this.#begin();
    this.#pending.set(key, { at: this.now() + Math.max(0, ms), call });
    return () => {
      this.#pending.delete(key);
      if (this.#pending.size === 0) this.#pause();
    };
  }

  /** As `after`, for what is over then. */
  deadline(ms: number, call: () => void): () => void {
    return this.after(ms, () => {
      this.passed += 1;
      call();
    });
  }

  /** Which part of the wall's time the machine was given so far, 0 to 1. */
  get share(): number {
    return this.#counted === 0 ? 1 : this.#given / this.#counted;
  }

  #begin(): void {
    this.#wall = performance.now();
    this.#before = this.#readThreads();
    this.#window = { wall: this.#wall, given: this.#given };
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #count(): void {
    const wall = performance.now();
    const elapsed = wall - this.#wall;
    if (elapsed < leastMs) return;
    const threads = this.#readThreads();
    let free = 1;
    let ran = 0;
    for (const [name, now] of threads) {
      const before = this.#before.get(name) ?? { ran: 0, waited: 0 };
      // The kernel tells of a wait when it is over, in one piece: what is longer than the time between is counted later.
      const waited = (this.#owed.get(name) ?? 0) + Math.max(0, now.waited - before.waited);
      const here = Math.min(waited, elapsed);
      this.#owed.set(name, waited - here);
      free *= 1 - here / elapsed;
      ran = Math.max(ran, Math.min(now.ran - before.ran, elapsed));
    }
    this.#wall = wall;
    this.#before = threads;
    const counted = Math.min(mostMs, elapsed);
    this.#counted += counted;
    this.#given += counted * Math.max(free, ran / elapsed);
  }

  #tick(): void {
    this.#count();
    if (this.#wall - this.#window.wall > starvation.windowMs) {
      const given = this.#given - this.#window.given;
      this.#window = { wall: this.#wall, given: this.#given };
      if (given < starvation.leastMs) this.#onStarved();
    }
    for (const [key, { at, call }] of this.#pending)
      if (at <= this.#given) {
        this.#pending.delete(key);
        // What has arrived meanwhile is read first: a slow grader is no reason to call an answer late.
        setImmediate(() => setImmediate(call));
      }
    if (this.#pending.size === 0) this.#pause();
  }
}

/**
 * The threads of a process; this one's first, which has to read what they say, and what a hypervisor kept from this computer count as
 * threads that only wait. /proc/<pid>/task/<tid>/schedstat: Documentation/scheduler/sched-stats.rst.
 */
export function threadsOf(pid: number | undefined): ReadThreads {
  return () => {
    const threads = new Map<string, ThreadTime>();
    if (pid !== undefined)
      for (const thread of listThreads(`/proc/${pid}/task`))
        threads.set(thread, readThread(`/proc/${pid}/task/${thread}/schedstat`));
    threads.set('grader', { ran: 0, waited: readThread('/proc/self/schedstat').waited });
    threads.set('hypervisor', { ran: 0, waited: stolen() });
    return threads;
  };
}

/** The processes of a cgroup, where the kernel counts what they wait (PSI). */
export function threadsInCgroup(cgroup: string): ReadThreads {
  const own = threadsOf(undefined);
  return () => {
    const waited = (Number(/^some .*total=(\d+)/m.exec(read(`${cgroup}/cpu.pressure`))?.[1]) || 0) / 1000;
    return new Map([...own(), ['cgroup', { ran: 0, waited }]]);
  };
}

function readThread(path: string): ThreadTime {
  const [ran, waited] = read(path).split(' ').map(Number);
  return { ran: (ran || 0) / 1e6, waited: (waited || 0) / 1e6 };
}

/** Milliseconds that a hypervisor kept from this computer, a processor. */
function stolen(): number {
  const [all = '', ...others] = read('/proc/stat').split('\n');
  const processors = others.filter((line) => /^cpu\d/.test(line)).length;
  const hundredths = Number(all.trim().split(/\s+/)[8]) || 0;
  return (hundredths * 10) / Math.max(1, processors);
}

function listThreads(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty where there is no such file: then nothing is known, and the wall's time counts. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
