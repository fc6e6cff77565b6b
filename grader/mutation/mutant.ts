/** Mutants: a solution with one small fault, made by machine. A check that passes one has a hole, or it is no fault at all. */
import { createHash } from 'node:crypto';
import { apply, type Edit } from './edit.ts';
import { languageOf } from './languages.ts';

export interface Mutant {
  /**
   * Operator and a digest of the changed lines before and after: it stays the same while other lines come, go and move. Of several
   * equal ones the second ends in '-2'.
   */
  id: string;
  operator: string;
  title: string;
  file: string;
  /** Line of the change in the solution, from 1. */
  line: number;
  /** What is changed, and into what; both without what they have in common. */
  was: string;
  is: string;
  /** The same with the whole lines around it, trimmed; empty lines are left out. */
  before: string;
  after: string;
  /** The whole file. */
  text: string;
}

/**
 * All mutants of a solution's files, in the order of their lines, no two with the same text. A file that learners are given as the
 * solution has it (`given`, the starter's) is nobody's work, and is left alone; so is one in a language that is not known.
 */
export function mutantsOf(solution: ReadonlyMap<string, string>, given: ReadonlyMap<string, string>): Mutant[] {
  return [...solution].flatMap(([file, text]) => (given.get(file) === text ? [] : mutantsOfFile(file, text)));
}

export function mutantsOfFile(file: string, source: string): Mutant[] {
  const seen = new Set([source]);
  const ids = new Map<string, number>();
  const found: (Mutant & { at: number })[] = [];
  for (const { id: operator, title, edits } of languageOf(file)?.operatorsFor(source) ?? []) {
    for (const edit of edits()) {
      const text = apply(source, edit);
      if (seen.has(text)) continue;
      seen.add(text);
      found.push({ id: '', operator, title, file, ...describe(source, edit), text, at: edit.start });
    }
  }
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at: _, ...mutant }) => {
      const digest = createHash('sha256').update(`${file}\0${mutant.before}\0${mutant.after}`).digest('hex');
      const id = `${mutant.operator}-${digest.slice(0, 8)}`;
      const nth = (ids.get(id) ?? 0) + 1;
      ids.set(id, nth);
      return { ...mutant, id: nth === 1 ? id : `${id}-${nth}` };
    });
}

function describe(
  source: string,
  { start, end, text }: Edit,
): Pick<Mutant, 'line' | 'was' | 'is' | 'before' | 'after'> {
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const to = source.indexOf('\n', end) < 0 ? source.length : source.indexOf('\n', end);
  const lines = (whole: string) =>
    whole
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join(' ');
  return {
    line: source.slice(0, start).split('\n').length,
    was: lines(source.slice(start, end)),
    is: lines(text),
    before: lines(source.slice(from, to)),
    after: lines(source.slice(from, start) + text + source.slice(end, to)),
  };
}
