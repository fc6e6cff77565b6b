import { type Action, defineChecks, evidence, scriptAttaches, starts, usableCpus } from '#kit';

const file = 'calls.py';

/** Processes call getpid as often as nobody knows before, or never; what the script prints of each. */
const watched = evidence(async (kit) => {
  const { random, processes } = kit;
  const running = await kit.script(file).start();
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
  const lines = (await running.stop()).stdout.matchAll(/^(\d{1,10}) (\d{1,10})$/gm);
  const counts = new Map([...lines].map(([, pid, calls]) => [Number(pid), Number(calls)]));
  return {
    attached: running.attached,
    callers: callers.map((caller) => ({ ...caller, counted: counts.get(caller.pid) })),
    silent: counts.get(silent.pid),
  };
});

export default defineChecks({
  runs: starts(watched),

  attaches: scriptAttaches(watched),

  async fires(kit) {
    const { callers } = await watched(kit);
    kit.expect(
      callers.some(({ counted }) => counted !== undefined),
      {
        text: 'No process that called getpid is counted.',
        expected: `A line that begins with ${callers[0]!.pid} and a space.`,
        actual: 'No such line.',
      },
    );
  },

  async 'nothing-else'(kit) {
    const { silent } = await watched(kit);
    kit.expect(silent === undefined, {
      text: 'A process was counted that never called getpid.',
      expected: 'No line for it.',
      actual: `A count of ${silent}.`,
    });
  },

  async 'each-call'(kit) {
    for (const { pid, calls, counted } of (await watched(kit)).callers)
      kit.expect.equal(counted ?? 0, calls, {
        text: `The count of process ${pid} is wrong.`,
      });
  },
});
