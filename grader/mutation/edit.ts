/** A small change of a text, and what makes such changes. */

/** A change of a text: from `start` up to `end` it reads `text` instead. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A kind of fault, with all the places in a source where it can be made. */
export interface Operator<Source = string> {
  /** Lower case, digits and '-': the first half of its mutants' ids. */
  id: string;
  /** What it does, as a table says it: 'a condition negated'. */
  title: string;
  edits(source: Source): Iterable<Edit>;
}

export function apply(source: string, { start, end, text }: Edit): string {
  return source.slice(0, start) + text + source.slice(end);
}
