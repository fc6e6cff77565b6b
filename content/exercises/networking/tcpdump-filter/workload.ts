/** Frames to a host on which a socket captures, with the filter that tcpdump made of the expression. */
import {
  compileFilter,
  encodeClassic,
  type Frame,
  type Kit,
  protocols,
  segment,
  tcp,
  type TcpFlag,
  trace,
  Traffic,
  udp,
} from '#kit';

export const file = 'filter.txt';
export const port = 8080;

export const groups = ['attempts', 'options', 'flags', 'ports', 'others', 'fragments'] as const;
export type Group = (typeof groups)[number];

export interface Captured {
  frame: Frame;
  wanted: boolean;
  captured: boolean;
}

export async function capture(kit: Kit): Promise<Record<Group, Captured[]>> {
  const { machine, random, net } = kit;
  const filter = await compileFilter(machine, await kit.submitted(file));
  const pair = await net.pair();
  await pair.attachClassic(encodeClassic(filter));
  const frames = drawFrames(kit, new Traffic(random, pair.left, pair.right));
  const all = random.shuffle(groups.flatMap((group) => frames[group]));
  const { kept, arrived } = await pair.send(all.map(({ bytes }) => bytes));
  const lost = trace(all, arrived).find(({ intact }) => intact === 0);
  if (lost) throw new Error(`The wire lost a frame by itself: ${lost.frame.what}.`);
  const caught = new Set(
    trace(all, kept)
      .filter(({ intact }) => intact > 0)
      .map(({ frame }) => frame),
  );
  return Object.fromEntries(
    groups.map((group) => [
      group,
      frames[group].map((frame) => ({
        frame,
        wanted: group === 'attempts' || group === 'options',
        captured: caught.has(frame),
      })),
    ]),
  ) as Record<Group, Captured[]>;
}

/** The six flags that do not matter, and all that they can be: 64 combinations. */
const besides: TcpFlag[] = ['fin', 'rst', 'psh', 'urg', 'ece', 'cwr'];
const combinations = Array.from({ length: 2 ** besides.length }, (_, bits) =>
  besides.filter((_, i) => (bits >> i) & 1),
);

/** Where a program may draw a line: both ends of the field, below and above 1024, the server's own port. */
const sourcePorts = [0, 1, 22, 1023, 1024, port - 1, port, port + 1, 32_767, 32_768, 65_535];

