/** What operators ask of a source's tokens. */
import type { Edit } from '../edit.ts';
import { type Syntax, type Token, tokenize } from '../tokens.ts';

export interface Code {
  source: string;
  tokens: readonly Token[];
}

export function readCode(source: string, syntax: Syntax): Code {
  return { source, tokens: tokenize(source, syntax) };
}

export function replace({ start, end }: Token, text: string): Edit {
  return { start, end, text };
}

/** Everything from one token to another, both included. */
export function span(code: Code, first: number, last: number): { start: number; end: number; text: string } {
  const start = code.tokens[first]!.start;
  const end = code.tokens[last]!.end;
  return { start, end, text: code.source.slice(start, end) };
}

const unaryContext = new Set(['return', 'case', 'and', 'or', 'not', 'in', 'if', 'elif', 'while', 'else', 'print']);

/** Whether the sign at `index` has an operand on its left: then a `-` subtracts, and a `&` takes no address. */
export function isBinary({ tokens }: Code, index: number): boolean {
  const before = tokens[index - 1];
  if (!before) return false;
  if (before.kind === 'word') return !unaryContext.has(before.text);
  if (before.text === ')') return !isCast({ tokens }, index - 1);
  return before.kind !== 'sign' || before.text === ']';
}

const typeWord =
  /^(?:(?:__)?[us](?:8|16|32|64)|u?int\d*(?:_t)?|char|short|long|unsigned|signed|float|double|void|const|volatile|struct|enum|size_t|bool|__be(?:16|32))$/;

export function isType(word: string): boolean {
  return typeWord.test(word);
}

/** Whether the bracket that ends at `index` holds a type, as in `(void *)data`. */
export function isCast({ tokens }: Pick<Code, 'tokens'>, index: number): boolean {
  const from = tokens[index]?.partner;
  if (from === undefined) return false;
  const inner = tokens.slice(from + 1, index);
  const before = tokens[from - 1];
  if (inner.length === 0 || before?.text === 'sizeof') return false;
  return isType(inner[0]!.text) && inner.every(({ kind, text }) => kind === 'word' || text === '*');
}

/** From the loosest to the tightest; an operand of one ends at any that is looser, or as loose. */
const looseness: readonly (readonly string[])[] = [
  [',', ';', '{', '}', '?', ':', 'return', 'if', 'elif', 'while', 'in', '\n'],
  ['=', '+=', '-=', '|=', '&=', '*=', '/=', '<<=', '>>='],
  ['||', 'or'],
  ['&&', 'and'],
  ['not'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%', '//'],
];

/** The first token of the operand on the left of the operator at `index`, and the last of that on its right. */
export function operands({ tokens }: Code, index: number): { from: number; to: number } {
  const own = looseness.findIndex((signs) => signs.includes(tokens[index]!.text));
  const ends = new Set(looseness.slice(0, own + 1).flat());
  let from = index;
  while (from > 0) {
    const before = tokens[from - 1]!;
    if (ends.has(before.text) || (before.kind === 'sign' && '([{'.includes(before.text))) break;
    from = before.partner !== undefined ? before.partner : from - 1;
  }
  let to = index;
  while (to < tokens.length - 1) {
    const after = tokens[to + 1]!;
    if (ends.has(after.text) || (after.kind === 'sign' && ')]}'.includes(after.text))) break;
    to = after.partner !== undefined ? after.partner : to + 1;
  }
  return { from, to };
}
