/** Python, and the C of a BPF program that stands in one of its strings. */
import type { Edit, Operator } from '../edit.ts';
import { pythonSyntax } from '../tokens.ts';
import { cOperators } from './c.ts';
import { type Code, readCode, replace, span } from './code.ts';
import { expressionOperators } from './expressions.ts';
import { wordOperators } from './words.ts';

interface Python extends Code {
  /** First and last token of each logical line. */
  lines: { first: number; last: number }[];
}

const compound = new Set(
  'if elif else for while try except finally with def class import from pass @ async match case'.split(' '),
);

const ownOperators: readonly Operator<Python>[] = [
  {
    id: 'condition-true',
    title: 'a condition that always holds',
    edits: (code) => conditions(code, ['if', 'elif'], () => 'True'),
  },
  {
    id: 'condition-false',
    title: 'a condition that never holds',
    edits: (code) => conditions(code, ['if', 'elif', 'while'], () => 'False'),
  },
  {
    id: 'condition-negated',
    title: 'a condition negated',
    edits: (code) => conditions(code, ['if', 'elif', 'while'], (text) => `not (${text})`),
  },
  {
    id: 'statement',
    title: 'a statement deleted',
    *edits(code) {
      for (const { first, last } of code.lines) {
        const { text, kind } = code.tokens[first]!;
        if (compound.has(text) || (kind === 'string' && first === last)) continue;
        yield { ...span(code, first, last), text: 'pass' };
      }
    },
  },
  {
    id: 'call',
    title: 'a call left out',
    *edits(code) {
      for (const [index, { text }] of code.tokens.entries()) {
        const close = code.tokens[index + 1]?.partner;
        if (['reversed', 'sorted', 'list', 'tuple', 'set'].includes(text) && close !== undefined)
          yield { ...span(code, index, close), text: span(code, index + 2, close - 1).text };
      }
    },
  },
  {
    id: 'truth',
    title: 'True and False swapped',
    *edits({ tokens }) {
      for (const token of tokens)
        if (token.text === 'True' || token.text === 'False')
          yield replace(token, token.text === 'True' ? 'False' : 'True');
    },
  },
];

/** A string of several lines with a block in it is the source of a BPF program. */
function embedded({ id, title, edits }: Operator<Code>): Operator<Python> {
  return {
    id: `bpf-${id}`,
    title: `${title}, in the BPF program`,
    *edits({ tokens }) {
      for (const { kind, text, start } of tokens) {
        const program = kind === 'string' ? /^[a-z]*("""|''')([^]*\{[^]*)\1$/i.exec(text) : null;
        if (!program) continue;
        const offset = start + text.indexOf(program[1]!) + 3;
        for (const edit of edits(cOperators.read(program[2]!)))
          yield { ...edit, start: edit.start + offset, end: edit.end + offset };
      }
    },
  };
}

export const pythonOperators = {
  read: readPython,
  operators: [
    ...ownOperators,
    ...expressionOperators,
    ...wordOperators.filter(({ id }) => id === 'text' || id === 'neighbour'),
    ...cOperators.operators.map(embedded),
  ],
};

function readPython(source: string): Python {
  const { tokens } = readCode(source, pythonSyntax);
  const lines: Python['lines'] = [];
  let first: number | undefined;
  for (const [index, { text, depth }] of tokens.entries()) {
    const ends = text === '\n' && depth === 0;
    if (first === undefined && text !== '\n') first = index;
    else if (first !== undefined && ends) {
      lines.push({ first, last: index - 1 });
      first = undefined;
    }
  }
  if (first !== undefined) lines.push({ first, last: tokens.length - 1 });
  return { source, tokens, lines };
}

function* conditions(code: Python, words: readonly string[], change: (text: string) => string): Iterable<Edit> {
  for (const { first, last } of code.lines) {
    if (!words.includes(code.tokens[first]!.text) || code.tokens[last]!.text !== ':' || last < first + 2) continue;
    const condition = span(code, first + 1, last - 1);
    if (condition.text === 'True' && change('') !== 'False') continue;
    yield { ...condition, text: change(condition.text) };
  }
}
