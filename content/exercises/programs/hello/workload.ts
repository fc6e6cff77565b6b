/** Programs are started, or nearly, among things that look alike; what was printed meanwhile is told apart by process. */
import { type Action, count, type Kit, quote, type TraceMessage, usableCpus } from '#kit';

export interface Exec {
  /** What was asked for, in words. */
  what: string;
  /** It must fail: there is no such program. */
  missing: boolean;
  /** Calls of execve by one process, one after the other. */
  calls: number;
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

/**
 * Root and users of all classes; programs that are there and that are not; one call of a process, and hundreds. As children are told
 * apart by their numbers, whatever calls is a child, a thread or, on each CPU, a child that keeps to it.
 */
export async function watchExecs({ random, folder, machine, tracing }: Kit): Promise<Watched> {
  const cpus = (await usableCpus(machine)).slice(0, 8);
  const user = (uid: number) => ({ uid, gid: random.int(100_000, 2 ** 31) });
  const users = [
    1,
    random.int(2, 999),
    1000,
    65_534,
    random.int(65_536, 2 ** 31),
    random.int(2 ** 31, 2 ** 32 - 2),
  ].map(user);
  const performers = random
    .shuffle([undefined, undefined, undefined, undefined, ...users])
    .map((as) => (as ? { as } : {}));
  let next = 0;
  const by = () => performers[next++ % performers.length]!;

  const started = random.several(8, 12, () => ({
    name: random.name(random.int(3, 15)),
    path: `${folder}/${random.name(12)}`,
  }));
  const calls = (times: number): Action => ({
    action: 'call',
    times,
    call: 'execve',
    args: [0, 0, 0],
    as: user(next++),
  });
  const { performed, messages } = await tracing.record([
    ...started.map(({ path }): Action => ({ action: 'link', target: '/bin/true', path })),
    ...random.shuffle<Action>([
      ...started.map(({ name, path }): Action => ({ action: 'exec', name, path, ...by() })),
      ...random.several(6, 8, (): Action => ({
        action: 'exec-missing',
        path: `${folder}/${random.name(12)}`,
        ...by(),
      })),
      // Many by one process, as a shell makes them that looks through its PATH; by threads, and on each CPU.
      calls(random.int(2, 5)),
      calls(random.int(1_000, 1_300)),
      { ...calls(random.int(1, 3)), threaded: true } as Action,
      ...cpus.map((on): Action => ({ ...calls(random.int(20, 60)), on }) as Action),
      ...doOtherThings(random, by),
    ]),
    ...started.map(({ path }): Action => ({ action: 'remove', path })),
  ]);
  requireAsPlanned(performed);

  const execs = performed.filter(isExec);
  const execPids = new Set(execs.map(({ pid }) => pid));
  const pids = new Set(performed.map(({ pid }) => pid));
  const ours = messages.filter(({ pid }) => pids.has(pid));
  return {
    execs: execs.map((done) => ({
      what: describe(done),
      missing: done.action !== 'exec',
      calls: done.action === 'call' ? done.times : 1,
      printed: ours.filter(({ pid }) => pid === done.pid).length,
    })),
    fromExecs: ours.filter(({ pid }) => execPids.has(pid)),
    strays: ours.filter(({ pid }) => !execPids.has(pid)),
    messages: ours,
  };
}

/** What is no execve: processes and threads that begin and end, programs started by execveat, files, ids. */
function doOtherThings(random: Kit['random'], by: () => Performer): Action[] {
  return [
    ...random.several<Action>(2, 4, () => ({ action: 'fork', ...by() })),
    ...random.several<Action>(2, 3, () => ({ action: 'vfork', ...by() })),
    ...random.several<Action>(2, 4, () => ({ action: 'thread', ...by() })),
    ...random.several<Action>(2, 3, () => ({ action: 'exec-at', name: random.name(), path: '/bin/true', ...by() })),
    { action: 'call', times: 2, call: 'execveat', args: [-1, 0, 0, 0, 0], ...by() },
    ...random.several<Action>(2, 4, () => ({ action: 'open', path: '/etc/passwd', ...by() })),
    ...random.several<Action>(2, 4, () => ({ action: 'getpid', ...by() })),
  ];
}

type Performer = { as?: { uid: number; gid: number } };
type Done = Awaited<ReturnType<Kit['processes']['perform']>>[number];

const isExec = (done: Done): boolean =>
  done.action === 'exec' || done.action === 'exec-missing' || (done.action === 'call' && done.call === 'execve');

function describe(done: Done): string {
  const as = 'as' in done && done.as ? `user ${done.as.uid}` : 'root';
  if (done.action === 'exec') return `The start of ${quote(done.path)} by ${as}`;
  if (done.action === 'exec-missing') return `A call with a path that does not exist, by ${as},`;
  return `A process of ${as} that made ${count(done.action === 'call' ? done.times : 1, 'call')} without a path`;
}

const efault = 14;
const codes: Record<string, number> = { 'exec-missing': 127 };

function requireAsPlanned(performed: readonly Done[]): void {
  const failed = performed.find(
    (done) => done.code !== (codes[done.action] ?? 0) || done.errno !== (done.action === 'call' ? efault : 0),
  );
  if (failed) throw new Error(`The workload did not happen as planned: ${JSON.stringify(failed)}`);
}
