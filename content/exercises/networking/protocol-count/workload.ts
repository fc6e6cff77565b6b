/** Frames sent to a host on which a socket listens, with the program as its filter. */
import type { BpfMap } from '../../../../grader/checks/map.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import { protocols } from '../../../../grader/checks/packets.ts';
import { type Frame, type Passage, trace, Traffic } from '../../../../grader/checks/traffic.ts';

export const program = 'count.bpf.c';
export const mapName = 'counts';

export interface Counted {
  /** Protocol number -> packets; what was sent, and what the map says. */
  sent: Map<number, number>;
  counted: Map<number, number>;
  /** What the socket with the filter got of each frame. */
  passages: Passage[];
}

export async function countTraffic(kit: Kit): Promise<Counted> {
  const { random, net } = kit;
  const [filter, map, pair] = [await kit.program(program).only('socket_filter'), await kit.program(program).map(mapName), await net.pair()];
  await pair.attach('filter', filter);
  const traffic = new Traffic(random, pair.left, pair.right);
  const several = (make: () => Frame) => random.several(4, 12, make);
  const counting = [
    ...(['TCP', 'UDP', 'ICMP'] as const).flatMap((protocol) =>
      [...several(() => traffic.ipv4(protocol)), traffic.ipv4WithOptions(protocol)].map((frame) => ({ frame, number: numbers[protocol] })),
    ),
    ...several(() => traffic.ipv4Other()).map((frame) => ({ frame, number: frame.bytes[23]! })),
  ];
  const others = [() => traffic.arp(), () => traffic.ipv6('TCP'), () => traffic.ipv6('UDP'), () => traffic.experiment()].flatMap(several);
  const all = random.shuffle([...counting.map(({ frame }) => frame), ...others]);
  const { kept } = await pair.send(all.map(({ bytes }) => bytes));
  return { sent: tally(counting.map(({ number }) => number)), counted: await readCounts(map), passages: trace(all, kept) };
}

const numbers = { TCP: protocols.tcp, UDP: protocols.udp, ICMP: protocols.icmp };

function tally(numbers: number[]): Map<number, number> {
  const tallied = new Map<number, number>();
  for (const number of numbers) tallied.set(number, (tallied.get(number) ?? 0) + 1);
  return tallied;
}

/** An array holds zeros for what was never seen, and a map for each CPU a part of the sum on each. */
async function readCounts(map: BpfMap): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const [key, values] of await map.entries()) {
    const sum = values.reduce((total, value) => total + littleEndian(value), 0n);
    if (sum !== 0n) counts.set(Number(littleEndian(key)), Number(sum));
  }
  return counts;
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`);
}

/** 'TCP (6)' */
export function nameOf(number: number): string {
  const [name] = Object.entries(protocols).find(([, value]) => value === number) ?? [];
  return name && name !== 'icmpv6' ? `${name.toUpperCase()} (${number})` : `protocol ${number}`;
}
