/** The chain runs with every set of filled slots, in drawn order, and once more with all of them. */
import { readU32, readU64, u32, u64 } from '../../../../grader/checks/bytes.ts';
import { count } from '../../../../grader/checks/expect.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { BpfMap } from '../../../../grader/checks/map.ts';
import type { Program } from '../../../../grader/checks/program.ts';

/** Their slots, and the digits that they leave. */
export const stages = [1, 2, 3] as const;

export interface Run {
  /** The slots that were filled. */
  slots: readonly number[];
  /** The digits that the stages left; '…' and more digits if the number before them is gone. */
  trail: string;
  /** What the chain returned. */
  retval: number;
}

export interface Chains {
  /** Slot -> program id, as loading left it. */
  filled: Map<number, number>;
  /** As loading left it. */
  full: Run;
  runs: Run[];
}

export async function runChains(kit: Kit, program: Program): Promise<Chains> {
  const array = await program.map('stages');
  const trail = await program.map('trail');
  const filled = new Map((await array.entries()).map(([key, [value]]) => [readU32(key), readU32(value!)]));
  const full = await runOnce(kit, program, trail, stages);
  const runs: Run[] = [];
  // Slots that were never filled have their own check; there is nothing to empty or to fill again.
  if (stages.every((slot) => filled.has(slot))) {
    let slots: readonly number[] = stages;
    for (const next of [...kit.random.shuffle(subsets(stages)), stages]) {
      await changeSlots(array, filled, slots, (slots = next));
      runs.push(await runOnce(kit, program, trail, slots));
    }
  }
  return { filled, full, runs };
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

async function runOnce({ random }: Kit, program: Program, map: BpfMap, slots: readonly number[]): Promise<Run> {
  // The stages go on with whatever number they find.
  const before = random.int(100, 99_999);
  await map.update(u32(0), u64(before));
  const [run] = await (await program.named('entry')).runEach([random.bytes(64)]);
  const [value] = (await map.lookup(u32(0))) ?? [];
  const after = String(readU64(value!));
  return { slots, retval: run!.retval, trail: after.startsWith(`${before}`) ? after.slice(`${before}`.length) : `…${after}` };
}

async function changeSlots(array: BpfMap, programs: Map<number, number>, from: readonly number[], to: readonly number[]): Promise<void> {
  for (const slot of stages) {
    if (to.includes(slot) && !from.includes(slot)) await array.update(u32(slot), u32(programs.get(slot)!));
    if (!to.includes(slot) && from.includes(slot)) await array.delete(u32(slot));
  }
}

/** Every set of them, each in the order given. */
function subsets(items: readonly number[]): number[][] {
  return items.reduce<number[][]>((sets, item) => sets.flatMap((set) => [set, [...set, item]]), [[]]);
}
