/** What is in the bytes of a packet of TCP or UDP over IPv4, and whether its checksums fit. */
import { internetChecksum } from '#kit';

/** Where the inner header begins, and where its checksum is. */
export function layout(bytes: Uint8Array): { inner: number; checksumAt: number } {
  const inner = 14 + 4 * (bytes[14]! & 0xf);
  return { inner, checksumAt: inner + (bytes[23] === 6 ? 16 : 6) };
}

export function readChecksum(bytes: Uint8Array): number {
  const { checksumAt } = layout(bytes);
  return (bytes[checksumAt]! << 8) | bytes[checksumAt + 1]!;
}

export function withoutChecksums(bytes: Uint8Array, like: Uint8Array): string {
  const copy = Uint8Array.from(bytes);
  const { checksumAt } = layout(like);
  for (const at of [24, checksumAt]) copy.fill(0, at, at + 2);
  return Buffer.from(copy).toString('latin1');
}

/** The address and port of the other end put in; checksums as they were. */
export function replaced(frame: Uint8Array, address: string, port: number, isInbound: boolean): Uint8Array {
  const bytes = Uint8Array.from(frame);
  bytes.set(address.split('.').map(Number), isInbound ? 30 : 26);
  bytes.set([port >> 8, port & 0xff], layout(frame).inner + (isInbound ? 2 : 0));
  return bytes;
}

export function wrongIpChecksum(bytes: Uint8Array): string {
  return internetChecksum(bytes.subarray(14, layout(bytes).inner)) === 0
    ? ''
    : 'the checksum of the IP header is wrong';
}

/** `sent`: as it went in. Only UDP says 0 for 'no checksum', and then it stays so; else 0 is sent as 0xffff. */
export function wrongChecksum(bytes: Uint8Array, sent: Uint8Array): string {
  const isUdp = bytes[23] === 17;
  const [before, after] = [readChecksum(sent), readChecksum(bytes)];
  const shown = `0x${after.toString(16).padStart(4, '0')}`;
  if (isUdp && before === 0) return after === 0 ? '' : `it had no checksum, and now has ${shown}`;
  if (isUdp && after === 0) return 'its checksum is gone: 0 says that there is none';
  const { inner } = layout(bytes);
  const covered = bytes.subarray(inner);
  const pseudo = [...bytes.subarray(26, 34), 0, bytes[23]!, covered.length >> 8, covered.length & 0xff];
  const sum = internetChecksum(Uint8Array.from([...pseudo, ...covered]));
  return sum === 0 ? '' : `the checksum of ${isUdp ? 'UDP' : 'TCP'} is wrong`;
}

export function ends(bytes: Uint8Array) {
  const { inner } = layout(bytes);
  const view = Buffer.from(bytes);
  return {
    source: bytes.subarray(26, 30).join('.'),
    destination: bytes.subarray(30, 34).join('.'),
    sourcePort: view.readUInt16BE(inner),
    destinationPort: view.readUInt16BE(inner + 2),
  };
}
