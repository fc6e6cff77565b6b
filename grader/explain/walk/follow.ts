/** Makes a walk of a log. */
import { type Place, parsePlace } from '../verifier-log.ts';
import { parseOperation } from './instruction.ts';
import { type Line, parseLine } from './line.ts';
import { parsePrinted } from './printed.ts';
import { States } from './states.ts';
import type { Step, Walk } from './walk.ts';

/** Of one program's log, without what other tools say around it. */
export function followLog(log: string): Walk {
  const lines = log.split('\n');
  const follower = new Follower();
  const parsed = lines.map(parseLine);
  for (const [i, line] of parsed.entries()) follower.take(line, lines[i]!, i, /^\s*parent /.test(lines[i + 1] ?? ''));
  follower.states.close();
  const { steps, states } = follower;
  const after = (step: number) => states.after(step);
  return {
    lines,
    steps,
    last: steps.length - 1,
    touched: states.touched,
    visits: visitsOf(steps),
    after,
    before: (step) => states.entry(step) ?? (step > 0 ? after(step - 1) : new Map()),
  };
}

function visitsOf(steps: readonly Step[]): Map<number, number[]> {
  const visits = new Map<number, number[]>();
  for (const [i, { insn }] of steps.entries()) {
    const known = visits.get(insn);
    if (known) known.push(i);
    else visits.set(insn, [i]);
  }
  return visits;
}

class Follower {
  readonly steps: Step[] = [];
  readonly states = new States();
  #place: Place | null = null;
  /** Of the next instruction, if it does not just follow. */
  #break: { how: Step['how']; parent: number } | null = { how: 'start', parent: -1 };
  /** Jumps and calls whose other side may still come, and how many there are of each instruction. */
  #open: number[] = [];
  readonly #openOf = new Map<number, number>();
  /** The states that follow are of a function that does not go on here. */
  #elsewhere = false;

  /** `isPast`: the line below says that this one is of the past, which the verifier tracks a number back through. */
  take(line: Line, text: string, index: number, isPast: boolean): void {
    switch (line.kind) {
      case 'instruction':
        return this.#instruction(line, index);
      case 'source':
        this.#place = parsePlace(text);
        return;
      case 'state':
        if (!this.#elsewhere && !isPast) this.#print(line.state, true);
        return;
      case 'branch':
        return this.#resume(line);
      case 'frame':
        this.#elsewhere = line.of === 'caller' || line.of === 'returning';
        return;
      case 'function':
        if (line.of === 'skipped') return this.states.skipCall();
        this.states.forget();
        this.#place = null;
        this.#break = { how: 'start', parent: -1 };
        return;
      case 'elision':
        this.states.forget();
        this.#place = null;
        this.#break = { how: 'gap', parent: -1 };
        return;
      case 'safe':
        this.#break = { how: 'branch', parent: -1 };
        return;
    }
  }

  #instruction({ insn, opcode, text, state }: Line & { kind: 'instruction' }, line: number): void {
    const operation = parseOperation(text);
    const index = this.steps.length;
    const previous = this.steps.at(-1);
    // The program has ended, and nothing says where the verifier goes on.
    if (!this.#break && previous?.operation.kind === 'exit' && previous.frame === 0)
      this.#break = { how: 'gap', parent: -1 };
    const { how, parent } = this.#break ?? { how: 'next' as const, parent: index - 1 };
    this.#break = null;
    this.#elsewhere = false;
    // The kernel hands a program its context in r1.
    if (how === 'start' && insn === 0 && !previous) this.states.print([['r1', 'ctx()']], null, false);
    this.states.begin(index, how !== 'next');
    const step: Step = {
      line,
      insn,
      opcode,
      text,
      operation,
      place: this.#place,
      frame: this.states.frame,
      parent,
      how,
    };
    this.steps.push(step);
    if (operation.kind === 'jump' || operation.kind === 'call' || operation.kind === 'goto') this.#putOff(index, insn);
    this.states.apply(operation, opcode);
    this.#print(state, / R10=/.test(state) && !state.startsWith(' '));
    // A log need not begin at its beginning.
    if (operation.kind !== 'function' && operation.kind !== 'call' && operation.kind !== 'exit')
      step.frame = this.states.frame;
  }

  #print(text: string, alone: boolean): void {
    const { values, frame, whole } = parsePrinted(text, alone);
    if (values.length > 0) this.states.print(values, frame, whole);
  }

  #putOff(index: number, insn: number): void {
    this.#open.push(index);
    this.#openOf.set(insn, (this.#openOf.get(insn) ?? 0) + 1);
  }

  /** The last branch that was put off is looked at first. */
  #resume({ from, state, safe }: Line & { kind: 'branch' }): void {
    let parent = -1;
    while ((this.#openOf.get(from) ?? 0) > 0 && parent < 0) {
      const index = this.#open.pop()!;
      const { insn } = this.steps[index]!;
      this.#openOf.set(insn, this.#openOf.get(insn)! - 1);
      if (insn === from) parent = index;
    }
    this.#break = { how: 'branch', parent };
    if (safe) return;
    // What it prints is all that counts there; the functions around it are those of the branch.
    this.states.forget();
    this.#print(state, true);
  }
}
