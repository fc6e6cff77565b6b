import { describe, expect, test } from 'vitest';
import { encodeClassic, parseClassic } from '../../../grader/kit/network/tcpdump.ts';

describe('parseClassic', () => {
  test('reads what tcpdump -ddd prints, for struct sock_filter', () => {
    const filter = parseClassic('4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n');
    expect(filter[1]).toEqual({ code: 21, jt: 0, jf: 1, k: 2048 });
    expect(Buffer.from(encodeClassic(filter)).toString('hex')).toBe(
      '280000000c000000' + '1500000100080000' + '0600000000000400' + '0600000000000000',
    );
  });
  test.each(['', '2\n6 0 0 0\n', '1\n6 0 0\n', '1\n6 0 256 0\n', '1\n6 0 0 4294967296\n', 'x\n6 0 0 0\n'])(
    'refuses %j',
    (text) => {
      expect(() => parseClassic(text)).toThrow('Not a filter');
    },
  );
});
