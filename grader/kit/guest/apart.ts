/**
 * Runs what a learner wrote apart from the agent: in PID, mount, network, IPC, host name and cgroup namespaces of its
 * own, as a user who owns nothing, with the capabilities that the exercise names and no others. There it cannot see the
 * agent's port or its process, nor write to the grader's files.
 */
import type { Machine, Running, RunOptions, RunResult } from '../../machine/machine.ts';

/** As setpriv writes it: 'bpf' is CAP_BPF. */
export type Capability = 'bpf' | 'perfmon' | 'net_admin' | 'net_raw' | 'sys_resource';

export interface Privileges {
  capabilities?: readonly Capability[];
  /** Whether it may gain more by execve, which no_new_privs forbids; needed where the learner is to set that. */
  mayGainPrivileges?: boolean;
}

/** Neither root nor the user of the compilers, who owns what they write. */
export const learnerUid = 61000;

/** The bounds of everything that runs apart. */
export const bounds: RunOptions = {
  memoryBytes: 256 * 2 ** 20,
  maxProcesses: 64,
  maxFileBytes: 16 * 2 ** 20,
  maxOutputBytes: 2 ** 20,
  endAtMost: true,
};

/** A bare /dev and a /tmp of its own; no program changes the user on its way. Then becomes the command. */
const enter = `
mount -o remount,bind,nosuid / 2>/dev/null || :
mount -t tmpfs -o mode=755,nosuid,noexec,size=1m tmpfs /dev &&
mknod -m 666 /dev/null c 1 3 && mknod -m 666 /dev/zero c 1 5 && mknod -m 666 /dev/full c 1 7 &&
mknod -m 666 /dev/random c 1 8 && mknod -m 666 /dev/urandom c 1 9 && mkdir -m 1777 /dev/shm && ln -s /proc/self/fd /dev/fd &&
mount -t tmpfs -o mode=1777,nosuid,nodev,size=16m tmpfs /tmp && exec "$@"
exit 125`;

/** The command as process 1 of its namespaces, still root: for a tool of the grader's that starts the learner's program. */
export function inNamespaces(argv: readonly string[]): string[] {
  return [
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    '--net',
    '--ipc',
    '--uts',
    '--cgroup',
    'sh',
    '-c',
    enter,
    'sh',
    ...argv,
  ];
}

/** The command as the learner's user. Memory that BPF locks is not counted: before 5.11 it would be too little. */
export function asLearner(
  argv: readonly string[],
  { capabilities = [], mayGainPrivileges = false }: Privileges = {},
): string[] {
  const all = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  return [
    'prlimit',
    '--memlock=unlimited',
    '--',
    'setpriv',
    `--reuid=${learnerUid}`,
    `--regid=${learnerUid}`,
    '--clear-groups',
    `--bounding-set=${all}`,
    `--inh-caps=${all}`,
    `--ambient-caps=${all}`,
    ...(mayGainPrivileges ? [] : ['--no-new-privs']),
    ...argv,
  ];
}

/**
 * Process 1 beside the learner's program, which then gets signals as any process does: the kernel protects a process 1
 * from them. A word on standard input is the signal to send; when the program ends, so does everything it started.
 */
const beside = `
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
{ read -r signal && kill -s "$signal" "$program"; } <&3 &
wait "$program"`;

/** A learner's program that runs until it is told to end. Its exit code is 128 + the number of the signal that ended it. */
export class Apart {
  readonly #process: Running;

  constructor(machine: Machine, argv: readonly string[], privileges: Privileges, options: RunOptions = {}) {
    // A shell starts what is in the background with SIGINT ignored.
    const program = ['env', '--default-signal=INT,QUIT', ...asLearner(argv, privileges)];
    this.#process = machine.start(inNamespaces(['sh', '-c', beside, 'sh', ...program]), { ...bounds, ...options });
    this.#process.done.catch(() => {});
  }

  /** Only once: the program gets SIGINT, as by Ctrl-C. */
  interrupt(): void {
    this.#process.write('INT\n');
  }

  /** Hostile text; null at the end. Rejects with LineTimeout. */
  line(timeoutMs: number): Promise<string | null> {
    return this.#process.line(timeoutMs);
  }

  get done(): Promise<RunResult> {
    return this.#process.done;
  }

  /** Ends it and all that it started; safe to call twice. */
  async kill(): Promise<void> {
    this.#process.signal(9);
    await this.#process.done;
  }
}

/** Runs a learner's program to its end. */
export function runApart(
  machine: Machine,
  argv: readonly string[],
  privileges: Privileges,
  options: RunOptions = {},
): Promise<RunResult> {
  return new Apart(machine, argv, privileges, options).done;
}
