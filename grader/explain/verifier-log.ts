/** Reads a verifier's log: what it said, about which line, and the explanation that kernels from 7.3 give. */
import { type KernelReport, takeReport } from './kernel-report.ts';

export interface VerifierLog {
  lines: string[];
  /** Index of the last instruction in `lines`, where the verifier stopped; -1 if there is none. */
  last: number;
  /** What it said after the last instruction, without register states and without `report`. */
  messages: string[];
  place: Place | null;
  /** The function, where the verifier looks at each on its own and stopped before its first instruction. */
  subprogram: string | null;
  report: KernelReport | null;
}

/** From 6.12 the log names the file; older kernels only quote the line. */
export type Place = { path: string; line: number; column?: number; text?: string } | { text: string };

export const instruction = /^\s*(\d+): \([0-9a-f]{2}\) /;
// What surrounds messages: register states, backtracking, counters. Nobody should read a mistake into them.
const state =
  /^\s*(?:$|R\d+(?:_\w+)?=|\d+: (?:R\d|safe|\()|(?:\d+: )?frame\d+:|from \d+ to \d+|caller:|callee:|returning from callee|to caller at|regs=|last_idx|parent |mark_precise|propagating|(?:cur|old) state:|processed \d+ insns|verification time|stack depth|max_states|;|-- (?:BEGIN|END)|@@|func#\d|Func#\d|Validating |Live regs before insn|func '[\w.]+' arg\d+ has btf_id |marking pointer arg|frame\d+ bpf_loop iteration|Note, BPF_|arg#0 reference type|reg type unsupported for arg#0|libbpf: |libxdp: |libscap: |bpf: (?:Failed|Argument)|error while loading "|Exception: |Traceback |ERROR: (?:Error )?[Ll]oading)/;
// What kernels print for no reason that matters, in front of what does: 4.x and 5.x say the first where they try a helper's arguments.
const aside =
  /^(?:R\d+ type=ctx expected=fp|(?:btf_vmlinux|in-kernel BTF) is malformed|Unrecognized arg#\d+ type \w+)$/;
/** Where somebody, or a library, left lines out: what follows has no source line or registers of what came before. */
const elision =
  /^\s*(?:\.{3,}|\.|…|\[ ?(?:\.{3,}|…) ?\]|[[<(]{0,2}(?:snip|snipped|truncated|cut|skipped|omitted)\b.{0,40}|.{0,40}\(?\d+ (?:more )?lines?(?:\(s\))? (?:omitted|skipped|truncated).{0,10}|Skipped \d+ bytes.{0,100})\s*$/i;
// Of pasted text everything may be a message; more than this nobody reads.
const most = 500;

export function parseVerifierLog(log: string): VerifierLog {
  const lines = untilCounters(log);
  const last = lines.findLastIndex((line) => instruction.test(line));
  // What a tool written in Python adds is not the verifier’s
  const trace = lines.findIndex((line, i) => i > last && /^\s*Traceback \(most recent call last\)/.test(line));
  const after = lines.slice(last + 1, trace < 0 ? undefined : trace);
  const reported = takeReport(after);
  const quoted = placeBefore(lines, last);
  const said = (reported?.rest ?? after)
    .filter((line) => !state.test(line) && !isElision(line))
    .map((line) => line.trim());
  const matter = said.filter((line) => !aside.test(line));
  const messages = matter.length > 0 ? matter : said;
  return {
    lines,
    last,
    messages: messages.length <= 2 * most ? messages : [...messages.slice(0, most), ...messages.slice(-most)],
    place: reported?.place ? { ...quoted, ...reported.place } : quoted,
    subprogram:
      last < 0
        ? (after.map((line) => /^\s*Validating (\w+)\(\) func#/.exec(line)?.[1]).findLast(Boolean) ?? null)
        : null,
    report: reported?.report ?? null,
  };
}

/** The logs in what a loader printed, each with the name of its program if libbpf says it; what is around them is left out. */
export function findVerifierLogs(output: string): { log: string; program?: string }[] {
  const lines = output.split('\n');
  const fences = [...lines.keys()].filter((i) => /-- (?:BEGIN|END) PROG LOAD LOG --/.test(lines[i]!));
  const begins = fences.map((_, i) => i).filter((i) => lines[fences[i]!]!.includes('-- BEGIN'));
  if (begins.length > 0) return begins.map((i) => fenced(lines, fences[i]!, fences[i + 1]));
  const logs: { log: string }[] = [];
  let start = 0;
  for (const [i, line] of lines.entries()) {
    if (!/processed \d+ insns/.test(line)) continue;
    logs.push({ log: lines.slice(start, i + 1).join('\n') });
    start = i + 1;
  }
  const rest = lines.slice(start);
  if (rest.some((line) => instruction.test(line))) logs.push({ log: rest.join('\n') });
  return logs;
}

function fenced(lines: readonly string[], begin: number, next: number | undefined): { log: string; program?: string } {
  const program = /prog '(\w+)': -- BEGIN/.exec(lines[begin]!)?.[1];
  return {
    log: lines.slice(begin + 1, next).join('\n'),
    ...(program !== undefined && { program }),
  };
}

/** The counters end a log; BCC and others write on below them. Some messages have no newline, and they are glued to those. */
function untilCounters(log: string): string[] {
  const lines = log.replace(/(?<=\S)(?=processed \d{1,9} insns )/g, '\n').split('\n');
  const last = lines.findLastIndex((line) => instruction.test(line));
  const end = lines.findIndex((line, i) => i > last && /^\s*processed \d+ insns/.test(line));
  return end < 0 ? lines : lines.slice(0, end);
}

export function isElision(line: string): boolean {
  return line.length < 200 && elision.test(line);
}

/** The comments before an instruction say its line; what the compiler made up has none, or line 0. */
function placeBefore(lines: readonly string[], instructionAt: number): Place | null {
  for (let i = instructionAt; i >= 0; i -= 1) {
    if (isElision(lines[i]!)) return null;
    const place = parsePlace(lines[i]!);
    if (place) return place;
  }
  return null;
}

/** Of a comment in the log such as '; return *value; @ a.bpf.c:12'; null if it is none, or says no line. */
export function parsePlace(line: string): Place | null {
  const comment = /^\s*; ?(.*)$/.exec(line)?.[1];
  if (comment === undefined) return null;
  const at = comment.lastIndexOf('@ ');
  const named = at < 0 ? null : /^@ (\S+):(\d+)$/.exec(comment.slice(at));
  const text = (at < 0 || !named ? comment : comment.slice(0, at)).trim();
  if (named)
    return Number(named[2]) > 0 ? { path: named[1]!, line: Number(named[2]), ...(text !== '' && { text }) } : null;
  // BCC adds the line of its own C text.
  const plain = text.replace(/\s*\/\/ Line +\d+$/, '');
  return plain === '' ? null : { text: plain };
}
