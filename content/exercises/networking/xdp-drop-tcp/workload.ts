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
  tcp as tcpSegment,
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
  const service = (at: number, over: 'over4' | 'over6') =>
    [true, false].map((isTo) =>
      traffic[over](
        `TCP ${isTo ? 'to' : 'from'} port ${at}${over === 'over6' ? ' over IPv6' : ''}`,
        tcpSegment({
          sourcePort: isTo ? random.int(1024, 65_535) : at,
          destinationPort: isTo ? at : random.int(1024, 65_535),
        }),
      ),
    );
  // A frame comes from outside: what it says of itself need not be so.
  const odd = (protocol: 'TCP' | 'UDP') => [
    ...toMany(() => traffic.ipv4(protocol)),
    ...[0, 19, 20, 0xffff].map((length) => withNumber(traffic.ipv4(protocol), 16, length, 'total length')),
    ...(protocol === 'TCP' ? services.flatMap((at) => service(at, 'over4')) : []),
    traffic.over4(
      `a frame of more than 1514 bytes with ${protocol}`,
      traffic.segment(protocol, random.int(1500, 2900)),
    ),
  ];
  const shortLengths = (protocol: 'TCP' | 'UDP') =>
    [0, 4].map((words) => withHeaderLength(traffic.ipv4(protocol), words));
  const odd6 = (protocol: 'TCP' | 'UDP') => [
    ...toMany(() => traffic.ipv6(protocol)),
    ...[0, 19, 0xffff].map((length) => withNumber(traffic.ipv6(protocol), 18, length, 'payload length')),
    ...[0, 1, 255].map((limit) => withHopLimit(traffic.ipv6(protocol), limit)),
    ...(protocol === 'TCP' ? services.flatMap((at) => service(at, 'over6')) : []),
  ];
  const tags = (make: () => Frame) => oddTags.map((tag) => withNumber(traffic.tagged(make()), 14, tag, 'VLAN tag'));
  const whole = (frames: Frame[]) => frames.filter((frame) => !hasOptions(frame) && !isPiece(frame));
  const others = [
    traffic.arp(),
    traffic.experiment(),
    traffic.ipv6('ICMP'),
    ...tunnels(traffic),
    ...beginLikeTcp(traffic),
  ];
  return {
    'drops-tcp': drop([...whole(tcp!), ...odd('TCP')]),
    'passes-others': pass([
      ...whole([...udp!, ...icmp!]),
      ...odd('UDP'),
      ...everyProtocolOver4(random, traffic, [protocols.tcp]),
      ...udp6!,
      ...others,
      ...random.several(2, 4, () => traffic.arp()),
      ...traffic.withOtherEtherTypes(traffic.ipv4('TCP')),
      traffic.withOtherEtherType(traffic.ipv4('TCP')),
      traffic.withOtherEtherType(traffic.ipv6('TCP')),
      ...likeIpv6(traffic.ipv6('TCP')),
    ]),
    options: [
      ...drop([...tcp!.filter(hasOptions), ...shortLengths('TCP')]),
      ...pass([...udp!, ...icmp!].filter(hasOptions)),
      ...pass(shortLengths('UDP')),
    ],
    fragments: [...drop(tcp!.filter(isPiece)), ...pass([...udp!, ...icmp!].filter(isPiece))],
    ipv6: [
      ...drop([...tcp6!, ...odd6('TCP')]),
      ...pass([...everyHeaderOver6(random, traffic, [protocols.tcp]), ...odd6('UDP')]),
    ],
    vlan: [
      ...drop([
        ...tagged([...tcp!, ...tcp6!, ...odd('TCP'), ...odd6('TCP')]),
        ...tags(() => traffic.ipv4('TCP')),
        ...tags(() => traffic.ipv6('TCP')),
      ]),
      ...pass([...tags(() => traffic.ipv4('UDP')), ...tags(() => traffic.arp())]),
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

/** Ports of services that somebody may want to spare. */
const services = [20, 22, 53, 80, 179, 443, 3306, 6443, 8080];

/** The first and the last id of a VLAN and one that is no VLAN's; the bit that lets a frame be dropped first; everything. */
const oddTags = [0x0000, 0x0001, 0x0fff, 0x1000, 0xe000, 0xffff];

/** To everybody on the network, and to a group. */
function toMany(make: () => Frame): Frame[] {
  return [
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0x01, 0x00, 0x5e, 0x00, 0x00, 0x01],
    [0x33, 0x33, 0x00, 0x00, 0x00, 0x01],
  ].map((address) => {
    const { what, bytes } = make();
    const changed = Uint8Array.from(bytes);
    changed.set(address);
    return { what: `${what}, to ${address[0] === 0xff ? 'everybody' : 'a group'}`, bytes: changed };
  });
}

function withNumber({ what, bytes }: Frame, at: number, number: number, name: string): Frame {
  const changed = Uint8Array.from(bytes);
  changed.set([number >> 8, number & 0xff], at);
  return { what: `${what}, whose ${name} says 0x${number.toString(16).padStart(4, '0')}`, bytes: changed };
}

function withHeaderLength({ what, bytes }: Frame, words: number): Frame {
  const changed = Uint8Array.from(bytes);
  changed[14] = 0x40 | words;
  return { what: `${what}, whose header length says ${words * 4} bytes`, bytes: changed };
}

/** TCP in a packet of its own, inside an IPv4 packet: its protocol says that a whole packet follows. */
function tunnels(traffic: Traffic): Frame[] {
  return [
    { protocol: 4, inner: traffic.ipv4('TCP') },
    { protocol: 41, inner: traffic.ipv6('TCP') },
  ].map(({ protocol, inner }) => {
    const bytes = Uint8Array.from([...traffic.ipv4('TCP').bytes.subarray(0, 34), ...inner.bytes.subarray(14)]);
    bytes[23] = protocol;
    return { what: `${inner.what} inside IPv4`, bytes };
  });
}

/** What follows the IPv6 header here is no extension header, so its first byte says nothing of what comes next. */
function beginLikeTcp(traffic: Traffic): Frame[] {
  return [
    withNumber(traffic.ipv6('UDP'), 54, 0x0600, 'source port'),
    withNumber(traffic.ipv6('UDP'), 54, 0x06ff, 'source port'),
  ];
}

function withHopLimit({ what, bytes }: Frame, limit: number): Frame {
  const changed = Uint8Array.from(bytes);
  changed[21] = limit;
  return { what: `${what} with a hop limit of ${limit}`, bytes: changed };
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
