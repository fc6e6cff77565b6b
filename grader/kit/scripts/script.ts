/**
 * A learner's own program that needs no compiler: a bpftrace or Python script. It runs apart from the machine
 * (environment/guest/apart.c says how), and is ready when the kernel says that it has attached what it attaches.
 */
import { z } from 'zod';
import type { GivenTime } from '../../machine/given-time.ts';
import { LineTimeout, type Machine, type RunOptions, type RunResult, type Running } from '../../machine/machine.ts';
import { quote } from '../checks/expect.ts';
import { CheckFailure, Unsupported } from '../../verdict/failure.ts';
import { refuseExcess } from '../guest/excess.ts';
import { machineText, parseLine } from '../guest/hostile.ts';
import type { Workplace } from '../program/program.ts';
import { explainEnd } from './script-end.ts';

interface Kind {
  argv: string[];
  /** Of apart.c's names. Measured on 5.10, 6.12 and 7.3: without bpf or perfmon nothing loads, without syslog BCC finds no system call's name. */
  capabilities: string;
  options: string[];
  /** Prints what the machine lacks for this kind of script, if it lacks something. */
  lacks?: string;
}

const bccLacks = `
  [ -d /usr/lib/python3/dist-packages/bcc ] || echo "It needs BCC for Python (the package python3-bpfcc), which is not on the machine."
  [ -d "/lib/modules/$(uname -r)/build/" ] || [ -e /sys/kernel/kheaders.tar.xz ] || echo "BCC compiles against the headers of the running kernel, and this machine has none for $(uname -r)."`;

/**
 * bpftrace stays in the machine's PID namespace: in another, its pid and tid are 0 (bpf_get_ns_current_pid_tgid knows
 * only processes of its own namespace). It runs nothing else, unless --unsafe is given. Python runs whatever it likes.
 */
const kinds: Record<string, Kind> = {
  '.bt': { argv: ['bpftrace', '-f', 'json'], capabilities: 'bpf,perfmon', options: [] },
  '.py': { argv: ['python3'], capabilities: 'bpf,perfmon,syslog', options: ['own-pids'], lacks: bccLacks },
};

/** BCC compiles the kernel's headers at every start, which takes some 25 seconds where instructions are emulated. */
const startMs = 120_000;
const endMs = 20_000;
/** What a script may still have to read when the workload is over; one that is busy for longer is stopped all the same. */
const settleMs = 10_000;

/**
 * A perf event makes a uprobe for CAP_SYS_ADMIN only (for CAP_PERFMON from 5.8 until 6.16, and the stable kernels of July
 * 2025: one that is not at an instruction's start breaks the program). This file makes one for whoever may write to it;
 * bpftrace tries it next, and refuses places inside of an instruction itself.
 */
const uprobeEvents = '/sys/kernel/tracing/uprobe_events';

/** Of every script. */
const bounds: RunOptions = {
  memoryBytes: 512 * 2 ** 20,
  maxProcesses: 32,
  maxFileBytes: 4 * 2 ** 20,
  maxOutputBytes: 4 * 2 ** 20,
  endAtMost: true,
};

export interface ScriptOptions {
  /** Files or folders of the machine that the script sees at the same path, read-only. */
  show?: string[];
  /** Files of the machine, which must be there, that the script may write as /out/<name>; no more than 4 MiB each. */
  out?: string[];
  /** Whether it may probe the programs and libraries that it sees. */
  uprobes?: boolean;
  /** Whether the kernel counts the runs of its programs: `RunningScript.runs`. */
  countRuns?: boolean;
}

/** Where the kernel says that a program of the script is attached: kind 'tracepoint', 'kprobe', …, or a link's type. */
export type AttachedTo = z.output<typeof attachedTo>;
const attachedTo = z.object({ kind: machineText(64), target: machineText(512), offset: z.number().min(0) });
/** How often a program of the script has run, by the kernel's count; `type` is the kernel's number for its type. */
export type ProgramRuns = z.output<typeof programRuns>;
const programRuns = z.object({ id: z.int().min(1), type: z.int().min(0), runs: z.number().min(0) });
const readiness = z.object({
  ready: z.boolean(),
  programs: z.array(attachedTo).max(512),
  runs: z.array(programRuns).max(512),
});
const started = z.object({ pid: z.int().min(1) });

