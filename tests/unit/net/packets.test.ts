import { describe, expect, test } from 'vitest';
import * as packets from '../../../grader/kit/network/packets.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const link = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };
const hosts = { source: '10.1.2.3', destination: '10.1.2.4' };
const hosts6 = { source: 'fd00::1', destination: 'fd00::2' };
const payload = Uint8Array.of(1, 2, 3);

/** The sum over bytes that hold their own checksum is 0. */
const sumWithPseudo = (segment: Uint8Array, pseudo: number[]) =>
  packets.internetChecksum(Uint8Array.from([...pseudo, ...segment]));

describe('internetChecksum', () => {
  test('is that of the example in RFC 1071', () => {
    expect(packets.internetChecksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(
      0xffff - 0xddf2,
    );
  });
  test('takes an odd last byte as the high one', () => {
    expect(packets.internetChecksum(Uint8Array.of(0xff))).toBe(0x00ff);
  });
});

describe('frames', () => {
  test('ARP, byte for byte', () => {
    const frame = packets.ethernet(
      { ...link, destination: 'ff:ff:ff:ff:ff:ff' },
      packets.arp({ sourceMac: link.source, source: '10.1.2.3', target: '10.1.2.4' }),
    );
    expect(hex(frame)).toBe(
      'ffffffffffff020000000001' + '0806' + '0001080006040001' + '0200000000010a010203' + '0000000000000a010204',
    );
  });

  test('IPv4 has its lengths, and a header whose sum is right', () => {
    const { etherType, bytes } = packets.ipv4(
      { ...hosts, id: 7, options: Uint8Array.of(1, 1, 1, 1) },
      packets.udp({ sourcePort: 1, destinationPort: 2, payload }),
    );
    expect(etherType).toBe(0x0800);
    expect(bytes[0]).toBe(0x46);
    expect(bytes[9]).toBe(17);
    expect((bytes[2]! << 8) | bytes[3]!).toBe(24 + 8 + 3);
    expect(packets.internetChecksum(bytes.subarray(0, 24))).toBe(0);
  });

  test.each([
    ['tcp', packets.tcp({ sourcePort: 1, destinationPort: 2, payload }), 6],
    ['udp', packets.udp({ sourcePort: 1, destinationPort: 2, payload }), 17],
  ] as const)('%s has the right sum over IPv4 and IPv6', (_, segment, protocol) => {
    const four = packets.ipv4(hosts, segment).bytes;
    expect(sumWithPseudo(four.subarray(20), [...four.subarray(12, 20), 0, protocol, 0, four.length - 20])).toBe(0);
    const six = packets.ipv6(hosts6, segment).bytes;
    expect(sumWithPseudo(six.subarray(40), [...six.subarray(8, 40), 0, 0, 0, six.length - 40, 0, 0, 0, protocol])).toBe(
      0,
    );
  });

  test('ICMP has the right sum, ICMPv6 with its addresses', () => {
    expect(packets.internetChecksum(packets.ipv4(hosts, packets.icmp({ id: 1, payload })).bytes.subarray(20))).toBe(0);
    const six = packets.ipv6(hosts6, packets.icmpv6({ id: 1, payload })).bytes;
    expect(sumWithPseudo(six.subarray(40), [...six.subarray(8, 40), 0, 0, 0, six.length - 40, 0, 0, 0, 58])).toBe(0);
  });

  test('IPv6 addresses', () => {
    const { bytes } = packets.ipv6({ source: '2001:db8::1', destination: '::' }, packets.segment(59, payload));
    expect(hex(bytes.subarray(8, 40))).toBe('20010db8000000000000000000000001' + '00'.repeat(16));
    expect(() => packets.ipv6({ source: '1:2', destination: '::' }, packets.segment(59, payload))).toThrow(
      'Not an IPv6 address',
    );
  });

  test('fragments make the whole again, and only the last says so', () => {
    const segment = packets.tcp({ sourcePort: 1, destinationPort: 2, payload: new Uint8Array(13) });
    const pieces = packets.ipv4Fragments(hosts, segment, 16).map(({ bytes }) => bytes);
    expect(pieces.map((piece) => hex(piece.subarray(6, 8)))).toEqual(['2000', '2002', '0004']);
    expect(pieces.every((piece) => piece[9] === 6)).toBe(true);
    expect(Buffer.concat(pieces.map((piece) => piece.subarray(20)))).toEqual(
      Buffer.from(packets.ipv4(hosts, segment).bytes.subarray(20)),
    );
  });

  test('a VLAN tag comes off again', () => {
    const packet = packets.ipv4(hosts, packets.icmp({ id: 1 }));
    const tagged = packets.ethernet(link, packets.vlan({ id: 5, priority: 3 }, packet));
    expect(hex(tagged.subarray(12, 18))).toBe('810060050800');
    expect(packets.withoutVlan(tagged)).toEqual(packets.ethernet(link, packet));
    expect(packets.withoutVlan(packets.ethernet(link, packet))).toEqual(packets.ethernet(link, packet));
  });

  test('flags of TCP', () => {
    expect(packets.tcp({ sourcePort: 1, destinationPort: 2, flags: ['syn', 'ack'] }).bytes(new Uint8Array())[13]).toBe(
      0x12,
    );
  });
});
