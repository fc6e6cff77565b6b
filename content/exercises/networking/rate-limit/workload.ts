/**
 * Buckets in every state, each for one sender. Time is not waited for: a token that comes once in ten hours does not come during a grading,
 * and for the others the kernel's clock is read before and after the frames, so what must have been added is known between two bounds,
 * which are the same number unless the machine was very slow.
 */
import {
  drawHosts,
  everyHeaderOver6,
  everyProtocolOver4,
  type Frame,
  type Kit,
  kindsOver4,
  type Program,
  Traffic,
} from '#kit';

export interface Bucket {
  tokens: bigint;
  burst: bigint;
  interval: bigint;
  since: bigint;
}

export type Group = 'burst' | 'refill' | 'full' | 'edges';

export interface Told {
  what: string;
  before: Bucket;
  after: Bucket;
  frames: number;
  passed: number;
  /** Neither passed nor dropped, or changed. */
  odd: number;
  /** By the kernel's clock, before the first frame and after the last. */
  from: bigint;
  to: bigint;
}

export interface Evidence {
  told: Map<Group, Told[]>;
  /** Frames that no bucket is about; and the rows of the map that nobody made. */
  others: { frames: number; dropped: Frame | undefined; changed: Frame | undefined; strange: number; taken: bigint };
  crowds: { tokens: bigint; calls: bigint; left: bigint }[];
}

const [drop, pass] = [1, 2];
/** A row that the program has deleted. */
const gone = { tokens: -1n, burst: 0n, interval: 0n, since: 0n, lock: 0 };
const hour = 3_600_000_000_000n;
const never = 10n * hour;

export async function limitAll(kit: Kit, program: Program): Promise<Evidence> {
  const { random } = kit;
  const buckets = (await program.map('buckets')).typed({
    key: 'ipv4',
    value: { tokens: 'u64', burst: 'u64', interval: 'u64', since: 'u64', lock: 'u32' },
  });
  const limit = await program.only('xdp');
  const [left, right] = drawHosts(random);
  const address = drawAddresses(kit);
  const traffic = (from: string) => new Traffic(random, { ...left, address: from }, right);

  const kinds = drawKinds(kit, traffic(address()));
  const start = await readClock(kit);
  const plans = drawPlans(kit, start, kinds.length).map((plan) => ({ ...plan, from: address() }));
  for (const { from, bucket } of plans) await buckets.set(from, { ...bucket, lock: 0 });
  // Only the address says whose frame it is; frames of all senders come mixed.
  const turns = random.shuffle(plans.flatMap(({ frames }, index) => Array.from({ length: frames }, () => index)));
  const next = plans.map(() => random.int(0, kinds.length - 1));
  const frames = turns.map((index) => withSource(kinds[next[index]!++ % kinds.length]!.bytes, plans[index]!.from));
  const from = await readClock(kit);
  const runs = await limit.runEach(frames);
  const to = await readClock(kit);

  const told = new Map<Group, Told[]>();
  for (const [index, plan] of plans.entries()) {
    const own = runs
      .map(({ retval, data }, turn) => ({ retval, changed: !Buffer.from(data).equals(frames[turn]!) }))
      .filter((_, turn) => turns[turn] === index);
    const { lock: _, ...after } = (await buckets.get(plan.from)) ?? gone;
    const one: Told = {
      what: plan.what,
      before: plan.bucket,
      after,
      frames: own.length,
      passed: own.filter(({ retval }) => retval === pass).length,
      odd: own.filter(({ retval, changed }) => changed || (retval !== pass && retval !== drop)).length,
      from,
      to,
    };
    told.set(plan.group, [...(told.get(plan.group) ?? []), one]);
  }
  return { told, others: await passOthers(), crowds: await crowd() };

  /** Of a sender whose bucket is empty: what is not IPv4, and what is to it. */
  async function passOthers(): Promise<Evidence['others']> {
    const poor = address();
    const bucket = { tokens: 0n, burst: 5n, interval: never, since: to, lock: 0 };
    await buckets.set(poor, bucket);
    const rows = (await buckets.entries()).length;
    const [own, free] = [
      traffic(poor),
      new Traffic(random, { ...left, address: address() }, { ...right, address: poor }),
    ];
    const passing = [
      ...kindsOver4(random, free, 'TCP'),
      ...everyProtocolOver4(random, free),
      ...own.withOtherEtherTypes(own.ipv4('UDP')),
      own.withOtherEtherType(own.ipv4('UDP')),
      own.tagged(own.ipv4('UDP')),
      ...[14, 25, 26, 29, 30, 33].map((length) => own.cut(own.ipv4('UDP'), length)),
      ...everyHeaderOver6(random, own),
      own.arp(),
    ];
    const done = await limit.runEach(passing.map(({ bytes }) => bytes));
    return {
      frames: passing.length,
      dropped: passing.find((_, i) => done[i]!.retval !== pass),
      changed: passing.find((frame, i) => !Buffer.from(done[i]!.data).equals(frame.bytes)),
      strange: (await buckets.entries()).length - rows,
      taken: bucket.tokens - ((await buckets.get(poor)) ?? gone).tokens,
    };
  }

  /** All CPUs take tokens from one bucket at once; more than they can take, and fewer. The trap makes the gap of a race wide. */
  async function crowd(): Promise<Evidence['crowds']> {
    const crowds: Evidence['crowds'] = [];
    for (const tokens of [2n ** 33n + BigInt(random.int(0, 9999)), BigInt(random.int(1_000, 1_500))]) {
      const sender = address();
      await buckets.set(sender, { tokens, burst: 2n ** 40n, interval: never, since: to, lock: 0 });
      const key = Uint8Array.from(sender.split('.').map(Number));
      const trap = await (await program.map('buckets')).trap(key);
      const times = random.int(2_000, 3_000);
      const cpus = await limit.runTogether(traffic(sender).ipv4('UDP').bytes, times);
      await trap.stop();
      crowds.push({ tokens, calls: BigInt(cpus * times), left: ((await buckets.get(sender)) ?? gone).tokens });
    }
    return crowds;
  }
}

