/** The chain runs with every set of filled slots, in drawn order, and once more with all of them; then on all CPUs at once. */
import {
  type BpfMap,
  CheckFailure,
  count,
  type Kit,
  type LoadedProgram,
  type Program,
  readU32,
  readU64,
  u32,
  u64,
} from '#kit';

/** Their slots, and the digits that they leave. */
export const stages = [1, 2, 3] as const;

export interface Run {
  /** The slots that were filled. */
  slots: readonly number[];
  /** The digits that the stages left; '…' and more digits if the number before them is gone. */
  trail: string;
  /** What the chain returned. */
  retval: number;
  /** The frame came out with other bytes than it had. */
  changed: boolean;
}

/** All CPUs run the chain at once, with a program of the grader's in the last of the filled slots. */
export interface Crowd {
  slots: readonly number[];
  frames: number;
  /** So many of them came to the program in the last slot. */
  arrived: number;
}

export interface Chains {
  /** Slot -> program id, as loading left it. */
  filled: Map<number, number>;
  /** As loading left it. */
  full: Run;
  runs: Run[];
  crowds: Crowd[];
}

export async function runChains(kit: Kit, program: Program): Promise<Chains> {
  const array = await program.map('stages');
  const trail = await program.map('trail');
  const filled = new Map((await array.entries()).map(([key, [value]]) => [readU32(key), readU32(value!)]));
  const entry = await program.named('entry');
  const draw = drawRuns(kit.random);
  const full = await runOnce(entry, trail, stages, draw());
  const runs: Run[] = [];
  const crowds: Crowd[] = [];
  // Slots that were never filled have their own check; there is nothing to empty or to fill again.
  if (stages.every((slot) => filled.has(slot))) {
    let slots: readonly number[] = stages;
    for (const next of [...kit.random.shuffle(subsets(stages)), stages]) {
      await changeSlots(array, filled, slots, (slots = next));
      runs.push(await runOnce(entry, trail, slots, draw()));
    }
    for (const next of [stages, [1, 3], [1, 2], [3]]) {
      await changeSlots(array, filled, slots, (slots = next));
      crowds.push(await runTogether(kit, entry, array, slots));
      await array.update(u32(slots.at(-1)!), u32(filled.get(slots.at(-1)!)!));
    }
  }
  return { filled, full, runs, crowds };
}

/** 'slots 1 and 3 are filled' */
export function describeSlots(slots: readonly number[]): string {
  if (slots.length === 0) return 'no slot is filled';
  return `${slots.length === 1 ? 'only slot' : 'slots'} ${slots.join(' and ')} ${slots.length === 1 ? 'is' : 'are'} filled`;
}

export function describeRun(trail: string): string {
  if (trail.startsWith('…')) return `The number in the map trail was replaced; it ends in ${trail.slice(1)}.`;
  return trail === '' ? 'No stage.' : `${count(trail.length, 'stage')}: ${trail.slice(0, 40)}.`;
}

/** A frame, and the number that the stages find and go on with. */
interface Start {
  frame: Uint8Array;
  before: bigint;
}

/** One after the other of every class: frames from an Ethernet header on to a full one; numbers from 0 to some of more than 32 bits. */
function drawRuns(random: Kit['random']): () => Start {
  const lengths = random.shuffle([14, random.int(15, 59), 60, 64, random.int(65, 1513), 1514]);
  const numbers = random.shuffle([
    0,
    random.int(1, 99),
    random.int(100, 99_999),
    2 ** 32 * random.int(1, 200) + random.int(0, 2 ** 31),
  ]);
  let next = 0;
  return () => ({
    frame: random.bytes(lengths[next % lengths.length]!),
    before: BigInt(numbers[next++ % numbers.length]!),
  });
}

async function runOnce(
  entry: LoadedProgram,
  map: BpfMap,
  slots: readonly number[],
  { frame, before }: Start,
): Promise<Run> {
  await map.update(u32(0), u64(before));
  const [run] = await entry.runEach([frame]);
  const [value] = (await map.lookup(u32(0))) ?? [];
  const after = String(readU64(value!));
  const head = before === 0n ? '' : String(before);
  return {
    slots,
    retval: run!.retval,
    trail: after === String(before) ? '' : after.startsWith(head) ? after.slice(head.length) : `…${after}`,
    changed: !Buffer.from(run!.data).equals(frame),
  };
}

/** What the stages leave in `trail` says nothing here, for all CPUs write to it. */
async function runTogether(
  { random, bpf }: Kit,
  entry: LoadedProgram,
  array: BpfMap,
  slots: readonly number[],
): Promise<Crowd> {
  const last = u32(slots.at(-1)!);
  const put = async (frags: boolean) => {
    const counter = await bpf.counter(frags);
    await array.update(last, u32(counter.id));
    return counter;
  };
  const counter = await put(false)
    .catch(() => put(true))
    .catch(() => {
      throw new CheckFailure({
        text: 'An XDP program cannot be put into the program array stages.',
        expected: 'XDP programs in all slots: one array holds programs of one kind.',
        help: 'Write SEC("xdp") in front of entry and of each stage.',
      });
    });
  const times = random.int(150_000, 200_000);
  const cpus = await entry.runTogether(random.bytes(64), times);
  return { slots, frames: cpus * times, arrived: await counter.counted() };
}

async function changeSlots(
  array: BpfMap,
  programs: Map<number, number>,
  from: readonly number[],
  to: readonly number[],
): Promise<void> {
  for (const slot of stages) {
    if (to.includes(slot) && !from.includes(slot)) await array.update(u32(slot), u32(programs.get(slot)!));
    if (!to.includes(slot) && from.includes(slot)) await array.delete(u32(slot));
  }
}

/** Every set of them, each in the order given. */
function subsets(items: readonly number[]): number[][] {
  return items.reduce<number[][]>((sets, item) => sets.flatMap((set) => [set, [...set, item]]), [[]]);
}
