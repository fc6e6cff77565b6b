/** Frames of every length that the kernel takes in a test run, up to a drawn one; of each length some to drop, some not. */
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Program } from '../../../../grader/checks/program.ts';

/** Bytes of an Ethernet header and of an IPv4 header without options. */
const ethernet = 14;
export const headers = ethernet + 20;

export const actions = { drop: 1, pass: 2 } as const;
const actionNames = ['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS', 'XDP_TX', 'XDP_REDIRECT'];

const kinds = {
  udp: 'UDP over IPv4',
  otherProtocol: 'another protocol over IPv4',
  otherEtherType: 'another EtherType, with a 17 where IPv4 has its protocol',
} as const;

export interface JudgedFrame {
  kind: keyof typeof kinds;
  length: number;
  /** What the program returned. */
  action: number;
}

export async function judgeFrames({ random }: Kit, program: Program): Promise<JudgedFrame[]> {
  const longest = random.int(80, 160);
  // The kernel runs no XDP program on less than an Ethernet header, neither here nor on a network.
  const lengths = Array.from({ length: longest - ethernet + 1 }, (_, index) => ethernet + index);
  const plan = random.shuffle(lengths.flatMap((length) => [
    { kind: 'udp' as const, length },
    { kind: random.pick(['otherProtocol', 'otherEtherType'] as const), length },
  ]));
  const runs = await (await program.only('xdp')).runEach(plan.map(({ kind, length }) => makeFrame(random, kind).subarray(0, length)));
  return plan.map((frame, index) => ({ ...frame, action: runs[index]!.retval })).sort((a, b) => a.length - b.length);
}

/** 'XDP_PASS for a frame of 34 bytes with UDP over IPv4' */
export function describe({ kind, length, action }: JudgedFrame): string {
  return `${actionNames[action] ?? `The number ${action}`} for a frame of ${length} bytes with ${kinds[kind]}`;
}

/** Random bytes but for what the program looks at: EtherType, version and protocol. */
function makeFrame(random: Kit['random'], kind: keyof typeof kinds): Uint8Array {
  const frame = random.bytes(160);
  const ipv4 = 0x0800;
  const etherType = kind === 'otherEtherType' ? random.pick([0x0806, 0x86dd, 0x8100, 0x88cc, 0x0008]) : ipv4;
  frame.set([etherType >> 8, etherType & 255], 12);
  frame[ethernet] = 0x45;
  frame[ethernet + 9] = kind === 'otherProtocol' ? random.pick([1, 2, 6, 16, 18, 47, 50, 132]) : 17;
  return frame;
}
