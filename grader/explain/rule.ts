/** Rules turn a tool's message into words. They are data; the order in a table decides, special before general. */
import type { Message } from '../verdict/result.ts';

export interface Rule {
  /** Stable; lessons refer to it. */
  id: string;
  /** Matches the tool's message; $1, $2… in the words below are its groups. */
  pattern: RegExp;
  /** Regular expressions that must all be found in the log too; $1… as below. They tell apart causes of one message. */
  also?: readonly string[];
  /** What is wrong, in one sentence. */
  text: string;
  /** Why the tool refuses it, in one sentence. */
  why: string;
  /** One way to put it right. */
  help: string;
  /** The mistake is on the first line of source with this text, if the tool says no line. */
  find?: string;
}

/** What an explanation says; the log and its file are added by the grader. */
export type Explanation = Omit<Message, 'log' | 'logFile'>;

export interface Match {
  rule: Rule;
  text: string;
  help: string;
  find: string | undefined;
  /** The line that matched, as the tool wrote it. */
  line: string;
}

/** The first rule that fits `message`, with its words filled in. `log` is where `also` looks. */
export function matchRule(rules: readonly Rule[], message: string, log = message): Match | null {
  for (const rule of rules) {
    const found = rule.pattern.exec(message);
    if (!found) continue;
    const fill = (words: string) => words.replace(/\$(\d)/g, (_, group: string) => found[Number(group)] ?? '');
    if (rule.also?.some((evidence) => !new RegExp(fill(evidence)).test(log))) continue;
    return {
      rule,
      text: `${fill(rule.text)} ${fill(rule.why)}`.trim(),
      help: fill(rule.help),
      find: rule.find && fill(rule.find),
      line: lineAt(message, found.index),
    };
  }
  return null;
}

function lineAt(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.lastIndexOf('\n', index - 1) + 1, end < 0 ? undefined : end).trim();
}
