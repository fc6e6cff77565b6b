/** Child processes that cannot outlive the grader: killed by the kernel if it dies, by us when it ends. */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';

/** Each child with the milliseconds that it has to end by itself once it is asked to. */
const alive = new Map<ChildProcess, number>();

const usualGraceMs = 5000;

let ending = false;

/** All is being ended: what fails now fails for that reason, and nothing new is started. */
export function isEnding(): boolean {
  return ending;
}

export interface OwnedOptions {
  stdio?: StdioOptions;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Milliseconds to clear up after SIGTERM; 5,000 by default. */
  graceMs?: number;
}

/**
 * Starts a program in a session of its own, so that Ctrl-C reaches only the grader, which then decides what ends.
 * setpriv (util-linux) asks the kernel to kill the child should the grader be killed itself.
 */
export function spawnOwned(
  argv: readonly string[],
  { graceMs = usualGraceMs, ...options }: OwnedOptions = {},
): ChildProcess {
  if (ending) throw new Error(`${argv[0]} is not started: the command is ending.`);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], { ...options, detached: true });
  alive.set(child, graceMs);
  const forget = () => alive.delete(child);
  child.once('exit', forget);
  child.once('error', forget);
  return child;
}

/** Signals the child's whole session; what has ended already is left alone. */
export function killOwned(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // it has no session of its own yet
  }
}

/** Ends every child that is still there, lets no other be started, and waits; one that does not heed SIGTERM is killed after its grace. */
export async function endAllChildren(): Promise<void> {
  ending = true;
  await Promise.all(
    [...alive].map(async ([child, graceMs]) => {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      killOwned(child, 'SIGTERM');
      const timer = setTimeout(() => killOwned(child), graceMs);
      await ended;
      clearTimeout(timer);
    }),
  );
}

/** Kills every child that is still there, without waiting. */
export function killAllChildren(): void {
  for (const child of alive.keys()) killOwned(child);
}
