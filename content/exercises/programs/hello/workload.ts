/** Programs are started, or nearly, among things that look alike; what was printed meanwhile is told apart by process. */
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Action } from '../../../../grader/checks/processes.ts';
import type { TraceMessage } from '../../../../grader/checks/tracing.ts';

export interface Exec {
  path: string;
  /** The path does not exist, so that execve fails. */
  missing: boolean;
  printed: number;
}

export interface Watched {
  execs: Exec[];
  /** From processes of ours that called execve. */
  fromExecs: TraceMessage[];
  /** From processes of ours that did not. */
  strays: TraceMessage[];
  /** From all processes of ours. Others on the machine start programs, too, and are no concern of the verdict. */
  messages: TraceMessage[];
}

export async function watchExecs({ random, folder, tracing }: Kit): Promise<Watched> {
  const started = random.several(3, 8, () => ({ name: random.name(random.int(3, 15)), path: `${folder}/${random.name(12)}` }));
  const missing = random.several(2, 4, () => `${folder}/${random.name(12)}`);
  const { performed, messages } = await tracing.record([
    ...started.map(({ path }): Action => ({ action: 'link', target: '/bin/true', path })),
    ...random.shuffle<Action>([
      ...started.map(({ name, path }): Action => ({ action: 'exec', name, path })),
      ...missing.map((path): Action => ({ action: 'exec-missing', path })),
      ...random.several<Action>(2, 4, () => ({ action: 'fork' })),
      ...random.several<Action>(2, 4, () => ({ action: 'thread' })),
      ...random.several<Action>(2, 4, () => ({ action: 'open', path: '/etc/passwd' })),
      ...random.several<Action>(2, 4, () => ({ action: 'getpid' })),
    ]),
    ...started.map(({ path }): Action => ({ action: 'remove', path })),
  ]);
  const failed = performed.find((done) => done.errno !== 0 || (done.action === 'exec' && done.code !== 0));
  if (failed) throw new Error(`The workload did not happen as planned: ${JSON.stringify(failed)}`);

  const execs = performed.filter((done) => done.action === 'exec' || done.action === 'exec-missing');
  const execPids = new Set(execs.map(({ pid }) => pid));
  const pids = new Set(performed.map(({ pid }) => pid));
  const ours = messages.filter(({ pid }) => pids.has(pid));
  return {
    execs: execs.map(({ action, path, pid }) => ({
      path,
      missing: action === 'exec-missing',
      printed: ours.filter((message) => message.pid === pid).length,
    })),
    fromExecs: ours.filter(({ pid }) => execPids.has(pid)),
    strays: ours.filter(({ pid }) => !execPids.has(pid)),
    messages: ours,
  };
}
