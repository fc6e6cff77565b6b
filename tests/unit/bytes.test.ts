import { expect, test } from 'vitest';
import { readU32, readU64, u32, u64 } from '../../grader/kit/maps/bytes.ts';

test('numbers are little endian', () => {
  expect(u32(0x01020304)).toEqual(Uint8Array.of(4, 3, 2, 1));
  expect(u64(258)).toEqual(Uint8Array.of(2, 1, 0, 0, 0, 0, 0, 0));
});

test('the largest numbers come back', () => {
  expect(readU32(u32(2 ** 32 - 1))).toBe(2 ** 32 - 1);
  expect(readU64(u64(2n ** 64n - 1n))).toBe(2n ** 64n - 1n);
  expect(readU32(Uint8Array.of(0, 0, 7, 0, 0, 0), 2)).toBe(7);
});

test('bytes that end too early are no number', () => {
  expect(() => readU64(u32(1))).toThrow(RangeError);
});
