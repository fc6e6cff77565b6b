import { expect, test } from 'vitest';
import type { BtfType } from '../../../grader/kit/guest/loader.ts';
import { byBtf } from '../../../grader/kit/maps/btf.ts';
import { fromBytes, type Shape, toBytes } from '../../../grader/kit/maps/shape.ts';

const integer = (size: number): BtfType => ({ size, kind: 'integer' });
const member = (name: string, offset: number, type: BtfType, bits = 0) => ({ name, offset, bits, type });

/** struct { u64 hits; union { u32 saddr; }; char comm[4]; u32 flag : 3; } */
const value: BtfType = {
  size: 24,
  kind: 'struct',
  members: [
    member('hits', 0, integer(8)),
    member('', 8, { size: 4, kind: 'union', members: [member('saddr', 0, integer(4))] }),
    member('comm', 12, { size: 4, kind: 'array', count: 4, of: integer(1) }),
    member('flag', 16, integer(4), 3),
  ],
};

test('members are found by name, in nameless unions too; what the shape leaves out is zero', () => {
  const codec = byBtf({ comm: 'char[4]', saddr: 'ipv4', hits: 'u64' }, value, 'The value');
  const bytes = toBytes(codec, { comm: 'sh', saddr: '10.0.0.1', hits: 7 });
  expect(Buffer.from(bytes).toString('hex')).toBe(`0700000000000000${'0a000001'}73680000${'00'.repeat(8)}`);
  expect(fromBytes(codec, bytes)).toEqual({ comm: 'sh', saddr: '10.0.0.1', hits: 7n });
});

test.each<[Shape, RegExp, RegExp]>([
  [{ count: 'u64' }, /has no member count/, /hits, saddr, comm, flag/],
  [{ hits: 'u32' }, /its member hits has another type/, /An integer of 8 bytes/],
  [{ hits: 'char[8]' }, /its member hits has another type/, /An integer of 8 bytes/],
  [{ flag: 'u32' }, /its bit field flag/, /of 4 bytes/],
  [['u64', 3], /has another type/, /A struct of 24 bytes/],
  [{ comm: ['u8', 5] }, /its member comm has another type/, /with 4 elements/],
])('%j does not fit, and the words say why', (shape, text, actual) => {
  expect(() => byBtf(shape, value, 'The value')).toThrow(
    expect.objectContaining({
      name: 'CheckFailure',
      detail: expect.objectContaining({ text: expect.stringMatching(text), actual: expect.stringMatching(actual) }),
    }),
  );
});
