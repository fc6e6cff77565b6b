/** Where a value comes from: the instructions and branches that made it what it is, back to its origin. */
import { slotOf } from './instruction.ts';
import { isPacket, isSame } from './values.ts';
import { frameAfter, pathTo, type Step, type Walk } from './walk.ts';

/** A register or slot of a function, by how deep that is. */
export interface Spot {
  name: string;
  frame: number;
}

export interface Link {
  step: number;
  /** What it made, tested or changed. */
  spot: Spot;
  kind:
    | 'call'
    | 'constant'
    | 'copy'
    | 'calculation'
    | 'read'
    | 'fill'
    | 'spill'
    | 'test'
    | 'change'
    | 'argument'
    | 'callback'
    | 'return'
    | 'void'
    | 'start';
  /** Where the value was before, if it came from another register or slot. */
  from?: string;
  /** So often this instruction did so on the path. */
  times: number;
}

// Loops are long, and hostile logs longer.
const mostLooks = 2_000_000;
const mostSpots = 2000;

/** Ordered as the path is, the origin first. Empty if nothing on the path has set it. */
export function chainOf(walk: Walk, step: number, name: string): Link[] {
  const path = pathTo(walk, step);
  const tracer = new Tracer(walk, path);
  tracer.follow({ name, frame: walk.steps[step]!.frame }, path.length - 1);
  tracer.run();
  return tracer.found();
}

class Tracer {
  readonly #walk: Walk;
  readonly #path: readonly number[];
  readonly #open: { spot: Spot; end: number }[] = [];
  readonly #seen = new Set<string>();
  readonly #links: Omit<Link, 'times'>[] = [];
  #looks = 0;

  constructor(walk: Walk, path: readonly number[]) {
    this.#walk = walk;
    this.#path = path;
  }

