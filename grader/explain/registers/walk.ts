/** Follows a log to its last instruction: what each register is there, and which instruction gave it that value. */
import { type Place, isElision, parsePlace } from '../verifier-log.ts';
import { type Value, parseStates } from './value.ts';

/** An instruction that gave a register its value. */
export interface Origin {
  insn: number;
  /** 'r1 = *(u64 *)(r1 +112)' */
  text: string;
  kind: 'call' | 'load' | 'copy' | 'constant' | 'calculation';
  /** Of a call: 'bpf_map_lookup_elem'. Of a load: the type of what was read through, if the log says it. */
  of: string | null;
  /** The line that it was compiled from. */
  place: Place | null;
}

export interface Register {
  /** As the verifier printed it last; null if it has not, or if that need not hold any more. */
  value: Value | null;
  origin: Origin | null;
  /** What it was until a call made it void: the packet may have moved, or the record is handed over. */
  lost?: { value: Value; by: Origin };
  /** It was overwritten by this call, which may use r1 to r5 as it likes. */
  clobbered?: Origin;
}

export type Registers = ReadonlyMap<number, Register>;

export interface Moment {
  registers: Registers;
  /** The last instruction: where the verifier stopped. */
  at: Origin | null;
  /** All calls on the way, by instruction number. */
  calls: ReadonlyMap<number, Origin>;
}

/** Helpers after which no pointer into the packet counts. */
export const movesPackets =
  /^bpf_(?:xdp_adjust_(?:head|tail|meta)|skb_(?:pull_data|change_\w+|adjust_room|store_bytes|vlan_\w+|ecn_set_ce)|l[34]_csum_replace|clone_redirect|lwt_\w+|msg_(?:pull|push|pop)_data)$/;
/** Helpers that take back what their first argument points to. */
export const handsOver = /^bpf_(?:ringbuf_(?:submit|discard)|\w+_release|\w+_put|obj_drop\w*)$/;
// Twice what the verifier allows, and far more jumps than a program has: hostile text must not fill the memory.
const mostCallers = 16;
const mostBranches = 20_000;
const instruction = /^\s*(\d{1,7}): \([0-9a-f]{2}\) ([^;]*)(?:; ?(.*))?$/;

/** `lines` of a log whose last instruction is at index `last`. */
export function walk(lines: readonly string[], last: number): Moment {
  const walker = new Walker();
  for (let i = 0; i <= last; i += 1) walker.line(lines[i]!, lines[i + 1] ?? '', i === last);
  // Old kernels print the state at the failing instruction below it.
  for (let i = last + 1; i < Math.min(lines.length, last + 20); i += 1) walker.below(lines[i]!, lines[i + 1] ?? '');
  return { registers: walker.registers, at: walker.at, calls: walker.calls };
}

class Walker {
  registers = new Map<number, Register>();
  at: Origin | null = null;
  readonly calls = new Map<number, Origin>();
  #place: Place | null = null;
  #callers: { registers: Map<number, Register>; call: Origin }[] = [];
  /** What held where a branch began, by the number of the jump; whose origin differs from visit to visit has none. */
  readonly #branches = new Map<number, Map<number, Register>>();
  #ofCaller = false;
  /** How deep in calls: 0 in the program itself. */
  #frame = 0;

  line(line: string, next: string, stops: boolean): void {
    const found = instruction.exec(line);
    if (found) return this.#instruction(Number(found[1]), found[2]!.trim(), found[3] ?? '', stops);
    if (/^\s*;/.test(line)) this.#place = parsePlace(line);
    else if (isElision(line)) this.#leaveOut();
    else this.below(line, next);
  }

  /** A line that is no instruction. */
  below(line: string, next: string): void {
    const branch = /^\s*(?:\d+: )?from (\d+) to \d+(?: \([^)]*\))?: ?(.*)$/.exec(line);
    if (branch) return this.#resume(Number(branch[1]), branch[2]!);
    if (/^\s*(?:caller:|returning from callee)/.test(line)) this.#ofCaller = true;
    else if (/^\s*(?:callee:|to caller at)/.test(line)) this.#ofCaller = false;
    else if (/^\s*Validating \w+\(\)/.test(line)) this.#clear();
    else if (/^\s*Func#\d+ .{0,100}is global and/.test(line) && this.#callers.length > 0) this.#return();
    else if (/^\s*(?:\d+: )?(?:frame\d+: ?)?R\d+(?:_\w+)?=/.test(line)) {
      // Where it tracks a number back, the verifier prints states of the past.
      if (!this.#ofCaller && !/^\s*parent /.test(next)) this.#print(line);
    }
  }

  #instruction(insn: number, text: string, state: string, stops: boolean): void {
    // The kernel hands a program its context in r1.
    if (insn === 0 && !this.registers.has(1))
      this.registers.set(1, { value: { type: 'ctx', orNull: false, attributes: new Map() }, origin: null });
    const origin = this.#describe(insn, text, state);
    this.at = origin;
    if (stops) return;
    if (origin.kind === 'call') this.#call(origin, state);
    else if (text.startsWith('if ')) this.#jump(insn, text);
    else if (text === 'exit') this.#return();
    else this.#assign(origin);
    this.#print(state);
  }

