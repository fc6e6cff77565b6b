/**
 * Threads on all CPUs call at the same time, each a drawn number of times; and that some rounds. Then calls of all kinds, by several
 * users, among those of other system calls; and last some that count on from a number near 2^32. One thread for each CPU:
 * a kernel with preemption (Debian's 7.3) may take the CPU from a program that is running, and leaves out its runs for all
 * others on this CPU until it is done (recursion_misses in `bpftool prog`). No program could count those.
 */
import {
  type Action,
  type BpfMap,
  type Kit,
  noProcess,
  type Program,
  readU32,
  readU64,
  u32,
  u64,
  Unsupported,
  usableCpus,
} from '#kit';

export interface Called {
  /** CPU -> calls of getsid that were made on it. */
  planned: Map<number, number>;
  /** Row 0, by CPU; a single value if the map is not per CPU, none if there is no such row. */
  values: bigint[];
  /** Rows other than 0 in which something was counted. */
  others: { row: number; values: bigint[] }[];
  /** Row 0 began with this number on every CPU, and ended with `values`. */
  high: { begin: bigint; planned: Map<number, number>; values: bigint[] };
}

export async function callOnAllCpus(kit: Kit, program: Program): Promise<Called> {
  const { random, machine } = kit;
  const cpus = (await usableCpus(machine)).slice(0, 8);
  if (cpus.length < 2)
    throw new Unsupported(
      'Only a machine with at least two CPUs shows what they do at the same time; this one has one.',
    );
  const map = await program.map('calls');
  await program.attach();
  const planned = await call(kit, [
    ...Array.from({ length: 4 }, () => ({
      action: 'together' as const,
      threads: cpus.map((cpu) => ({ cpu, calls: random.int(4_000, 6_000) })),
    })),
    ...random.shuffle(callsOfAllKinds(random, cpus)),
  ]);
  const values = await rowZero(map);
  const others = (await map.entries())
    .map(([key, counts]) => ({ row: readU32(key), values: counts.map((value) => readU64(value)) }))
    .filter((one) => one.row !== 0 && sum(one.values) > 0n);
  return { planned, values, others, high: await countFromHigh(kit, map, cpus) };
}

type Storm = Extract<Action, { action: 'storm' }>;
type Calls = Extract<Action, { action: 'together' }> | Storm;

/** Of any process's session, which may be there or not; by root and others. And other system calls, which must not count. */
function callsOfAllKinds(random: Kit['random'], cpus: readonly number[]): Calls[] {
  const user = () => random.int(1, 2 ** 32 - 2);
  const someone = () => ({ uid: user(), gid: user() });
  const storm = (call: Storm['call'], args: number[], as = random.int(0, 1) ? someone() : undefined): Calls => ({
    action: 'storm',
    threads: cpus.map((cpu) => ({ cpu, calls: random.int(20, 200) })),
    call,
    args,
    ...(as && { as }),
  });
  const processes = [0, 1, 2, random.int(noProcess, 2 ** 31 - 1), -1];
  return [
    ...processes.flatMap((pid) => [storm('getsid', [pid]), storm('getpgid', [pid])]),
    storm('getsid', [0], someone()),
    storm('getsid', [1], someone()),
    storm('getppid', []),
    storm('gettid', []),
    storm('setsid', []),
  ];
}

/** CPU -> calls of getsid that were made on it. */
async function call({ processes }: Kit, calls: readonly Calls[]): Promise<Map<number, number>> {
  const performed = await processes.perform(calls);
  const failed = performed.find(({ errno }) => errno !== 0);
  if (failed) throw new Error(`The threads cannot call from their CPUs: errno ${failed.errno}.`);
  const made = new Map<number, number>();
  for (const act of calls) {
    if (act.action === 'storm' && act.call !== 'getsid') continue;
    for (const { cpu, calls: times } of act.threads) made.set(cpu, (made.get(cpu) ?? 0) + times);
  }
  return made;
}

async function countFromHigh(kit: Kit, map: BpfMap, cpus: readonly number[]): Promise<Called['high']> {
  const begin = 2n ** 32n - BigInt(kit.random.int(1, 50));
  await map.update(u32(0), u64(begin));
  const threads = cpus.map((cpu) => ({ cpu, calls: kit.random.int(100, 200) }));
  const planned = await call(kit, [{ action: 'storm', threads, call: 'getsid', args: [0] }]);
  return { begin, planned, values: await rowZero(map) };
}

async function rowZero(map: BpfMap): Promise<bigint[]> {
  return ((await map.lookup(u32(0))) ?? []).map((value) => readU64(value));
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
