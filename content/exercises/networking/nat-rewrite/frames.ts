/** Packets to a service and from it, whose addresses and ports must be replaced; and everything near it, which must stay as it is. */
import {
  drawHosts,
  everyProtocolOver4,
  type Frame,
  internetChecksum,
  type Kit,
  segment,
  tcp,
  type TcpFlag,
  Traffic,
  udp,
} from '#kit';
import { layout, readChecksum, replaced } from './packet.ts';
import type { Service } from './service.ts';

export type Group = 'rewrites' | 'udp-zero' | 'options' | 'outbound' | 'others';

/** A packet, and its bytes as they must come out, whatever its checksums. */
export interface Wanted {
  frame: Frame;
  bytes: Uint8Array;
}

const clientMac = '02:00:00:00:00:01';

export function drawDirection(
  kit: Kit,
  service: Service,
  isInbound: boolean,
): Record<Exclude<Group, 'outbound'>, Wanted[]> {
  const { random } = kit;
  const [client] = drawHosts(random);
  const { outside, inside, outsidePort, insidePort } = service;
  const [here, port] = isInbound ? [outside, outsidePort] : [inside, insidePort];
  const [there, otherPort] = isInbound ? [inside, insidePort] : [outside, outsidePort];
  const remote = { address: client.address, port: random.int(1, 65_535) };
  const host = (address: string) => ({ mac: clientMac, address });
  /** Packets between a client and one end of the service, in this direction. */
  const between = (address: string) =>
    isInbound
      ? new Traffic(random, host(remote.address), host(address))
      : new Traffic(random, host(address), host(remote.address));
  const ports = (own: number) =>
    isInbound ? { sourcePort: remote.port, destinationPort: own } : { sourcePort: own, destinationPort: remote.port };
  const traffic = between(here);
  const over = (protocol: 'TCP' | 'UDP', payload: Uint8Array, own = port, flags: TcpFlag[] = ['ack']) =>
    protocol === 'TCP'
      ? tcp({ ...ports(own), flags, payload, sequence: random.int(0, 2 ** 32 - 1) })
      : udp({ ...ports(own), payload });
  const data = () => random.bytes(random.int(0, 60));
  const wanted = (frame: Frame): Wanted => ({ frame, bytes: replaced(frame.bytes, there, otherPort, isInbound) });
  const both = (make: (protocol: 'TCP' | 'UDP') => Frame[]) => (['TCP', 'UDP'] as const).flatMap(make);
  /** A packet whose checksum is 0 as it is sent, or will be once the other end is in its place. */
  const zero = (protocol: 'TCP' | 'UDP', when: 'before' | 'after'): Frame => {
    const build = (payload: Uint8Array, at: { traffic: Traffic; port: number }) => {
      const made = protocol === 'TCP' ? tcp({ ...ports(at.port), payload }) : udp({ ...ports(at.port), payload });
      return at.traffic.over4(`${protocol} whose checksum is 0 ${when} the translation`, made);
    };
    const payload = Uint8Array.from([0, 0, ...random.bytes(8)]);
    const at = when === 'before' ? { traffic, port } : { traffic: between(there), port: otherPort };
    const checksum = readChecksum(build(payload, at).bytes);
    payload.set([checksum >> 8, checksum & 0xff]);
    return build(payload, { traffic, port });
  };
  const withoutChecksum = (frame: Frame): Frame => {
    const bytes = Uint8Array.from(frame.bytes);
    bytes.set([0, 0], layout(bytes).checksumAt);
    return { what: `${frame.what}, without a checksum`, bytes };
  };

  const rewrites = [
    ...both((protocol) =>
      [0, 1, 2, 7, 100, 999, 1452].map((length) =>
        traffic.over4(`${protocol} with ${length} bytes of data`, over(protocol, random.bytes(length))),
      ),
    ),
    ...(
      [[], ['syn'], ['syn', 'ack'], ['fin', 'ack'], ['rst'], ['psh', 'ack', 'urg', 'ece', 'cwr']] satisfies TcpFlag[][]
    ).map((flags) =>
      traffic.over4(`TCP, ${flags.join(' ').toUpperCase() || 'no flags'}`, over('TCP', data(), port, flags)),
    ),
    ...[4, 20, 40].map((length) =>
      traffic.over4(
        `TCP with ${length} bytes of TCP options`,
        tcp({ ...ports(port), flags: ['syn'], options: new Uint8Array(length).fill(1), payload: data() }),
      ),
    ),
    traffic.over4('TCP that ends before the options it speaks of', endsEarly(ports(port))),
    traffic.over4('UDP that must not be cut', over('UDP', data()), { dontFragment: true, ttl: 1, tos: 0xff }),
    zero('TCP', 'before'),
    zero('TCP', 'after'),
    traffic.over4('TCP that must not be cut', over('TCP', data()), { dontFragment: true, ttl: 1, tos: 0xff }),
  ];
  const options = both((protocol) =>
    [4, 20, 40].map((length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (length === 4 ? 1 : ([30, length][i] ?? 6)));
      return traffic.over4(`${protocol} with ${length} bytes of options`, over(protocol, data()), { options: bytes });
    }),
  );
  const noChecksum = [0, 1, 40].map((length) =>
    withoutChecksum(traffic.over4('UDP', over('UDP', random.bytes(length)))),
  );

  /** Long enough for the header of IPv6 as well, whose EtherType one of them gets. */
  const plain = () =>
    both((protocol) => [
      traffic.over4(`${protocol}, as what is translated`, over(protocol, random.bytes(random.int(20, 60)))),
    ]);
  const elsewhere = [1, 2, 2 ** 8, 2 ** 16, 2 ** 31].map((bit) => flipped(here, bit));
  const neighbours = [port ^ 1, port ^ 0x8000, ((port & 0xff) << 8) | (port >> 8)].filter((one) => one !== port);
  /** The other way: what only the other program may touch, and what neither may. */
  const reverse = (protocol: 'TCP' | 'UDP') =>
    [
      { address: outside, port: outsidePort },
      { address: inside, port: insidePort },
    ].map((end) => {
      const [from, to] = isInbound ? [end, remote] : [remote, end];
      const turned = { sourcePort: from.port, destinationPort: to.port, payload: data() };
      const made = protocol === 'TCP' ? tcp(turned) : udp(turned);
      const what = `${protocol} in the opposite direction`;
      return new Traffic(random, host(from.address), host(to.address)).over4(what, made);
    });
  const others: Frame[] = [
    ...both((protocol) => [
      ...elsewhere.map((address) => between(address).over4(`${protocol} of ${address}`, over(protocol, data()))),
      ...neighbours.map((own) => traffic.over4(`${protocol} of port ${own}`, over(protocol, data(), own))),
      ...reverse(protocol),
      ...traffic.over4InFragments(protocol, over(protocol, random.bytes(60)), 24),
      // A later piece whose first bytes look like the ports.
      ...[1, 2 ** random.int(1, 12)].map((fragmentOffset) =>
        traffic.over4(`a later fragment of ${protocol}`, over(protocol, data()), { fragmentOffset }),
      ),
      traffic.over4(`the first fragment of ${protocol}`, over(protocol, data()), { moreFragments: true }),
      ...traffic.over4ByOtherProtocols(protocol, over(protocol, random.bytes(30))),
    ]),
    ...plain().flatMap((frame) => traffic.withOtherEtherTypes(frame)),
    ...both((protocol) => {
      const frame = traffic.over4(protocol, over(protocol, new Uint8Array()));
      // The kernel's test run refuses what ends before its IP header does.
      return [34, 36, 38, 40, 41, 42, 50, 52, 53]
        .filter((length) => length < frame.bytes.length)
        .map((length) => traffic.cut(frame, length));
    }),
    // Once is enough for what does not depend on the service.
    ...(outsidePort === 1 ? everyProtocolOver4(random, traffic, [6, 17]) : []),
    traffic.over4('ICMP', segment(1, random.bytes(40))),
    traffic.ipv6('TCP'),
    traffic.ipv6('UDP'),
    traffic.arp(),
  ];
  return {
    rewrites: rewrites.map(wanted),
    options: options.map(wanted),
    'udp-zero': [...noChecksum, zero('UDP', 'after')].map(wanted),
    others: others.map((frame) => ({ frame, bytes: frame.bytes })),
  };
}

/** A TCP header of 20 bytes that says of itself that it has 60. */
function endsEarly(ports: { sourcePort: number; destinationPort: number }) {
  return {
    protocol: 6,
    bytes(pseudo: Uint8Array): Uint8Array {
      const bytes = Uint8Array.from(tcp({ ...ports, flags: ['ack'] }).bytes(pseudo));
      bytes[12] = 0xf0;
      bytes.set([0, 0], 16);
      const checksum = internetChecksum(Uint8Array.from([...pseudo.subarray(0, 10), 0, bytes.length, ...bytes]));
      bytes.set([checksum >> 8, checksum & 0xff], 16);
      return bytes;
    },
  };
}

/** The same address with one bit, counted from the last, turned round. */
function flipped(address: string, bit: number): string {
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return [24, 16, 8, 0].map((shift) => ((number ^ bit) >>> shift) & 0xff).join('.');
}
