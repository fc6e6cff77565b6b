/** drop.bpf.o is what clang made of the solution of content/templates/xdp. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOfObject } from '../../../grader/mutation/object.ts';

const object = await readFile(join(import.meta.dirname, '../../fixtures/mutation/drop.bpf.o'));

/** The object with the last such bytes replaced by others of the same length. */
function changed(from: string | Buffer, to: string | Buffer): Buffer {
  const copy = Buffer.from(object);
  const at = copy.lastIndexOf(from);
  expect(at).toBeGreaterThan(0);
  Buffer.from(to).copy(copy, at);
  return copy;
}

test('what a source line reads like, and what a debugger reads, is nothing to the kernel', () => {
  const line = 'if (eth->h_proto == bpf_htons(ETH_P_IP)';
  expect(digestOfObject(changed(line, line.replace('==', '!=')))).toBe(digestOfObject(object));
});

test.each([
  ['an instruction', Buffer.from('b400000001000000', 'hex'), Buffer.from('b400000003000000', 'hex')],
  ['the name of a program', 'drop_echo', 'drop_ping'],
  ['the licence', 'GPL\0', 'BSD\0'],
  ['a section', 'xdp\0', 'tcx\0'],
])('%s is', (_, from, to) => {
  expect(digestOfObject(changed(from, to))).not.toBe(digestOfObject(object));
});

test('what is cut short is no object', () => {
  expect(() => digestOfObject(object.subarray(0, 600))).toThrow(RangeError);
});
