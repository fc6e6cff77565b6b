/**
 * What the verifier prints of a register or slot, in words: 'map_value_or_null(…)' is 'a pointer to a value of the map
 * h (8 bytes), or NULL'.
 */
import { nounFor, readValue } from '../registers/index.ts';

/** `printed` is '' where the log does not say it, undefined where there is no value. */
export function wordsFor(printed: string | undefined): string {
  if (printed === undefined) return 'no value';
  if (printed === '') return 'a value that the log does not print';
  if (/^[m0rdif?]{8}$/.test(printed)) return bytesOnStack(printed);
  const iterator = /^iter_(\w+)\((?:.*\bstate=(\w+))?/.exec(printed);
  if (iterator) return `an iterator (${[iterator[1], iterator[2]].filter(Boolean).join(', ')})`;
  if (/^dynptr_\w+\(/.test(printed)) return 'a dynptr';
  const value = readValue(printed);
  if (!value) return printed;
  return `${nounFor(value)}${value.orNull ? ', or NULL' : ''}`;
}

/** It may still be NULL, as far as the verifier knows. */
export function mayBeNull(printed: string | undefined): boolean {
  return printed !== undefined && /^[\w]*_or_null\b/.test(printed);
}

export function isPacket(printed: string | undefined): boolean {
  return printed !== undefined && /^pkt(?:_meta)?\(/.test(printed);
}

/** The same but for notation: 'inv1' and '1' are. */
export function isSame(one: string | undefined, other: string | undefined): boolean {
  const bare = (printed: string | undefined) => printed?.replace(/^(?:inv|scalar)P?(?=-?\d)/, '');
  return bare(one) === bare(other);
}

const kinds: Record<string, string> = {
  '0': 'zero',
  m: 'data of any kind',
  r: 'of a register that was stored there',
  d: 'of a dynptr',
  i: 'of an iterator',
  f: 'of an interrupt flag',
};

/** A letter a byte: '0000????', of which the last is the lowest address. */
function bytesOnStack(letters: string): string {
  const parts = Object.entries(kinds).flatMap(([letter, words]) => {
    const count = letters.split(letter).length - 1;
    return count === 0 ? [] : [`${count === 8 ? 'all 8 bytes' : `${count} of 8 bytes`} ${words}`];
  });
  const unset = letters.split('?').length - 1;
  if (unset > 0) parts.push(unset === 8 ? 'nothing that was written' : `${unset} never written`);
  return parts.join(', ');
}
