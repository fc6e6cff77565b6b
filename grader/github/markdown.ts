/** Text as Markdown that says the text and does nothing else: no links, no HTML, no mentions. Pure. */
import { plain, plainLine } from '../verdict/text.ts';

/** One line of ours, with names in it, to stand among Markdown. Learners' text belongs into a fence. */
export function inline(text: string, max = 300): string {
  return plainLine(text, max)
    .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+\-.|~=:@$^]/g, '\\$&')
    // These are looked for in what was rendered, where no escape is left: an invisible space keeps them apart.
    .replace(/@|#|:(?=\/\/)|www(?=\\\.)|GH\\-/gi, '$&\u200b');
}

/** A block of code that ends where it should: its fence is longer than any in the text. */
export function fence(text: string, max = 20_000): string {
  const inside = plain(text, max).replace(/\n+$/, '');
  const longest = Math.max(0, ...[...inside.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(Math.max(3, longest + 1));
  return `${ticks}text\n${inside}\n${ticks}`;
}

/** A command or a name as code in a line; none of its signs may be a backtick. */
export function code(text: string): string {
  return `\`${plainLine(text, 300).replaceAll('`', '')}\``;
}

/** Of the parts, as many as fit whole, with a word in place of the rest. The first is always there. */
export function fit(parts: readonly string[], max: number, rest: string): string {
  const all = parts.join('\n\n');
  if (all.length <= max) return all;
  const kept: string[] = [];
  let length = rest.length + 2;
  for (const part of parts) {
    if ((length += part.length + 2) > max) break;
    kept.push(part);
  }
  return [...kept, rest].join('\n\n');
}
