/** Some signals are in the map, with a count from before; these and others are sent, to processes that do not exist. */
import { readU32, readU64, u32, u64 } from '../../../../grader/checks/bytes.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import { noProcess, type Action } from '../../../../grader/checks/processes.ts';
import type { Program } from '../../../../grader/checks/program.ts';

export interface Sent {
  listed: { signal: number; before: number; times: number }[];
  /** What the map says afterwards. */
  rows: Map<number, bigint>;
}

export async function sendSignals({ random, processes }: Kit, program: Program): Promise<Sent> {
  // Numbers that nobody else sends: the kernel looks for the process first, and never at the signal.
  const first = random.int(1_000, 1_000_000);
  const signals = random.shuffle(Array.from({ length: 24 }, (_, index) => first + index));
  const listed = signals.slice(0, random.int(4, 8)).map((signal) => ({ signal, before: random.int(1, 1000), times: random.int(2, 6) }));
  const unlisted = signals.slice(8, random.int(12, 20));
  const kill = (signal: number): Action => ({ action: 'kill', target: random.int(noProcess, 2 ** 31 - 1), signal });

  const map = await program.map('watched');
  for (const { signal, before } of listed) await map.update(u32(signal), u64(before));
  await program.attach();
  const performed = await processes.perform(random.shuffle([
    ...listed.flatMap(({ signal, times }) => Array.from({ length: times }, () => kill(signal))),
    ...unlisted.flatMap((signal) => random.several(1, 3, () => kill(signal))),
  ]));
  const esrch = 3;
  const odd = performed.find(({ errno }) => errno !== esrch);
  if (odd) throw new Error(`The workload did not happen as planned: ${JSON.stringify(odd)}`);
  const entries = await map.entries();
  return { listed, rows: new Map(entries.map(([key, [value]]) => [readU32(key), readU64(value!)])) };
}
