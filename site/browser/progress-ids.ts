/** By what a tick is found in a page: a lesson's stable id as it is, an exercise's with a word in front. */
const mark = 'exercise:';

export function exerciseProgress({ stableId }: { stableId: string }): string {
  return tickOf(stableId);
}

export function tickOf(stableId: string): string {
  return mark + stableId;
}

/** The stable id of an exercise, or null if it is a lesson's. */
export function exerciseOf(tick: string): string | null {
  return tick.startsWith(mark) ? tick.slice(mark.length) : null;
}
