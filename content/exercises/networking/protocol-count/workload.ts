/** Frames sent to a host on which a socket listens, with the program as its filter; then the program alone, many times. */
import {
  type BpfMap,
  everyProtocolOver4,
  type Frame,
  type Kit,
  kindsOver4,
  type LoadedProgram,
  type Passage,
  protocols,
  slowInserts,
  trace,
  Traffic,
} from '#kit';

export const program = 'count.bpf.c';
export const mapName = 'counts';

/** Runs of the program and what they added to the map. */
export interface Burst {
  runs: number;
  added: number;
}

export interface Counted {
  /** Protocol number -> packets; what was sent, and what the map says. */
  sent: Map<number, number>;
  counted: Map<number, number>;
  /** What the socket with the filter got of each frame. */
  passages: Passage[];
  /** On one CPU, more than 16 bits can count; and on all CPUs at once. */
  many: Burst;
  together: Burst;
  /** On all CPUs at once, for protocols of which there is no row. */
  first: Burst;
}

const manyRuns = 70_000;
const runsTogether = 2000;
const runsOfFirst = 5;
const protocolsOfFirst = 16;

export async function countTraffic(kit: Kit): Promise<Counted> {
  const { random, net } = kit;
  const [filter, map, pair] = [
    await kit.program(program).only('socket_filter'),
    await kit.program(program).map(mapName),
    await net.pair(),
  ];
  await pair.attach('filter', filter);
  const traffic = new Traffic(random, pair.left, pair.right);
  const counting = drawCounting(random, traffic);
  const all = random.shuffle([...counting, ...drawOthers(random, traffic)]);
  const { kept } = await pair.send(all.map(({ bytes }) => bytes));
  const counted = await readCounts(map);
  return {
    sent: tally(counting.map(numberOf)),
    counted,
    passages: trace(all, kept),
    ...(await burst(filter, map, traffic)),
    first: await countFirst(kit, filter, map, traffic),
  };
}

function drawCounting(random: Kit['random'], traffic: Traffic): Frame[] {
  return [
    ...(['TCP', 'UDP', 'ICMP'] as const).flatMap((protocol) => [
      ...kindsOver4(random, traffic, protocol),
      ...random.several(2, 12, () => traffic.ipv4(protocol)),
      traffic.tagged(traffic.ipv4(protocol)),
    ]),
    ...everyProtocolOver4(random, traffic),
    ...random.several(4, 12, () => traffic.ipv4Other()),
    traffic.tagged(traffic.ipv4Other()),
    ...toMany.map(([what, address]) => addressed(traffic.ipv4('UDP'), what, address)),
  ];
}

const toMany: [string, number[]][] = [
  ['everybody', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ['a group', [0x01, 0x00, 0x5e, 0x00, 0x00, 0x01]],
];

function addressed({ what, bytes }: Frame, whom: string, address: number[]): Frame {
  const changed = Uint8Array.from(bytes);
  changed.set(address);
  return { what: `${what}, to ${whom} on the network`, bytes: changed };
}

function drawOthers(random: Kit['random'], traffic: Traffic): Frame[] {
  const several = (make: () => Frame) => random.several(2, 6, make);
  return [
    ...several(() => traffic.arp()),
    ...several(() => traffic.ipv6('TCP')),
    ...several(() => traffic.ipv6('UDP')),
    ...several(() => traffic.ipv6('ICMP')),
    ...several(() => traffic.experiment()),
    ...several(() => traffic.withOtherEtherType(traffic.ipv4('TCP'))),
    ...traffic.withOtherEtherTypes(traffic.ipv4('UDP')),
    ...[traffic.arp(), traffic.ipv6('TCP'), traffic.experiment()].map((frame) => traffic.tagged(frame)),
    // They end before the byte that would say which protocol.
    ...[14, 23, random.int(15, 22)].map((length) => traffic.cut(traffic.ipv4('TCP'), length)),
    traffic.cut(traffic.arp(), random.int(14, 23)),
  ];
}

function numberOf({ bytes }: Frame): number {
  return bytes[bytes[12] === 0x81 ? 27 : 23]!;
}

async function burst(
  filter: LoadedProgram,
  map: BpfMap,
  traffic: Traffic,
): Promise<Pick<Counted, 'many' | 'together'>> {
  const data = forTestRun(traffic, protocols.tcp);
  const before = await sumOf(map);
  await filter.run({ data, repeat: manyRuns });
  const between = await sumOf(map);
  const row = (await map.entries()).find(([key]) => Number(littleEndian(key)) === protocols.tcp);
  const trap = row && (await map.trap(row[0]));
  const cpus = await filter.runTogether(data, runsTogether);
  await trap?.stop();
  const after = await sumOf(map);
  return {
    many: { runs: manyRuns, added: between - before },
    together: { runs: cpus * runsTogether, added: after - between },
  };
}

/** An array has all its rows; of a hash some are deleted, and all CPUs find at the same moment that one is missing. */
async function countFirst(
  { random, machine }: Kit,
  filter: LoadedProgram,
  map: BpfMap,
  traffic: Traffic,
): Promise<Burst> {
  if (!map.about.type.includes('hash')) return { runs: 0, added: 0 };
  const rows = random.shuffle(await map.entries()).slice(0, protocolsOfFirst);
  for (const [key] of rows) await map.delete(key);
  const before = await sumOf(map);
  const slow = await slowInserts(machine, map);
  let runs = 0;
  for (const [key] of rows)
    runs +=
      runsOfFirst * (await filter.runTogether(forTestRun(traffic, Number(littleEndian(key)) & 0xff), runsOfFirst));
  await slow.stop();
  return { runs, added: (await sumOf(map)) - before };
}

/**
 * The kernel runs a socket filter on what is behind the Ethernet header, as if that were the frame. So there is one more in front,
 * with the protocol's number where who counts from the other one looks.
 */
function forTestRun(traffic: Traffic, protocol: number): Uint8Array {
  const { bytes } = traffic.ipv4('TCP');
  const data = Uint8Array.from([...bytes.subarray(0, 12), 0x08, 0x00, ...bytes]);
  data.set([0x46], 14);
  for (const network of [14, 28]) data.set([protocol], network + 9);
  return data;
}

async function sumOf(map: BpfMap): Promise<number> {
  return [...(await readCounts(map)).values()].reduce((sum, packets) => sum + packets, 0);
}

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
