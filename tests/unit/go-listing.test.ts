import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseListing, returnsOf, sameCode } from '../../grader/kit/go/go-listing.ts';

// As go tool objdump 1.24 printed it.
const text = await readFile(
  new URL('../../content/exercises/bpftrace/go-return/program/celsius.txt', import.meta.url),
  'utf8',
);

test('reads offsets and instructions', () => {
  const listing = parseListing(text);
  expect(listing.instructions[0]).toEqual({ offset: 0, text: 'CMPQ SP, 0x10(R14)' });
  expect(returnsOf(listing).length).toBeGreaterThan(1);
  expect(returnsOf(listing).every(({ offset }) => offset > 0)).toBe(true);
});

test('a function at another address is the same code', () => {
  const moved = text.replace(
    /\b0x([0-9a-f]{6})\b/g,
    (_, address: string) => `0x${(parseInt(address, 16) + 0x200).toString(16)}`,
  );
  expect(moved).not.toBe(text);
  expect(sameCode(parseListing(text), parseListing(moved))).toBe(true);
});

test('another instruction, or one more, is other code', () => {
  expect(sameCode(parseListing(text), parseListing(text.replace('ADDQ', 'SUBQ')))).toBe(false);
  expect(sameCode(parseListing(text), parseListing(text.replace(/^.*RET.*\n/m, '')))).toBe(false);
});

test('what is no listing', () => {
  expect(() => parseListing('objdump: no such file')).toThrow('no listing');
});
