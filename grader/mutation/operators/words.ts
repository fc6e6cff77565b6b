/** Faults in a single word: a constant, a member, a type, an event, a text. */
import type { Edit, Operator } from '../edit.ts';
import { bpfWords, eventWords, memberWords, othersThan } from '../families.ts';
import { type Code, replace, span } from './code.ts';

const widths: Record<string, string[]> = {
  __u8: ['__u16', '__s8'],
  __u16: ['__u8', '__u32'],
  __u32: ['__u16', '__u64', '__s32'],
  __u64: ['__u32'],
  u8: ['u16', 's8'],
  u16: ['u8', 'u32'],
  u32: ['u16', 'u64', 's32'],
  u64: ['u32'],
  int64: ['int8', 'uint64'],
};

/** `TWO_WORDS`, and what stands for a number beside `=`, `<` and the like; not what the preprocessor or libbpf reads. */
const namedConstant = /^[A-Z][A-Z\d]*(?:_[A-Za-z\d]+)+$/;

export const wordOperators: readonly Operator<Code>[] = [
  {
    id: 'neighbour',
    title: 'a word for its neighbour',
    *edits({ tokens }) {
      yield* neighbours({ tokens: tokens.filter((_, index) => !isMember(tokens, index)) }, bpfWords);
      yield* neighbours({ tokens: tokens.filter((_, index) => isMember(tokens, index)) }, memberWords);
    },
  },
  {
    id: 'event',
    title: 'an event for its neighbour',
    *edits({ tokens }) {
      for (const [index, token] of tokens.entries()) {
        const isEvent = token.kind === 'string' ? isSection(tokens, index) : isTracepoint(tokens, index);
        if (isEvent) yield* events(token.start, token.text);
      }
    },
  },
  {
    id: 'named-constant',
    title: 'a named constant off by one',
    *edits(code) {
      const local = new Set([...code.source.matchAll(/^\s*#\s*define\s+(\w+)/gm)].map(([, name]) => name));
      for (const [index, token] of code.tokens.entries()) {
        const { kind, text } = token;
        if (kind !== 'word' || !namedConstant.test(text) || local.has(text) || othersThan(text, bpfWords).length > 0)
          continue;
        if (
          /^(BPF_PROG|BPF_KPROBE|BPF_HASH|BPF_STACK_TRACE|BPF_PERF_OUTPUT|BPF_STMT|BPF_JUMP|TRACEPOINT_PROBE)$/.test(
            text,
          )
        )
          continue;
        if (code.tokens[index + 1]?.text === '(' || code.tokens[index + 1]?.text === '|') continue;
        yield replace(token, `(${text} + 1)`);
        yield replace(token, `(${text} - 1)`);
      }
    },
  },
  {
    id: 'width',
    title: 'a type of another width or sign',
    *edits({ tokens }) {
      for (const [index, token] of tokens.entries()) {
        // Of a map's key and value the kernel knows the size alone.
        const ofMap = tokens[index - 4]?.text === '__type';
        for (const other of (token.kind === 'word' && Object.hasOwn(widths, token.text) && widths[token.text]) || [])
          if (!ofMap || !/^(?:__)?s/.test(other)) yield replace(token, other);
      }
    },
  },
  {
    id: 'size',
    title: 'a size off by one',
    *edits(code) {
      for (const [index, { text }] of code.tokens.entries()) {
        const close = code.tokens[index + 1]?.partner;
        if (text !== 'sizeof' || close === undefined) continue;
        const whole = span(code, index, close);
        yield { ...whole, text: `${whole.text} - 1` };
        yield { ...whole, text: `${whole.text} + 1` };
      }
    },
  },
  {
    id: 'text',
    title: 'a text without its last letter',
    *edits({ source, tokens }) {
      for (const [index, token] of tokens.entries())
        if (token.kind === 'string' && !isSection(tokens, index) && !isLicense(source, token.start))
          yield* shortened(token.start, token.text);
    },
  },
];

export function* neighbours({ tokens }: Pick<Code, 'tokens'>, table: readonly (readonly string[])[]): Iterable<Edit> {
  for (const token of tokens)
    if (token.kind === 'word') for (const other of othersThan(token.text, table)) yield replace(token, other);
}

/** Of a word such as sys_enter_execve each part that is known becomes its neighbour. */
export function* events(start: number, text: string): Iterable<Edit> {
  for (const family of eventWords)
    for (const part of family)
      for (const { index } of text.matchAll(new RegExp(`(?<![a-z])${part}(?![a-z])`, 'g')))
        for (const other of family)
          if (other !== part) yield { start: start + index, end: start + index + part.length, text: other };
}

/** `'text'`, with the quotes of any language: a letter less at the end, an escape being one. */
export function* shortened(start: number, quoted: string): Iterable<Edit> {
  const last = /(?<=.)(?:\\.|[^\\])(?=["']$)/.exec(quoted);
  if (last && !quoted.includes('\n') && !/^[a-z]*["']{3}/i.test(quoted))
    yield { start: start + last.index, end: start + last.index + last[0].length, text: '' };
}

/** SEC("…"), and what else names an event or a map to libbpf: shortened it would name nothing. */
function isSection(tokens: Code['tokens'], index: number): boolean {
  return tokens[index - 1]?.text === '(' && tokens[index - 2]?.text === 'SEC';
}

/** The second argument of BCC's TRACEPOINT_PROBE(category, event). */
function isTracepoint(tokens: Code['tokens'], index: number): boolean {
  return tokens[index - 4]?.text === 'TRACEPOINT_PROBE' && tokens[index - 1]?.text === ',';
}

function isMember(tokens: Code['tokens'], index: number): boolean {
  return ['.', '->'].includes(tokens[index - 1]?.text ?? '');
}

function isLicense(source: string, at: number): boolean {
  return source.slice(source.lastIndexOf('\n', at) + 1, at).includes('SEC("license")');
}
