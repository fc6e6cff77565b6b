/** The other end of environment/guest/executor.c: commands that are started in every way, and processes that start none. */
import { z } from 'zod';
import { parseLine } from '../guest/hostile.ts';
import type { Kit } from '../kit.ts';

/** What a process does, one after the other. */
export type CommandAct =
  /** Becomes what is at the path, by execve, by execveat, or by a thread of it that is not the first. */
  | { act: 'exec' | 'execveat' | 'by-thread'; path: string }
  /** An execve that fails. */
  | { act: 'fails'; path: string }
  /** Gives itself a name. */
  | { act: 'named'; name: string }
  | { act: 'fork' | 'thread' };

export interface CommandPlan {
  cpu: number;
  /** Started by fork and execve, by vfork and execve; one that stays till `release`; a child of ours that starts nothing by itself. */
  by: 'run' | 'spawn' | 'stay' | 'do';
  /** A command, made by `commandAt`; not for 'do'. */
  path?: string;
  /** Not for 'stay'. */
  acts: CommandAct[];
}

const told = z.object({ pid: z.int().min(1), code: z.int() });

/** Makes paths to be commands that act; other files are whatever they are. Their folder is made. */
export async function makeCommands({ machine, toolkit }: Kit, folder: string, names: readonly string[]): Promise<void> {
  const script = 'tool=$1 && mkdir -p "$2" && cd "$2" && shift 2 && for name; do ln -s "$tool" "$name" || exit; done';
  const made = await machine.run(['sh', '-c', script, 'sh', toolkit.executor, folder, ...names]);
  if (made.code !== 0) throw new Error(`The commands cannot be made: ${made.stderr.slice(0, 500)}`);
}

export interface Commands {
  /** Of each line of the plan, by the kernel's numbers. */
  pids: number[];
  /** Lets those end that stay, and waits for them. */
  release(): Promise<void>;
}

/** One after the other. Throws if one does not end with code 0. */
export async function runCommands({ machine, toolkit }: Kit, plan: readonly CommandPlan[]): Promise<Commands> {
  const process = machine.start([toolkit.executor], { timeoutMs: 300_000 });
  const words = plan.map(({ cpu, by, path, acts }) =>
    [cpu, by, ...(path === undefined ? [] : [path]), ...acts.flatMap(describeAct)].join(' '),
  );
  process.write(`${words.join('\n')}\n.\n`);
  const pids: number[] = [];
  for (const { by, path } of plan) {
    const line = await process.line(60_000);
    if (line === null) throw new Error(`The executor has ended: ${(await process.done).stderr.slice(0, 500)}`);
    const { pid, code } = parseLine(line, told, 'The executor');
    if (code !== 0) throw new Error(`The command ${by} ${path ?? ''} ended with code ${code}.`);
    pids.push(pid);
  }
  return {
    pids,
    async release() {
      process.end();
      const { code, stderr } = await process.done;
      if (code !== 0) throw new Error(`The executor ended with code ${code}: ${stderr.slice(0, 500)}`);
    },
  };
}

function describeAct(act: CommandAct): string[] {
  const words = Object.values(act);
  if (words.some((word) => !/^\S+$/.test(word))) throw new RangeError(`A command cannot ${words.join(' ')}.`);
  return words;
}
