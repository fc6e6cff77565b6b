/** Processes and threads are made, then other things happen; what the script printed of the kernel's trace is told apart by marks. */
import { randomUUID } from 'node:crypto';
import { evidence } from '../../../../grader/checks/evidence.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Action } from '../../../../grader/checks/processes.ts';
import type { AttachedTo } from '../../../../grader/checks/script.ts';
import { parseTrace, type TraceMessage } from '../../../../grader/checks/tracing.ts';

export const file = 'hello.py';
const endMs = 10_000;

interface Watched {
  attached: AttachedTo[];
  processes: number;
  threads: number;
  /** What the process that made them printed meanwhile. */
  greetings: TraceMessage[];
  /** And while nothing was made. */
  strays: TraceMessage[];
  /** The script passed on the trace up to our last mark. */
  complete: boolean;
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { random } = kit;
  const running = await kit.script(file).start();
  const [start, middle, end] = ['start', 'middle', 'end'].map((name) => `hookpoint-${name}-${randomUUID()}`) as [string, string, string];
  const forks = random.several<Action>(3, 7, () => ({ action: 'fork' }));
  const threads = random.several<Action>(3, 7, () => ({ action: 'thread' }));
  const others = random.shuffle<Action>([
    ...random.several<Action>(4, 9, () => ({ action: 'open', path: '/etc/passwd' })),
    ...random.several<Action>(4, 9, () => ({ action: 'getpid' })),
  ]);
  const performed = await kit.processes.perform([
    { action: 'mark', text: start }, ...random.shuffle([...forks, ...threads]), { action: 'mark', text: middle }, ...others, { action: 'mark', text: end },
  ]);
  const failed = performed.find(({ errno }) => errno !== 0);
  if (failed) throw new Error(`The workload did not happen as planned: ${JSON.stringify(failed)}`);
  const complete = (await running.lineWith((line) => line.includes(end), endMs)) !== null;
  const trace = (await running.stop()).stdout.split('\n').map(plain).join('\n');
  const actor = performed[0]!.pid;
  const between = (from: string, to: string) => parseTrace(trace, from, to).messages.filter(({ pid }) => pid === actor);
  return { attached: running.attached, processes: forks.length, threads: threads.length, greetings: between(start, middle), strays: between(middle, end), complete };
});

/** Python shows bytes as b'…', in which a ' is written \'. */
function plain(line: string): string {
  return /^b(['"])(.*)\1$/.exec(line)?.[2]?.replaceAll("\\'", "'") ?? line;
}
