/**
 * Where a key leads. `list` is the steps that are shown, which ascend; each answers with one of them, or null if there
 * is none.
 */
import type { Failed } from './failure.ts';
import { isSame } from './values.ts';
import { frameAfter, placeIn, type Walk } from './walk.ts';

/** `by` steps further, as far as there are any. */
export function stepBy(list: readonly number[], step: number, by: number): number {
  return list[Math.min(Math.max(placeIn(list, step) + by, 0), list.length - 1)]!;
}

/** The next step that gives `name` another value; with `direction` -1 the one before. */
export function changeOf(
  walk: Walk,
  list: readonly number[],
  step: number,
  name: string,
  direction: 1 | -1,
): number | null {
  for (let at = placeIn(list, step) + direction; at >= 0 && at < list.length; at += direction) {
    const one = list[at]!;
    const isHere = walk.touched[one]!.includes(name) && frameAfter(walk, one) === walk.steps[one]!.frame;
    if (isHere && !isSame(walk.before(one).get(name), walk.after(one).get(name))) return one;
  }
  return null;
}

/** From where the verifier stopped back along the chain to the origin, and from there to where it stopped. */
export function causeOf({ steps }: Pick<Failed, 'steps'>, last: number, step: number): number {
  return steps.findLast((one) => one < step && one !== last) ?? last;
}

/**
 * The next step whose line in the log, or the source line that begins at it, has `query` in it; after the last comes
 * the first.
 */
export function findIn(walk: Walk, list: readonly number[], step: number, query: string): number | null {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return null;
  const from = placeIn(list, step);
  for (let i = 1; i <= list.length; i += 1) {
    const at = (from + i) % list.length;
    const { line, place } = walk.steps[list[at]!]!;
    const begins = at === 0 || walk.steps[list[at - 1]!]!.place?.text !== place?.text;
    if (`${walk.lines[line]!}\n${(begins && place?.text) || ''}`.toLowerCase().includes(wanted)) return list[at]!;
  }
  return null;
}

/**
 * The next time that the path comes to the same line of source, or without lines to the same instruction; then the
 * first.
 */
export function visitAfter(walk: Walk, list: readonly number[], step: number): number | null {
  const keyOf = (one: number) => {
    const { place, insn } = walk.steps[one]!;
    return place && 'path' in place ? `${place.path}:${place.line}` : `${insn}`;
  };
  const key = keyOf(step);
  const from = placeIn(list, step);
  for (let i = 1; i < list.length; i += 1) {
    const at = (from + i) % list.length;
    if (keyOf(list[at]!) === key && (at === 0 || keyOf(list[at - 1]!) !== key)) return list[at]!;
  }
  return null;
}
