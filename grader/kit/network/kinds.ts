/** IPv4 packets of every kind that a program may take for something else: each call holds all of them, whatever the seed. */
import type { Random } from '../../verdict/random.ts';
import { segment, type Segment, tcp, type TcpFlag } from './packets.ts';
import type { Frame, Protocol, Traffic } from './traffic.ts';

/** Behind the IP header and the inner one: nothing, what Ethernet must pad, and up to a whole frame of 1514 bytes. */
const payloads = [0, 1, 5, 6, 25, 46, 100, 214, 215, 400, 980, 1460];

const flags: TcpFlag[][] = [
  [],
  ['syn'],
  ['syn', 'ack'],
  ['syn', 'ece', 'cwr'],
  ['ack'],
  ['psh', 'ack'],
  ['fin', 'ack'],
  ['rst'],
  ['rst', 'ack'],
  ['fin', 'psh', 'urg'],
  ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'],
];

const ports: [source: number, destination: number][] = [
  [0, 0],
  [1, 65_535],
  [65_535, 1],
  [80, 40_000],
  [40_000, 80],
  [443, 1023],
  [22, 1024],
];

/** Segments of one protocol: all sizes, flags and ports. */
function segments(random: Random, traffic: Traffic, protocol: Protocol, room: number): [what: string, Segment][] {
  // An ICMP header is 8 bytes, as UDP's, a TCP header 20.
  const longest = room - (protocol === 'TCP' ? 20 : 8);
  return [
    ...[...payloads.filter((length) => length < longest), longest].map((length): [string, Segment] => [
      ` with ${length} bytes of data`,
      traffic.segment(protocol, length),
    ]),
    ...(protocol === 'TCP' ? flags : []).map((flags): [string, Segment] => [
      `, ${flags.join(' ').toUpperCase() || 'no flags'}`,
      tcp({ sourcePort: random.int(1024, 65_535), destinationPort: random.int(1, 65_535), flags }),
    ]),
    ...(protocol === 'ICMP' ? [] : ports).map(([source, destination]): [string, Segment] => [
      ` from port ${source} to ${destination}`,
      withPorts(traffic.segment(protocol), source, destination),
    ]),
  ];
}

/** Packets of one protocol: all sizes, flags and ports; headers with priority, options, a short life; from and to elsewhere; cut short. */
export function kindsOver4(random: Random, traffic: Traffic, protocol: Protocol): Frame[] {
  const what = `${protocol} over IPv4`;
  const any = () => traffic.segment(protocol);
  const address = () => [random.int(1, 99), ...random.several(3, 3, () => random.int(1, 254))].join('.');
  return [
    ...segments(random, traffic, protocol, 1480).map(([how, segment]) => traffic.over4(what + how, segment)),
    traffic.over4(`${what} with the highest priority`, any(), { tos: 0xff }),
    traffic.over4(`${what} without a priority`, any(), { tos: 0 }),
    traffic.over4(`${what} that must not be cut into fragments`, any(), { dontFragment: true }),
    traffic.over4(`${what} with a TTL of 1`, any(), { ttl: 1 }),
    traffic.over4(`${what} from another network`, any(), { source: address() }),
    traffic.over4(`${what} to another host`, any(), { destination: address() }),
    ...[4, 20, 40].map((length) => {
      const options = Uint8Array.from({ length }, (_, i) => [1, 30, length - 1][i] ?? 6);
      return traffic.over4(`${what}, with ${length} bytes of options`, any(), {
        options: length === 4 ? Uint8Array.of(1, 1, 1, 1) : options,
      });
    }),
    ...traffic.ipv4Fragments(protocol),
    ...traffic.over4InFragments(`a long packet of ${what}`, traffic.segment(protocol, 1600), 1480),
    ...[0, 1, 8, 19].map((length) =>
      traffic.over4(`${what} of which ${length} bytes are left`, segment(any().protocol, random.bytes(length))),
    ),
  ];
}

/** One packet for each number that IPv4 can say, but for those in `except`. */
export function everyProtocolOver4(random: Random, traffic: Traffic, except: readonly number[] = []): Frame[] {
  return Array.from({ length: 256 }, (_, number) => number)
    .filter((number) => !except.includes(number))
    .map((number) => traffic.over4(`protocol ${number} over IPv4`, segment(number, random.bytes(random.int(20, 60)))));
}

/** The same over IPv6. ICMP is ICMPv6 there, and not in these. */
export function kindsOver6(random: Random, traffic: Traffic, protocol: 'TCP' | 'UDP'): Frame[] {
  return segments(random, traffic, protocol, 1460).map(([how, segment]) =>
    traffic.over6(`${protocol} over IPv6${how}`, segment),
  );
}

/**
 * One packet for each number that IPv6 can say, but for those in `except`. Behind what is an extension header nothing follows (59): a
 * program may walk through them, or not.
 */
export function everyHeaderOver6(random: Random, traffic: Traffic, except: readonly number[] = []): Frame[] {
  const nothingFollows = 59;
  return Array.from({ length: 256 }, (_, number) => number)
    .filter((number) => !except.includes(number))
    .map((number) => {
      const bytes = random.bytes(random.int(20, 60));
      bytes[0] = nothingFollows;
      return traffic.over6(`next header ${number} over IPv6`, segment(number, bytes));
    });
}

/** TCP and UDP have their ports at the same place; no checksum is put right. */
function withPorts({ protocol, bytes }: Segment, source: number, destination: number): Segment {
  return {
    protocol,
    bytes(pseudo) {
      const changed = Uint8Array.from(bytes(pseudo));
      changed.set([source >> 8, source & 0xff, destination >> 8, destination & 0xff]);
      return changed;
    },
  };
}
