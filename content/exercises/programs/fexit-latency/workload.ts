/** Calls of the kernel's function that last as long as another process wants, and where they must be found. */
import {
  buildTarget,
  CheckFailure,
  highPids,
  type Kit,
  type Link,
  type LoadedProgram,
  type Program,
  type Running,
  u32,
  usableCpus,
} from '#kit';
import { z } from 'zod';
import { locker } from './locker.ts';

/** How long a call took, in nanoseconds of the kernel's clock: it was asleep for the first, and between two readings of the clock for the second. */
export interface Call {
  shortest: bigint;
  longest: bigint;
}

export interface Phase {
  calls: Call[];
  /** How much was added to each bucket meanwhile. */
  added: bigint[];
}

export interface Evidence {
  /** One thread, one call after the other. */
  alone: Phase;
  /** Many threads at once, of the other process as well. */
  together: Phase;
  /** Calls of the other process, and what is no call. */
  others: Phase;
  /** The other process is the target now, and both call. */
  exchanged: Phase;
  /** Calls that return an error. */
  failed: Phase;
  /** Calls during which the programs are attached: leave first, and enter first. */
  entered: [leaveFirst: Phase, enterFirst: Phase];
  /** The next call of the thread that was in a call then. */
  next: Phase;
  /** Each by a thread of its own, one after the other. */
  crowd: Phase;
  /** All CPUs at once, without a time for each call. */
  storm: { calls: number; added: bigint[] };
}

const nanoseconds = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt);
const told = z.object({
  asleep: nanoseconds,
  released: nanoseconds,
  before: nanoseconds,
  after: nanoseconds,
  error: z.int().min(0).max(4095),
});
const pid = z
  .int()
  .min(1)
  .max(2 ** 22);
const buckets = 64;
/** Threads of each process; those of the target come first. */
const each = 4;
const eintr = 4;

