/** C, for the kernel and for user space. */
import type { Operator } from '../edit.ts';
import { cSyntax } from '../tokens.ts';
import { type Code, isCast, readCode, span } from './code.ts';
import { expressionOperators } from './expressions.ts';
import { statementOperators } from './statements.ts';
import { wordOperators } from './words.ts';

const byteOrders = /^(?:bpf_|__builtin_)?(?:[hn]to[hn][sl]l?|bswap(?:16|32|64))$/;

const bpfOperators: readonly Operator<Code>[] = [
  {
    id: 'byte-order',
    title: 'a value left in its byte order',
    *edits(code) {
      for (const [index, { text }] of code.tokens.entries()) {
        const close = code.tokens[index + 1]?.partner;
        if (byteOrders.test(text) && close !== undefined)
          yield { ...span(code, index, close), text: span(code, index + 2, close - 1).text };
      }
    },
  },
  {
    id: 'atomic',
    title: 'an atomic addition made plain',
    *edits(code) {
      for (const [index, { text }] of code.tokens.entries()) {
        const close = code.tokens[index + 1]?.partner;
        const comma = code.tokens.findIndex(({ text: sign }, at) => at > index && sign === ',');
        if (/^__(?:sync|atomic)_fetch_(?:and_)?add$/.test(text) && close !== undefined && comma > 0)
          yield {
            ...span(code, index, close),
            text: `*(${span(code, index + 2, comma - 1).text}) += ${span(code, comma + 1, close - 1).text}`,
          };
      }
    },
  },
  {
    id: 'cast',
    title: 'a cast dropped',
    *edits(code) {
      for (const [index, { text }] of code.tokens.entries()) {
        const from = text === ')' && isCast(code, index) ? code.tokens[index]!.partner! : undefined;
        // Of a pointer the cast changes no code, and (void) is there for the compiler.
        if (from === undefined || code.tokens[index - 1]!.text === '*' || code.tokens[from + 1]!.text === 'void')
          continue;
        const after = code.tokens[index + 1];
        if (after && (after.kind !== 'sign' || after.text === '(')) yield { ...span(code, from, index), text: '' };
      }
    },
  },
];

export const cOperators = {
  read: (source: string) => readCode(source, cSyntax),
  operators: [...statementOperators, ...expressionOperators, ...bpfOperators, ...wordOperators],
};
