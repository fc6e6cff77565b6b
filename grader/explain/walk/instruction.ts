/**
 * What an instruction does, by its text in the log: 'r1 = *(u64 *)(r0 +0)', 'if r3 > r2 goto pc+1', 'call
 * bpf_map_lookup_elem#1'.
 */

export type Operation =
  | { kind: 'constant'; target: string; value: string }
  | { kind: 'copy'; target: string; source: string }
  /** Also of what reads memory and writes it at once. */
  | { kind: 'load'; target: string; base: string; offset: number; bytes: number }
  | { kind: 'store'; base: string; offset: number; bytes: number; source: string | null }
  /** `with`: the register that it is calculated from besides itself. `over`: what was in the target counts no more. */
  | { kind: 'calculation'; target: string; with: string | null; over: boolean; added: number | null }
  | { kind: 'jump'; left: string; test: string; right: string; offset: number; narrow: boolean }
  | { kind: 'goto'; offset: number; may: boolean }
  | { kind: 'call'; name: string }
  | { kind: 'function'; offset: number }
  | { kind: 'exit' }
  | { kind: 'other' };

const tests = '==|!=|s?>=|s?<=|s?>|s?<|&';
const jump = new RegExp(`^if ([rw])(\\d{1,2}) (${tests}) (?:[rw](\\d{1,2})|(-?(?:0x)?[0-9a-f]+)) goto pc([+-]\\d+)`);
const memory = String.raw`\*\([us](8|16|32|64) \*\)\(r(\d{1,2}) ([+-]\d+)\)`;
const load = new RegExp(`^[rw](\\d{1,2}) = ${memory}`);
const store = new RegExp(`^(?:lock )?${memory} (\\S{0,3})= ?(?:[rw](\\d{1,2})|)`);
const fetching = /^[rw](\d{1,2}) = \w+\(\(u(8|16|32|64) \*\)\(r(\d{1,2}) ([+-]\d+)\)/;

export function parseOperation(text: string): Operation {
  if (text === 'exit') return { kind: 'exit' };
  if (text.startsWith('if ')) return parseJump(text);
  if (text.startsWith('call')) return parseCall(text);
  const goto = /^(may_)?gotol? pc([+-]\d+)/.exec(text);
  if (goto) return { kind: 'goto', offset: Number(goto[2]), may: goto[1] !== undefined };
  const read = load.exec(text) ?? fetching.exec(text);
  if (read)
    return {
      kind: 'load',
      target: `r${read[1]}`,
      bytes: Number(read[2]) / 8,
      base: `r${read[3]}`,
      offset: Number(read[4]),
    };
  const written = store.exec(text);
  if (written)
    return {
      kind: 'store',
      bytes: Number(written[1]) / 8,
      base: `r${written[2]}`,
      offset: Number(written[3]),
      source: written[5] === undefined || written[4] !== '' ? null : `r${written[5]}`,
    };
  return parseAssignment(text);
}

/** The slot of 8 bytes that an offset from the frame pointer is in: -4 is in 'fp-8'. */
export function slotOf(offset: number): string {
  return `fp-${Math.ceil(-offset / 8) * 8}`;
}

function parseJump(text: string): Operation {
  const found = jump.exec(text);
  if (!found) return { kind: 'other' };
  const [, width, left, test, register, value, offset] = found;
  return {
    kind: 'jump',
    left: `r${left}`,
    test: test!,
    right: register === undefined ? value! : `r${register}`,
    offset: Number(offset),
    narrow: width === 'w',
  };
}

function parseCall(text: string): Operation {
  const own = /^call pc([+-]\d+)/.exec(text);
  if (own) return { kind: 'function', offset: Number(own[1]) };
  return { kind: 'call', name: /^callx? ([\w.]{1,100})/.exec(text)?.[1] ?? 'something' };
}

function parseAssignment(text: string): Operation {
  const found = /^([rw])(\d{1,2}) (\S{0,3})= ?(.*)$/.exec(text);
  if (!found) return { kind: 'other' };
  const [, width, number, operator, right] = found as unknown as [string, string, string, string, string];
  const target = `r${number}`;
  const other = /(?:^|[^\w])[rw](\d{1,2})\b/.exec(right)?.[1];
  const source = other === undefined ? null : `r${other}`;
  const added = operator === '+' && width === 'r' && /^-?\d{1,6}$/.test(right) ? Number(right) : null;
  if (operator !== '') return { kind: 'calculation', target, with: source, over: false, added };
  if (/^-?(?:0x)?[0-9a-f]+(?: ll)?$/.test(right)) return { kind: 'constant', target, value: right.replace(/ ll$/, '') };
  if (width === 'r' && source !== null && right === source) return { kind: 'copy', target, source };
  return { kind: 'calculation', target, with: source, over: source !== target, added: null };
}
