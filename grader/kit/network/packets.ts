/**
 * Frames, byte by byte, put together as on the wire from the inside out:
 *
 *     ethernet(link, ipv4({ source, destination }, tcp({ sourcePort: 4000, destinationPort: 80 })))
 *
 * Lengths and checksums are right by themselves. Nothing here is random, and nothing is sent.
 */

/** 'aa:bb:cc:dd:ee:ff' */
export type Mac = string;
/** '192.0.2.1' */
export type Ipv4Address = string;
/** '2001:db8::1' */
export type Ipv6Address = string;

export const etherTypes = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, experiment: 0x88b5 } as const;
export const protocols = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** What an Ethernet or VLAN header stands before. */
export interface Packet {
  etherType: number;
  bytes: Uint8Array;
}

/** What an IP header stands before. Its checksum may cover the addresses of that header (`pseudo`, RFC 9293 3.1). */
export interface Segment {
  protocol: number;
  bytes(pseudo: Uint8Array): Uint8Array;
}

export function ethernet(
  { source, destination }: { source: Mac; destination: Mac },
  { etherType, bytes }: Packet,
): Uint8Array {
  return join(mac(destination), mac(source), u16(etherType), bytes);
}

/** An 802.1Q tag; `id` is 0 to 4095. */
export function vlan({ id, priority = 0 }: { id: number; priority?: number }, { etherType, bytes }: Packet): Packet {
  return { etherType: etherTypes.vlan, bytes: join(u16((priority << 13) | id), u16(etherType), bytes) };
}

export interface Ipv4Header {
  source: Ipv4Address;
  destination: Ipv4Address;
  /** Tells the fragments of one packet from those of another. */
  id?: number;
  ttl?: number;
  /** The second byte: priority and congestion. */
  tos?: number;
  dontFragment?: boolean;
  /** The place of this piece in its packet, in units of 8 bytes; 0 is a whole packet, or the first. */
  fragmentOffset?: number;
  moreFragments?: boolean;
  /** A multiple of four bytes, at most 40. */
  options?: Uint8Array;
}

const moreToCome = 0x2000;

export function ipv4(header: Ipv4Header, segment: Segment): Packet {
  const { fragmentOffset = 0, moreFragments = false } = header;
  const fragment = fragmentOffset | (moreFragments ? moreToCome : 0);
  return ipv4Piece(header, segment.protocol, segment.bytes(pseudo4(header, segment.protocol)), fragment);
}

/** The packet, cut into pieces of at most `size` bytes behind the IP header; a multiple of 8. Only the first has the inner header. */
export function ipv4Fragments(header: Ipv4Header, segment: Segment, size: number): Packet[] {
  if (size < 8 || size % 8 !== 0) throw new RangeError(`A fragment's size is a multiple of 8, not ${size}.`);
  const whole = segment.bytes(pseudo4(header, segment.protocol));
  const starts = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => index * size);
  return starts.map((start) =>
    ipv4Piece(
      header,
      segment.protocol,
      whole.subarray(start, start + size),
      start / 8 + (start + size < whole.length ? moreToCome : 0),
    ),
  );
}

export interface Ipv6Header {
  source: Ipv6Address;
  destination: Ipv6Address;
  hopLimit?: number;
  /** Traffic class and flow label, 28 bits. */
  flow?: number;
}

export function ipv6(
  { source, destination, hopLimit = 64, flow = 0 }: Ipv6Header,
  { protocol, bytes }: Segment,
): Packet {
  const addresses = join(address6(source), address6(destination));
  // The pseudo header wants the length, which no payload of ours changes with the checksum.
  const { length } = bytes(addresses);
  const payload = bytes(join(addresses, u32(length), u32(protocol)));
  return {
    etherType: etherTypes.ipv6,
    bytes: join(u32(0x60000000 + flow), u16(length), u8(protocol), u8(hopLimit), addresses, payload),
  };
}

export interface Ports {
  sourcePort: number;
  destinationPort: number;
}

/** Flags by name, such as ['syn', 'ack']. */
export type TcpFlag = keyof typeof tcpFlags;
const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

export function tcp({
  sourcePort,
  destinationPort,
  flags = ['syn'],
  sequence = 0,
  options = nothing,
  payload = nothing,
}: Ports & { flags?: TcpFlag[]; sequence?: number; options?: Uint8Array; payload?: Uint8Array }): Segment {
  if (options.length % 4 !== 0 || options.length > 40)
    throw new RangeError(`TCP options are 0 to 40 bytes, in fours, not ${options.length}.`);
  const bits = flags.reduce((sum, flag) => sum | tcpFlags[flag], 0);
  const head = join(
    u16(sourcePort),
    u16(destinationPort),
    u32(sequence),
    u32(0),
    u8((5 + options.length / 4) << 4),
    u8(bits),
    u16(64240),
    u16(0),
    u16(0),
    options,
  );
  return { protocol: protocols.tcp, bytes: (pseudo) => checksummed(join(head, payload), 16, pseudo) };
}

export function udp({ sourcePort, destinationPort, payload = nothing }: Ports & { payload?: Uint8Array }): Segment {
  const bytes = join(u16(sourcePort), u16(destinationPort), u16(8 + payload.length), u16(0), payload);
  return { protocol: protocols.udp, bytes: (pseudo) => checksummed(bytes, 6, pseudo) };
}

