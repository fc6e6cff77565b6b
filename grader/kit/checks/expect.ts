import { CheckFailure, type CheckFailureDetail } from '../../verdict/failure.ts';

/** How a check compares: what does not hold becomes a CheckFailure, in the words that the learner reads. */
export interface Expect {
  (holds: boolean, detail: CheckFailureDetail): void;
  /** Says what was expected and seen by itself, where `detail` does not. */
  equal<T extends string | number | bigint | boolean>(actual: T, expected: T, detail: CheckFailureDetail): void;
}

export const expect: Expect = Object.assign(
  (holds: boolean, detail: CheckFailureDetail) => {
    if (!holds) throw new CheckFailure(detail);
  },
  {
    equal<T extends string | number | bigint | boolean>(actual: T, expected: T, detail: CheckFailureDetail) {
      if (actual !== expected) throw new CheckFailure({ expected: quote(expected), actual: quote(actual), ...detail });
    },
  },
);

/** A value as a sentence may hold it: text in quotes, control characters escaped, at most `max` characters. */
export function quote(value: string | number | bigint | boolean, max = 200): string {
  if (typeof value !== 'string') return String(value);
  const shown = value.length > max ? `${value.slice(0, max)}…` : value;
  // JSON.stringify leaves DEL, the C1 controls and marks of direction as they are; a terminal obeys them.
  return JSON.stringify(shown).replace(/[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

/** '1 message', '3 messages' */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
