/** What a message says, part by part and in its order, for every place that shows one: terminals, and the site in a browser. Pure. */
import type { CheckResult, Location, Message } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';

export type Label = 'expected' | 'seen' | 'here' | 'help' | 'hint' | 'why';

const logLines = 8;

/** Below the first sentence: each with the word in front of it. A lesson comes last; how it is named is of the place. */
export function factsOf(
  message: Message,
  about: Pick<Partial<CheckResult>, 'hint' | 'rationale'> = {},
): [Label, string][] {
  const facts: [Label, string | undefined][] = [
    ['expected', message.expected],
    ['seen', message.actual],
    ['here', message.state],
    ['help', message.help],
    ['hint', about.hint],
    ['why', about.rationale],
  ];
  return facts.flatMap(([label, text]) => (text ? [[label, plain(text).trimEnd()]] : []));
}

/** 'a.bpf.c:12:5' */
export function placeOf({ file, line, column }: Location): string {
  return [plainLine(file), line, column].filter((part) => part !== undefined).join(':');
}

/** The end of what the tool said itself, as it said it; null if it said nothing. */
export function endOfLog({ log }: Message): { title: string; lines: string[] } | null {
  const all = plain(log ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (all.length === 0) return null;
  return {
    title: all.length > logLines ? 'the end of the log' : 'the log',
    lines: all.slice(-logLines).map((line) => plainLine(line)),
  };
}

/** How many failures follow the one that is told; '' if none does. */
export function othersOf(more: number): string {
  return more === 0
    ? ''
    : `The text holds ${more} more ${more === 1 ? 'failure' : 'failures'}. This is the first; put it right, and look again.`;
}

/** The line without the indentation that says nothing here, its tabs as spaces, and where in it the column is. */
export function excerptOf({ source = '', column }: Location): { text: string; caret: number | null } {
  const line = plainLine(source);
  const expand = (text: string) => text.replaceAll('\t', '    ');
  const shift = line.length - line.trimStart().length;
  // clang counts columns in bytes.
  const bytes = new TextEncoder().encode(line);
  const before =
    column === undefined || column > bytes.length + 1 ? null : new TextDecoder().decode(bytes.subarray(0, column - 1));
  return { text: expand(line.slice(shift)), caret: before === null ? null : expand(before.slice(shift)).length };
}
