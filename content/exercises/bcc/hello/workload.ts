/** Processes and threads are made in every way, among other things; what is printed is read from a trace of our own. */
import { randomUUID } from 'node:crypto';
import {
  CheckFailure,
  evidence,
  type Kit,
  type Making,
  makings,
  nothingNew,
  type NothingNew,
  spawn,
  type Spawned,
  type TraceEvent,
  TraceInstance,
  usableCpus,
} from '#kit';

export const file = 'hello.py';
const endMs = 20_000;

/** A step of the workload, and the texts that BPF programs printed in it in the context of who acted or of what was made. */
export type Greeted = Spawned & {
  /** While all that is new was alive. */
  texts: string[];
  /** After that. */
  late: string[];
  /** By what was made with vfork, once it had begun. */
  strays: string[];
};

interface Watched {
  /** What makes something new. */
  makers: Greeted[];
  /** What does not. */
  others: Greeted[];
  /** The script passed on the trace up to our last mark. */
  complete: boolean;
  /** Lines of the script's output with one of the kernel's messages, and how many the kernel has. */
  shown: number;
  messages: number;
  /** Lines of the script's output that look like greetings. */
  claimed: number;
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { machine, random } = kit;
  const running = await kit.script(file).start();
  const cpus = await usableCpus(machine);
  const [start, end] = ['start', 'end'].map((name) => `hookpoint-${name}-${randomUUID()}`) as [string, string];
  const several = (kind: Making | NothingNew, least: number, most: number) =>
    random.several(least, most, () => kind).map((one, i) => ({ kind: one, cpu: cpus[i % cpus.length]! }));
  const steps = random.shuffle([
    ...Object.keys(makings).flatMap((kind) => several(kind as Making, 2, 5)),
    ...several('fork', 30, 50),
    ...several('thread', 30, 50),
    ...Object.keys(nothingNew).flatMap((kind) => several(kind as NothingNew, 2, 5)),
  ]);
  const trace = await TraceInstance.open(machine, `hookpoint-${randomUUID()}`);
  try {
    const spawned = await spawn(kit, steps, { folder: trace.folder, start, end });
    const complete = (await running.lineWith((line) => line.includes(end), endMs)) !== null;
    const events = await trace.read();
    const greeted = events && divide(events, spawned);
    if (!greeted)
      throw new CheckFailure({
        text: "Your program prints so much that the kernel's trace overflowed before it could be read.",
        expected: 'One message for each new process and thread.',
        help: 'Look at what the program is attached to.',
      });
    const lines = (await running.stop()).stdout.split('\n');
    const meanwhile = lines.slice(
      lines.findIndex((line) => line.includes(start)) + 1,
      complete ? lines.findIndex((line) => line.includes(end)) : undefined,
    );
    // Who prints many different texts fails by that.
    const texts = [...new Set(greeted.messages.map(({ text }) => text.trim().split('\n')[0]!))].slice(0, 20);
    return {
      makers: greeted.steps.filter(({ made }) => made.length > 0),
      others: greeted.steps.filter(({ made }) => made.length === 0),
      complete,
      shown: Math.max(
        meanwhile.filter((line) => line.includes('bpf_trace_printk: ')).length,
        meanwhile.filter((line) => texts.some((text) => line.includes(text))).length,
      ),
      messages: greeted.messages.length,
      claimed: lines.filter((line) => line.includes('Hello, World!')).length,
    };
  } finally {
    await trace.close();
  }
});

/** By the marks; null if one is missing. */
function divide(events: TraceEvent[], spawned: Spawned[]): { steps: Greeted[]; messages: TraceEvent[] } | null {
  const marks = new Map(events.map(({ name, text }, index) => [name === 'tracing_mark_write' ? text : '', index]));
  const printed = (from: number, to: number) =>
    events.slice(from, to).filter(({ name }) => name === 'bpf_trace_printk');
  const steps: Greeted[] = [];
  for (const [index, step] of spawned.entries()) {
    const [begin, end] = [marks.get(`${index} begin`), marks.get(`${index} end`)];
    const made = marks.get(`${index} made`) ?? end;
    if (begin === undefined || end === undefined || made === undefined) return null;
    const ofStep = (first: number, last: number, by: readonly number[]) =>
      printed(first, last)
        .filter(({ pid }) => by.includes(pid))
        .map(({ text }) => text);
    const family = [step.pid, ...step.made];
    // Who makes one by vfork goes on only when that is another program, or has ended: then it is too late to greet it.
    const borrows = step.kind === 'vfork' || step.kind === 'exec';
    const byMaker = ofStep(made, end, [step.pid]);
    steps.push({
      ...step,
      texts: [...ofStep(begin, made, family), ...(step.kind === 'exec' ? byMaker : [])],
      late: step.kind === 'vfork' ? byMaker : borrows ? [] : ofStep(made, end, family),
      strays: borrows ? ofStep(made, end, step.made) : [],
    });
  }
  return { steps, messages: printed(marks.get('0 begin')!, marks.get(`${spawned.length - 1} end`)!) };
}
