/**
 * What is in registers and stack slots, step by step. It keeps what changed, and the whole only now and then: a log may
 * have 100 000 steps.
 */
import { handsOver, movesPackets } from '../registers/index.ts';
import { type Operation, slotOf } from './instruction.ts';
import { alike } from './alike.ts';
import { isPacket } from './values.ts';
import type { State } from './walk.ts';

// Twice what the verifier allows.
const mostFrames = 16;
const between = 64;

type Change = [name: string, value: string | null];

export class States {
  readonly touched: string[][] = [];
  #frames: Map<string, string>[] = [start()];
  readonly #changes: Change[][] = [];
  readonly #wholes = new Map<number, State>();
  readonly #entries = new Map<number, State>();
  #replaced = true;
  #pending: Change[] = [];
  /** What held in front of a jump, until the log says what it taught. */
  #jump: { left: string; right: string; before: State } | null = null;
  /** The step that is not closed yet. */
  #step = -1;
  /** What it does is done when the log goes on: the instruction at which the verifier stops does nothing. */
  #undone: { operation: Operation; opcode: string } | null = null;

  /** How deep in calls. */
  get frame(): number {
    return this.#frames.length - 1;
  }

  get #current(): Map<string, string> {
    return this.#frames.at(-1)!;
  }

  /**
   * What comes from here on belongs to step `step`. `isFresh`: it does not just follow the one before it in the log.
   */
  begin(step: number, isFresh: boolean): void {
    this.#settle();
    if (this.#jump) this.#spread(this.#jump);
    this.#jump = null;
    this.close();
    // What was printed since is in front of it.
    if (isFresh) this.#entries.set(step, new Map(this.#current));
    this.#pending = [];
    this.#replaced = isFresh;
    this.#step = step;
  }

  /** After the last line of a path. */
  close(): void {
    const step = this.#step;
    if (step < 0) return;
    this.#changes[step] = this.#pending;
    this.touched[step] = [...new Set(this.#pending.map(([name]) => name))];
    if (this.#replaced || step % between === 0) this.#wholes.set(step, new Map(this.#current));
    this.#pending = [];
    this.#step = -1;
  }

  /** Nothing of what was known counts from here on. */
  forget(): void {
    this.#settle();
    this.close();
    this.#frames = [start()];
  }

  /** By the instruction of this step, before the log says more. */
  apply(operation: Operation, opcode: string): void {
    this.#undone = { operation, opcode };
  }

  #settle(): void {
    if (!this.#undone) return;
    const { operation, opcode } = this.#undone;
    this.#undone = null;
    const state = this.#current;
    switch (operation.kind) {
      case 'constant':
        // An address of 64 bits is mostly a map's, whatever number it is.
        return this.#set(operation.target, opcode === '18' ? '' : operation.value);
      case 'copy':
        return this.#set(operation.target, state.get(operation.source) ?? '');
      case 'calculation':
        return this.#set(operation.target, below(state.get(operation.target), operation.added));
      case 'load':
        return this.#set(operation.target, '');
      case 'store':
        if (operation.base === 'r10')
          this.#set(
            slotOf(operation.offset),
            operation.bytes === 8 && operation.source !== null ? (state.get(operation.source) ?? '') : '',
          );
        return;
      case 'jump':
        this.#jump = { left: operation.left, right: operation.right, before: new Map(state) };
        return;
      case 'call':
        this.#loseBy(operation.name);
        return this.#clobber('');
      case 'function':
        return this.#push(new Map([...state].filter(([name]) => /^r(?:[1-5]|10)$/.test(name))));
      case 'exit':
        return this.#return();
    }
  }

  /** What the log says. `frame`: how deep, if it says that. */
  print(values: readonly [string, string][], frame: number | null, whole: boolean): void {
    this.#settle();
    if (frame !== null) this.#reach(frame);
    if (whole) {
      const names = new Set(values.map(([name]) => name));
      for (const name of this.#current.keys()) if (!names.has(name)) this.#set(name, null);
    }
    for (const [name, value] of values) this.#set(name, value);
    if (!whole && this.#jump) this.#spread(this.#jump);
    this.#jump = null;
  }

  /** The function that was called is not looked at here. */
  skipCall(): void {
    this.#settle();
    if (this.#frames.length === 1) return;
    this.#frames.pop();
    this.#replaced = true;
    this.#clobber('');
  }

  after(step: number): State {
    if (step < 0) return new Map();
    let from = step;
    while (from > 0 && !this.#wholes.has(from)) from -= 1;
    const state = new Map(this.#wholes.get(from));
    for (let i = from + 1; i <= step; i += 1) {
      for (const [name, value] of this.#changes[i]!) {
        if (value === null) state.delete(name);
        else state.set(name, value);
      }
    }
    return state;
  }

  /** In front of a step that does not just follow the one before it in the log. */
  entry(step: number): State | undefined {
    return this.#entries.get(step);
  }

  #set(name: string, value: string | null): void {
    if (value === null) this.#current.delete(name);
    else this.#current.set(name, value);
    this.#pending.push([name, value]);
  }

  #clobber(result: string): void {
    for (let number = 1; number <= 5; number += 1) if (this.#current.has(`r${number}`)) this.#set(`r${number}`, null);
    this.#set('r0', result);
  }

  /** What a test says of one register it says of all that are known to be the same, but only two are printed. */
  #spread({ left, right, before }: { left: string; right: string; before: State }): void {
    for (const tested of [left, right]) {
      const was = before.get(tested);
      if (was === undefined) continue;
      for (const [name, value] of this.#current) {
        if (name === left || name === right || name === 'r10') continue;
        const now = alike(value, was, this.#current.get(tested)!);
        if (now !== value) this.#set(name, now);
      }
    }
  }

  /** Pointers that a call makes void: the kernel has numbers there from then on, and does not print them. */
  #loseBy(name: string): void {
    const given = identityOf(this.#current.get('r1'));
    for (const state of this.#frames)
      for (const [register, value] of state) {
        const isLost = movesPackets.test(name)
          ? isPacket(value) || value.startsWith('pkt_end(')
          : given !== null && handsOver.test(name) && identityOf(value) === given;
        if (!isLost) continue;
        if (state === this.#current) this.#set(register, 'scalar()');
        else state.set(register, 'scalar()');
      }
  }

  #push(state: Map<string, string>): void {
    this.#frames = [...this.#frames.slice(1 - mostFrames), state];
    this.#replaced = true;
  }

  #return(): void {
    if (this.#frames.length === 1) return;
    const result = this.#frames.pop()!.get('r0') ?? '';
    this.#replaced = true;
    this.#clobber(result);
  }

  #reach(frame: number): void {
    if (frame === this.frame || frame >= mostFrames) return;
    while (this.frame < frame) this.#push(start());
    while (this.frame > frame) this.#frames.pop();
    this.#replaced = true;
  }
}

/** Of what must be given back. */
function identityOf(value: string | undefined): string | null {
  return /\bref_obj_id=(\d+)/.exec(value ?? '')?.[1] ?? /mem\w*\(.*\bid=(\d+)/.exec(value ?? '')?.[1] ?? null;
}

/** The frame pointer is always there. */
function start(): Map<string, string> {
  return new Map([['r10', 'fp0']]);
}

/** Where a constant is added to the frame pointer, old kernels need not print what comes of it. */
function below(value: string | undefined, added: number | null): string {
  const offset = value === undefined || added === null ? null : /^fp(-?\d{1,6})$/.exec(value);
  return offset ? `fp${Number(offset[1]) + added!}` : '';
}
