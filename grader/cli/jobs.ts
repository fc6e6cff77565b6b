/** The number that `--jobs` and its like take. */
import { CommandFailure } from './context.ts';

/** The value of an option. Throws CommandFailure if it is not a whole number from 1 to `most`. */
export function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CommandFailure(
    `${option} ${text} is not a number from 1 to ${most}.`,
    2,
    `Give a whole number, such as ${option} 2.`,
  );
}