interface Plan {
  group: Group;
  what: string;
  bucket: Bucket;
  frames: number;
}

/** Whatever a limit has to count: every protocol, all sizes, options and fragments. */
function drawKinds({ random }: Kit, traffic: Traffic): Frame[] {
  const common = (['TCP', 'UDP', 'ICMP'] as const).flatMap((protocol) => kindsOver4(random, traffic, protocol));
  return random.shuffle([...common, ...everyProtocolOver4(random, traffic)]);
}

/** `start`: what the kernel's clock says; time before it has passed already. `kinds`: with so many frames, a sender sends every kind. */
function drawPlans({ random }: Kit, start: bigint, kinds: number): Plan[] {
  const some = () => BigInt(random.int(5, 20));
  const [burst, part] = [some(), some()];
  // In quarters of an interval before the start, so that a moment more makes no difference.
  const ago = (interval: bigint, quarters: number) => start - (interval * BigInt(quarters)) / 4n;
  const slow = start / 8n;
  const still = (tokens: bigint, most: bigint): Bucket => ({ tokens, burst: most, interval: never, since: start });
  const plan = (group: Group, what: string, bucket: Bucket, frames: number): Plan => ({ group, what, bucket, frames });
  return [
    plan('burst', 'a full bucket', still(burst, burst), Number(burst) + random.int(2, 5)),
    plan('burst', 'a bucket that is half full', still(part, 2n * part), Number(part) + random.int(2, 5)),
    plan('burst', 'a bucket with one token', still(1n, 1n), 3),
    plan('burst', 'an empty bucket', still(0n, 9n), kinds),
    plan('full', 'a bucket that holds none', { tokens: 0n, burst: 0n, interval: 1n, since: 0n }, 3),
    ...[1, 3, 6, 10, 17].map((quarters) =>
      plan(
        'refill',
        `an empty bucket, ${quarters / 4} intervals later`,
        { tokens: 0n, burst: 100n, interval: slow, since: ago(slow, quarters) },
        8,
      ),
    ),
    plan(
      'refill',
      'a bucket with two tokens, 2.5 intervals later',
      { tokens: 2n, burst: 100n, interval: slow, since: ago(slow, 10) },
      9,
    ),
    plan('full', 'a bucket with a token each nanosecond', { tokens: 0n, burst: 3n, interval: 1n, since: start }, 20),
    plan(
      'edges',
      'a large bucket since the machine began',
      { tokens: 0n, burst: 2n ** 50n, interval: 1n, since: 0n },
      20,
    ),
    ...[1n, 2n, 3n].map((most) =>
      plan(
        'full',
        `a bucket for ${most}, 6.25 intervals later`,
        { tokens: most / 2n, burst: most, interval: slow, since: ago(slow, 25) },
        9,
      ),
    ),
    plan(
      'full',
      'a full bucket, 6.25 intervals later',
      { tokens: 4n, burst: 4n, interval: slow, since: ago(slow, 25) },
      12,
    ),
    plan(
      'edges',
      'a bucket that was updated later than now',
      { tokens: 2n, burst: 9n, interval: 1n, since: start + hour },
      5,
    ),
    plan(
      'edges',
      'a bucket that was updated as late as 64 bits can say',
      { tokens: 2n, burst: 9n, interval: 1n, since: 2n ** 64n - 1n },
      5,
    ),
    plan('edges', 'a bucket with more than 2^32 tokens', still(2n ** 33n + 3n, 2n ** 40n), 5),
    // Of the interval, the lower 32 bits alone would be a moment.
    plan(
      'refill',
      'an empty bucket with a token each 4.3 seconds',
      { tokens: 0n, burst: 100n, interval: 2n ** 32n + BigInt(random.int(200, 900)), since: start },
      5,
    ),
  ];
}

/** CLOCK_MONOTONIC in nanoseconds, as bpf_ktime_get_ns tells it. */
async function readClock({ machine }: Kit): Promise<bigint> {
  const { stdout } = await machine.run(['grep', '-m', '1', '^now at ', '/proc/timer_list']);
  const now = /^now at (\d{1,19}) nsecs/.exec(stdout)?.[1];
  if (!now) throw new Error(`The kernel's clock cannot be read: ${stdout.slice(0, 200)}`);
  return BigInt(now);
}

/** No address twice. */
function drawAddresses({ random }: Kit): () => string {
  const drawn = new Set<string>();
  return () => {
    for (;;) {
      const address = [random.int(1, 223), ...random.several(3, 3, () => random.int(0, 255))].join('.');
      if (drawn.has(address)) continue;
      drawn.add(address);
      return address;
    }
  };
}

function withSource(frame: Uint8Array, address: string): Uint8Array {
  const bytes = Uint8Array.from(frame);
  bytes.set(address.split('.').map(Number), 26);
  return bytes;
}
