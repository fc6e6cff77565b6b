/** Linux 7.3 and newer explain a refusal themselves: a block from 'Verification failed:' to 'Suggestion:'. */

export interface KernelReport {
  /** 'Register Type Safety: Invalid dereference' */
  problem: string;
  reason: string;
  /** Where, and in a few words what: 'p @ a.bpf.c:12:83: error: invalid dereference of R0'. */
  at: string;
  /** How it came to that, the earliest first, in the form of `at`. */
  path: string[];
  suggestion: string;
}

export interface Reported {
  report: KernelReport;
  place: { path: string; line: number; column: number } | null;
  /** The lines around the block: messages may follow it, too. */
  rest: string[];
}

/** Null if there is no such block in `lines`. Other tools say 'Verification failed: …' too, but give no reason. */
export function takeReport(lines: readonly string[]): Reported | null {
  const start = lines.findIndex((line) => line.startsWith('Verification failed: '));
  if (start < 0) return null;
  const inBlock = (line: string) =>
    line === '' || /^\s/.test(line) || /^(?:Reason|At|Causal path|Suggestion|[A-Z][\w ]{0,40}):$/.test(line);
  let end = start + 1;
  while (end < lines.length && inBlock(lines[end]!)) end += 1;
  const block = lines.slice(start + 1, end);
  const reason = prose(section(block, 'Reason'));
  if (reason === '') return null;
  const where = section(block, 'At');
  const at = stepsIn(where)[0] ?? where[0]?.trim() ?? '';
  const named = /@ (\S+):(\d+):(\d+)(?:: |$)/.exec(at);
  return {
    report: {
      problem: lines[start]!.slice('Verification failed: '.length).trim(),
      reason,
      at,
      path: stepsIn(section(block, 'Causal path')),
      suggestion: prose(section(block, 'Suggestion')),
    },
    place: named && { path: named[1]!, line: Number(named[2]), column: Number(named[3]) },
    rest: [...lines.slice(0, start), ...lines.slice(end)],
  };
}

/** The indented lines below a title, with the empty ones between them. */
function section(block: readonly string[], title: string): string[] {
  const from = block.indexOf(`${title}:`);
  if (from < 0) return [];
  const after = block.slice(from + 1);
  const until = after.findIndex((line) => line !== '' && !/^\s/.test(line));
  return after.slice(0, until < 0 ? undefined : until);
}

function prose(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** Each step is a place ('p @ a.c:12:83' or 'insn 1'), excerpts, and below a line a mark with what happened there. */
function stepsIn(lines: readonly string[]): string[] {
  const steps: string[] = [];
  let place = '';
  let marked = false;
  for (const line of lines) {
    const mark = /^\s*\| \^-- (.+)$/.exec(line);
    const more: RegExpExecArray | null = marked ? /^\s*\|\s{5,}(\S.*)$/.exec(line) : null;
    if (/^ {2}(?:\S+ @ \S+:\d+:\d+|insn \d+)$/.test(line)) place = line.trim();
    if (mark) steps.push(`${place}: ${mark[1]}`);
    if (more) steps.push(`${steps.pop()} ${more[1]}`);
    marked = mark !== null || more !== null;
  }
  return steps;
}
