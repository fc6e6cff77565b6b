/** Lines of words: the commands of `tc -batch`, and filters of tcpdump. */
import { othersThan, tcpdumpWords, tcWords } from '../families.ts';
import type { Operator } from '../edit.ts';

interface Words {
  source: string;
  words: { text: string; start: number; end: number }[];
}

const shared: readonly Operator<Words>[] = [
  {
    id: 'constant',
    title: 'a number off by one',
    *edits({ words }) {
      for (const { text, start, end } of words) {
        if (!/^\d+$/.test(text)) continue;
        yield { start, end, text: `${Number(text) + 1}` };
        if (Number(text) > 0) yield { start, end, text: `${Number(text) - 1}` };
      }
    },
  },
  {
    id: 'word',
    title: 'a word left out',
    *edits({ words, source }) {
      for (const { start, end } of words) yield { start, end: /\s/.test(source[end] ?? '') ? end + 1 : end, text: '' };
    },
  },
];

const neighbour = (table: readonly (readonly string[])[]): Operator<Words> => ({
  id: 'neighbour',
  title: 'a word for its neighbour',
  *edits({ words }) {
    for (const { text, start, end } of words)
      for (const other of othersThan(text, table)) yield { start, end, text: other };
  },
});

const line: Operator<Words> = {
  id: 'line',
  title: 'a line deleted',
  *edits({ source }) {
    for (const { index, 0: text } of source.matchAll(/^\S.*\n?/gm))
      yield { start: index, end: index + text.length, text: '' };
  },
};

const clause: Operator<Words> = {
  id: 'clause',
  title: 'a clause dropped',
  *edits({ source }) {
    const whole = source.trimEnd();
    const parts = [...whole.matchAll(/(?:^|(?<=\s))(?:and|or|&&|\|\|)\s+/g)].map(({ index, 0: text }) => ({
      from: index,
      to: index + text.length,
    }));
    for (const [nth, { to }] of [{ from: 0, to: 0 }, ...parts].entries()) {
      const next = parts[nth];
      // The first goes with the word behind it, each other one with the word in front.
      if (nth === 0 && next) yield { start: 0, end: next.to, text: '' };
      else if (nth > 0) yield { start: parts[nth - 1]!.from, end: next ? next.from : whole.length, text: '' };
      void to;
    }
  },
};

const mask: Operator<Words> = {
  id: 'mask',
  title: 'a mask dropped',
  *edits({ source }) {
    for (const { index, 0: text } of source.matchAll(/\s*&\s*(?:\([^)]*\)|[\w-]+)/g))
      yield { start: index, end: index + text.length, text: '' };
  },
};

/** One word in front of another that it does not stand alone without: `tcp-syn|tcp-ack` becomes one of the two. */
const alternative: Operator<Words> = {
  id: 'alternative',
  title: 'an alternative dropped',
  *edits({ source }) {
    for (const { index, 0: text } of source.matchAll(/([\w-]+)\|([\w-]+)/g))
      for (const one of text.split('|')) yield { start: index, end: index + text.length, text: one };
  },
};

export const tcOperators = {
  read: (source: string) => read(source, /[^\s]+/g),
  operators: [line, neighbour(tcWords), ...shared],
};

export const tcpdumpOperators = {
  read: (source: string) => read(source, /tcp-\w+|\w+|==|!=|[<>]=?/g),
  operators: [clause, mask, alternative, neighbour(tcpdumpWords), ...shared],
};

function read(source: string, word: RegExp): Words {
  return {
    source,
    words: [...source.matchAll(word)].map(({ index, 0: text }) => ({ text, start: index, end: index + text.length })),
  };
}
