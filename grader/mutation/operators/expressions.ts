/** Faults within an expression: they are much the same in C, bpftrace and Python. */
import type { Edit, Operator } from '../edit.ts';
import { type Code, isBinary, operands, replace, span } from './code.ts';

const comparisons: Record<string, string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!=', '<=', '>='],
  '!=': ['==', '<', '>'],
};
const calculations: Record<string, string[]> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '+=': ['-=', '='],
  '-=': ['+=', '='],
  '|=': ['&=', '='],
  '&=': ['|=', '='],
  '++': ['--'],
  '--': ['++'],
};
const logic: Record<string, string[]> = { '&&': ['||'], '||': ['&&'], and: ['or'], or: ['and'] };

export const expressionOperators: readonly Operator<Code>[] = [
  { id: 'comparison', title: 'a comparison changed', edits: (code) => swaps(code, comparisons) },
  { id: 'logic', title: 'and and or swapped', edits: (code) => swaps(code, logic) },
  { id: 'arithmetic', title: 'an operator swapped', edits: (code) => swaps(code, calculations) },
  { id: 'clause', title: 'a clause dropped', edits: (code) => dropped(code, ['&&', '||', 'and', 'or'], 'both') },
  {
    id: 'operand',
    title: 'an operand dropped',
    edits: function* (code) {
      yield* dropped(code, ['|', '&'], 'both');
      yield* dropped(code, ['>>', '<<', '%', '*'], 'right');
    },
  },
  {
    id: 'negation',
    title: 'a negation or a sign dropped',
    *edits(code) {
      for (const [index, token] of code.tokens.entries())
        if (token.text === '!' || token.text === 'not' || (token.text === '-' && !isBinary(code, index)))
          yield replace(token, '');
    },
  },
  {
    id: 'constant',
    title: 'a number off by one',
    *edits({ tokens }) {
      for (const token of tokens) {
        const number = /^(0x[\da-f]+|\d+)([ul]*)$/i.exec(token.text);
        if (token.kind !== 'number' || !number) continue;
        const [, digits = '', suffix = ''] = number;
        const value = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits);
        const write = (other: bigint) => `${/^0x/i.test(digits) ? `0x${other.toString(16)}` : other}${suffix}`;
        yield replace(token, write(value + 1n));
        if (value > 0n) yield replace(token, write(value - 1n));
      }
    },
  },
];

function* swaps({ tokens, ...rest }: Code, table: Record<string, string[]>): Iterable<Edit> {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'string' || token.kind === 'number') continue;
    if ('+-*&/'.includes(token.text) && !isBinary({ tokens, ...rest }, index)) continue;
    if (token.text === '*' && !isProduct({ tokens, ...rest }, index)) continue;
    if (!Object.hasOwn(table, token.text)) continue;
    for (const other of table[token.text]!) yield replace(token, other);
  }
}

/** `a * b` may declare a pointer; a number or a bracket beside the sign says that it does not. */
function isProduct({ tokens }: Code, index: number): boolean {
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  return before?.kind === 'number' || after?.kind === 'number' || before?.text === ']' || before?.text === ')';
}

/** `a && b` becomes `a`, and `b` if `which` is both. */
function* dropped(code: Code, signs: readonly string[], which: 'both' | 'right'): Iterable<Edit> {
  for (const [index, { text, kind }] of code.tokens.entries()) {
    if (kind === 'string' || !signs.includes(text) || !isBinary(code, index)) continue;
    if (text === '*' && !isProduct(code, index)) continue;
    const { from, to } = operands(code, index);
    if (from === index || to === index) continue;
    const { start, end } = span(code, from, to);
    yield { start, end, text: span(code, from, index - 1).text };
    if (which === 'both') yield { start, end, text: span(code, index + 1, to).text };
  }
}
