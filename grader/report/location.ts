/** Where a message points, for readers that count differently than clang. */
import type { Location } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';

/** The column in UTF-16 units, from 1: clang counts bytes. Undefined if it is not known or beyond the line. */
export function utf16Column({ column, source }: Pick<Location, 'column' | 'source'>): number | undefined {
  if (column === undefined) return undefined;
  if (source === undefined) return column;
  const bytes = new TextEncoder().encode(plainLine(source));
  return column > bytes.length + 1 ? undefined : new TextDecoder().decode(bytes.subarray(0, column - 1)).length + 1;
}
