/** Rounds of frames, each with the action that it must get: what most packet exercises are judged by. */
import { evidence } from '../checks/evidence.ts';
import { count, expect } from '../checks/expect.ts';
import type { Run } from '../checks/run.ts';
import type { Kit } from '../kit.ts';
import type { LoadedProgram } from '../program/loaded-program.ts';
import type { Frame } from './traffic.ts';

/** By return value: include/uapi/linux/bpf.h and include/uapi/linux/pkt_cls.h. */
const actions = {
  xdp: ['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS', 'XDP_TX', 'XDP_REDIRECT'],
  tc: [
    'TC_ACT_OK',
    'TC_ACT_RECLASSIFY',
    'TC_ACT_SHOT',
    'TC_ACT_PIPE',
    'TC_ACT_STOLEN',
    'TC_ACT_QUEUED',
    'TC_ACT_REPEAT',
    'TC_ACT_REDIRECT',
  ],
} as const;

export type Hook = keyof typeof actions;
export type Action<H extends Hook = Hook> = (typeof actions)[H][number];

/** A frame, and the action that it must get. */
export interface Wanted<H extends Hook = Hook> extends Frame {
  action: Action<H>;
}

/** `must('XDP_DROP', frames)`: each of the frames must get the action. */
export function must<A extends Action>(action: A, frames: readonly Frame[]): (Frame & { action: A })[] {
  return frames.map((frame) => ({ ...frame, action }));
}

export interface RoundsOptions<H extends Hook, G extends string> {
  hook: H;
  /** The program that gets the frames. */
  program(kit: Kit): Promise<LoadedProgram>;
  /** Draws the frames of each check. All are run in one random order, so that none can be told by its place. */
  frames(kit: Kit): Record<G, Wanted<H>[]> | Promise<Record<G, Wanted<H>[]>>;
  /** What a check says where a frame did not get the action that it must get. */
  says: Partial<Record<Action<H>, string>>;
}

/**
 * A run for each of the checks: every frame of the check must get its action from the program (BPF_PROG_TEST_RUN), and those that
 * are passed on must come out as they went in.
 *
 *     export default defineChecks({
 *       ...frameRounds(['drops', 'passes'], {
 *         hook: 'xdp',
 *         program: (kit) => kit.program('drop.bpf.c').only('xdp'),
 *         frames: ({ random }) => ({ drops: must('XDP_DROP', …), passes: must('XDP_PASS', …) }),
 *         says: { XDP_DROP: 'UDP to port 7 is not dropped', XDP_PASS: 'Another packet is dropped' },
 *       }),
 *     });
 */
export function frameRounds<H extends Hook, G extends string>(
  checks: readonly G[],
  options: RoundsOptions<H, G>,
): Record<G, Run> {
  const seen = evidence((kit) => runFrames(kit, checks, options));
  return Object.fromEntries(
    checks.map((check): [G, Run] => [check, async (kit) => judge((await seen(kit)).get(check)!, options.says)]),
  ) as Record<G, Run>;
}

interface Judged extends Wanted {
  seen: string;
  changed: boolean;
  /** What the program has changed beside the bytes. */
  marked: string;
}

// Of struct __sk_buff what a program may write and a later hook or a route goes by: include/uapi/linux/bpf.h
const contextBytes = 192;
const notes = { mark: 8, priority: 32 } as const;

function drawContext(kit: Kit): Uint8Array {
  const context = new DataView(new ArrayBuffer(contextBytes));
  for (const offset of Object.values(notes)) context.setUint32(offset, kit.random.int(0, 7), true);
  return new Uint8Array(context.buffer);
}

function changedNotes(before: Uint8Array | undefined, after: Uint8Array): string {
  const read = (bytes: Uint8Array, offset: number) => Buffer.from(bytes).readUInt32LE(offset);
  const changed = Object.entries(notes).filter(
    ([, offset]) => before && after.length >= offset + 4 && read(before, offset) !== read(after, offset),
  );
  return changed.map(([name, offset]) => `skb->${name} is ${read(after, offset)}`).join(', ');
}

async function runFrames<H extends Hook, G extends string>(
  kit: Kit,
  checks: readonly G[],
  { hook, program, frames: draw }: RoundsOptions<H, G>,
): Promise<Map<G, Judged[]>> {
  const frames = await draw(kit);
  const all = kit.random.shuffle(checks.flatMap((check) => frames[check].map((frame) => ({ check, frame }))));
  const inputs = all.map(({ frame }) => ({ data: frame.bytes, ...(hook === 'tc' && { context: drawContext(kit) }) }));
  const runs = await (await program(kit)).runAll(inputs);
  const judged = new Map<G, Judged[]>(checks.map((check) => [check, []]));
  for (const [i, { check, frame }] of all.entries()) {
    const { retval, data, context } = runs[i]!;
    judged.get(check)!.push({
      ...frame,
      seen: actions[hook][retval] ?? `${retval}, which is no ${hook === 'xdp' ? 'XDP' : 'tc'} action`,
      changed: !Buffer.from(data).equals(frame.bytes),
      marked: changedNotes(inputs[i]!.context, context),
    });
  }
  return judged;
}

const passing = new Set<string>(['XDP_PASS', 'TC_ACT_OK']);

function judge(frames: readonly Judged[], says: Partial<Record<Action, string>>): void {
  const right = frames.filter(({ action, seen }) => seen === action);
  const wrong = frames.find(({ action, seen }) => seen !== action);
  expect(!wrong, {
    text: `${(wrong && says[wrong.action]) ?? 'A frame does not get the action that it must get'}: ${wrong?.what}.`,
    expected: `${wrong?.action} for it.`,
    actual: `${wrong?.seen}. Of ${count(frames.length, 'frame')} of this kind, ${right.length} got what they must get.`,
  });
  const changed = frames.find((frame) => passing.has(frame.action) && frame.changed);
  expect(!changed, {
    text: `The program changes a frame that it passes on: ${changed?.what}.`,
    expected: 'The same bytes as before.',
    actual: 'Other bytes.',
    help: 'Compare with ==, and assign nothing to what lies in the packet.',
  });
  const marked = frames.find((frame) => passing.has(frame.action) && frame.marked);
  expect(!marked, {
    text: `The program marks a packet that it lets through: ${marked?.what}.`,
    expected: 'The packet, and what the kernel knows of it, as before.',
    actual: `${marked?.marked} afterwards.`,
    help: 'Read from skb, and assign nothing to it.',
  });
}
