/** What a test of one register says of another that is known to be the same. */
import { isPacket, isSame, mayBeNull } from './values.ts';

/**
 * `value` after a test of what was `was` and is `is`: itself, what the test made of the other, or '' if the log does
 * not say it.
 */
export function alike(value: string, was: string, is: string): string {
  if (isPacket(value) && isPacket(was)) return rangeOf(is) === null ? value : widened(value, was, is);
  const id = idOf(value);
  if (id === null || id !== idOf(was)) return value;
  // A pointer that may be NULL was tested, and the log does not print the result.
  if (isSame(was, is)) return mayBeNull(value) && !mayBeNull(is) ? '' : value;
  return isSame(value, was) ? is : '';
}

/** How much of the packet is known to be there counts for all pointers that have the same variable part. */
function widened(value: string, was: string, is: string): string {
  const [mine, range] = [rangeOf(value), rangeOf(is)!];
  if (idOf(value) !== idOf(was) || mine === null || range <= mine) return value;
  return value.replace(/([(,]r=)-?\d+/, `$1${range}`);
}

function rangeOf(value: string): number | null {
  const found = /[(,]r=(-?\d{1,6})/.exec(value);
  return found ? Number(found[1]) : null;
}

function idOf(value: string): string | null {
  const id = /[(,]id=(\d{1,9})/.exec(value)?.[1];
  return id === undefined || id === '0' ? null : id;
}
