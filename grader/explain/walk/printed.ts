/**
 * Registers and stack slots as the verifier prints them, each with its own words for it: 'R1_w=ctx() fp-8=mmmmmmmm' is
 * r1 and fp-8.
 */

export interface Printed {
  /** How deep in calls; null if nothing is printed that has one. */
  frame: number | null;
  values: [name: string, value: string][];
  /** All that there is is printed: what is not there has no value. */
  whole: boolean;
}

// A value has spaces in parentheses only: 'var_off=(0x0; 0xff)'.
const token = /(?<![\w[])(R\d{1,2}|fp-\d{1,3})(?:_[a-zA-Z]+)?=((?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+)/g;
// Eleven registers and 64 slots are shorter; hostile text need not be.
const longest = 16_000;

export function parsePrinted(text: string, alone: boolean): Printed {
  const values = [...text.slice(0, longest).matchAll(token)].map(([, name, value]): [string, string] => [
    name!.replace('R', 'r'),
    value!,
  ]);
  const frame = /^\s*(?:\d+: )?frame(\d{1,2}):/.exec(text);
  return {
    frame: frame ? Number(frame[1]) : values.length > 0 ? 0 : null,
    values,
    whole: alone && values.some(([name]) => name === 'r10'),
  };
}
