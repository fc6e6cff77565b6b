/** Frames that the program is run on one by one, and frames that are sent to a host behind it. */
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { LoadedProgram } from '../../../../grader/checks/loaded-program.ts';
import { drawHosts, type Pair } from '../../../../grader/checks/net.ts';
import { type Frame, timesIn, Traffic } from '../../../../grader/checks/traffic.ts';

const actions = ['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS', 'XDP_TX', 'XDP_REDIRECT'] as const;
export type Action = (typeof actions)[number];

export const groups = ['tcp', 'others', 'options', 'fragments', 'ipv6', 'vlan', 'short'] as const;
export type Group = (typeof groups)[number];

export interface Judged extends Frame {
  expected: Action;
  seen: string;
  changed: boolean;
}

/** Every frame through BPF_PROG_TEST_RUN, in random order. */
export async function runOnFrames({ random }: Kit, program: LoadedProgram): Promise<Record<Group, Judged[]>> {
  const traffic = new Traffic(random, ...drawHosts(random));
  const several = (make: () => Frame) => random.several(3, 6, make);
  const drop = (frame: Frame) => ({ ...frame, expected: 'XDP_DROP' as const });
  const pass = (frame: Frame) => ({ ...frame, expected: 'XDP_PASS' as const });
  const frames: Record<Group, (Frame & { expected: Action })[]> = {
    tcp: several(() => traffic.ipv4('TCP')).map(drop),
    others: [
      () => traffic.ipv4('UDP'), () => traffic.ipv4('ICMP'), () => traffic.ipv4Other(),
      () => traffic.arp(), () => traffic.ipv6('UDP'), () => traffic.experiment(),
    ].flatMap(several).map(pass),
    options: [
      ...several(() => traffic.ipv4WithOptions('TCP')).map(drop),
      ...several(() => traffic.ipv4WithOptions('UDP')).map(pass),
    ],
    fragments: [...traffic.ipv4Fragments('TCP').map(drop), ...traffic.ipv4Fragments('UDP').map(pass)],
    ipv6: [
      ...several(() => traffic.ipv6('TCP')).map(drop),
      ...several(() => traffic.ipv6(random.pick(['UDP', 'ICMP']))).map(pass),
    ],
    vlan: [
      ...several(() => traffic.tagged(traffic.ipv4('TCP'))).map(drop),
      ...several(() => traffic.tagged(traffic.ipv6('TCP'))).map(drop),
      ...several(() => traffic.tagged(random.pick([traffic.ipv4('UDP'), traffic.ipv6('UDP'), traffic.arp()]))).map(pass),
    ],
    // Each ends before the byte that would say TCP.
    short: [
      ...several(() => traffic.cut(traffic.ipv4('TCP'), random.int(14, 23))),
      ...several(() => traffic.cut(traffic.ipv6('TCP'), random.int(14, 20))),
      ...several(() => traffic.cut(traffic.tagged(traffic.ipv4('TCP')), random.int(14, 27))),
    ].map(pass),
  };
  const all = random.shuffle(groups.flatMap((group) => frames[group]));
  const runs = await program.runEach(all.map(({ bytes }) => bytes));
  const judged = new Map(all.map((frame, i): [Frame, Judged] => {
    const { retval, data } = runs[i]!;
    return [frame, { ...frame, seen: actions[retval] ?? `${retval}, which is no XDP action`, changed: !Buffer.from(data).equals(frame.bytes) }];
  }));
  return Object.fromEntries(groups.map((group) => [group, frames[group].map((frame) => judged.get(frame)!)])) as Record<Group, Judged[]>;
}

export interface Live {
  tcp: Frame[];
  others: Frame[];
  tcpThrough: Frame[];
  othersLost: Frame[];
  pings: number;
  pongs: number;
}

/** The same frames before and after the program is attached: before, all must get through, or it is not the program's doing. */
export async function sendThrough({ random }: Kit, pair: Pair, program: LoadedProgram): Promise<Live> {
  const traffic = new Traffic(random, pair.left, pair.right);
  const pings = random.several(3, 6, () => traffic.ipv4('ICMP'));
  const tcp = [() => traffic.ipv4('TCP'), () => traffic.ipv6('TCP'), () => traffic.tagged(traffic.ipv4('TCP'))].flatMap((make) => random.several(3, 6, make));
  const others = [...pings, ...[() => traffic.ipv4('UDP'), () => traffic.arp(), () => traffic.ipv6('UDP')].flatMap((make) => random.several(3, 6, make))];
  const all = random.shuffle([...tcp, ...others]);
  const missing = (arrived: Uint8Array[], frames: Frame[]) => frames.filter((frame) => timesIn(arrived, frame) === 0);

  const before = await pair.send(all.map(({ bytes }) => bytes));
  const lost = missing(before.arrived, all);
  if (lost.length > 0 || countPongs(before.answers) !== pings.length) throw new Error(`The wire lost ${lost.length} frames by itself, the first: ${lost[0]?.what}.`);
  await pair.attach('xdp', program);
  const { arrived, answers } = await pair.send(all.map(({ bytes }) => bytes));
  return {
    tcp, others,
    tcpThrough: tcp.filter((frame) => timesIn(arrived, frame) > 0),
    othersLost: missing(arrived, others),
    pings: pings.length,
    pongs: countPongs(answers),
  };
}

/** Echo replies over IPv4. */
function countPongs(frames: Uint8Array[]): number {
  return frames.filter((frame) => frame[12] === 0x08 && frame[13] === 0x00 && frame[23] === 1 && frame[34] === 0).length;
}
