/**
 * Text from learners and machines, made safe for a format. All of it is hostile: control characters and terminal escapes
 * go first (verdict/text.ts), then whatever the format gives a meaning.
 */
import { plain, plainLine } from '../verdict/text.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For HTML, as text or in a quoted attribute. */
export function html(text: string): string {
  return plain(text).replace(/[&<>"']/g, (sign) => entities[sign]!);
}

/** For XML 1.0, which has no place for these two even as a reference. */
export function xml(text: string): string {
  return html(text).replace(/[\ufffe\uffff]/g, '\ufffd');
}

/** The same in a quoted attribute, where a bare line end would become a space. */
export function xmlAttribute(text: string): string {
  return xml(text).replace(/[\t\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A cell of CSV (RFC 4180). A spreadsheet takes what begins with one of these signs for a formula. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = plainLine(value);
  const safe = /^\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|^\t/.test(text) ? `'${text}` : text;
  return /[",;\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// Invisible, and enough to keep GitHub from making a link of what follows.
const gap = '\u200b';

/** One line of Markdown outside of fences: no markup, no HTML, no mention, reference or link of its own making. */
export function markdownLine(text: string): string {
  return plainLine(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[&<>]/g, (sign) => entities[sign]!)
    .replace(/[\\`*_{}[\]()|~$]|^[-+=#]|(?<=^\d+)\.(?=\s|$)/g, (sign) => `\\${sign}`)
    .replace(/[@#](?=\w)|:(?=\/\/|\w+:)|(?<=www)\.|(?<=gh)-(?=\d)/gi, (sign) =>
      /[@#:]/.test(sign) ? `${sign}${gap}` : `${gap}${sign}`,
    );
}

/** Text between backticks, where nothing but their number has a meaning. */
export function markdownCode(text: string): string {
  const line = plainLine(text) || ' ';
  const ticks = '`'.repeat(longestRun(line) + 1);
  // In a table, a bar ends the cell even between backticks.
  return `${ticks}${ticks.length > 1 ? ` ${line} ` : line}${ticks}`.replaceAll('|', '\\|');
}

/** A fenced block whose fence is longer than any in the text. */
export function markdownFence(text: string, language = 'text'): string {
  const body = plain(text).replace(/\n+$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** The log of a workflow run obeys lines such as '::error::' and '##[group]', wherever they come from. */
export function withoutWorkflowCommands(text: string): string {
  return text.replace(/^(\s*:):/gm, `$1${gap}:`).replace(/##(?=\[)/g, `#${gap}#`);
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
