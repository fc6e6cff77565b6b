import { type Action, defineChecks, evidence, readU32, readU64, usableCpus } from '#kit';

const file = 'calls.bpf.c';

/** Processes call getpid as often as nobody knows before, or never; what the map says of each. */
const counted = evidence(async (kit) => {
  const { random, processes } = kit;
  const program = kit.program(file);
  await program.attach();
  const map = await program.map('calls');
  const cpus = (await usableCpus(kit.machine)).slice(0, 8);
  /** Of a process, and of so many threads of it at once, each on a CPU of its own. */
  const perform = async (calls: number, inThread = 0) => {
    const opens = random.int(3, 9);
    const performed = await processes.perform([
      ...random.shuffle<Action>([
        ...Array.from({ length: calls }, () => ({ action: 'getpid' as const })),
        ...Array.from({ length: opens }, () => ({ action: 'open' as const, path: '/etc/passwd' })),
      ]),
      ...(inThread > 0
        ? [{ action: 'together' as const, threads: cpus.map((cpu) => ({ cpu, calls: inThread })) }]
        : []),
    ]);
    return { pid: performed[0]!.pid, calls: calls + cpus.length * inThread };
  };
  const callers = [await perform(random.int(5, 40)), await perform(random.int(5, 40), random.int(4_000, 6_000))];
  const silent = await perform(0);
  const rows = new Map((await map.entries()).map(([key, [value]]) => [readU32(key), Number(readU64(value!))]));
  return {
    callers: callers.map((caller) => ({ ...caller, counted: rows.get(caller.pid) })),
    silent: rows.get(silent.pid),
  };
});

export default defineChecks({
  async fires(kit) {
    const { callers } = await counted(kit);
    kit.expect(
      callers.some((caller) => caller.counted !== undefined),
      {
        text: 'The map calls has no row for a process that called getpid.',
        expected: `A row with the key ${callers[0]!.pid}.`,
        actual: 'None.',
      },
    );
  },

  async 'nothing-else'(kit) {
    const { silent } = await counted(kit);
    kit.expect(silent === undefined, {
      text: 'A process was counted that never called getpid.',
      expected: 'No row for it.',
      actual: `A count of ${silent}.`,
    });
  },

  async 'each-call'(kit) {
    for (const caller of (await counted(kit)).callers)
      kit.expect.equal(caller.counted ?? 0, caller.calls, {
        text: `The count of process ${caller.pid} is wrong.`,
      });
  },
});
