/** Faults in what is done, and when: conditions and statements of C and bpftrace. */
import { bpfWords, othersThan } from '../families.ts';
import type { Edit, Operator } from '../edit.ts';
import { type Code, isType, operands, span } from './code.ts';

export const statementOperators: readonly Operator<Code>[] = [
  {
    id: 'condition-true',
    title: 'a condition that always holds',
    edits: (code) => conditions(code, ['if'], () => '1'),
  },
  {
    id: 'condition-false',
    title: 'a condition that never holds',
    // Where one statement depends on it, to delete that is the same.
    edits: (code) =>
      conditions(
        code,
        ['if', 'while'],
        () => '0',
        (close) => code.tokens[close + 1]?.text === '{',
      ),
  },
  {
    id: 'condition-negated',
    title: 'a condition negated',
    // Of one comparison, or a negation, other operators make the same.
    edits: (code) =>
      conditions(
        code,
        ['if', 'while'],
        (text) => `!(${text})`,
        (close) => {
          const inner = code.tokens.slice(code.tokens[close]!.partner! + 1, close).map(({ text }) => text);
          const joined = inner.includes('&&') || inner.includes('||');
          return (
            joined || !(inner[0] === '!' || inner.some((text) => ['==', '!=', '<', '>', '<=', '>='].includes(text)))
          );
        },
      ),
  },
  {
    id: 'choice',
    title: 'a choice decided or swapped',
    *edits(code) {
      for (const [index, { text }] of code.tokens.entries()) {
        const colon = text === '?' ? elseOf(code, index) : undefined;
        if (colon === undefined) continue;
        const { to } = operands(code, colon);
        if (to === colon) continue;
        const { start, end } = span(code, index + 1, to);
        const [one, other] = [span(code, index + 1, colon - 1).text, span(code, colon + 1, to).text];
        const alreadyNeighbours = othersThan(one, bpfWords).includes(other);
        for (const [yes, no] of alreadyNeighbours
          ? [[other, one]]
          : [
              [other, one],
              [one, one],
              [other, other],
            ])
          yield { start, end, text: `${yes} : ${no}` };
      }
    },
  },
  {
    id: 'statement',
    title: 'a statement deleted',
    *edits(code) {
      for (const { first, last, isLastReturn } of statements(code))
        if (!isLastReturn) yield { ...span(code, first, last), text: ';' };
    },
  },
  {
    id: 'return',
    title: 'another value returned',
    *edits(code) {
      for (const { first, last } of statements(code))
        if (code.tokens[first]!.text === 'return' && last > first + 1 && !isPlain(span(code, first + 1, last - 1).text))
          yield { ...span(code, first + 1, last - 1), text: '0' };
    },
  },
];

/** What other operators change already: a number, and a word that has neighbours. */
function isPlain(value: string): boolean {
  return /^\d+$/.test(value) || othersThan(value, bpfWords).length > 0;
}

/** `wanted` is asked with the index of the bracket that ends the condition. */
function* conditions(
  code: Code,
  words: readonly string[],
  change: (text: string) => string,
  wanted: (close: number) => boolean = () => true,
): Iterable<Edit> {
  for (const [index, { text, kind }] of code.tokens.entries()) {
    const close = code.tokens[index + 1]?.partner;
    if (kind !== 'word' || !words.includes(text) || code.tokens[index + 1]?.text !== '(' || close === undefined)
      continue;
    if (!wanted(close)) continue;
    const inner = span(code, index + 2, close - 1);
    yield { ...inner, text: change(inner.text) };
  }
}

/** The `:` that belongs to the `?` at `index`. */
function elseOf({ tokens }: Code, index: number): number | undefined {
  for (let at = index + 1; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    if (token.text === ':') return at;
    if (token.text === ';' || ')]}'.includes(token.text)) return undefined;
    if (token.partner !== undefined) at = token.partner;
  }
  return undefined;
}

const notDeleted = new Set(['if', 'for', 'while', 'do', 'switch', 'else', 'case', 'default', '{', '}', ';', ')']);

/** Statements that end in `;` or, in bpftrace, at their block's end, and declare nothing. */
function* statements({ tokens }: Code): Iterable<{ first: number; last: number; isLastReturn: boolean }> {
  const blocks: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (blocks.length > 0 && tokens[blocks.at(-1)!]!.partner === index) blocks.pop();
    // A function's body, and within it any block; what is between the braces of a struct is no statement.
    if (token.text === '{' && (blocks.length > 0 || isBody(tokens, index))) blocks.push(index);
    const block = blocks.at(-1);
    if (block === undefined || block === index || token.depth !== tokens[block]!.depth + 1) continue;
    const before = tokens[index - 1]!;
    if (!beginsAfter(tokens, index - 1, before.text) || notDeleted.has(token.text) || declares(tokens, index)) continue;
    let last = index;
    while (last < tokens.length && tokens[last]!.text !== ';' && tokens[last]!.text !== '}')
      last = (tokens[last]!.partner ?? last) + 1;
    if (last >= tokens.length) continue;
    if (tokens[last]!.text === '}') last -= 1;
    const after = tokens[last + 1];
    yield { first: index, last, isLastReturn: token.text === 'return' && after?.text === '}' && after.depth === 0 };
  }
}

function isBody(tokens: Code['tokens'], index: number): boolean {
  const { depth } = tokens[index]!;
  const before = tokens[index - 1];
  // Behind a probe of bpftrace's there is no bracket, but a name, a text, an offset or the end of a filter.
  const isStruct =
    before?.kind === 'word' && ['struct', 'enum', 'union'].includes(tokens[index - 2]?.text ?? before.text);
  return (
    depth === 0 &&
    before !== undefined &&
    before.text !== '=' &&
    !isStruct &&
    !['struct', 'union'].includes(before.text)
  );
}

function beginsAfter(tokens: Code['tokens'], at: number, text: string): boolean {
  if (['{', '}', ';', 'else'].includes(text)) return true;
  const opener = text === ')' ? tokens[at]!.partner : undefined;
  return opener !== undefined && ['if', 'while', 'for'].includes(tokens[opener - 1]?.text ?? '');
}

function declares(tokens: Code['tokens'], first: number): boolean {
  const [one, two, three] = [tokens[first]!, tokens[first + 1], tokens[first + 2]];
  if (['return', 'goto', 'break', 'continue'].includes(one.text)) return false;
  if (one.text === '(') return isVoid(tokens, first);
  return (
    isType(one.text) ||
    one.text === 'static' ||
    (one.kind === 'word' && (two?.kind === 'word' || (two?.text === '*' && three?.kind === 'word')))
  );
}

/** `(void)unused;` does nothing. */
function isVoid(tokens: Code['tokens'], first: number): boolean {
  return tokens[first + 1]?.text === 'void' && tokens[first + 2]?.text === ')';
}
