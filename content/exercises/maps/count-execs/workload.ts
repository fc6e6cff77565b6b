/** Made-up users start programs, some of which are not there, among others who start none; then some call from all CPUs at once. */
import { type Action, type BpfMap, type Kit, type Program, readU32, readU64, u32, u64, usableCpus } from '#kit';

export interface Counted {
  /** User -> calls of execve. */
  execs: Map<number, number>;
  /** Users who do much, and never call execve. */
  idle: number[];
  groups: number[];
  /** What the map says before the crowd. Root's row is the machine's own business, too. */
  rows: Map<number, bigint>;
  /** Root's calls of execve, as far as they are ours. */
  byRoot: number;
  /** The same for those who call from all CPUs at once, and what the map says after that. */
  crowd: { execs: Map<number, number>; rows: Map<number, bigint> };
}

interface User {
  uid: number;
  gid: number;
}

/** The task asks for room for 1024 users. Some rows are left to root, and to whoever else is at work on this machine. */
const room = 1024 - 8;
export async function countExecs(kit: Kit, program: Program): Promise<Counted> {
  const { random, processes } = kit;
  const { users, idle, many } = drawUsers(random);
  const crowd = users.slice(0, 3);
  const planned = users.map((user, index) => ({ user, acts: execsOf(random, user, index) }));

  await program.attach();
  const performed = await processes.perform([
    ...random.shuffle<Action>([
      ...planned.flatMap(({ acts }) => acts),
      ...idle.flatMap((user) => withoutExecve(random, user)),
      ...Array.from({ length: random.int(2, 5) }, () => call({ uid: 0, gid: 0 }, 1)),
    ]),
    // A call each: the table is full, or nearly so.
    { action: 'sweep', first: many.first, users: many.users, call: 'execve', args: [0, 0, 0] },
  ]);
  requireAsPlanned(performed);
  const counts = await program.map('counts');
  const read = async () =>
    new Map((await counts.entries()).map(([key, [value]]) => [readU32(key), readU64(value!)] as const));
  const execs = new Map(planned.map(({ user, acts }) => [user.uid, acts.reduce((sum, act) => sum + timesOf(act), 0)]));
  for (let index = 0; index < many.users; index++) execs.set(many.first + index, 1);
  const rows = await read();

  return {
    execs,
    idle: idle.map(({ uid }) => uid),
    groups: users.map(({ gid }) => gid),
    rows,
    byRoot: performed.filter((done) => 'as' in done && done.as?.uid === 0).length,
    crowd: { execs: await callInCrowds(kit, counts, crowd, execs), rows: await read() },
  };
}

/** Of every class of ids some: the system's, people's, those around 2^16, 2^31 and the last; groups are never users here. */
function drawUsers(random: Kit['random']): { users: User[]; idle: User[]; many: { first: number; users: number } } {
  const edges = [1, random.int(2, 999), 1000, 65_533, 65_534, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2];
  const drawn = distinct(() => random.int(100_000, 2 ** 31 - 10_000), 40);
  const high = distinct(() => random.int(2 ** 31 + 1, 2 ** 32 - 3), 4);
  const groups = distinct(() => random.int(66_000, 99_999), 40);
  const all = random
    .shuffle([...edges, ...drawn.slice(0, random.int(8, 16)), ...high])
    .map((uid, index) => ({ uid, gid: groups[index]! }));
  const idle = drawn.slice(-4).map((uid) => ({ uid, gid: uid }));
  return { users: all, idle, many: { first: 2 ** 31 - 8_000, users: room - all.length } };
}

function call(user: User, times: number): Action {
  return { action: 'call', times, call: 'execve', args: [0, 0, 0], as: user };
}

/** A user's calls: of programs that are there and are not, several by one process, by a thread that is not the first. */
function execsOf(random: Kit['random'], user: User, index: number): Action[] {
  const kinds: (() => Action)[] = [
    () => ({ action: 'exec', name: random.name(), path: '/bin/true', as: user }),
    () => ({ action: 'exec-missing', path: `/${random.name(12)}`, as: user }),
    () => call(user, random.int(2, 300)),
    () => ({ ...call(user, random.int(1, 3)), threaded: true }) as Action,
  ];
  return [kinds[index % kinds.length]!(), ...random.several(0, 2, () => random.pick(kinds)())];
}

const timesOf = (act: Action): number => (act.action === 'call' ? act.times : 1);

/** Processes and threads that begin and end; programs started by execveat, which is another system call; ids asked for. */
function withoutExecve(random: Kit['random'], as: User): Action[] {
  return [
    { action: 'fork', as },
    { action: 'vfork', as },
    { action: 'thread', as },
    { action: 'exec-at', name: random.name(), path: '/bin/true', as },
    { action: 'call', times: 3, call: 'execveat', args: [-1, 0, 0, 0, 0], as },
    { action: 'open', path: '/etc/passwd', as },
    { action: 'getpid', as },
  ];
}

/**
 * Each has a row already, and the counts of all but the first are near 2^32 by then; they call from all CPUs, one user after the other.
 * With the trap a plain addition loses hundreds of counts.
 */
async function callInCrowds(
  { random, machine, processes }: Kit,
  counts: BpfMap,
  users: readonly User[],
  before: ReadonlyMap<number, number>,
): Promise<Map<number, number>> {
  const cpus = (await usableCpus(machine)).slice(0, 8);
  const execs = new Map(users.map(({ uid }, i) => [uid, i ? 2 ** 32 - random.int(1, 1_000) : before.get(uid)!]));
  for (const as of users) {
    const threads = cpus.map((cpu) => ({ cpu, calls: random.int(1_200, 2_000) }));
    if (await counts.lookup(u32(as.uid))) await counts.update(u32(as.uid), u64(BigInt(execs.get(as.uid)!)));
    const trap = await counts.trap(u32(as.uid));
    const [done] = await processes.perform([{ action: 'storm', threads, call: 'execve', args: [0, 0, 0], as }]);
    await trap.stop();
    if (done!.errno) throw new Error(`No calls on all CPUs: ${JSON.stringify(done)}`);
    execs.set(as.uid, execs.get(as.uid)! + threads.reduce((sum, { calls }) => sum + calls, 0));
  }
  return execs;
}

const efault = 14;
const codes: Record<string, number> = { 'exec-missing': 127 };

function requireAsPlanned(performed: readonly (Action & { code: number; errno: number })[]): void {
  const failed = performed.find(
    (done) => done.code !== (codes[done.action] ?? 0) || done.errno !== (done.action === 'call' ? efault : 0),
  );
  if (failed) throw new Error(`The workload did not happen as planned: ${JSON.stringify(failed)}`);
}

function distinct(draw: () => number, size: number): number[] {
  const drawn = new Set<number>();
  while (drawn.size < size) drawn.add(draw());
  return [...drawn];
}
