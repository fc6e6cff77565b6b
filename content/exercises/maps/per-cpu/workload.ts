/**
 * Threads on all CPUs call at the same time, each a drawn number of times; and that some rounds. One thread for each CPU:
 * a kernel with preemption (Debian's 7.3) may take the CPU from a program that is running, and leaves out its runs for all
 * others on this CPU until it is done (recursion_misses in `bpftool prog`). No program could count those.
 */
import { readU64, u32 } from '../../../../grader/checks/bytes.ts';
import { usableCpus } from '../../../../grader/checks/cpus.ts';
import { Unsupported } from '../../../../grader/checks/failure.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Program } from '../../../../grader/checks/program.ts';

export interface Called {
  /** CPU -> calls of getsid that were made on it. */
  planned: Map<number, number>;
  /** Row 0, by CPU; a single value if the map is not per CPU, none if there is no such row. */
  values: bigint[];
}

export async function callOnAllCpus({ random, machine, processes }: Kit, program: Program): Promise<Called> {
  const cpus = await usableCpus(machine);
  if (cpus.length < 2) throw new Unsupported('Only a machine with at least two CPUs shows what they do at the same time; this one has one.');
  const rounds = Array.from({ length: 4 }, () => cpus.slice(0, 8).map((cpu) => ({ cpu, calls: random.int(4_000, 6_000) })));
  const map = await program.map('calls');
  await program.attach();
  const performed = await processes.perform(rounds.map((threads) => ({ action: 'together', threads })));
  const failed = performed.find(({ errno }) => errno !== 0);
  if (failed) throw new Error(`The threads cannot call from their CPUs: errno ${failed.errno}.`);
  const planned = new Map<number, number>();
  for (const { cpu, calls } of rounds.flat()) planned.set(cpu, (planned.get(cpu) ?? 0) + calls);
  return { planned, values: ((await map.lookup(u32(0))) ?? []).map((value) => readU64(value)) };
}

export function sum(counts: Iterable<number | bigint>): bigint {
  let total = 0n;
  for (const value of counts) total += BigInt(value);
  return total;
}

/** 'CPU 0: 19873, CPU 1: 20311; 40184 together.' CPUs that count nothing are left out. */
export function describe(values: readonly bigint[]): string {
  const rows = values.flatMap((value, cpu) => (value === 0n ? [] : [`CPU ${cpu}: ${value}`])).slice(0, 16);
  return `${[...rows, `${sum(values)} together`].join(', ')}.`;
}
