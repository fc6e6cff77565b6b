/** YAML, such as a Pod: a field or an item left out, a value changed. */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type Scalar, visit } from 'yaml';
import type { Edit, Operator } from '../edit.ts';

interface Yaml {
  source: string;
  pairs: { key: Scalar; value: Node }[];
  items: { list: Node; item: Node; nth: number; of: number; flow: boolean }[];
  values: Scalar[];
}

const operators: readonly Operator<Yaml>[] = [
  {
    id: 'field',
    title: 'a field left out',
    *edits({ source, pairs }) {
      for (const { key, value } of pairs) yield block(source, key.range![0], value.range![1]);
    },
  },
  {
    id: 'item',
    title: 'an item left out',
    *edits({ source, items }) {
      for (const { item, flow, nth, of } of items) {
        const [from, to] = item.range!;
        if (!flow) yield block(source, source.lastIndexOf('-', from), to);
        // With the comma behind it, or in front if it is the last.
        else if (nth < of - 1) yield { start: from, end: to + /^\s*,\s*/.exec(source.slice(to))![0].length, text: '' };
        else yield { start: from - (/\s*,\s*$/.exec(source.slice(0, from))?.[0].length ?? 0), end: to, text: '' };
      }
    },
  },
  {
    id: 'value',
    title: 'a value changed',
    *edits({ values }) {
      for (const { value, range } of values) {
        const [start, end] = range!;
        if (typeof value === 'boolean') yield { start, end, text: `${!value}` };
        else if (typeof value === 'number') {
          yield { start, end, text: `${value + 1}` };
          yield { start, end, text: `${value - 1}` };
        } else if (typeof value === 'string') yield { start, end, text: JSON.stringify(`${value}x`) };
      }
    },
  },
];

export const yamlOperators = { read: readYaml, operators };

/** Whole lines, unless something stands in front: the `- ` of an item whose first field this is. */
function block(source: string, from: number, rangeEnd: number): Edit {
  // The range of a value that is a block ends at what comes next, some lines below.
  const to = from + source.slice(from, rangeEnd).trimEnd().length;
  const line = source.lastIndexOf('\n', from - 1) + 1;
  const newline = source.indexOf('\n', to);
  const end = newline < 0 ? source.length : newline + 1;
  if (source.slice(line, from).trim() === '') return { start: line, end, text: '' };
  // What comes next moves up behind the dash.
  const indent = /^[ ]*/.exec(source.slice(end))![0].length;
  return { start: from, end: end + indent, text: '' };
}

function readYaml(source: string): Yaml {
  const found: Yaml = { source, pairs: [], items: [], values: [] };
  visit(parseDocument(source), {
    Pair(_, { key, value }: Pair) {
      if (isScalar(key) && key.range && isNode(value)) found.pairs.push({ key, value });
      if (isScalar(value) && value.range) found.values.push(value);
    },
    Seq(_, list) {
      for (const [nth, item] of list.items.entries()) {
        if (!isNode(item)) continue;
        found.items.push({ list, item, nth, of: list.items.length, flow: list.flow === true });
        if (isScalar(item)) found.values.push(item);
      }
    },
  });
  return found;
}

function isNode(value: unknown): value is Node & { range: [number, number, number] } {
  return (isScalar(value) || isMap(value) || isSeq(value)) && Boolean(value.range);
}
