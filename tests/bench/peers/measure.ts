/** Runs commands, several at once if there are several, and says what all their processes took together. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { loadavg } from 'node:os';
import { killOwned, spawnOwned } from '../../../grader/machine/child.ts';
import { cpuSecondsOfEndedChildren, Marked, markName, type Usage } from './processes.ts';

export interface Measured {
  seconds: number;
  cpuSeconds: number;
  /** The most that all had at one moment, looked at every tenth of a second. */
  rss: number;
  pss: number;
  /** The machine's load of the last minute when it began. */
  load: number;
}

export interface Command {
  argv: readonly string[];
  cwd?: string;
  env?: Record<string, string>;
  /** What its standard output must have in it. */
  says: string;
}

/** One takes seconds, or a minute, and three on a machine that is busy: what takes longer than this hangs. */
const deadlineMs = 300_000;
const lookEveryMs = 100;

/** Throws if a command does not say what it has to, whatever its exit code. */
export async function measure(commands: readonly Command[]): Promise<Measured> {
  const mark = randomUUID();
  const load = loadavg()[0]!;
  const before = await cpuSecondsOfEndedChildren();
  const from = performance.now();
  const running = commands.map((command) => run(command, mark));
  const seen = watch(mark, Promise.allSettled(running));
  const outputs = await Promise.all(running);
  const seconds = (performance.now() - from) / 1000;
  const { orphans, rss, pss } = await seen;
  commands.forEach(({ says, argv }, i) => {
    if (!outputs[i]!.includes(says))
      throw new Error(`${argv.slice(0, 3).join(' ')} did not say “${says}”, but:\n${outputs[i]!.slice(-2000)}`);
  });
  return { seconds, cpuSeconds: (await cpuSecondsOfEndedChildren()) - before + orphans, rss, pss, load };
}

function run({ argv, cwd, env }: Command, mark: string): Promise<string> {
  const child = spawnOwned(argv, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env, [markName]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => (output += chunk.toString());
  child.stdout!.on('data', keep);
  child.stderr!.on('data', keep);
  const late = setTimeout(() => {
    output += `\nIt was ended after ${deadlineMs / 1000} s.`;
    killOwned(child);
  }, deadlineMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // What a command has left behind may hold its output open: its own end counts.
    child.once('exit', () => setImmediate(() => resolve(output)));
  }).finally(() => clearTimeout(late)) as Promise<string>;
}

/** Looks at the marked processes until all has ended, and a little longer: some are left to init, and end by themselves. */
async function watch(mark: string, end: Promise<unknown>): Promise<{ orphans: number; rss: number; pss: number }> {
  const marked = new Marked(mark);
  const last = new Map<number, Usage>();
  const most = { rss: 0, pss: 0 };
  let ended = false;
  void end.then(() => (ended = true));
  for (;;) {
    const all = await marked.usage();
    for (const one of all) last.set(one.pid, one);
    most.rss = Math.max(most.rss, sum(all, 'rss'));
    most.pss = Math.max(most.pss, sum(all, 'pss'));
    if (ended) break;
    await wait(lookEveryMs);
  }
  return { orphans: sum(orphansOf([...last.values()]), 'cpuSeconds'), ...most };
}

/** Those that no process of ours waited for: their time is in no child's. */
export function orphansOf(all: readonly Usage[]): Usage[] {
  const ours = new Set([process.pid, ...all.map(({ pid }) => pid)]);
  return all.filter(({ parent }) => !ours.has(parent));
}

function sum(all: readonly Usage[], what: 'rss' | 'pss' | 'cpuSeconds'): number {
  return all.reduce((total, one) => total + one[what], 0);
}
