/** Commands are started, some by the name that the script was given; the last of them says that all reports are through. */
import { evidence } from '../../../../grader/checks/evidence.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Action } from '../../../../grader/checks/processes.ts';
import type { AttachedTo } from '../../../../grader/checks/script.ts';

export const file = 'execsnoop.py';
const endMs = 10_000;

interface Watched {
  attached: AttachedTo[];
  name: string;
  /** Of the processes that became the named command. */
  pids: number[];
  /** Of those that failed to. */
  failed: number[];
  /** Of those that became another command. */
  others: number[];
  lines: string[];
  /** Lines of the form 'PID NAME', that name whatever. */
  reports: { pid: number; name: string }[];
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { random, folder } = kit;
  const name = random.name(random.int(5, 12));
  const running = await kit.script(file).start([name]);
  const path = `${folder}/${name}`;
  const others = [`${name}x`, name.slice(0, -1), `x${name}`, random.name(9)].map((other) => `${folder}/${other}`);
  const link = (at: string): Action => ({ action: 'link', target: '/bin/true', path: at });
  // The argv[0] of a command is its caller's choice: it is no evidence of what was started.
  const named = (): Action => ({ action: 'exec', name: random.name(6), path });
  const performed = await kit.processes.perform([
    { action: 'mark', text: 'keep to one CPU, so that reports come in order' },
    ...[path, ...others].map(link),
    ...random.shuffle<Action>([
      ...random.several(4, 9, named),
      ...others.flatMap((other) => random.several<Action>(1, 2, () => ({ action: 'exec', name, path: other }))),
      ...random.several<Action>(2, 4, () => ({ action: 'exec-missing', path: `${folder}/no/${name}` })),
      ...random.several<Action>(2, 4, () => ({ action: 'fork' })),
    ]),
    named(),
    ...[path, ...others].map((at): Action => ({ action: 'remove', path: at })),
  ]);
  const broken = performed.find((done) => done.errno !== 0 || (done.action === 'exec' && done.code !== 0));
  if (broken) throw new Error(`The workload did not happen as planned: ${JSON.stringify(broken)}`);
  const pidsOf = (passes: (path: string, action: string) => boolean) => performed.filter((done) => 'path' in done && passes(done.path, done.action)).map(({ pid }) => pid);
  const pids = pidsOf((at, action) => action === 'exec' && at === path);
  await running.lineWith((line) => new RegExp(`\\b${pids.at(-1)}\\b`).test(line), endMs);
  const lines = (await running.stop()).stdout.split('\n').filter((line) => line.trim() !== '').slice(0, 10_000);
  const reports = lines.map((line) => /^\s*(\d{1,7})\s+(\S+)\s*$/.exec(line)).filter((found) => found !== null).map((found) => ({ pid: Number(found[1]), name: found[2]! }));
  return {
    attached: running.attached, name, pids, lines, reports,
    failed: pidsOf((_, action) => action === 'exec-missing'),
    others: pidsOf((at, action) => action === 'exec' && at !== path),
  };
});