  /** What `spot` has in front of the step at `end` of the path. */
  follow(spot: Spot, end: number): void {
    const key = `${end} ${spot.frame} ${spot.name}`;
    if (this.#seen.has(key) || this.#seen.size > mostSpots || spot.name === 'r10') return;
    this.#seen.add(key);
    this.#open.push({ spot, end });
  }

  run(): void {
    for (let next = this.#open.shift(); next; next = this.#open.shift()) this.#trace(next.spot, next.end);
  }

  /** Of an instruction that comes again and again, the last time. */
  found(): Link[] {
    const links = new Map<string, Link>();
    for (const link of this.#links.toSorted((one, other) => other.step - one.step)) {
      const key = `${this.#walk.steps[link.step]!.insn} ${link.kind} ${link.spot.frame} ${link.spot.name}`;
      const later = links.get(key);
      if (!later) links.set(key, { ...link, times: 1 });
      else if (later.step !== link.step) later.times += 1;
    }
    return [...links.values()].toSorted((one, other) => one.step - other.step);
  }

  #trace(spot: Spot, end: number): void {
    for (let at = end - 1; at >= 0; at -= 1) {
      this.#looks += 1;
      if (this.#looks > mostLooks) return;
      const index = this.#path[at]!;
      const step = this.#walk.steps[index]!;
      const isDone = step.frame === spot.frame ? this.#own(spot, step, at) : this.#other(spot, step, at);
      if (isDone) return;
      // What came before is not in the log.
      if (step.how === 'gap') return;
    }
    const first = this.#path[0];
    if (first === undefined || spot.frame !== 0 || !/^r[1-5]$/.test(spot.name)) return;
    if (this.#walk.steps[first]!.how === 'start' && this.#walk.before(first).has(spot.name))
      this.#links.push({ step: first, spot, kind: 'start' });
  }

  #link(kind: Link['kind'], spot: Spot, at: number, from?: Spot): true {
    this.#links.push({ step: this.#path[at]!, spot, kind, ...(from && { from: from.name }) });
    if (from) this.follow(from, at);
    return true;
  }

  /** In the function that the spot is of. True if the value was made here. */
  #own(spot: Spot, { operation }: Step, at: number): boolean {
    const { name, frame } = spot;
    switch (operation.kind) {
      case 'constant':
        if (operation.target === name) return this.#link('constant', spot, at);
        break;
      case 'copy':
        if (operation.target === name) return this.#link('copy', spot, at, { name: operation.source, frame });
        break;
      case 'load':
        if (operation.target === name) return this.#load(spot, operation, at);
        break;
      case 'calculation':
        if (operation.target !== name) break;
        if (operation.with !== null) this.follow({ name: operation.with, frame }, at);
        return this.#link('calculation', spot, at, operation.over ? undefined : spot);
      case 'store':
        if (this.#slotAt(operation.base, operation.offset, at)?.name === name && name.startsWith('fp'))
          return this.#link('spill', spot, at, operation.source ? { name: operation.source, frame } : undefined);
        break;
      case 'call':
      case 'function':
        if (name === 'r0') return this.#link('call', spot, at);
        if (/^r[1-5]$/.test(name)) return this.#link('void', spot, at);
        break;
      case 'jump':
        if (this.#tests(spot, operation, at) || this.#changes(spot, at)) {
          this.#link('test', spot, at);
          return false;
        }
        break;
    }
    if (this.#changes(spot, at)) this.#link('change', spot, at);
    return false;
  }

  /** In another function: one that was called on the way, or the one that called. */
  #other({ name, frame }: Spot, step: Step, at: number): boolean {
    const spot = { name, frame };
    if (step.frame > frame) {
      const returns = step.operation.kind === 'exit' && step.frame === frame + 1;
      if (returns && name === 'r0') return this.#link('return', spot, at, { name: 'r0', frame: step.frame });
      return false;
    }
    // In front of its first instruction is the call.
    const { operation } = step;
    if (operation.kind === 'function' && /^r[1-5]$/.test(name))
      return this.#link('argument', spot, at, { name, frame: step.frame });
    if (operation.kind === 'call' && /^r[1-5]$/.test(name)) return this.#link('callback', spot, at);
    return true;
  }

  #load(spot: Spot, { base, offset }: { base: string; offset: number }, at: number): boolean {
    const slot = this.#slotAt(base, offset, at);
    if (slot) return this.#link('fill', spot, at, slot);
    const through = this.#walk.before(this.#path[at]!).get(base) ?? '';
    // The kernel's own objects lead to one another.
    const leads = /ptr_/.test(through) && !through.startsWith('map_');
    return this.#link('read', spot, at, leads ? { name: base, frame: spot.frame } : undefined);
  }

  #slotAt(base: string, offset: number, at: number): Spot | null {
    const index = this.#path[at]!;
    const { frame } = this.#walk.steps[index]!;
    const pointer = base === 'r10' ? 'fp0' : (this.#walk.before(index).get(base) ?? '');
    const found = /^fp(?:\[(\d+)\])?([+-]?\d+)?$/.exec(pointer);
    if (!found) return null;
    const below = Number(found[2] ?? 0) + offset;
    return below < 0 ? { name: slotOf(below), frame: found[1] === undefined ? frame : Number(found[1]) } : null;
  }

  /** It is compared, or the packet that it points into is. */
  #tests({ name }: Spot, { left, right }: { left: string; right: string }, at: number): boolean {
    if (name === left || name === right) return true;
    if (!right.startsWith('r')) return false;
    const index = this.#path[at]!;
    const [before, after] = [this.#walk.before(index), this.#walk.after(index)];
    const of = (register: string) => after.get(register) || before.get(register) || '';
    const ends = [left, right].some((register) => of(register).startsWith('pkt_end('));
    return ends && isPacket(of(name)) && [left, right].some((register) => isPacket(of(register)));
  }

  /**
   * The log says something else of it than before, and no instruction wrote it: a test of a copy, a call that moves
   * packets.
   */
  #changes({ name }: Spot, at: number): boolean {
    const index = this.#path[at]!;
    if (!this.#walk.touched[index]!.includes(name)) return false;
    if (frameAfter(this.#walk, index) !== this.#walk.steps[index]!.frame) return false;
    const [was, is] = [this.#walk.before(index).get(name), this.#walk.after(index).get(name)];
    // What a helper writes to the stack is printed of the slot alone.
    return (
      is !== undefined && is !== '' && !isSame(was, is) && (name.startsWith('fp') || (was !== undefined && was !== ''))
    );
  }
}
