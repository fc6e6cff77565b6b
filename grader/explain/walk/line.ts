/** What a line of a verifier's log is. Each is one of these, so that nothing of a log is lost. */
import { isElision } from '../verifier-log.ts';

export type Line =
  | { kind: 'instruction'; insn: number; opcode: string; text: string; state: string }
  /** '; return *value; @ a.bpf.c:12' */
  | { kind: 'source' }
  /** Registers and stack, on a line of their own. `insn`: in front of which they hold, if it says that. */
  | { kind: 'state'; state: string }
  /** The verifier goes back to a branch that it put off. `safe`: it has seen all that follows. */
  | { kind: 'branch'; from: number; to: number; state: string; safe: boolean }
  /** A path ends here, for it meets one that was looked at. */
  | { kind: 'safe' }
  | { kind: 'frame'; of: 'caller' | 'callee' | 'returning' | 'returned' }
  /** A function is looked at on its own, or it was and the call is skipped. */
  | { kind: 'function'; of: 'begins' | 'skipped' }
  /** How the verifier tracks a number back, and other notes to itself. */
  | { kind: 'note' }
  | { kind: 'elision' }
  | { kind: 'blank' }
  | { kind: 'counters' }
  /** What it says: messages, and whatever else stands there. */
  | { kind: 'said' };

const instruction = /^\s*(\d{1,7}): \(([0-9a-f]{2})\) (.*)$/;
// Where a branch or a callback goes on elsewhere, its state stands behind the instruction: 'goto pc+1 5: R0=…'.
const behind = /^([^;:]{1,200}?)\s+\d{1,7}: ((?:frame\d{1,2}: ?)?R\d{1,2}(?:_\w+)?=.*)$/;
const note =
  /^\s*(?:regs=|last_idx|mark_precise|propagating|parent |(?:cur|old) state:|verification time|stack depth|max_states|Live regs before insn|func '\w{1,100}' arg\d+ has btf_id|(?:reg|arg#\d+) (?:reference )?type )/;
const frames = [
  [/^\s*caller:/, 'caller'],
  [/^\s*callee:/, 'callee'],
  [/^\s*returning from callee/, 'returning'],
  [/^\s*to caller at/, 'returned'],
] as const;

export function parseLine(line: string): Line {
  const found = instruction.exec(line);
  if (found) return parseInstruction(found);
  if (line.trim() === '') return { kind: 'blank' };
  if (/^\s*;/.test(line)) return { kind: 'source' };
  const branch = /^\s*(?:\d+: )?from (\d{1,7}) to (\d{1,7})(?: \([^)]*\))?: ?(.*)$/.exec(line);
  if (branch) {
    const [, from, to, state = ''] = branch;
    return { kind: 'branch', from: Number(from), to: Number(to), state, safe: state.trim() === 'safe' };
  }
  if (/^\s*\d{1,7}: safe\s*$/.test(line)) return { kind: 'safe' };
  const state = /^\s*(?:\d{1,7}: )?((?:frame\d{1,2}: ?)?R\d{1,2}(?:_\w+)?=.*)$/.exec(line);
  if (state) return { kind: 'state', state: state[1]! };
  for (const [pattern, of] of frames) if (pattern.test(line)) return { kind: 'frame', of };
  if (/^\s*Validating \w+\(\)/.test(line)) return { kind: 'function', of: 'begins' };
  if (/^\s*Func#\d+ .{0,100}is global and/.test(line)) return { kind: 'function', of: 'skipped' };
  if (note.test(line)) return { kind: 'note' };
  if (/^\s*processed \d+ insns/.test(line)) return { kind: 'counters' };
  return isElision(line) ? { kind: 'elision' } : { kind: 'said' };
}

function parseInstruction([, insn, opcode, rest]: RegExpExecArray): Line {
  const further = behind.exec(rest!);
  const comment = rest!.indexOf(';');
  const text = further?.[1] ?? (comment < 0 ? rest! : rest!.slice(0, comment));
  return {
    kind: 'instruction',
    insn: Number(insn),
    opcode: opcode!,
    text: text.trim(),
    state: further?.[2] ?? (comment < 0 ? '' : rest!.slice(comment + 1)),
  };
}
