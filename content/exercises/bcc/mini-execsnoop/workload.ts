/** Commands are started in every way, some by the name that the script was given; one stays, and its report must come before its end. */
import {
  type AttachedTo,
  type CommandAct,
  type CommandPlan,
  evidence,
  highPids,
  type Kit,
  makeCommands,
  runCommands,
  usableCpus,
} from '#kit';

export const file = 'execsnoop.py';
const endMs = 20_000;

export interface Start {
  pid: number;
  /** How often this process became the named command. */
  times: number;
  /** How it did, in words. */
  way: string;
}

interface Watched {
  attached: AttachedTo[];
  name: string;
  /** Processes that became the named command. */
  starts: Start[];
  /** Of those that failed to. */
  failed: number[];
  /** Of those that became another command, or none. */
  others: Start[];
  lines: string[];
  /** Lines of the form 'PID NAME', that name whatever. */
  reports: { pid: number; name: string }[];
  /** Lines of another form. */
  odd: string[];
  /** The report of the command that stays came while it stayed. */
  atOnce: boolean;
  /** So did that of the last command of all, before the script was told to end. */
  inTime: boolean;
  stayed: number;
  /** How often the kernel ran the script's programs; null if it does not count. */
  runs: number | null;
}

type Planned = CommandPlan & { times: number; way: string; fails?: boolean };

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { random, folder, machine } = kit;
  // As long as the task allows. A dot, which is any letter to who takes the name for a pattern.
  const name = `${random.name(8)}.${random.name(5)}`;
  const running = await kit.script(file).start([name], { countRuns: true });
  const cpus = await usableCpus(machine);
  await highPids(machine, random);
  const changed = (at: number) => `${name.slice(0, at)}${name[at] === 'q' ? 'z' : 'q'}${name.slice(at + 1)}`;
  const otherNames = [
    `${name}x`,
    `x${name}`,
    name.slice(0, -1),
    name.slice(1),
    changed(name.length - 1),
    changed(0),
    changed(5),
    changed(8),
    name.toUpperCase(),
    name.replace('.', '-'),
    random.name(9),
  ];
  await makeCommands(kit, folder, [name, ...otherNames]);
  const path = `${folder}/${name}`;
  const others = otherNames.map((other) => `${folder}/${other}`);
  const other = () => random.pick(others);
  const missing = `${folder}/no/${name}`;
  const exec = (at: string): CommandAct => ({ act: 'exec', path: at });
  const many = random.int(3, 6);
  const ways: Omit<Planned, 'cpu'>[] = [
    ...random.several(12, 20, () => ({ by: 'run' as const, path, acts: [], times: 1, way: 'by execve' })),
    { by: 'spawn', path, acts: [], times: 1, way: 'by vfork and execve' },
    { by: 'do', acts: [{ act: 'execveat', path }], times: 1, way: 'by execveat' },
    { by: 'do', acts: [{ act: 'by-thread', path }], times: 1, way: 'by a thread that is not the first' },
    {
      by: 'run',
      path,
      acts: Array.from({ length: many }, () => exec(path)),
      times: many + 1,
      way: 'again and again by the same process',
    },
    { by: 'run', path: other(), acts: [exec(path)], times: 1, way: 'by a process that was another command' },
    { by: 'run', path, acts: [exec(other())], times: 1, way: 'by a process that then becomes another command' },
    { by: 'run', path, acts: [exec(other()), exec(path)], times: 2, way: 'with another command in between' },
    { by: 'run', path, acts: [{ act: 'fails', path: missing }], times: 1, way: 'and then fails to start another' },
    {
      by: 'run',
      path,
      acts: [{ act: 'fails', path: folder }, { act: 'fork' }, { act: 'thread' }],
      times: 1,
      way: 'and then forks',
    },
    { by: 'run', path, acts: [{ act: 'named', name: 'another' }], times: 1, way: 'and then takes another name' },
    { by: 'do', acts: [{ act: 'named', name: 'another' }, exec(path)], times: 1, way: 'after taking another name' },
    { by: 'do', acts: [{ act: 'fails', path: missing }, exec(path)], times: 1, way: 'after a try that failed' },
    ...others.map((at) => ({ by: 'run' as const, path: at, acts: [], times: 0, way: 'another command' })),
    { by: 'spawn', path: other(), acts: [], times: 0, way: 'another command' },
    { by: 'do', acts: [{ act: 'execveat', path: other() }], times: 0, way: 'another command' },
    {
      by: 'run',
      path: other(),
      acts: [{ act: 'named', name }],
      times: 0,
      way: 'a process that only gives itself the name',
    },
    {
      by: 'do',
      acts: [{ act: 'named', name }, { act: 'fork' }, { act: 'thread' }],
      times: 0,
      way: 'a process that only gives itself the name',
    },
    { by: 'do', acts: [{ act: 'named', name }, exec(other())], times: 0, way: 'another command' },
    { by: 'do', acts: [{ act: 'fork' }, { act: 'thread' }], times: 0, way: 'a process that starts no command' },
    ...random.several(2, 4, () => ({
      by: 'do' as const,
      acts: [{ act: 'fails' as const, path: missing }],
      times: 0,
      way: '',
      fails: true,
    })),
    {
      by: 'do',
      acts: [
        { act: 'named', name },
        { act: 'fails', path: missing },
      ],
      times: 0,
      way: '',
      fails: true,
    },
    { by: 'run', path: other(), acts: [{ act: 'fails', path: missing }], times: 0, way: '', fails: true },
  ];
  // The last keeps to the CPU of the one that stays: their reports come in order.
  const [first, last] = ['stay', 'run'].map((by) => ({
    by: by as 'stay' | 'run',
    path,
    acts: [],
    times: 1,
    way: 'by execve',
    cpu: cpus[0]!,
  }));
  const byUser: Planned[] = [
    { by: 'run', path, acts: [], times: 1, way: 'by a user who is not root', cpu: cpus.at(-1)! },
    { by: 'spawn', path, acts: [], times: 1, way: 'by a user who is not root', cpu: cpus[0]! },
    { by: 'run', path: other(), acts: [], times: 0, way: 'another command', cpu: cpus[0]! },
  ];
  const byOthers = await runCommands(await asUser(kit, 70_000 + random.int(1, 999)), byUser);
  await byOthers.release();
  const plan: Planned[] = [
    first!,
    ...random.shuffle(ways.map((way, i) => ({ ...way, cpu: cpus[i % cpus.length]! }))),
    last!,
  ];
  const { pids, release } = await runCommands(kit, plan);
  const about = (pid: number) => (line: string) => new RegExp(`\\b${pid}\\b`).test(line);
  const inTime = (await running.lineWith(about(pids.at(-1)!), endMs)) !== null;
  const atOnce = running.taken.some(about(pids[0]!));
  await release();
  const { stdout } = await running.stop();
  // Some end with an empty line at Ctrl-C.
  const lines = stdout.trimEnd() === '' ? [] : stdout.trimEnd().split('\n').slice(0, 10_000);
  const parsed = lines.map((line) => /^(\d{1,7}) (\S+)$/.exec(line));
  const done = [...byUser, ...plan].map(({ times, way, fails }, i) => ({
    pid: [...byOthers.pids, ...pids][i]!,
    times,
    way,
    fails,
  }));
  return {
    attached: running.attached,
    name,
    starts: done.filter(({ times }) => times > 0),
    failed: done.filter(({ fails }) => fails).map(({ pid }) => pid),
    others: done.filter(({ times, fails }) => times === 0 && !fails),
    lines,
    reports: parsed.flatMap((found) => (found ? [{ pid: Number(found[1]), name: found[2]! }] : [])),
    odd: lines.filter((_, i) => !parsed[i]),
    atOnce,
    inTime,
    stayed: pids[0]!,
    runs: running.runs.length > 0 ? running.runs.reduce((sum, { runs }) => sum + runs, 0) : null,
  };
});

/** The same tools, but who starts the commands becomes this user first. */
async function asUser(kit: Kit, uid: number): Promise<Kit> {
  const executor = `${kit.folder}/executor-of-${uid}`;
  const become = `setpriv --reuid ${uid} --regid ${uid} --clear-groups`;
  await kit.machine.put(executor, `#!/bin/sh\nexec ${become} ${kit.toolkit.executor}\n`, 0o755);
  return { ...kit, toolkit: { ...kit.toolkit, executor } };
}
