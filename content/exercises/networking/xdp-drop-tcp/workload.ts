/** Frames that the program is run on one by one, and frames that are sent to a host behind it. */
import {
  drawHosts,
  everyHeaderOver6,
  everyProtocolOver4,
  type Frame,
  type Kit,
  kindsOver4,
  kindsOver6,
  type LoadedProgram,
  must,
  type Pair,
  protocols,
  timesIn,
  Traffic,
} from '#kit';

/** By check; every group holds frames that must go and some that must stay, where there are both. */
export function drawFrames({ random }: Kit) {
  const traffic = new Traffic(random, ...drawHosts(random));
  const drop = (frames: Frame[]) => must('XDP_DROP', frames);
  const pass = (frames: Frame[]) => must('XDP_PASS', frames);
  const tagged = (frames: Frame[]) => frames.map((frame) => traffic.tagged(frame));
  const [tcp, udp, icmp] = (['TCP', 'UDP', 'ICMP'] as const).map((protocol) => kindsOver4(random, traffic, protocol));
  const [tcp6, udp6] = (['TCP', 'UDP'] as const).map((protocol) => [
    ...kindsOver6(random, traffic, protocol),
    ...endsOfIpv6.map((length) => traffic.cut(traffic.ipv6(protocol), length)),
  ]);
  const whole = (frames: Frame[]) => frames.filter((frame) => !hasOptions(frame) && !isPiece(frame));
  const others = [traffic.arp(), traffic.experiment(), traffic.ipv6('ICMP')];
  return {
    'drops-tcp': drop(whole(tcp!)),
    'passes-others': pass([
      ...whole([...udp!, ...icmp!]),
      ...everyProtocolOver4(random, traffic, [protocols.tcp]),
      ...udp6!,
      ...others,
      ...random.several(2, 4, () => traffic.arp()),
      ...traffic.withOtherEtherTypes(traffic.ipv4('TCP')),
      traffic.withOtherEtherType(traffic.ipv4('TCP')),
      traffic.withOtherEtherType(traffic.ipv6('TCP')),
      ...likeIpv6(traffic.ipv6('TCP')),
    ]),
    options: [...drop(tcp!.filter(hasOptions)), ...pass([...udp!, ...icmp!].filter(hasOptions))],
    fragments: [...drop(tcp!.filter(isPiece)), ...pass([...udp!, ...icmp!].filter(isPiece))],
    ipv6: [...drop(tcp6!), ...pass(everyHeaderOver6(random, traffic, [protocols.tcp]))],
    vlan: [
      ...drop(tagged([...tcp!, ...tcp6!])),
      ...pass(
        tagged([
          ...udp!,
          ...icmp!,
          ...udp6!,
          ...others,
          ...traffic.over4ByOtherProtocols('TCP', traffic.segment('TCP')),
          ...traffic.withOtherEtherTypes(traffic.ipv4('TCP')),
          ...likeIpv6(traffic.ipv6('TCP')),
          // Behind two tags TCP may go or stay. What is not TCP stays.
          ...tagged([traffic.ipv4('UDP'), traffic.ipv6('UDP'), traffic.arp()]),
        ]),
      ),
    ],
    short: pass(drawShort(random, traffic)),
  };
}

/** Where a packet over IPv6 may end so that its header, and with it what follows, is still whole: with its last byte, and later. */
const endsOfIpv6 = [54, 55, 62, 73];

/** The same with EtherTypes near IPv6's 0x86dd, in either byte order, and at the ends of the field. */
function likeIpv6(frame: Frame): Frame[] {
  return [0x86dc, 0x86de, 0xdd86, 0x87dd, 0x88f7, 0x0000, 0xffff].map((etherType) => {
    const bytes = Uint8Array.from(frame.bytes);
    bytes.set([etherType >> 8, etherType & 0xff], 12);
    const named = `0x${etherType.toString(16).padStart(4, '0')}`;
    return { what: `a frame of EtherType ${named} that otherwise looks like ${frame.what}`, bytes };
  });
}

/** Frames that end before the byte that would say TCP, at every place; and others that end anywhere. */
function drawShort(random: Kit['random'], traffic: Traffic): Frame[] {
  const cut = (make: () => Frame, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => traffic.cut(make(), from + i));
  return [
    ...cut(() => traffic.ipv4('TCP'), 14, 23),
    ...cut(() => traffic.ipv6('TCP'), 14, 20),
    ...cut(() => traffic.tagged(traffic.ipv4('TCP')), 14, 27),
    ...cut(() => traffic.tagged(traffic.ipv6('TCP')), 14, 24),
    ...cut(() => traffic.ipv4('UDP'), 14, 42),
    ...cut(() => traffic.ipv6('UDP'), 14, 62),
    ...cut(() => traffic.arp(), 14, 41),
    ...cut(() => traffic.tagged(traffic.ipv4('UDP')), 18, 46),
    ...cut(() => traffic.tagged(traffic.ipv6('UDP')), 18, 66),
    ...cut(() => traffic.tagged(traffic.arp()), 18, 45),
    traffic.cut(traffic.experiment(), random.int(14, 60)),
  ];
}

function hasOptions({ bytes }: Frame): boolean {
  return bytes[14] !== 0x45;
}

/** A fragment, or a packet that is cut short: without a whole TCP header, or it may be. */
function isPiece(frame: Frame): boolean {
  const fragment = ((frame.bytes[20]! << 8) | frame.bytes[21]!) & 0x3fff;
  return !hasOptions(frame) && (fragment !== 0 || frame.bytes.length < 54);
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
  const tcp = [() => traffic.ipv4('TCP'), () => traffic.ipv6('TCP'), () => traffic.tagged(traffic.ipv4('TCP'))].flatMap(
    (make) => random.several(3, 6, make),
  );
  const others = [
    ...pings,
    ...[() => traffic.ipv4('UDP'), () => traffic.arp(), () => traffic.ipv6('UDP'), () => traffic.ipv4Other()].flatMap(
      (make) => random.several(3, 6, make),
    ),
    ...[traffic.ipv4('UDP'), traffic.ipv6('UDP'), traffic.arp()].map((frame) => traffic.tagged(frame)),
    traffic.over4('a long UDP packet over IPv4', traffic.segment('UDP', 1472)),
  ];
  const all = random.shuffle([...tcp, ...others]);
  const missing = (arrived: Uint8Array[], frames: Frame[]) => frames.filter((frame) => timesIn(arrived, frame) === 0);

  const before = await pair.send(all.map(({ bytes }) => bytes));
  const lost = missing(before.arrived, all);
  if (lost.length > 0 || countPongs(before.answers) !== pings.length)
    throw new Error(`The wire lost ${lost.length} frames by itself, the first: ${lost[0]?.what}.`);
  await pair.attach('xdp', program);
  const { arrived, answers } = await pair.send(all.map(({ bytes }) => bytes));
  return {
    tcp,
    others,
    tcpThrough: tcp.filter((frame) => timesIn(arrived, frame) > 0),
    othersLost: missing(arrived, others),
    pings: pings.length,
    pongs: countPongs(answers),
  };
}

/** Echo replies over IPv4. */
function countPongs(frames: Uint8Array[]): number {
  return frames.filter((frame) => frame[12] === 0x08 && frame[13] === 0x00 && frame[23] === 1 && frame[34] === 0)
    .length;
}
