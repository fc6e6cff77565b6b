import { expect, expectTypeOf, test } from 'vitest';
import { fromBytes, inC, layOut, type Read, toBytes, type Written } from '../../../grader/kit/maps/shape.ts';

const event = { pid: 'u32', time: 'u64', port: 'be16', state: 'u8', comm: 'char[5]', hits: ['u16', 3] } as const;

test('members lie where C puts them, with padding between and at the end', () => {
  const value = { pid: 1, time: 2n, port: 443, state: 3, comm: 'sh', hits: [4, 5, 6] };
  const bytes = toBytes(layOut(event), value);
  expect(Buffer.from(bytes).toString('hex')).toBe(
    ['01000000', '00000000', '0200000000000000', '01bb', '03', '7368000000', '0400', '0500', '0600', '0000'].join(''),
  );
  expect(fromBytes(layOut(event), bytes)).toEqual(value);
  expectTypeOf<Read<typeof event>>().toEqualTypeOf<{
    pid: number;
    time: bigint;
    port: number;
    state: number;
    comm: string;
    hits: number[];
  }>();
  expectTypeOf<number>().toExtend<Written<'u64'>>();
});

test.each([
  ['u8', 255, 'ff'],
  ['s8', -1, 'ff'],
  ['s16', -2, 'feff'],
  ['be32', 1, '00000001'],
  ['s32', -(2 ** 31), '00000080'],
  ['u64', 2n ** 64n - 1n, 'ffffffffffffffff'],
  ['s64', -2n, 'feffffffffffffff'],
  ['be64', 258n, '0000000000000102'],
  ['ipv4', '10.0.200.1', '0a00c801'],
  ['mac', '02:00:00:0a:ff:01', '0200000aff01'],
] as const)('%s %s is %s, both ways', (shape, value, hex) => {
  const bytes = toBytes(layOut(shape), value);
  expect(Buffer.from(bytes).toString('hex')).toBe(hex);
  expect(fromBytes(layOut(shape), bytes)).toBe(value);
});

test('text ends at its first zero byte, or fills its array; what is no UTF-8 is replaced', () => {
  const four = layOut('char[4]');
  expect(fromBytes(four, Buffer.from('ab\0d'))).toBe('ab');
  expect(fromBytes(four, Buffer.from('abcd'))).toBe('abcd');
  expect(fromBytes(four, Uint8Array.of(0x61, 0xff, 0, 0))).toBe('a\ufffd');
});

test.each([
  ['u8', 256],
  ['u16', -1],
  ['u64', 2n ** 64n],
  ['u32', '7'],
  ['char[2]', 'abc'],
  ['ipv4', '10.0.0'],
  ['mac', '02:00:00:0a:ff:100'],
  ['bytes[2]', Uint8Array.of(1)],
  [['u8', 2] as const, [1]],
  [{ a: 'u8' } as const, {}],
])('%j does not take %s', (shape, value) => {
  expect(() => toBytes(layOut(shape as never), value)).toThrow(/./);
});

test('too few bytes, and words that are no shape, are errors of whoever wrote them', () => {
  expect(() => fromBytes(layOut('u32'), Uint8Array.of(1, 2))).toThrow('2 bytes where 4 are read');
  expect(() => layOut('int' as never)).toThrow("'int' is no shape");
});

test('a shape in words that a learner knows', () => {
  expect(inC({ hits: 'u64', name: 'char[16]', port: 'be16', rows: [{ a: 'u8' }, 3] })).toBe(
    'struct { __u64 hits; char name[16]; __be16 port; struct { __u8 a; } rows[3]; }',
  );
});
