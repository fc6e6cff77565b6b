/** Rules turn a tool's message into words. They are data; the order in a table decides, special before general. */
import type { Message } from '../verdict/result.ts';
import type { KernelReport } from './kernel-report.ts';

export interface Rule {
  /** Stable; lessons refer to it. */
  id: string;
  /** Matches the tool's message from its first word on; $1, $2… in the words below are its groups. */
  pattern: RegExp;
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
}

/** What an explanation says. As a message of a result, only what a Message has is kept; the grader adds the log. */
export interface Explanation extends Omit<Message, 'log' | 'logFile'> {
  /** The rule's id; absent if no rule knows the message. */
  rule?: string;
  /** What the kernel itself explains, from Linux 7.3 on. */
  report?: KernelReport;
}

export interface Match {
  rule: Rule;
  text: string;
  help: string;
  find: string | undefined;
  /** The line that matched, as the tool wrote it. */
  line: string;
}

export interface Evidence {
  /** Where `also` looks: the whole log. Absent: the message itself. */
  log?: string;
  /** The message may begin with other words, for tools whose framing varies. */
  anywhere?: boolean;
}

// Longer ones no tool writes; it bounds the work for hostile text.
const longestLine = 1000;

/** The first rule that fits a line of `message`, with its words filled in. */
export function matchRule(rules: readonly Rule[], message: string, { log = message, anywhere = false }: Evidence = {}): Match | null {
  const lines = message.split('\n').map((line) => line.slice(0, longestLine));
  for (const rule of rules) {
    for (const line of lines) {
      const found = rule.pattern.exec(line);
      if (!found || !(anywhere || beginsMessage(line, found))) continue;
      const fill = (words: string) => words.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '');
      if (rule.also?.some((evidence) => !new RegExp(fill(evidence)).test(log))) continue;
      return {
        rule,
        text: `${fill(rule.text)} ${fill(rule.why)}`.trim(),
        help: fill(rule.help),
        find: rule.find && fill(rule.find),
        line: line.trim(),
      };
    }
  }
  return null;
}

/** What an explanation has of its rule. */
export function namesOf(match: Match | null): Pick<Explanation, 'rule' | 'lesson'> {
  return match ? { rule: match.rule.id, lesson: match.rule.lesson } : {};
}

/** Words in the middle of a sentence are no message, or prose that quotes half of one would be taken for it. */
function beginsMessage(line: string, { 0: matched, index }: RegExpExecArray): boolean {
  return /(?:^|: ?|["'`“(])\s*$/.test(line.slice(0, index)) || /^R\d/.test(matched);
}
