/** Shortens a log for a result. The whole stays in a file. */
import { cut, plain } from './text.ts';

export interface Shortening {
  /** Most lines to keep from the start and from the end. */
  head: number;
  tail: number;
  /** Most characters of the whole. */
  max: number;
}

// What compilers, libbpf and the verifier write on the lines that say what went wrong.
const errorLine =
  /\berror\b|fail|invalid|not allowed|prohibited|unreleased|infinite loop|too (large|complex|deep)|!read_ok|^libbpf: (?!-- )/i;
const maxLine = 400;
const maxErrors = 40;
// '… 1234567 lines left out …' and its newline.
const gap = 36;

/** The first lines, the last lines and every line of an error between them, with '… N lines left out …'. */
export function shortenLog(
  text: string,
  { head, tail, max }: Shortening = { head: 20, tail: 60, max: 20_000 },
): string {
  const lines = plain(text)
    .trimEnd()
    .split('\n')
    .map((line) => cut(line, maxLine));
  const first = [...lines.keys()].slice(0, head);
  const last = [...lines.keys()].slice(Math.max(0, lines.length - tail)).reverse();
  const errors = [...lines.keys()].filter((i) => errorLine.test(lines[i]!)).slice(0, maxErrors);

  // The wanted lines compete for the characters: errors first, then the end, then the start.
  const kept = new Set<number>();
  let left = max - gap * (maxErrors + 2);
  for (const i of [...errors, ...last, ...first]) {
    if (kept.has(i)) continue;
    left -= lines[i]!.length + 1;
    if (left < 0) break;
    kept.add(i);
  }
  return join(lines, kept);
}

function join(lines: string[], kept: Set<number>): string {
  const out: string[] = [];
  let missing = 0;
  const close = () => {
    if (missing > 0) out.push(`… ${missing} ${missing === 1 ? 'line' : 'lines'} left out …`);
    missing = 0;
  };
  for (const [i, line] of lines.entries()) {
    if (!kept.has(i)) {
      missing += 1;
      continue;
    }
    close();
    out.push(line);
  }
  close();
  return out.join('\n');
}
