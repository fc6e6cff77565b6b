/** Frees pasted output of what chats, mails and log viewers put around it: quote marks, timestamps, indentation, colours. */
import { plain } from '../verdict/text.ts';
import { stripPrefixes } from './prefix.ts';

// Most lines must have one before it is taken for a frame: a verifier's log has '>>>' and '|' of its own. Here is what stands even
// before the words of a tool that nobody knows; what a logger writes before a known one's is found by its repetition (prefix.ts).
const frames: readonly RegExp[] = [
  // A mail's or chat's quote.
  /^[ \t]{0,8}[>|│┃] ?/,
  // dmesg: '[   12.345678] '
  /^\s{0,8}(?:<\d>)?\[ {0,8}\d{1,9}\.\d{1,9}\](?:\[ {0,8}[TC]\d+\])? ?/,
  // '2026-01-31T10:00:00.123Z ', as in CI logs; containerd's has the stream behind it.
  /^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?(?: std(?:out|err) [FP])? ?/,
  // syslog and journalctl: 'Jan 31 10:00:00 host name[12]: '
  /^\p{L}{3,4} [ \d]\d \d\d:\d\d:\d\d \S{1,100} [^\s:[]{1,100}(?:\[\d+\])?: ?/u,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]? /,
  // docker compose, kubectl: 'name-1  | '
  /^[\w.-]{1,60} +\| ?/,
  // journalctl -o cat and the like: 'systemd[1]: '
  /^[a-z][\w.-]{1,40}\[\d{1,7}\]: ?/,
];
// Levels: 'ERROR: ', '[info] '. clang and bpftrace begin a line or two with one of their own.
const levels = /^\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|debug|info|warn|error)\]?:? /;
const mostFrames = 4;

export function cleanPaste(text: string): string {
  let lines = unescapeLogs(asTyped(plain(text)))
    .split('\n')
    .filter((line) => !/^\s*(?:```|~~~)/.test(line))
    // Markdown’s bold and code, where they are around the whole line.
    // anyhow’s list below 'Caused by:', where a compiler’s words are an item of it.
    .map((line) =>
      line.replace(
        /^\s{1,12}\d{1,2}: (?=[\w./-]{1,200}\.(?:c|h|cc|cpp|hpp):\d{1,6}:\d{1,4}: |In file included from )/,
        '',
      ),
    )
    .map((line) => /^\s{0,8}\*\*([^*].*)\*\*\s*$/.exec(line)?.[1] ?? /^\s{0,8}`([^`]+)`\s*$/.exec(line)?.[1] ?? line);
  for (let round = 0; round < mostFrames; round += 1) {
    const frame = frames.find((one) => isFrame(one, lines)) ?? (isFrame(levels, lines, 3) ? levels : undefined);
    if (!frame) break;
    lines = lines.map((line) => line.replace(frame, ''));
  }
  return joinDiagnostics(dedent(stripPrefixes(lines))).join('\n');
}

/** clang breaks its messages at the width of the terminal and goes on six columns in; a line of source has a line with its caret below it. */
function joinDiagnostics(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const [i, line] of lines.entries()) {
    const above = i > 0 ? lines[i - 1]! : '';
    const word = above.length < 70 || above.length > 400 ? null : /^ {6}(\S{1,200})/.exec(line)?.[1];
    if (
      word &&
      above.length + word.length >= 78 &&
      /:\d+:\d+: (?:fatal )?error: /.test(above) &&
      !/^[\s~^]*[~^][\s~^]*$/.test(lines[i + 1] ?? '')
    )
      joined.push(`${joined.pop()!} ${line.trimStart()}`);
    else joined.push(line);
  }
  return joined;
}

/** Word processors, chats and web pages change quotes, spaces and angle brackets; tools write plain ones, and compilers also Chinese. */
function asTyped(text: string): string {
  const spaces = text.replace(/[\u00a0\u2007\u2009\u202f]/g, ' ').replace(/[\u200b\u2060]/g, '');
  const english = spaces.includes('错误：')
    ? spaces.replace(/: (?:致命)?错误：/g, ': error: ').replaceAll('附注：', 'note: ')
    : spaces;
  const quotes = english.replace(/[\u2018\u2019\u201a\u2032]/g, "'").replace(/[\u201c\u201d\u201e\u2033]/g, '"');
  return quotes.includes('&gt;') || quotes.includes('&#39;')
    ? quotes
        .replaceAll('&gt;', '>')
        .replaceAll('&lt;', '<')
        .replaceAll('&#39;', "'")
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&')
    : quotes;
}

/** Structured logs (JSON, logfmt) hold a whole verifier log on a line, with '\n' for its ends of line. */
function unescapeLogs(text: string): string {
  if (
    !/\\n\\?t?(?:\d+: \([0-9a-f]{2}\) |processed \d|libbpf: |Prog section '|Verifier analysis:|; |\d+: R\d|[\w./-]{1,60}: (?:fatal )?error: | ?[\w./-]{1,100}\.[ch]:\d{1,6}:\d{1,6}: )/.test(
      text,
    )
  )
    return text;
  return text.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\"', '"').replaceAll("\\'", "'");
}

function isFrame(frame: RegExp, lines: readonly string[], least = 1): boolean {
  let filled = 0;
  let framed = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    filled += 1;
    if (frame.test(line)) framed += 1;
  }
  return framed >= least && framed >= filled / 2;
}

function dedent(lines: readonly string[]): string[] {
  let common = Infinity;
  for (const line of lines) {
    if (line.trim() !== '') common = Math.min(common, line.length - line.trimStart().length);
  }
  return lines.map((line) => line.slice(Number.isFinite(common) ? common : 0).trimEnd());
}
