import { describe, expect, test } from 'vitest';
import { drawHosts } from '../../../grader/kit/network/net.ts';
import { describeChange, timesIn, trace, Traffic } from '../../../grader/kit/network/traffic.ts';
import { Random } from '../../../grader/verdict/random.ts';

const random = new Random('abc123');
const traffic = new Traffic(random, ...drawHosts(random));

describe('Traffic', () => {
  test('what must not be taken for TCP has 6 where IPv4 has its protocol', () => {
    for (const frame of [traffic.arp(), traffic.ipv6('UDP'), traffic.experiment()]) expect(frame.bytes[23]).toBe(6);
  });
  test('fragments are too small for a TCP header', () => {
    for (const { bytes } of traffic.ipv4Fragments('TCP')) expect(bytes.length - 34).toBeLessThan(20);
  });
});

describe('trace', () => {
  const [udp, arp] = [traffic.ipv4('UDP'), traffic.arp()];
  test('knows a frame that came through, one that did not, and one that was changed', () => {
    const tagged = traffic.tagged(traffic.ipv4('TCP'));
    const changed = Uint8Array.from(udp.bytes);
    changed[23] = 0;
    const passages = trace([udp, arp, tagged], [changed, traffic.cut(arp, 42).bytes]);
    expect(passages.map(({ intact, altered }) => [intact, altered.length])).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    expect(describeChange(udp, changed)).toBe('byte 23 is 0x00 instead of 0x11');
    expect(describeChange(udp, udp.bytes.subarray(0, 20))).toMatch(/byte 20 is missing instead of/);
  });
  test('a tag that the kernel takes off is no change', () => {
    const plain = traffic.ipv4('UDP');
    expect(timesIn([plain.bytes], traffic.tagged(plain))).toBe(1);
  });
});
