/** Says what is in the registers that a message is about, and why. Only what the log shows. */
import { nounFor, packetRange } from './nouns.ts';
import { type Value, namedValue } from './value.ts';
import type { Moment, Origin, Register } from './walk.ts';

/** 'line 12', or where the log says no line 'instruction 6'. */
export type Where = (origin: Origin) => string;

const mostSentences = 3;

/** `line` is the message that a rule knows, `messages` all that the verifier said; a sentence each. */
export function describeState(moment: Moment, line: string, messages: readonly string[], where: Where): string[] {
  const acquired = /\balloc_insn=(\d{1,7})/.exec(messages.join('\n'));
  const call = acquired && moment.calls.get(Number(acquired[1]));
  if (call) return [`What ${nameOf(call)} gave (${where(call)}) is still held here.`];
  return subjects(moment.at, line, messages)
    .map((number) => sentence(number, moment.registers.get(number) ?? { value: null, origin: null }, messages, where))
    .filter((words): words is string => Boolean(words))
    .slice(0, mostSentences);
}

/** The registers that the message names; if it names none, those that the last instruction calculates with or reads through. */
export function subjects(at: Pick<Origin, 'text'> | null, line: string, messages: readonly string[]): number[] {
  for (const said of [line, ...messages]) {
    const named = [...said.matchAll(/\bR(\d{1,2})\b/g)].map((found) => Number(found[1]));
    const argument = /^Possibly NULL pointer passed to (?:trusted|helper) arg(\d)/.exec(said);
    if (argument) named.push(Number(argument[1]) + 1);
    if (named.length > 0) return [...new Set(named)].filter((number) => number <= 10);
  }
  const text = at?.text ?? '';
  const through = /\(r(\d+) [+-]/.exec(text);
  if (through) return [Number(through[1])];
  const calculates = /^[rw](\d+) (?:s?[-+*/%|&^]|<<|s?>>)= (?:[rw](\d+))?/.exec(text);
  return calculates ? [calculates[1], calculates[2]].filter((number) => number !== undefined).map(Number) : [];
}

function sentence(number: number, register: Register, messages: readonly string[], where: Where): string | null {
  const name = `r${number}`;
  const said = saidOf(number, messages);
  if (said === 'nothing') return `${name} has no value here: ${unset(register, where)}.`;
  // Everybody's r10 is the frame pointer.
  if (number === 10) return null;
  const value = merge(register.value, said);
  const because = reason(register.origin, value, where);
  // Old kernels print few states; where the value comes from, the log shows all the same.
  if (!value) return because && `${name} ${because.replace(/^it /, '')}.`;
  if (value.type === 'number' && register.lost && said) {
    const { value: was, by } = register.lost;
    return `${name} is only a number here: it was ${nounFor({ ...was, attributes: new Map() })} until ${nameOf(by)} was called (${where(by)}).`;
  }
  if (value.orNull) {
    const tested = because
      ? `${because}, and nothing on this path has tested it since`
      : 'nothing on this path has tested it';
    return `${name} may be NULL here: ${tested}. If it is not, it is ${nounFor(value)}.`;
  }
  const noun = value === said && value.type === 'number' ? 'only a number' : nounFor(value);
  return `${name} is ${noun} here${because ? `: ${because}` : ''}. ${packetRange(value)}`.trim();
}

/** What the message itself says of a register: it is newer than any state that was printed. */
function saidOf(number: number, messages: readonly string[]): Value | 'nothing' | null {
  for (const message of messages) {
    if (message === `R${number} !read_ok`) return 'nothing';
    const typed = new RegExp(`\\bR${number} (?:invalid mem access '|type=|pointer arithmetic on )(\\w+)`).exec(message);
    if (typed) return namedValue(typed[1]!);
    const packet = new RegExp(`^invalid access to packet, .*\\bR${number}\\(id=(\\d+),off=-?\\d+,r=(\\d+)\\)`).exec(
      message,
    );
    if (packet)
      return {
        type: 'pkt',
        orNull: false,
        attributes: new Map([
          ['id', packet[1]!],
          ['r', packet[2]!],
        ]),
      };
  }
  return null;
}

function merge(printed: Value | null, said: Value | null): Value | null {
  if (!said) return printed;
  if (!printed || printed.orNull !== said.orNull) return said;
  if (said.type === 'pkt' && printed.type === 'pkt')
    return { ...printed, attributes: new Map([...printed.attributes, ...said.attributes]) };
  // 'ptr_' is all that a message says of 'ptr_task_struct'.
  return printed.type.startsWith(said.type) ? printed : said;
}

function unset({ clobbered }: Register, where: Where): string {
  if (!clobbered) return 'nothing on this path has set it';
  return `the call of ${nameOf(clobbered)} (${where(clobbered)}) may have used it, and nothing has set it since`;
}

function reason(origin: Origin | null, value: Value | null, where: Where): string {
  if (!origin) return '';
  const at = where(origin);
  switch (origin.kind) {
    case 'call':
      return `it is what ${nameOf(origin)} returned (${at})`;
    case 'load':
      return `it was read from ${origin.of === 'ctx' ? 'the context' : origin.of === 'fp' ? 'the stack' : 'memory'} (${at})`;
    case 'constant':
      return value && value.type !== 'number' ? '' : `it was set (${at}: ${origin.text})`;
    case 'calculation':
      return `it was calculated (${at}: ${origin.text})`;
    case 'copy':
      return '';
  }
}

function nameOf({ of }: Origin): string {
  return of === null || of === 'pc' ? 'a function of the program' : of;
}
