/** bpftrace: expressions and statements as in C, and probes with a filter. */
import { bpftraceWords } from '../families.ts';
import type { Operator } from '../edit.ts';
import { bpftraceSyntax } from '../tokens.ts';
import { type Code, readCode, span } from './code.ts';
import { expressionOperators } from './expressions.ts';
import { statementOperators } from './statements.ts';
import { events, neighbours, wordOperators } from './words.ts';

const ownOperators: readonly Operator<Code>[] = [
  {
    id: 'filter',
    title: 'a filter dropped or negated',
    *edits(code) {
      for (const [from, to] of filters(code)) {
        yield { ...span(code, from, to), text: '' };
        yield { ...span(code, from, to), text: `/!(${span(code, from + 1, to - 1).text})/` };
      }
    },
  },
  {
    id: 'probe',
    title: 'a probe dropped',
    *edits({ source }) {
      // `probe,` on a line of its own is one of several that share their action.
      for (const { index, 0: line } of source.matchAll(/^(?!\s*\/\/)\S.*,\n/gm))
        yield { start: index, end: index + line.length, text: '' };
      for (const { index, 0: line } of source.matchAll(/,\n(?!\s*\/\/)\S[^{\n]*(?=\n[/{])/g))
        yield { start: index, end: index + line.length, text: '' };
    },
  },
  {
    id: 'key',
    title: 'a map without its key',
    *edits(code) {
      for (const [index, { text }] of code.tokens.entries()) {
        const close = code.tokens[index + 1]?.partner;
        if (text.startsWith('@') && code.tokens[index + 1]?.text === '[' && close !== undefined)
          yield { ...span(code, index + 1, close), text: '' };
      }
    },
  },
  {
    id: 'event',
    title: 'an event for its neighbour',
    *edits({ tokens }) {
      for (const { kind, depth, start, text } of tokens) if (kind === 'word' && depth === 0) yield* events(start, text);
    },
  },
  {
    id: 'builtin',
    title: 'a function or variable for its neighbour',
    edits: (code) => neighbours(code, bpftraceWords),
  },
];

export const bpftraceOperators = {
  read: readBpftrace,
  operators: [
    ...ownOperators,
    ...statementOperators,
    ...expressionOperators,
    ...wordOperators.filter(({ id }) => id !== 'event'),
  ],
};

/** What an operand ends at. The `/` of a filter is one, and divides nothing. */
const filterMark = '\n';

function readBpftrace(source: string): Code {
  const code = readCode(source, bpftraceSyntax);
  const tokens = code.tokens.map((token) => ({ ...token }));
  for (const [index, { text, depth, start }] of code.tokens.entries()) {
    if (text !== '/' || depth > 0 || !/\n\s*$/.test(source.slice(0, start))) continue;
    const close = tokens.findIndex((token, at) => at > index && token.text === '/' && tokens[at + 1]?.text === '{');
    if (close > 0) tokens[index]!.text = tokens[close]!.text = filterMark;
  }
  return { source, tokens };
}

/** First and last token of each `/…/` between a probe and its action. */
function* filters({ tokens }: Code): Iterable<[number, number]> {
  const marks = [...tokens.keys()].filter((index) => tokens[index]!.text === filterMark);
  for (let nth = 0; nth + 1 < marks.length; nth += 2) yield [marks[nth]!, marks[nth + 1]!];
}
