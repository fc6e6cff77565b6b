/** Frees pasted output of what chats, mails and log viewers put around it: quote marks, timestamps, indentation, colours. */
import { plain } from '../verdict/text.ts';

// Most lines must have one before it is taken for a frame: a verifier's log has '>>>' and '|' of its own.
const frames: readonly RegExp[] = [
  // A mail's or chat's quote.
  /^[ \t]{0,8}[>|│┃] ?/,
  // dmesg: '[   12.345678] '
  /^\s{0,8}(?:<\d>)?\[ {0,8}\d{1,9}\.\d{1,9}\](?:\[ {0,8}[TC]\d+\])? ?/,
  // '2026-01-31T10:00:00.123Z ', as in CI logs
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)? ?/,
  // syslog and journalctl: 'Jan 31 10:00:00 host name[12]: '
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,100} [^\s:[]{1,100}(?:\[\d+\])?: ?/,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]? /,
  // Levels: 'ERROR: ', '[info] '
  /^\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|debug|info|warn|error)\]?:? /,
  // docker compose, kubectl: 'name-1  | '
  /^[\w.-]{1,60} +\| ?/,
];
const mostFrames = 4;

export function cleanPaste(text: string): string {
  let lines = unescapeLogs(plain(text)).split('\n').filter((line) => !/^\s*(?:```|~~~)/.test(line));
  for (let round = 0; round < mostFrames; round += 1) {
    const frame = frames.find((one) => isFrame(one, lines));
    if (!frame) break;
    lines = lines.map((line) => line.replace(frame, ''));
  }
  return dedent(lines).join('\n');
}

/** Structured logs (JSON, logfmt) hold a whole verifier log on a line, with '\n' for its ends of line. */
function unescapeLogs(text: string): string {
  if (!/\\n(?:\d+: \([0-9a-f]{2}\) |processed \d)/.test(text)) return text;
  return text.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\"', '"');
}

function isFrame(frame: RegExp, lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== '');
  return filled.length > 0 && filled.filter((line) => frame.test(line)).length >= filled.length / 2;
}

function dedent(lines: readonly string[]): string[] {
  let common = Infinity;
  for (const line of lines) {
    if (line.trim() !== '') common = Math.min(common, line.length - line.trimStart().length);
  }
  return lines.map((line) => line.slice(Number.isFinite(common) ? common : 0).trimEnd());
}
