/** The other end of environment/guest/actor.c: processes that do what the workload wants, and whose ids are known. */
import { z } from 'zod';
import type { Machine } from '../machine/machine.ts';
import { machineText, parseLine } from './hostile.ts';

/** The child of an action becomes this user and group first. */
interface AsUser {
  as?: { uid: number; gid: number };
}

export type Action =
  /** A child becomes `path`, which sees `name` as its argv[0]. */
  | ({ action: 'exec'; name: string; path: string } & AsUser)
  /** A child asks for a path that does not exist: an execve that fails is still one. */
  | ({ action: 'exec-missing'; path: string } & AsUser)
  /** A child that ends at once, without exec. */
  | ({ action: 'fork' } & AsUser)
  | { action: 'thread' }
  | { action: 'open'; path: string }
  | { action: 'getpid' }
  /** The system call, which fails: the plan chooses a target that no process can have (see noProcess). */
  | { action: 'kill'; target: number; signal: number }
  /** A thread for each, which keeps to its CPU and calls getsid so many times, and getpid as often; all at once. */
  | { action: 'together'; threads: { cpu: number; calls: number }[] }
  /** A symbolic link at `path`; the folder is made if its parent is there. */
  | { action: 'link'; target: string; path: string }
  | { action: 'remove'; path: string }
  /** A line in the kernel's trace; the actor keeps to one CPU from here on. */
  | { action: 'mark'; text: string };

/** An action as it happened; pid is the thread that acted: the child of 'exec', 'exec-missing' and 'fork'. */
export type Performed = Action & { pid: number; code: number; errno: number };

const line = z.object({
  action: machineText(64),
  pid: z.int().min(0).max(2 ** 22),
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
      timeoutMs: 120_000,
      maxOutputBytes: 4 * 2 ** 20,
    });
    if (result.code !== 0)
      throw new Error(`The actor ended with ${result.timedOut ? 'a timeout' : result.signal ? `signal ${result.signal}` : `code ${result.code}`}. ${result.stderr.slice(0, 500)}`);
    return readPerformed(actions, result.stdout);
  }
}

/** Pairs what the actor says with the plan; throws if it says less, more or something else. */
export function readPerformed(actions: readonly Action[], stdout: string): Performed[] {
  const lines = stdout.split('\n').slice(0, -1);
  if (lines.length !== actions.length) throw new Error(`The actor reported ${lines.length} of ${actions.length} actions.`);
  return actions.map((action, index) => {
    const { pid, code, errno, action: said } = parseLine(lines[index]!, line, 'The actor');
    if (said !== action.action) throw new Error(`The actor did '${said}' where the plan says '${action.action}'.`);
    return { ...action, pid, code, errno };
  });
}

/** A pid is at most 2^22: from here on up to 2^31 - 1, nobody is hit by a signal. */
export const noProcess = 2 ** 23;

function words(action: Action): string {
  if (action.action === 'together') return `together ${action.threads.map(({ cpu, calls }) => `${cpu}:${calls}`).join(' ')}`;
  const { as, ...act } = action as Action & AsUser;
  if (as) return `as ${as.uid} ${as.gid} ${words(act)}`;
  const { action: verb, ...rest } = action;
  const texts = Object.values(rest).map(String);
  texts.forEach((text, index) => {
    const last = index === texts.length - 1;
    if (text === '' || text.length > 1000 || /[\n\0]/.test(text) || (!last && text.includes(' ')))
      throw new RangeError(`The action '${verb}' cannot take ${JSON.stringify(text)}.`);
  });
  return [verb, ...texts].join(' ');
}
