/**
 * Frames of every length from the shortest that the kernel takes in a test run up to a drawn one, and of some up to that of a full
 * Ethernet frame; of each length some to drop, some not. Every protocol number is there, and every neighbour of IPv4's EtherType.
 */
import type { Kit, Program } from '#kit';

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
  /** Its EtherType or its protocol, for those that are not UDP over IPv4. */
  number?: number;
  /** What the program returned. */
  action: number;
  /** It came out with other bytes than it had. */
  changed: boolean;
}

export async function judgeFrames({ random }: Kit, program: Program): Promise<JudgedFrame[]> {
  const plan = random.shuffle(drawPlan(random));
  const frames = plan.map((planned) => makeFrame(random, planned));
  const runs = await (await program.only('xdp')).runEach(frames);
  return plan
    .map((planned, index) => ({
      ...planned,
      action: runs[index]!.retval,
      changed: !Buffer.from(runs[index]!.data).equals(frames[index]!),
    }))
    .sort((a, b) => a.length - b.length);
}

type Planned = Pick<JudgedFrame, 'kind' | 'length' | 'number'>;

function drawPlan(random: Kit['random']): Planned[] {
  // The kernel runs no XDP program on less than an Ethernet header, neither here nor on a network.
  const dense = Array.from({ length: random.int(80, 120) - ethernet + 1 }, (_, index) => ethernet + index);
  const sparse = [...random.several(20, 25, () => random.int(121, 1512)), 1513, 1514];
  const held = () => random.pick([headers, random.int(headers, 120), random.int(headers, 1514)]);
  const protocols = Array.from({ length: 256 }, (_, number) => number).filter((number) => number !== udp);
  const etherTypes = [...new Set([...otherEtherTypes, ...random.several(10, 20, () => random.int(0, 0xffff))])];
  return [
    ...[...dense, ...sparse].flatMap((length): Planned[] => [
      { kind: 'udp', length },
      { kind: 'otherProtocol', length, number: random.pick(protocols) },
      { kind: 'otherEtherType', length, number: random.pick(otherEtherTypes) },
    ]),
    ...protocols.map((number): Planned => ({ kind: 'otherProtocol', length: held(), number })),
    ...etherTypes
      .filter((number) => number !== ipv4)
      .map((number): Planned => ({ kind: 'otherEtherType', length: held(), number })),
  ];
}

/** 'XDP_PASS for a frame of 34 bytes with UDP over IPv4' */
export function describe({ action, ...frame }: JudgedFrame): string {
  return `${actionNames[action] ?? `The number ${action}`} for ${describeFrame(frame)}`;
}

export function describeFrame({ kind, length, number = 0 }: Omit<JudgedFrame, 'action'>): string {
  const which = kind === 'otherProtocol' ? ` (${number})` : kind === 'otherEtherType' ? ` (0x${hex4(number)})` : '';
  return `a frame of ${length} bytes with ${kinds[kind]}${which}`;
}

const hex4 = (number: number): string => number.toString(16).padStart(4, '0');

const ipv4 = 0x0800;
const udp = 17;

/**
 * ARP, IPv6, tags, MPLS, PPPoE, LLDP; IPv4's with its bytes swapped and with each single bit changed; and what is less for who forgets
 * the byte order: 0x0700.
 */
const otherEtherTypes = [
  0x0806,
  0x86dd,
  0x8100,
  0x88a8,
  0x9100,
  0x8847,
  0x8864,
  0x88cc,
  0x0008,
  0x0700,
  0x07ff,
  0,
  0xffff,
  ...Array.from({ length: 16 }, (_, bit) => ipv4 ^ (1 << bit)),
];

/** Random bytes but for what the program looks at, and for what it need not care about: options, fragments, and what is behind a tag. */
function makeFrame(random: Kit['random'], { kind, length, number }: Planned): Uint8Array {
  const frame = random.bytes(1514);
  const etherType = kind === 'otherEtherType' ? number! : ipv4;
  frame.set([etherType >> 8, etherType & 255], 12);
  frame[ethernet] = 0x45;
  // No fragment; all else of an IPv4 header is as it comes, and of the time to live also the edges.
  frame.set([random.pick([0, 0x40]), 0], ethernet + 6);
  frame[ethernet + 8] = random.pick([0, 1, 64, 255, random.int(0, 255)]);
  frame[ethernet + 9] = kind === 'otherProtocol' ? number! : udp;
  if (kind === 'otherEtherType') {
    frame[ethernet + 6] = udp; // where IPv6 says what it carries
    frame.set([0x86, 0xdd], ethernet + 2); // behind a tag of VLANs: no IPv4
  }
  return frame.subarray(0, length);
}
