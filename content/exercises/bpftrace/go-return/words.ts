/** Values and places as a message shows them. Pure. */
import { type Instruction, quote, type RunResult } from '#kit';
import { watchedFunction } from './workload.ts';

/** What is in `values` more often than in `others`. */
export function subtract(values: readonly bigint[], others: readonly bigint[]): bigint[] {
  const left = [...others];
  return values.filter((value) => {
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** The value below zero that comes out like this if its sign is taken for a part of the number; null if there is none. */
export function withSign(value: bigint): bigint | null {
  const signed = BigInt.asIntN(value < 2n ** 32n ? 32 : 64, value);
  return value > 0n && signed < 0n ? signed : null;
}

export function list(values: readonly bigint[], most = 5): string {
  return values.slice(0, most).join(', ') + (values.length > most ? `, and ${values.length - most} more` : '');
}

export function place({ offset, text }: Instruction): string {
  return `At ${watchedFunction}+0x${offset.toString(16)}, where the instruction is ${quote(text, 100).slice(1, -1)}.`;
}

/** The Go runtime says first why it gives up; what follows are stacks. */
export function crashOf({ code, signal, timedOut, stderr }: RunResult): string {
  const how = timedOut
    ? 'It did not end.'
    : signal
      ? `It was ended by signal ${signal}.`
      : `It ended with code ${code}.`;
  const first = stderr.split('\n').find((line) => line.trim() !== '');
  return first === undefined ? how : `${how} Its first words: ${quote(first, 300).slice(1, -1)}`;
}
