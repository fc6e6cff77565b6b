/** What a few runs of one thing say: numbers in, numbers out. */

export interface Spread {
  median: number;
  least: number;
  most: number;
  count: number;
}

/** Throws RangeError for no values at all. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].sort((a, b) => a - b);
  return { median: middle(sorted), least: sorted[0]!, most: sorted.at(-1)!, count: sorted.length };
}

export function median(values: readonly number[]): number {
  return spread(values).median;
}

/** How many times `of` is `unit`, round by round: both took turns, so a machine that slows down slows both. */
export function ratio(of: readonly number[], unit: readonly number[]): Spread {
  if (of.length !== unit.length) throw new RangeError(`${of.length} values cannot be paired with ${unit.length}`);
  return spread(of.map((value, i) => value / unit[i]!));
}

/** Of sorted values: the one in the middle, or halfway between the two that are. */
function middle(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
