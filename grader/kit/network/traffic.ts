/** Random frames from one host to another, each with what it is in words. */
import type { Random } from '../../verdict/random.ts';
import type { Host } from './net.ts';
import * as packets from './packets.ts';

export interface Frame {
  /** 'TCP over IPv4 with 8 bytes of options' */
  what: string;
  bytes: Uint8Array;
}

export type Protocol = 'TCP' | 'UDP' | 'ICMP';

export class Traffic {
  readonly #random: Random;
  readonly #from: Host;
  readonly #to: Host;

  constructor(random: Random, from: Host, to: Host) {
    this.#random = random;
    this.#from = from;
    this.#to = to;
  }

  ipv4(protocol: Protocol): Frame {
    return this.over4(`${protocol} over IPv4`, this.segment(protocol));
  }

  /** Options, so that what follows the IP header is not where it mostly is. They hold many bytes of value 6, TCP's number. */
  ipv4WithOptions(protocol: Protocol): Frame {
    return this.over4WithOptions(`${protocol} over IPv4`, this.segment(protocol));
  }

  /** For a segment of one's own; `header` has what is not to be drawn. */
  over4(what: string, segment: packets.Segment, header: Partial<packets.Ipv4Header> = {}): Frame {
    return { what, bytes: this.#frame(packets.ipv4({ ...this.#header4(), ...header }, segment)) };
  }

  over4WithOptions(what: string, segment: packets.Segment): Frame {
    const length = 4 * this.#random.int(1, 10);
    // 1 is 'no operation'. Option 30 (RFC 4727) is for experiments: nobody acts on it.
    const options =
      length === 4 ? Uint8Array.of(1, 1, 1, 1) : Uint8Array.from({ length }, (_, i) => [30, length][i] ?? 6);
    return {
      what: `${what}, with ${length} bytes of options`,
      bytes: this.#frame(packets.ipv4({ ...this.#header4(), options }, segment)),
    };
  }

  over4InFragments(what: string, segment: packets.Segment, size: number): Frame[] {
    return packets
      .ipv4Fragments(this.#header4(), segment, size)
      .map((packet, index) => ({ what: `${what}, fragment ${index + 1}`, bytes: this.#frame(packet) }));
  }

  over6(what: string, segment: packets.Segment): Frame {
    const address = (start: string) => `${start}:${this.#group()}::${this.#group()}:${this.#group()}`;
    const flow = this.#random.int(0, 2 ** 28 - 1);
    return {
      what,
      bytes: this.#frame(packets.ipv6({ source: address('fd06'), destination: address('fd06'), flow }, segment)),
    };
  }

  /** All fragments of one packet, each too small for a TCP header. Behind the first there is no TCP or UDP header any more. */
  ipv4Fragments(protocol: Protocol): Frame[] {
    return this.over4InFragments(
      `${protocol} over IPv4`,
      this.segment(protocol, this.#random.int(20, 60)),
      8 * this.#random.int(1, 2),
    );
  }

  /** IPv4 that carries neither TCP nor UDP nor ICMP: a tunnel, a routing protocol, anything. */
  ipv4Other(protocol = this.#random.pick([2, 47, 50, 89, 132, 255])): Frame {
    return this.over4(
      `protocol ${protocol} over IPv4`,
      packets.segment(protocol, this.#random.bytes(this.#random.int(20, 60))),
    );
  }

  /** The second byte of the source address lies where IPv4 has its protocol, and is TCP's 6. */
  ipv6(protocol: Protocol): Frame {
    return protocol === 'ICMP'
      ? this.over6('ICMPv6', this.#icmpv6())
      : this.over6(`${protocol} over IPv6`, this.segment(protocol));
  }

  /** Who has the other's address? Where an IPv4 header would have its protocol, the sender's address has TCP's 6. */
  arp(): Frame {
    const packet = packets.arp({
      sourceMac: this.#from.mac.replace(/^(..):../, '$1:06'),
      source: this.#from.address,
      target: this.#to.address,
    });
    return { what: 'ARP', bytes: this.#frame(packet) };
  }

  /** A protocol of our own, which says 6 where IPv4 or IPv6 would say TCP. */
  experiment(): Frame {
    const bytes = this.#random.bytes(this.#random.int(46, 100));
    bytes[6] = bytes[9] = packets.protocols.tcp;
    return {
      what: 'a frame of EtherType 0x88b5',
      bytes: this.#frame({ etherType: packets.etherTypes.experiment, bytes }),
    };
  }

  /** The same frame with an 802.1Q tag. */
  tagged({ what, bytes }: Frame): Frame {
    const inner = { etherType: (bytes[12]! << 8) | bytes[13]!, bytes: bytes.subarray(14) };
    const tag = { id: this.#random.int(1, 4094), priority: this.#random.int(0, 7) };
    return { what: `${what}, with a VLAN tag`, bytes: this.#frame(packets.vlan(tag, inner)) };
  }

  /** The same bytes behind the Ethernet header, under an EtherType of our own: what looks like IPv4 is not. */
  withOtherEtherType({ what, bytes }: Frame): Frame {
    const { experiment } = packets.etherTypes;
    const changed = Uint8Array.from(bytes);
    changed.set([experiment >> 8, experiment & 0xff], 12);
    return { what: `a frame of EtherType 0x88b5 that else looks like ${what}`, bytes: changed };
  }

  /**
   * The same once for each way to be near IPv4's 0x0800, and not it: beside it, its bytes swapped, and smaller than it for who forgets the
   * byte order.
   */
  withOtherEtherTypes(frame: Frame): Frame[] {
    return [0x07ff, 0x0801, 0x0008, 0x0700].map((etherType) => {
      const bytes = Uint8Array.from(frame.bytes);
      bytes.set([etherType >> 8, etherType & 0xff], 12);
      return {
        what: `a frame of EtherType 0x${etherType.toString(16).padStart(4, '0')} that else looks like ${frame.what}`,
        bytes,
      };
    });
  }

  /** The same segment once for each of the numbers next to TCP's and UDP's, for UDP-Lite's and for both ends of the field. */
  over4ByOtherProtocols(what: string, segment: packets.Segment): Frame[] {
    return [0, 5, 7, 16, 18, 136, 255].map((protocol) =>
      this.over4(`protocol ${protocol} over IPv4 that else looks like ${what}`, { ...segment, protocol }),
    );
  }

  /** The first bytes of a frame. */
  cut({ what, bytes }: Frame, length: number): Frame {
    return { what: `the first ${length} bytes of ${what}`, bytes: bytes.subarray(0, length) };
  }

  segment(protocol: Protocol, payloadLength = this.#random.int(0, 40)): packets.Segment {
    const payload = this.#random.bytes(payloadLength);
    const ports = { sourcePort: this.#random.int(1024, 65535), destinationPort: this.#random.int(1, 65535) };
    if (protocol === 'TCP') return packets.tcp({ ...ports, sequence: this.#random.int(0, 2 ** 32 - 1), payload });
    if (protocol === 'UDP') return packets.udp({ ...ports, payload });
    return packets.icmp({ id: this.#random.int(0, 65535), sequence: this.#random.int(0, 65535), payload });
  }

  #icmpv6(): packets.Segment {
    return packets.icmpv6({ id: this.#random.int(0, 65535), payload: this.#random.bytes(this.#random.int(0, 40)) });
  }

  #header4(): packets.Ipv4Header {
    return {
      source: this.#from.address,
      destination: this.#to.address,
      id: this.#random.int(1, 65535),
      ttl: this.#random.pick([64, 128, 255]),
      tos: this.#random.int(0, 255),
    };
  }

  #frame(packet: packets.Packet): Uint8Array {
    return packets.ethernet({ source: this.#from.mac, destination: this.#to.mac }, packet);
  }

  #group(): string {
    return this.#random.int(1, 0xffff).toString(16);
  }
}

/** How often a frame came through, unchanged but for a VLAN tag, which the kernel takes off. */
export function timesIn(received: readonly Uint8Array[], { bytes }: Frame): number {
  const wanted = untagged(bytes);
  return received.filter((frame) => untagged(frame) === wanted).length;
}

/** A frame's bytes as a key, without its VLAN tag. */
function untagged(bytes: Uint8Array): string {
  return Buffer.from(packets.withoutVlan(bytes)).toString('latin1');
}

export interface Passage {
  frame: Frame;
  /** Copies that came through as they were sent, and such as can only be this frame with some bytes changed. */
  intact: number;
  altered: Uint8Array[];
}

/** What became of each frame that was sent. */
export function trace(sent: readonly Frame[], received: readonly Uint8Array[]): Passage[] {
  const copies = new Map<string, number>();
  for (const key of received.map(untagged)) copies.set(key, (copies.get(key) ?? 0) + 1);
  const passages = sent.map((frame): Passage => ({
    frame,
    intact: copies.get(untagged(frame.bytes)) ?? 0,
    altered: [],
  }));
  const known = new Set(sent.map(({ bytes }) => untagged(bytes)));
  const strange = received.filter((bytes) => !known.has(untagged(bytes)));
  for (const bytes of strange) {
    const [nearest] = passages
      .map((passage) => ({ passage, distance: differing(packets.withoutVlan(passage.frame.bytes), bytes) }))
      .sort((a, b) => a.distance - b.distance);
    if (nearest && nearest.distance < bytes.length / 2) nearest.passage.altered.push(bytes);
  }
  return passages;
}

/** 'byte 23 is 0x00 instead of 0x06' */
export function describeChange(sent: Frame, received: Uint8Array): string {
  const before = packets.withoutVlan(sent.bytes);
  const at = before.findIndex((byte, i) => byte !== received[i]);
  const hex = (byte: number | undefined) =>
    byte === undefined ? 'missing' : `0x${byte.toString(16).padStart(2, '0')}`;
  return at < 0
    ? `${received.length} bytes instead of ${before.length}`
    : `byte ${at} is ${hex(received[at])} instead of ${hex(before[at])}`;
}

/** In how many places two frames differ; those that one of them has not count, too. */
function differing(a: Uint8Array, b: Uint8Array): number {
  const shared = a.subarray(0, b.length).reduce((sum, byte, i) => sum + (byte === b[i] ? 0 : 1), 0);
  return shared + Math.abs(a.length - b.length);
}
