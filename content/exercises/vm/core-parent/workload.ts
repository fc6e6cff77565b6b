/** Tasks that end on this kernel, and others that end on kernels that are made up. The second draw follows the first. */
import { buildTarget, highPids, type Kit, type Program, usableCpus } from '#kit';
import { z } from 'zod';
import { type Elsewhere, runElsewhere } from './elsewhere.ts';
import { family } from './family.ts';
import { makeUp } from './kernels.ts';

export interface Row {
  parent: bigint;
  state: bigint;
}

export interface Ended {
  what: string;
  pid: number;
  wanted: Row;
  /** Null if there is none. */
  row: Row | null;
}

/** Ways to end, in words, and the state in which the parent is meanwhile, by include/linux/sched.h. */
const kinds = {
  sleeping: { what: 'a process whose parent sleeps', state: 1n },
  running: { what: 'a process whose parent runs', state: 0n },
  stopped: { what: 'a process whose parent is stopped', state: 0x104n },
  'thread-forks': { what: 'a process that a thread has made, which sleeps', state: 1n },
  thread: { what: 'a thread, whose parent sleeps', state: 1n },
  orphan: { what: 'a process whose parent has ended, and which has another one now', state: 1n },
} as const;

const line = z.object({
  ended: z
    .int()
    .min(1)
    .max(2 ** 22),
  parent: z
    .int()
    .min(1)
    .max(2 ** 22),
});

export async function seeExits(kit: Kit, program: Program): Promise<Ended[]> {
  const { machine, random } = kit;
  const rows = (await program.map('parents')).typed({ key: 'u32', value: { parent: 'u64', state: 'u64' } });
  const target = await buildTarget(kit, random.name(), family);
  await highPids(machine, random);
  const cpus = await usableCpus(machine);
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const plan = random.shuffle(cpus.flatMap((cpu) => names.map((kind) => ({ kind, cpu }))));
  const link = await (await program.named('see_exit')).attachTo('section');
  const run = await machine.run([target.path], {
    input: plan.map(({ kind, cpu }) => `${kind} ${cpu}\n`).join(''),
    timeoutMs: 120_000,
  });
  const lines = run.stdout.split('\n').slice(0, -1);
  if (run.code !== 0 || lines.length !== plan.length)
    throw new Error(
      `The family ended with ${run.signal ?? run.code} after ${lines.length} lines: ${run.stderr.slice(0, 500)}`,
    );
  await link.detach();
  const here: Ended[] = [];
  for (const [index, { kind }] of plan.entries()) {
    const { ended, parent } = line.parse(JSON.parse(lines[index]!));
    const { what, state } = kinds[kind];
    here.push({ what, pid: ended, wanted: { parent: BigInt(parent), state }, row: await rows.get(ended) });
  }
  return here;
}

export async function seeElsewhere(kit: Kit, program: Program): Promise<Elsewhere[]> {
  const { random } = kit;
  const kernels = random.shuffle([
    makeUp(random, 'state', false),
    makeUp(random, 'state', true),
    makeUp(random, '__state', false),
    makeUp(random, '__state', true),
    makeUp(random, 'neither', random.int(0, 1) === 1),
  ]);
  return runElsewhere(kit, await program.compile(), kernels);
}