/** An echo request, or with `reply` its answer. */
export function icmp({
  id,
  sequence = 1,
  reply = false,
  payload = nothing,
}: {
  id: number;
  sequence?: number;
  reply?: boolean;
  payload?: Uint8Array;
}): Segment {
  const bytes = join(u8(reply ? 0 : 8), u8(0), u16(0), u16(id), u16(sequence), payload);
  return { protocol: protocols.icmp, bytes: () => checksummed(bytes, 2, nothing) };
}

/** An echo request over IPv6. */
export function icmpv6({
  id,
  sequence = 1,
  payload = nothing,
}: {
  id: number;
  sequence?: number;
  payload?: Uint8Array;
}): Segment {
  const bytes = join(u8(128), u8(0), u16(0), u16(id), u16(sequence), payload);
  return { protocol: protocols.icmpv6, bytes: (pseudo) => checksummed(bytes, 2, pseudo) };
}

/** Any other protocol above IP. */
export function segment(protocol: number, payload: Uint8Array): Segment {
  return { protocol, bytes: () => payload };
}

export interface ArpHosts {
  operation?: 'request' | 'reply';
  sourceMac: Mac;
  source: Ipv4Address;
  /** Not known in a request. */
  targetMac?: Mac;
  target: Ipv4Address;
}

export function arp({
  operation = 'request',
  sourceMac,
  source,
  targetMac = '00:00:00:00:00:00',
  target,
}: ArpHosts): Packet {
  const head = join(u16(1), u16(etherTypes.ipv4), u8(6), u8(4), u16(operation === 'request' ? 1 : 2));
  return {
    etherType: etherTypes.arp,
    bytes: join(head, mac(sourceMac), address4(source), mac(targetMac), address4(target)),
  };
}

/** The frame as a socket sees it: the kernel takes the VLAN tag off before. */
export function withoutVlan(frame: Uint8Array): Uint8Array {
  const tagged = frame.length >= 18 && ((frame[12]! << 8) | frame[13]!) === etherTypes.vlan;
  return tagged ? join(frame.subarray(0, 12), frame.subarray(16)) : frame;
}

/** RFC 1071: what makes the sum of all 16-bit words, with this one, 0xffff. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const nothing = new Uint8Array();

function ipv4Piece(
  { source, destination, id = 0, ttl = 64, tos = 0, dontFragment = false, options = nothing }: Ipv4Header,
  protocol: number,
  payload: Uint8Array,
  fragment: number,
): Packet {
  if (options.length % 4 !== 0 || options.length > 40)
    throw new RangeError(`IPv4 options are 0 to 40 bytes, in fours, not ${options.length}.`);
  const length = 20 + options.length;
  const versionAndLength = 0x40 | (length / 4);
  const header = join(
    u8(versionAndLength),
    u8(tos),
    u16(length + payload.length),
    u16(id),
    u16(fragment | (dontFragment ? 0x4000 : 0)),
    u8(ttl),
    u8(protocol),
    u16(0),
    address4(source),
    address4(destination),
    options,
  );
  return { etherType: etherTypes.ipv4, bytes: join(checksummed(header, 10, nothing), payload) };
}

/** RFC 9293 and 768: addresses, protocol, length. The length is the segment's, which `checksummed` adds. */
function pseudo4({ source, destination }: Ipv4Header, protocol: number): Uint8Array {
  return join(address4(source), address4(destination), u16(protocol));
}

/** `bytes` with their checksum at `offset`, where zero stands. */
function checksummed(bytes: Uint8Array, offset: number, pseudo: Uint8Array): Uint8Array {
  // 10 bytes are IPv4's pseudo header without its length; IPv6's has it. None: the checksum is of the bytes alone.
  const covered = join(pseudo, pseudo.length === 10 ? u16(bytes.length) : nothing, bytes);
  const sum = internetChecksum(covered);
  // UDP says 0 for 'no checksum', so that a sum of 0 is sent as its other form.
  const sent = sum === 0 && offset === 6 ? 0xffff : sum;
  return join(bytes.subarray(0, offset), u16(sent), bytes.subarray(offset + 2));
}

function mac(text: Mac): Uint8Array {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)) throw new RangeError(`Not a MAC address: ${text}`);
  return Uint8Array.from(text.split(':'), (byte) => Number.parseInt(byte, 16));
}

function address4(text: Ipv4Address): Uint8Array {
  const bytes = text.split('.').map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !Number.isInteger(byte) || byte < 0 || byte > 255))
    throw new RangeError(`Not an IPv4 address: ${text}`);
  return Uint8Array.from(bytes);
}

function address6(text: Ipv6Address): Uint8Array {
  const [before = [], after] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const gap = after ? 8 - before.length - after.length : 0;
  const groups = [...before, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...(after ?? [])];
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/.test(group)))
    throw new RangeError(`Not an IPv6 address: ${text}`);
  return join(...groups.map((group) => u16(Number.parseInt(group, 16))));
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

const u8 = (value: number) => Uint8Array.of(value);
const u16 = (value: number) => Uint8Array.of(value >>> 8, value);
const u32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
