/** The ladder of hints of a check: from a nudge to nearly the line to write. */
import type { Check } from '../course/exercise.ts';

export const hintLadder = ['nudge', 'concept', 'line'] as const;

/** The hint that is next for who has had `given` hints beyond the first; the last one stays. */
export function hintFor({ hints }: Pick<Check, 'hints'>, given: number): string {
  return hints[hintLadder[Math.min(Math.max(0, given), hintLadder.length - 1)]!];
}
