/** Reads a verifier's log: what it said, about which line, and the explanation that kernels from 7.3 give. */

export interface VerifierLog {
  /** What it said after the last instruction, without register states and without `own`. */
  messages: string[];
  place: Place | null;
  /** The 'Verification failed: …' block of Linux 7.3 and newer. */
  own: OwnWords | null;
}

/** From 6.12 the log names the file; older kernels only quote the line. */
export type Place = { path: string; line: number; column?: number } | { text: string };

export interface OwnWords {
  /** 'Register Type Safety: Invalid dereference' */
  problem: string;
  reason: string;
  suggestion: string;
}

const instruction = /^\d+: \([0-9a-f]{2}\) /;
// What surrounds messages: register states, backtracking, counters. Nobody should read a mistake into them.
const state =
  /^\s*(?:$|R\d+(?:_\w+)?=|\d+: (?:R\d|safe|\()|(?:\d+: )?frame\d+:|from \d+ to \d+|caller:|callee:|returning from callee|to caller at|regs=|last_idx|parent |mark_precise|propagating|(?:cur|old) state:|processed \d+ insns|verification time|stack depth|max_states|;|-- (?:BEGIN|END)|@@)/;

export function parseVerifierLog(log: string): VerifierLog {
  // Some messages have no newline, and the counters are glued to them.
  const lines = log.replace(/(?<=\S)(?=processed \d+ insns )/g, '\n').split('\n');
  const last = lines.findLastIndex((line) => instruction.test(line));
  const { own, place, rest } = takeOwnWords(lines.slice(last + 1));
  const messages = rest.filter((line) => !state.test(line)).map((line) => line.trim());
  return { messages, own, place: place ?? placeBefore(lines, last) };
}

/** libbpf wraps the log in lines of its own. Null if there is none, as when nothing came as far as the verifier. */
export function extractVerifierLog(output: string): string | null {
  const found = /-- BEGIN PROG LOAD LOG --\n([^]*?)(?:-- END PROG LOAD LOG --|$)/.exec(output);
  if (found) return found[1]!;
  return /^processed \d+ insns/m.test(output) ? output : null;
}

/** The comments before an instruction say its line; what the compiler made up has none, or line 0. */
function placeBefore(lines: readonly string[], instructionAt: number): Place | null {
  for (let i = instructionAt; i >= 0; i -= 1) {
    const comment = /^; (.*)$/.exec(lines[i]!);
    if (!comment) continue;
    const named = /^(.*?) ?@ (\S+):(\d+)$/.exec(comment[1]!);
    if (named && Number(named[3]) > 0) return { path: named[2]!, line: Number(named[3]) };
    if (!named && comment[1]!.trim() !== '') return { text: comment[1]! };
  }
  return null;
}

/** Splits off the block from 'Verification failed:' to the paragraph of 'Suggestion:'; messages may follow it. */
function takeOwnWords(lines: readonly string[]): { own: OwnWords | null; place: Place | null; rest: string[] } {
  const start = lines.findIndex((line) => line.startsWith('Verification failed: '));
  if (start < 0) return { own: null, place: null, rest: [...lines] };
  const inBlock = (line: string) => line === '' || /^\s/.test(line) || /^(?:Reason|At|Causal path|Suggestion|[A-Z][\w ]*):$/.test(line);
  let end = start + 1;
  while (end < lines.length && inBlock(lines[end]!)) end += 1;
  const block = lines.slice(start + 1, end);
  const paragraph = (title: string) => {
    const from = block.indexOf(`${title}:`);
    if (from < 0) return [];
    const after = block.slice(from + 1);
    const until = after.findIndex((line) => !/^\s/.test(line));
    return after.slice(0, until < 0 ? undefined : until).map((line) => line.trim());
  };
  const own = {
    problem: lines[start]!.slice('Verification failed: '.length).trim(),
    reason: paragraph('Reason').join(' '),
    suggestion: paragraph('Suggestion').join(' '),
  };
  const at = /@ (\S+):(\d+):(\d+)$/.exec(paragraph('At')[0] ?? '');
  const place = at ? { path: at[1]!, line: Number(at[2]), column: Number(at[3]) } : null;
  return { own, place, rest: [...lines.slice(0, start), ...lines.slice(end)] };
}
