/** The other end of environment/guest/actor.c: processes that do what the workload wants, and whose ids are known. */
import { z } from 'zod';
import type { Machine } from '../../machine/machine.ts';
import { machineText, parseLine } from '../guest/hostile.ts';

/** Who performs an action: the actor itself if nothing is said. */
export interface Performer {
  /** A child that becomes this user and group. */
  as?: { uid: number; gid: number };
  /** A child that joins the cgroup at this path; see `kit.cgroups`. */
  in?: string;
  /** A child that keeps to this CPU. */
  on?: number;
  /** A thread that is not the first of its process. Not for exec, exec-missing and fork. */
  threaded?: boolean;
}

export type Action =
  | (Performer & Act)
  /** A thread for each, which keeps to its CPU and calls getsid so many times, and getpid as often; all at once. */
  | { action: 'together'; threads: { cpu: number; calls: number }[] }
  /**
   * A system call from a thread for each, on its CPU, so many times, all at once. errno is 0 if the threads came to their CPUs.
   * Of a race that takes nanoseconds it shows little under emulation: see `BpfMap.trap`.
   */
  | (Performer & Storm)
  /** A line in the kernel's trace; the actor keeps to one CPU from here on. */
  | { action: 'mark'; text: string };

interface Storm {
  action: 'storm';
  threads: { cpu: number; calls: number }[];
  call: CallName;
  args: readonly number[];
}

/** System calls by their names (environment/guest/actor.c); for more, add a line there. */
export type CallName =
  | 'execve'
  | 'execveat'
  | 'kill'
  | 'tkill'
  | 'tgkill'
  | 'rt_sigqueueinfo'
  | 'rt_tgsigqueueinfo'
  | 'getsid'
  | 'getpgid'
  | 'getpid'
  | 'getppid'
  | 'gettid'
  | 'setsid';

type Act =
  /** A child becomes `path`, which sees `name` as its argv[0]. */
  | { action: 'exec'; name: string; path: string }
  /** A child asks for a path that does not exist: an execve that fails is still one. */
  | { action: 'exec-missing'; path: string }
  /** The same by execveat, which is another system call. */
  | { action: 'exec-at'; name: string; path: string }
  /** The bare system call with numbers as arguments, so many times by this thread; errno is that of the last. */
  | { action: 'call'; times: number; call: CallName; args: readonly number[] }
  /** The same once as each of these users, one after the other. Only root can. */
  | { action: 'sweep'; first: number; users: number; call: CallName; args: readonly number[] }
  | { action: 'vfork' }
  /** A child that ends at once, without exec. */
  | { action: 'fork' }
  | { action: 'thread' }
  | { action: 'open'; path: string }
  /** To a file that is there. */
  | { action: 'write'; path: string; text: string }
  | { action: 'getpid' }
  /** The system call, which fails: the plan chooses a target that no process can have (see noProcess). */
  | { action: 'kill'; target: number; signal: number }
  /** A socket that is connected or bound to an IPv4 address, and closed: errno says how that went. */
  | { action: 'connect' | 'bind'; protocol: 'tcp' | 'udp'; address: string; port: number }
  /** A UDP datagram of so many bytes. */
  | { action: 'datagram'; address: string; port: number; bytes: number }
  /** A symbolic link at `path`; the folder is made if its parent is there. */
  | { action: 'link'; target: string; path: string }
  | { action: 'remove'; path: string };

/**
 * An action as it happened; pid is the thread that acted: the child of 'exec', 'exec-at', 'exec-missing' and 'fork', and of an action
 * with `as` or `in`. `process` is the process of that thread.
 */
export type Performed = Action & { pid: number; process: number; code: number; errno: number };

const line = z.object({
  action: machineText(64),
  pid: z
    .int()
    .min(0)
    .max(2 ** 22),
  process: z
    .int()
    .min(0)
    .max(2 ** 22),
  code: z.int().min(-1).max(255),
  errno: z.int().min(0).max(4095),
});

export class Processes {
  readonly #machine: Machine;
  readonly #actor: string;

  constructor(machine: Machine, actor: string) {
    this.#machine = machine;
    this.#actor = actor;
  }

  /** Performs at most 10,000 actions one after the other, each ended before the next begins. */
  async perform(actions: readonly Action[]): Promise<Performed[]> {
    const result = await this.#machine.run([this.#actor], {
      input: actions.map((action) => `${words(action)}\n`).join(''),
      timeoutMs: 60_000,
      maxOutputBytes: 4 * 2 ** 20,
    });
    if (result.code !== 0)
      throw new Error(
        `The actor ended with ${result.timedOut ? 'a timeout' : result.signal ? `signal ${result.signal}` : `code ${result.code}`}. ${result.stderr.slice(0, 500)}`,
      );
    return readPerformed(actions, result.stdout);
  }
}

/** Pairs what the actor says with the plan; throws if it says less, more or something else. */
export function readPerformed(actions: readonly Action[], stdout: string): Performed[] {
  const lines = stdout.split('\n').slice(0, -1);
  if (lines.length !== actions.length)
    throw new Error(`The actor reported ${lines.length} of ${actions.length} actions.`);
  return actions.map((action, index) => {
    const { pid, process, code, errno, action: said } = parseLine(lines[index]!, line, 'The actor');
    if (said !== action.action) throw new Error(`The actor did '${said}' where the plan says '${action.action}'.`);
    return { ...action, pid, process, code, errno };
  });
}

/** A pid is at most 2^22: from here on up to 2^31 - 1, nobody is hit by a signal. */
export const noProcess = 2 ** 23;

function words(action: Action): string {
  if (action.action === 'together')
    return `together ${action.threads.map(({ cpu, calls }) => `${cpu}:${calls}`).join(' ')}`;
  const { as, in: cgroup, on, threaded, ...act } = action as Performer & (Act | Storm);
  if (as)
    return `as ${as.uid} ${as.gid} ${words({ ...act, ...(cgroup && { in: cgroup }), ...(on !== undefined && { on }), ...(threaded && { threaded }) })}`;
  if (cgroup) {
    if (!/^\/[^\s\0]{1,1000}$/.test(cgroup)) throw new RangeError(`${JSON.stringify(cgroup)} is no path of a cgroup.`);
    return `in ${cgroup} ${words({ ...act, ...(on !== undefined && { on }), ...(threaded && { threaded }) })}`;
  }
  if (on !== undefined) return `on ${on} ${words({ ...act, ...(threaded && { threaded }) })}`;
  if (threaded) return `threaded ${words(act)}`;
  if (act.action === 'storm')
    return `storm ${act.threads.map(({ cpu, calls }) => `${cpu}:${calls}`).join(',')} ${[act.call, ...act.args].join(' ')}`;
  if (act.action === 'sweep') return `sweep ${act.first} ${act.users} ${[act.call, ...act.args].join(' ')}`;
  if (act.action === 'call') return `call ${act.times} ${[act.call, ...act.args].join(' ')}`;
  const { action: verb, ...rest } = act;
  const texts = Object.values(rest).map(String);
  texts.forEach((text, index) => {
    const last = index === texts.length - 1;
    if (text === '' || text.length > 1000 || /[\n\0]/.test(text) || (!last && text.includes(' ')))
      throw new RangeError(`The action '${verb}' cannot take ${JSON.stringify(text)}.`);
  });
  return [verb, ...texts].join(' ');
}
