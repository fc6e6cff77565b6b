/** Made-up users start programs, some of which are not there, among others who start none. */
import { readU32, readU64 } from '../../../../grader/checks/bytes.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Action } from '../../../../grader/checks/processes.ts';
import type { Program } from '../../../../grader/checks/program.ts';

export interface Counted {
  /** User -> calls of execve. */
  execs: Map<number, number>;
  /** Users whose processes begin and end, and nothing else. */
  idle: number[];
  groups: number[];
  /** What the map says. Root's row is the machine's own business, too. */
  rows: Map<number, bigint>;
}

export async function countExecs({ random, processes }: Kit, program: Program): Promise<Counted> {
  const ids = random.shuffle(distinct(() => random.int(100_000, 2 ** 31 - 1), 64));
  const users = ids.slice(0, random.int(18, 26)).map((uid, index) => ({ uid, gid: ids[32 + index]!, times: random.int(1, 4) }));
  const idle = ids.slice(28, 32);
  const exec = (as: { uid: number; gid: number }): Action =>
    random.int(0, 4) === 0
      ? { action: 'exec-missing', path: `/${random.name(12)}`, as }
      : { action: 'exec', name: random.name(), path: '/bin/true', as };

  await program.attach();
  const performed = await processes.perform(random.shuffle<Action>([
    ...users.flatMap(({ uid, gid, times }) => Array.from({ length: times }, () => exec({ uid, gid }))),
    ...idle.map((uid): Action => ({ action: 'fork', as: { uid, gid: uid } })),
  ]));
  const expected = { exec: 0, fork: 0, 'exec-missing': 127 } as Record<string, number>;
  const failed = performed.find((done) => done.errno !== 0 || done.code !== expected[done.action]);
  if (failed) throw new Error(`The workload did not happen as planned: ${JSON.stringify(failed)}`);

  const entries = await (await program.map('counts')).entries();
  return {
    execs: new Map(users.map(({ uid, times }) => [uid, times])),
    idle,
    groups: users.map(({ gid }) => gid),
    rows: new Map(entries.map(([key, [value]]) => [readU32(key), readU64(value!)])),
  };
}

function distinct(draw: () => number, size: number): number[] {
  const drawn = new Set<number>();
  while (drawn.size < size) drawn.add(draw());
  return [...drawn];
}
