/**
 * A verifier's log as a run: each instruction that it looked at is a step, with what was in registers and stack slots
 * after it.
 */
import type { Place } from '../verifier-log.ts';
import type { Operation } from './instruction.ts';

/**
 * What the verifier prints of each register ('r0') and stack slot ('fp-8'); '' where it has a value that is not
 * printed.
 */
export type State = ReadonlyMap<string, string>;

export interface Step {
  /** Index of its line in the log. */
  line: number;
  insn: number;
  opcode: string;
  /** 'r1 = *(u64 *)(r0 +0)' */
  text: string;
  operation: Operation;
  place: Place | null;
  /** How deep in calls it is: 0 in the program itself. */
  frame: number;
  /** The step before it on its path; -1 if it has none, or if the log does not show it. */
  parent: number;
  /**
   * How it came to be here: it follows, the verifier went back to a branch, lines are missing, or a function is looked
   * at.
   */
  how: 'next' | 'branch' | 'gap' | 'start';
}

export interface Walk {
  lines: readonly string[];
  steps: readonly Step[];
  /** The last one, where the verifier stopped; -1 if the log has no instruction. */
  last: number;
  /** The names that changed or were printed after each step. */
  touched: readonly (readonly string[])[];
  /** The steps at which the verifier was at an instruction. */
  visits: ReadonlyMap<number, readonly number[]>;
  /** Registers and slots after a step, in the function that goes on there. */
  after(step: number): State;
  /** In front of it, in its own function. */
  before(step: number): State;
}

/** How deep the function is that goes on after a step. */
export function frameAfter({ steps }: Walk, step: number): number {
  const next = steps[step + 1];
  if (next?.parent === step) return next.frame;
  return steps[step]!.frame;
}

/** The steps of the path to a step, the first one first. */
export function pathTo({ steps }: Walk, step: number): number[] {
  const path: number[] = [];
  for (let at = step; at >= 0; at = steps[at]!.parent) path.push(at);
  return path.reverse();
}

/** Names in the order in which people look for them: r0 to r10, then the stack from its top down. */
export function inOrder(names: Iterable<string>): string[] {
  const rank = (name: string) => (name.startsWith('r') ? Number(name.slice(1)) : 100 + Number(name.slice(3)));
  return [...names].sort((one, other) => rank(one) - rank(other));
}

/** Where `step` is in `steps`, which ascend; of what is not there, the place in front of which it would be. */
export function placeIn(steps: readonly number[], step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