export class Script {
  readonly file: string;
  readonly #at: Workplace;
  readonly #kind: Kind;
  readonly #running: RunningScript[] = [];

  constructor(file: string, at: Workplace) {
    const kind = kinds[file.slice(file.lastIndexOf('.'))];
    if (!kind)
      throw new Error(`${file} is no kind of script that can be run; known are ${Object.keys(kinds).join(', ')}.`);
    this.file = file;
    this.#at = at;
    this.#kind = kind;
  }

  /** Resolves once its programs are attached and it waits for events. CheckFailure if it ends, or attaches nothing. */
  async start(
    words: string[] = [],
    { show = [], out = [], uprobes = false, countRuns = false }: ScriptOptions = {},
  ): Promise<RunningScript> {
    const { machine, toolkit, folder } = this.#at;
    await this.#refuseMachine();
    await this.#at.place();
    await allowTracing(machine);
    const options = [
      ...this.#kind.options,
      ...(countRuns ? ['count-runs'] : []),
      ...show.map((path) => `show=${path}`),
      ...out.map((path) => `out=${path}`),
      ...(uprobes ? [`write=${uprobeEvents}`] : []),
    ];
    const argv = [
      toolkit.apart,
      this.#kind.capabilities,
      `${folder}/submission`,
      ...options,
      '--',
      ...this.#kind.argv,
      this.file,
      ...words,
    ];
    const process = machine.start(argv, {
      env: {
        PATH: '/usr/bin:/usr/sbin',
        HOME: '/tmp',
        LC_ALL: 'C.UTF-8',
        PYTHONUNBUFFERED: '1',
        PYTHONDONTWRITEBYTECODE: '1',
      },
      timeoutMs: 300_000,
      ...bounds,
    });
    const running = new RunningScript(this.file, process, machine.time, (pid, timeoutMs) =>
      machine.run([toolkit.attached, String(pid)], { timeoutMs }),
    );
    this.#running.push(running);
    await running.attach(this.#at.sources);
    return running;
  }

  async #refuseMachine(): Promise<void> {
    if (this.#kind.lacks === undefined) return;
    const { stdout } = await this.#at.machine.run(['sh', '-c', this.#kind.lacks]);
    if (stdout.trim() !== '') throw new Unsupported(stdout.trim().replaceAll('\n', ' ').slice(0, 1000));
  }

  close(): void {
    for (const running of this.#running) running.kill();
  }
}

/** Runs environment/guest/attached.c: until the script has attached something and waits, or has ended. */
type Settle = (pid: number, timeoutMs: number) => Promise<RunResult>;

export class RunningScript {
  readonly file: string;
  /** Empty until it is ready. */
  attached: AttachedTo[] = [];
  /**
   * Of every program that it holds, as the kernel has counted when it was last waited for: before the end, by `stop`. Only if `start`
   * was told `countRuns`, and not before Linux 5.8.
   */
  runs: ProgramRuns[] = [];
  readonly #process: Running;
  readonly #time: GivenTime;
  readonly #settle: Settle;
  #pid: number | undefined;
  #lines: string[] = [];

  constructor(file: string, process: Running, time: GivenTime, settle: Settle) {
    this.file = file;
    this.#process = process;
    this.#time = time;
    this.#settle = settle;
  }

  /** For Script only. */
  async attach(sources: ReadonlyMap<string, string>): Promise<void> {
    const line = await this.#process.line(startMs);
    if (line === null)
      throw new Error(`The script was not started: ${(await this.#process.done).stderr.slice(0, 500)}`);
    this.#pid = parseLine(line, started, 'apart').pid;
    const asked = await this.#settle(this.#pid, startMs);
    if (asked.timedOut) {
      this.kill();
      throw new CheckFailure({
        text: `${this.file} runs, but after ${startMs / 1000} seconds it has not attached a BPF program and waited for events.`,
        expected: 'A program that is attached to an event, and a script that waits for what it reports.',
        help: 'Does the script attach its program, and does it then poll or wait? A loop that never waits keeps the machine from everything else.',
        wholeLog: (await this.#process.done).stderr,
      });
    }
    if (asked.code !== 0) throw new Error(`The kernel cannot be asked what is attached: ${asked.stderr.slice(0, 500)}`);
    const { ready, programs } = parseLine(asked.stdout, readiness, 'attached');
    if (!ready) {
      const end = await this.#process.done;
      refuseExcess(this.file, end, bounds);
      throw new CheckFailure(explainEnd(this.file, end, sources));
    }
    this.attached = programs;
  }

  /** The first line of output that passes, from here on; null if none did within `timeoutMs` or to the end. */
  async lineWith(passes: (line: string) => boolean, timeoutMs: number): Promise<string | null> {
    let late = false;
    const forget = this.#time.deadline(timeoutMs, () => (late = true));
    try {
      while (!late) {
        const line = await this.#process.line(timeoutMs).catch((error: unknown) => {
          if (error instanceof LineTimeout) return null;
          throw error;
        });
        if (line === null) return null;
        this.#lines.push(line);
        if (passes(line)) return line;
      }
      return null;
    } finally {
      forget();
    }
  }

  /** All lines so far that `lineWith` has taken. */
  get taken(): readonly string[] {
    return this.#lines;
  }

  /** Until it waits for events again: then it has read all that there was. */
  async settle(): Promise<void> {
    if (this.#pid === undefined) return;
    const asked = await this.#settle(this.#pid, settleMs);
    if (asked.timedOut || asked.code !== 0) return;
    const { ready, runs } = parseLine(asked.stdout, readiness, 'attached');
    if (ready) this.runs = runs;
  }

  /**
   * Ends it as Ctrl-C does, once it waits again; all that it has printed. CheckFailure if it goes on nevertheless, or prints
   * too much. bpftrace drops whatever it has not yet read when the signal comes (exitsig_recv in its bpftrace.cpp).
   */
  async stop(): Promise<RunResult> {
    await this.settle();
    this.#process.signal(2);
    let late = false;
    const forget = this.#time.deadline(endMs, () => {
      late = true;
      this.kill();
    });
    const result = await this.#process.done.finally(forget);
    if (late)
      throw new CheckFailure({
        text: `${this.file} goes on after Ctrl-C (SIGINT).`,
        expected: 'It ends, and its programs are detached with it.',
        help: 'Do not ignore KeyboardInterrupt: catch it only to leave the loop.',
      });
    refuseExcess(this.file, result, bounds);
    return { ...result, stdout: [...this.#lines, result.stdout].join('\n') };
  }

  kill(): void {
    this.#process.signal(9);
  }
}

/** A place as the learner would write it: 'tracepoint sys_exit_read'. */
export function describeAttached(attached: readonly AttachedTo[]): string {
  return (
    attached
      .map(({ kind, target }) => (target ? `${kind} ${quote(target, 100).slice(1, -1)}` : kind))
      .join(', ')
      .slice(0, 1000) || 'nothing'
  );
}

/**
 * Debian and Ubuntu forbid perf events to all but CAP_SYS_ADMIN at level 3 and up, with which a learner's program could
 * mount what it is kept from. 2 is the kernel's own default, and asks for CAP_PERFMON. A guest is ours to change.
 */
async function allowTracing(machine: Machine): Promise<void> {
  const file = '/proc/sys/kernel/perf_event_paranoid';
  if (machine.info.kind === 'vm') {
    const set = await machine.run(['sh', '-c', `echo 2 >${file}`]);
    if (set.code !== 0) throw new Error(`Perf events cannot be allowed: ${set.stderr.slice(0, 500)}`);
    return;
  }
  const level = Number(Buffer.from(await machine.get(file)).toString());
  if (level > 2)
    throw new Unsupported(
      `kernel.perf_event_paranoid is ${level} on this machine, at which tracing needs CAP_SYS_ADMIN, and a learner's program does not get that. Allow it with: sudo sysctl kernel.perf_event_paranoid=2`,
    );
}