export async function measure(kit: Kit, program: Program): Promise<Evidence> {
  const { machine, random } = kit;
  const latencies = (await program.map('latencies')).typed({ key: 'u32', value: 'u64' });
  const target = await program.variable('target', 'u32');
  const [enter, leave] = [await program.named('enter'), await program.named('leave')];
  const built = await buildTarget(kit, random.name(), locker);
  await highPids(machine, random);
  const running = machine.start([built.path, kit.folder], { timeoutMs: 300_000 });
  const ids = z.object({ target: pid, other: pid }).parse(JSON.parse(await say(running)));
  await target.set(ids.target).catch(() => {
    throw new CheckFailure({
      text: 'User space cannot set the variable target while the programs are loaded.',
      expected: 'volatile __u32 target; as in the starter.',
      help: 'Leave the declaration of target as it is: a const variable cannot be changed any more.',
    });
  });

  // As if many calls had been counted: the next one needs more than 32 bits.
  for (let bucket = 0; bucket < buckets; bucket++) await latencies.set(bucket, 2n ** 32n - 1n);

  /** What is said meanwhile, and what that adds. */
  const phase = async (act: () => Promise<Call[]>): Promise<Phase> => {
    const before = await read();
    const calls = await act();
    return { calls, added: (await read()).map((count, bucket) => count - before[bucket]!) };
  };
  const read = async (): Promise<bigint[]> => {
    const rows = new Map(await latencies.entries());
    return Array.from({ length: buckets }, (_, bucket) => rows.get(bucket) ?? 0n);
  };
  const order = async (text: string): Promise<void> => void (await say(running, text));
  /** Waits of so many microseconds by these threads, all at once; those of `counted` are told. */
  const hold = async (waits: Wait[], counted = 0): Promise<Call[]> => {
    const line = await say(running, `hold ${waits.map(([thread, time]) => `${thread}:${time}`).join(' ')}`);
    const calls = z.array(told).length(waits.length).parse(JSON.parse(line));
    return calls.map(asCall).filter((_, index) => Math.floor(waits[index]![0] / each) === counted);
  };
  /** Longer than 2^exponent nanoseconds by a half. */
  const middle = (exponent: number): number => Math.round((2 ** exponent * (1.35 + random.int(0, 10) / 100)) / 1000);

  const attach = (one: LoadedProgram) => one.attachTo('section');

  let links: Link[] = [];
  const leaveFirst = await phase(async () => {
    await order('begin 0');
    links = [await attach(leave)];
    // The kernel leaves fexit out of a call during which it changes what is attached, so one has to end before that.
    await order('begin 1');
    await order('end 1');
    await order('begin 1');
    links.push(await attach(enter));
    for (const thread of random.shuffle([0, 1])) await order(`end ${thread}`);
    return [];
  });
  const alone = await phase(async () => {
    const calls: Call[] = [];
    for (const exponent of random.shuffle([21, 23, 25, 27, 32])) calls.push(...(await hold([[0, middle(exponent)]])));
    return calls;
  });
  const together = await phase(async () => {
    const calls: Call[] = [];
    for (let round = 0; round < 3; round++) {
      const exponents = random.shuffle([22, 23, 24, 25, 26, 27, 28, 29]);
      const waits = exponents.map((exponent, thread): Wait => [thread, middle(exponent)]);
      calls.push(...(await hold(random.shuffle(waits))));
    }
    return calls;
  });
  // Before the others leave rows behind: a call of theirs that is counted frees one.
  await target.set(ids.other);
  const exchanged = await phase(() =>
    hold(
      [
        [0, middle(22)],
        [each, middle(23)],
        [each + 1, middle(26)],
      ],
      1,
    ),
  );
  await target.set(ids.target);
  // More than starts has rows for. What is left behind by each of them takes the room of a later one.
  const threads = random.int(70, 90);
  const others = await phase(async () => {
    await hold([
      [each, middle(24)],
      [each + 1, middle(25)],
    ]);
    await order(`l ${each} ${threads}`);
    await order(`f ${each + 2} ${threads}`);
    await order(`o 0 ${random.int(5, 9)}`);
    return [];
  });
  const failed = await phase(async () => {
    for (const thread of [0, 2]) {
      const call = told.parse(JSON.parse(await say(running, `interrupt ${thread}`)));
      if (call.error !== eintr) throw new Error(`An interrupted call ended with errno ${call.error}.`);
    }
    for (const thread of [0, 1]) await order(`f ${thread} ${threads}`);
    return [];
  });
  const crowd = await phase(async () => {
    // Whatever the others leave behind fills the rows that came free meanwhile.
    await order(`l ${each + 3} ${threads}`);
    await order(`l 3 ${threads}`);
    return Array.from({ length: threads }, () => ({ shortest: 0n, longest: 2n ** 63n }));
  });
  const storm = await rush();
  for (const link of links) await link.detach();
  const enterFirst = await phase(async () => {
    links = [await attach(enter)];
    await order('begin 2');
    links.push(await attach(leave));
    await order('end 2');
    return [];
  });
  const next = await phase(() => hold([[2, middle(22)]]));
  for (const link of links) await link.detach();
  running.end();
  const { code, stderr } = await running.done;
  if (code !== 0) throw new Error(`The locker ended with ${code}: ${stderr.slice(0, 500)}`);
  return { alone, together, others, exchanged, failed, entered: [leaveFirst, enterFirst], next, crowd, storm };

  /** The bucket that most calls fall into is where counts get lost. */
  async function rush(): Promise<Evidence['storm']> {
    const trial = (await phase(() => order('storm 100').then(() => []))).added;
    const bucket = trial.reduce((best, count, index) => (count > trial[best]! ? index : best), 0);
    const trap = await (await program.map('latencies')).trap(u32(bucket));
    const times = random.int(1_000, 1_500);
    const { added } = await phase(() => order(`storm ${times}`).then(() => []));
    await trap.stop();
    return { calls: 2 * Math.min(each, (await usableCpus(machine)).length) * times, added };
  }
}

type Wait = [thread: number, microseconds: number];

function asCall({ asleep, released, before, after, error }: z.output<typeof told>): Call {
  if (error !== 0) throw new Error(`A call ended with errno ${error}.`);
  return { shortest: released - asleep, longest: after - before };
}

async function say(running: Running, text?: string): Promise<string> {
  if (text) running.write(`${text}\n`);
  const line = await running.line(120_000);
  if (line !== null) return line;
  throw new Error(`The locker has ended: ${(await running.done).stderr.slice(0, 500)}`);
}