  #describe(insn: number, text: string, state: string): Origin {
    const place = this.#place;
    const call = /^call ([\w.]+)/.exec(text);
    if (call) return { insn, text, kind: 'call', of: call[1]!, place };
    const load = /^[rw](\d+) = \*\([us]\d+ \*\)\(r(\d+) /.exec(text);
    if (load) {
      const through = Number(load[2]);
      const after = load[1] === load[2] ? undefined : parseStates(state).get(through);
      return { insn, text, kind: 'load', of: (this.registers.get(through)?.value ?? after)?.type ?? null, place };
    }
    if (/^r\d+ = r\d+$/.test(text)) return { insn, text, kind: 'copy', of: null, place };
    return {
      insn,
      text,
      kind: /^[rw]\d+ = -?(?:0x)?[0-9a-f]+(?: ll)?$/.test(text) ? 'constant' : 'calculation',
      of: null,
      place,
    };
  }

  #assign(origin: Origin): void {
    const target = /^[rw](\d+) (?:s?[-+*/%|&^]|<<|s?>>)?= ?/.exec(origin.text);
    if (!target) return;
    const source = origin.kind === 'copy' ? this.registers.get(Number(/(\d+)$/.exec(origin.text)![1])) : undefined;
    this.registers.set(Number(target[1]), source?.origin ? { ...source } : { value: source?.value ?? null, origin });
  }

  #call(origin: Origin, state: string): void {
    this.calls.set(origin.insn, origin);
    const name = origin.of!;
    // A helper that calls back goes on in the next frame, with arguments of its own.
    if (name === 'pc' || (frameOf(state) ?? 0) > this.#frame) {
      this.#callers = [...this.#callers.slice(1 - mostCallers), { registers: this.registers, call: origin }];
      this.registers = new Map(
        name === 'pc' ? [...this.registers].filter(([number]) => number >= 1 && number <= 5) : [],
      );
      this.#frame += 1;
      return;
    }
    for (const [number, register] of this.registers) {
      const type = register.value?.type ?? '';
      const lost =
        (movesPackets.test(name) && type.startsWith('pkt')) ||
        (handsOver.test(name) && /mem$|^(?:trusted_|rcu_)?ptr_|sock/.test(type));
      if (lost) this.registers.set(number, { ...register, value: null, lost: { value: register.value!, by: origin } });
    }
    for (let number = 1; number <= 5; number += 1)
      this.registers.set(number, { value: null, origin: null, clobbered: origin });
    this.registers.set(0, { value: null, origin });
  }

  /** A test tells something of both sides, and of all that is known to be the same; only the two are printed. */
  #jump(insn: number, text: string): void {
    const before = this.#branches.get(insn);
    if (this.#branches.size > mostBranches) this.#branches.clear();
    this.#branches.set(insn, before ? agreeing(before, this.registers) : new Map(this.registers));
    const tested = [...text.matchAll(/\b[rw](\d+)\b/g)].map((found) => this.registers.get(Number(found[1]))?.value);
    for (const [number, register] of this.registers) {
      const { value } = register;
      if (!value || !tested.some((other) => other && isSame(value, other))) continue;
      this.registers.set(number, { ...register, value: value.type === 'pkt' ? withoutRange(value) : null });
    }
  }

  /** The verifier goes back to a branch that it put off, and prints all registers. */
  #resume(insn: number, state: string): void {
    const before = this.#branches.get(insn);
    this.#clear();
    this.#frame = frameOf(state) ?? 0;
    for (const [number, value] of parseStates(state)) {
      const register = before?.get(number);
      const same = register && (!register.value || register.value.type === value.type || value.type === 'number');
      this.registers.set(number, { value, origin: same ? register.origin : null });
    }
  }

  #return(): void {
    const caller = this.#callers.pop();
    if (!caller) return this.#clear();
    this.#frame -= 1;
    this.registers = caller.registers;
    for (let number = 1; number <= 5; number += 1)
      this.registers.set(number, { value: null, origin: null, clobbered: caller.call });
    this.registers.set(0, { value: null, origin: caller.call });
  }

  #print(state: string): void {
    this.#frame = frameOf(state) ?? this.#frame;
    for (const [number, value] of parseStates(state)) {
      const { origin = null } = this.registers.get(number) ?? {};
      this.registers.set(number, { value, origin });
    }
  }

  /** Lines are missing here: nobody knows what they changed. */
  #leaveOut(): void {
    this.#clear();
    this.#place = null;
  }

  #clear(): void {
    this.registers = new Map();
    this.#callers = [];
    this.#frame = 0;
  }
}

/** Null if no register is printed. */
function frameOf(state: string): number | null {
  const frame = /^\s*(?:\d+: )?frame(\d{1,2}):/.exec(state);
  if (frame) return Number(frame[1]);
  return /\bR\d/.test(state) ? 0 : null;
}

function agreeing(one: ReadonlyMap<number, Register>, other: ReadonlyMap<number, Register>): Map<number, Register> {
  return new Map(
    [...one].map(([number, register]) => [
      number,
      register.origin?.insn === other.get(number)?.origin?.insn ? register : { ...register, origin: null },
    ]),
  );
}

/** Of a packet pointer only how much of the packet it is good for may have changed. */
function withoutRange(value: Value): Value {
  return { ...value, attributes: new Map([...value.attributes].filter(([name]) => name !== 'r')) };
}

function isSame(one: Value, other: Value): boolean {
  if (one.type.startsWith('pkt') && other.type.startsWith('pkt')) return true;
  const id = one.attributes.get('id');
  return one === other || (id !== undefined && id !== '0' && id === other.attributes.get('id'));
}