function drawFrames({ random }: Kit, traffic: Traffic): Record<Group, Frame[]> {
  const high = () => random.int(20_000, 60_000);
  const send = (flags: TcpFlag[], sourcePort: number, destinationPort: number, length = random.int(0, 20)) =>
    tcp({ flags, sourcePort, destinationPort, sequence: random.int(0, 2 ** 32 - 1), payload: random.bytes(length) });
  const several = (make: () => Frame) => random.several(3, 6, make);
  const address = () => [random.int(11, 223), ...random.several(3, 3, () => random.int(1, 254))].join('.');
  const spell = (flags: TcpFlag[]) => flags.join('+').toUpperCase() || 'no flag at all';
  const syn = (sourcePort = high()) => send(['syn'], sourcePort, port);
  const both = ((port & 0xff) << 8) | (port >> 8);
  const otherPorts = [
    0,
    1,
    22,
    80,
    443,
    8e3,
    8443,
    port - 1,
    port + 1,
    port + 8,
    port + 80,
    32768 + port,
    65535,
    (random.int(32, 255) << 8) | (port & 255),
    (port & 65280) | random.int(160, 255),
    both,
  ];
  return {
    attempts: [
      ...several(() => traffic.over4(`SYN to port ${port}`, syn())),
      ...combinations.map((more) =>
        traffic.over4(`${spell(['syn', ...more])} to port ${port}`, send(['syn', ...more], high(), port)),
      ),
      ...sourcePorts.map((from) => traffic.over4(`SYN from port ${from} to port ${port}`, syn(from))),
      ...[0, 1, 100, 500, 1460].map((length) =>
        traffic.over4(`SYN to port ${port} with ${length} bytes of data`, send(['syn'], high(), port, length)),
      ),
      ...several(() => traffic.over4(`SYN to port ${port} from another network`, syn(), { source: address() })),
      ...[4, 20, 40].map((length) =>
        traffic.over4(
          `SYN to port ${port} with ${length} bytes of TCP options`,
          tcp({ flags: ['syn'], sourcePort: high(), destinationPort: port, options: new Uint8Array(length).fill(1) }),
        ),
      ),
      // Where TCP's fields begin: 34. Each of them may say anything in an attempt.
      ...(
        [
          ['with the ninth flag, AE', 46, [0x51]],
          ['with all the reserved bits', 46, [0x5f]],
          ['with a number in the field that ACK is about', 42, [random.int(1, 255), 0, 0, random.int(1, 255)]],
          ['with the sequence number 0', 38, [0, 0, 0, 0]],
          ['with a window of 0', 48, [0, 0]],
          ['with an urgent pointer', 52, [random.int(1, 255), random.int(1, 255)]],
          ['with a checksum of 0', 50, [0, 0]],
          ['to everybody on the network', 0, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
          ['to a group on the network', 0, [0x01, 0x00, 0x5e, 0x00, 0x00, 0x01]],
        ] as const
      ).map(([how, at, bytes]) => changed(traffic.over4(`SYN to port ${port} ${how}`, syn()), at, bytes)),
      ...['224.0.0.1', '255.255.255.255', '127.0.0.1'].map((destination) =>
        traffic.over4(`SYN to port ${port} of ${destination}`, syn(), { destination }),
      ),
      traffic.over4(`SYN to port ${port} from the address that it goes to`, syn(), {
        source: '198.51.100.7',
        destination: '198.51.100.7',
      }),
      traffic.over4(`SYN to port ${port} of another host`, syn(), { destination: address() }),
      traffic.over4(`SYN to port ${port} with a TTL of 1`, syn(), { ttl: 1 }),
      traffic.over4(`SYN to port ${port} that must not be cut into fragments`, syn(), { dontFragment: true }),
      traffic.over4InFragments(`a long SYN to port ${port}`, send(['syn'], high(), port, 100), 64)[0]!,
    ],
    options: [
      ...several(() => traffic.over4WithOptions(`SYN to port ${port}`, syn())),
      ...[4, 40].map((length) =>
        traffic.over4(`SYN to port ${port}, with ${length} bytes of options`, syn(), {
          options: new Uint8Array(length).fill(1),
        }),
      ),
    ],
    flags: combinations
      .flatMap((more): TcpFlag[][] => [more, ['ack', ...more], ['syn', 'ack', ...more]])
      .map((flags) => traffic.over4(`${spell(flags)} to port ${port}`, send(flags, high(), port))),
    ports: [
      ...several(() => traffic.over4(`SYN from port ${port} to another`, send(['syn'], port, random.pick(otherPorts)))),
      ...otherPorts.map((to) => traffic.over4(`SYN to port ${to}`, send(['syn'], high(), to))),
      ...otherPorts.map((to) => traffic.over4WithOptions(`SYN to port ${to}`, send(['syn'], high(), to))),
      traffic.over4(`SYN+ACK from port ${port}`, send(['syn', 'ack'], port, high())),
    ],
    others: [
      ...several(() => traffic.over4(`UDP to port ${port}`, udpLikeSyn(high(), random.bytes(20)))),
      ...several(() => traffic.over6(`SYN to port ${port} over IPv6`, syn())),
      ...Array.from({ length: 256 }, (_, protocol) => protocol)
        .filter((protocol) => protocol !== protocols.tcp)
        .map((protocol) =>
          traffic.over4(`protocol ${protocol} over IPv4 that else looks like a SYN`, { ...syn(), protocol }),
        ),
      ...[0, 20].map((length) =>
        traffic.withOtherEtherType(traffic.over4(`SYN to port ${port}`, send(['syn'], high(), port, length))),
      ),
      ...[
        () => traffic.ipv4('ICMP'),
        () => traffic.ipv4Other(),
        () => traffic.arp(),
        () => traffic.experiment(),
      ].flatMap(several),
    ],
    fragments: [
      ...several(() => laterFragment(traffic, random.bytes(24), syn().bytes(random.bytes(10)))),
      ...[1, 2, 4, 31, 32, 128, 255, 256, 1024, 4096, 8191].flatMap((fragmentOffset) =>
        [true, false].map((moreFragments) =>
          traffic.over4(`data that look like a SYN, in the fragment at ${8 * fragmentOffset}`, syn(), {
            fragmentOffset,
            moreFragments,
          }),
        ),
      ),
    ],
  };
}

function changed({ what, bytes }: Frame, at: number, put: readonly number[]): Frame {
  const copy = Uint8Array.from(bytes);
  copy.set(put, at);
  return { what, bytes: copy };
}

/** Its byte 13 is that of a SYN: where the flags would be, were it TCP. */
function udpLikeSyn(sourcePort: number, payload: Uint8Array) {
  payload[5] = 2;
  return udp({ sourcePort, destinationPort: port, payload });
}

/** The second piece of a TCP packet. Its data are made to look like the header that only the first piece has. */
function laterFragment(traffic: Traffic, first: Uint8Array, lookalike: Uint8Array): Frame {
  const whole = Uint8Array.from([...first, ...lookalike.subarray(0, 24)]);
  return traffic.over4InFragments('data that look like a SYN', segment(6, whole), 24)[1]!;
}
