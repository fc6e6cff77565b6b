/** Rules turn a tool's message into words. They are data; the order in a table decides, special before general. */
import type { Message } from '../verdict/result.ts';
import { errorText } from './errno.ts';
import type { Failure } from './failures.ts';
import type { KernelReport } from './kernel-report.ts';
import type { Operation } from './operations.ts';

export interface Words {
  /** Stable; lessons refer to it. */
  id: string;
  /** Regular expressions that must all be found in the log too; $1… as below. They tell apart causes of one message. */
  also?: readonly string[];
  /** What is wrong, in one sentence. */
  text: string;
  /** Why the tool refuses it, in one sentence. */
  why: string;
  /** One way to put it right. */
  help: string;
  /** The lesson that explains it, '<chapter>/<lesson>'. */
  lesson: string;
  /** The mistake is on the first line of source with this text, if the tool says no line. */
  find?: string;
  /** Tools say it and go on: a failure that is no matter of rights says more. */
  passing?: true;
  /** Tools say it of a trial and go on: it and what stands above it give way to whatever failed below. */
  harmless?: true;
  /** A sentence more, made of the groups: what no constant text can say. */
  note?: (groups: readonly string[]) => string;
}

export interface Rule extends Words {
  /** Matches the tool's message from its first word on; $1, $2… in the words below are its groups. */
  pattern: RegExp;
}

/** What an operation and an error mean together. $1 is the name of what failed, $2 the error. */
export interface Cause extends Words {
  of: readonly Operation[];
  /** 'EPERM'; null is a failure without an error. Absent: any. */
  errno?: readonly (string | null)[];
  /** It only says that the verifier’s log is missing: a part of one says more. */
  withoutLog?: true;
  /** What the failure's own line must have too. */
  said?: RegExp;
}

/** What an explanation says. As a message of a result, only what a Message has is kept; the grader adds the log. */
export interface Explanation extends Omit<Message, 'log' | 'logFile'> {
  /** The rule's id; absent if no rule knows the message. */
  rule?: string;
  /** What the kernel itself explains, from Linux 7.3 on. */
  report?: KernelReport;
}

export interface Match {
  rule: Words & Pick<Cause, 'withoutLog'>;
  text: string;
  help: string;
  find: string | undefined;
  /** The line that matched, as the tool wrote it. */
  line: string;
  /** What of it the rule knows. */
  found: string;
}

export interface Evidence {
  /** Where `also` looks: the whole log. Absent: the message itself. */
  log?: string;
  /** The message may begin with other words, for tools whose framing varies. */
  anywhere?: boolean;
  /** The first line that any rule fits decides, not the first rule in the table: what comes first is mostly the cause of the rest. */
  byLine?: boolean;
  /** The instruction that was refused writes: of '[[reads|writes]]' in a rule’s words the second counts. */
  writes?: boolean;
}

// Longer ones no tool writes; it bounds the work for hostile text.
const longestLine = 1000;

/** The first rule that fits a line of `message`, with its words filled in. */
export function matchRule(
  rules: readonly Rule[],
  message: string,
  { log = message, anywhere = false, writes = false, byLine = false }: Evidence = {},
): Match | null {
  const lines = message.split('\n').map((line) => line.slice(0, longestLine));
  const fits = (rule: Rule, line: string) => {
    const found = rule.pattern.exec(line);
    return found && (anywhere || beginsMessage(line, found)) ? fillIn(rule, found, line, log, writes) : null;
  };
  return byLine
    ? firstOf(lines, (line) => firstOf(rules, (rule) => fits(rule, line)))
    : firstOf(rules, (rule) => firstOf(lines, (line) => fits(rule, line)));
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => Match | null): Match | null {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return null;
}

/** What the first failure that has a cause in the table is due to. */
export function matchCause(causes: readonly Cause[], failures: readonly Failure[], log: string): Match | null {
  for (const { operation, errno, name, line } of failures) {
    for (const cause of causes) {
      if (!cause.of.includes(operation)) continue;
      if (cause.errno && !cause.errno.includes(errno)) continue;
      if (cause.said && !cause.said.test(line)) continue;
      const error = errno === null ? '' : errorText(errno) ? `${errno}: ${errorText(errno)}` : errno;
      // A command with a gap in it would do something else.
      const help = name === '' ? cause.help.replaceAll('$1', 'NAME') : cause.help;
      const match = fillIn({ ...cause, help }, [line, name, error], line, log);
      if (match) return match;
    }
  }
  return null;
}

/** What an explanation has of its rule. */
export function namesOf(match: Match | null): Pick<Explanation, 'rule' | 'lesson'> {
  return match ? { rule: match.rule.id, lesson: match.rule.lesson } : {};
}

/** Null if the rest of the log does not bear it out. */
function fillIn(
  rule: Words,
  groups: readonly (string | undefined)[],
  line: string,
  log: string,
  writes = false,
): Match | null {
  const fill = (words: string) =>
    words
      .replace(/\[\[(.*?)\|(.*?)\]\]/g, writes ? '$2' : '$1')
      // Empty groups take the space before them along.
      .replace(/( ?)((?:\$\d)+)/g, (_, space: string, run: string) => {
        const value = [...run.matchAll(/\d/g)].map(([group]) => groups[Number(group)] ?? '').join('');
        return value ? `${space}${value}` : '';
      });
  if (rule.also?.some((evidence) => !new RegExp(fill(evidence)).test(log))) return null;
  const note = rule.note?.(groups.map((group) => group ?? ''));
  return {
    rule,
    text: tidy(
      [rule.text, rule.why]
        .map(fill)
        .concat(note ?? [])
        .join(' '),
    ),
    help: tidy(fill(rule.help)),
    find: rule.find && fill(rule.find),
    line: line.trim(),
    found: groups[0] ?? '',
  };
}

/** Without the brackets that empty groups leave. */
function tidy(words: string): string {
  return words.replace(/ \([:,\s]*\)/g, '').trim();
}

/** Words in the middle of a sentence are no message, or prose that quotes half of one would be taken for it. */
function beginsMessage(line: string, { 0: matched, index }: RegExpExecArray): boolean {
  return (
    /(?:^|^(?:DEBU|DEBUG|INFO|WARN|WARNING|ERRO|ERROR|FATA|FATAL) |: ?|["'`“(\]=>|】：-] ?|\t|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?Z? (?:[A-Z]{4,7} )?)\s*$/.test(
      line.slice(0, index),
    ) || /^R\d/.test(matched)
  );
}
