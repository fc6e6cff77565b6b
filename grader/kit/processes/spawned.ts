/** The other end of environment/guest/spawner.c: processes and threads that are made in every way that the kernel has. */
import { z } from 'zod';
import { parseLine } from '../guest/hostile.ts';
import type { Kit } from '../kit.ts';

/** Ways to make something new, how many each makes, and in words. */
export const makings = {
  fork: { makes: 1, words: 'a process by fork' },
  clone: { makes: 1, words: 'a process by the system call clone' },
  clone3: { makes: 1, words: 'a process by the system call clone3' },
  namespace: { makes: 1, words: 'a process in a new PID namespace' },
  vfork: { makes: 1, words: 'a process by vfork' },
  exec: { makes: 1, words: 'a process by vfork that becomes another program' },
  thread: { makes: 1, words: 'a thread' },
  user: { makes: 2, words: 'a process, and one by that as another user' },
  'fork-by-child': { makes: 2, words: 'a process, and one by that' },
  'thread-by-child': { makes: 2, words: 'a process, and a thread by that' },
  'fork-by-thread': { makes: 2, words: 'a thread, and a process by that' },
  'thread-by-thread': { makes: 2, words: 'a thread, and another by that' },
} as const;

/** What makes nothing, in words. */
export const nothingNew = {
  'bad-clone': 'a call of clone that fails',
  'bad-clone3': 'a call of clone3 that fails',
  'bad-fork': 'a fork that fails',
  open: 'a file that is opened',
  getpid: 'a process that asks for its id',
  wait: 'a process that waits for children',
  signal: 'a signal',
  name: 'a process that gives itself another name',
  sleep: 'a process that sleeps',
  'exec-fails': 'an execve that fails',
} as const;

export type Making = keyof typeof makings;
export type NothingNew = keyof typeof nothingNew;

export interface SpawnStep {
  cpu: number;
  kind: Making | NothingNew;
}

export type Spawned = SpawnStep & {
  /** The thread that acted. */
  pid: number;
  /** Threads and processes that are new, by the kernel's numbers. */
  made: number[];
};

const pid = z.int().min(1);
const line = z.object({ pid, errno: z.int().min(0), made: z.array(pid).max(2) });

/**
 * At most 1000 steps, one after the other. In the trace instance at `folder` step 3 is between the marks '3 begin' and '3 end', and all
 * that it makes is there at '3 made'; `start` and `end` are written to the kernel's main trace. Throws if a step did not go as planned.
 */
export async function spawn(
  { machine, toolkit }: Kit,
  steps: readonly SpawnStep[],
  { folder, start, end }: { folder: string; start: string; end: string },
): Promise<Spawned[]> {
  const input = steps.map(({ cpu, kind }) => `${cpu} ${kind}\n`).join('');
  const result = await machine.run([toolkit.spawner, folder, start, end], { input, timeoutMs: 60_000 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.code !== 0 || lines.length !== steps.length)
    throw new Error(`The spawner ended with code ${result.code}: ${result.stderr.slice(0, 500)}`);
  return steps.map((step, index) => {
    const { errno, ...done } = parseLine(lines[index]!, line, 'The spawner');
    const makes = step.kind in makings ? makings[step.kind as Making].makes : 0;
    if (done.made.length !== makes || (errno !== 0) !== step.kind.startsWith('bad-'))
      throw new Error(`The step ${step.kind} made ${done.made.length} and ended with errno ${errno}.`);
    return { ...step, ...done };
  });
}
