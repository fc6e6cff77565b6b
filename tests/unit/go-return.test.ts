import { expect, test } from 'vitest';
import { crashOf, list, subtract, withSign } from '../../content/exercises/bpftrace/go-return/words.ts';

test('what is there more often than in the others', () => {
  expect(subtract([1n, 2n, 2n, 3n], [2n, 3n, 4n])).toEqual([1n, 2n]);
});

test('a value whose sign was taken for a part of the number', () => {
  expect(withSign(2n ** 64n - 5n)).toBe(-5n);
  expect(withSign(2n ** 32n - 5n)).toBe(-5n);
  expect(withSign(-5n)).toBeNull();
  expect(withSign(5n)).toBeNull();
  expect(withSign(2n ** 40n)).toBeNull();
});

test("a crash, in the runtime's first words", () => {
  const ended = {
    code: 2,
    signal: 0,
    stdout: '',
    stderr: 'runtime: g 21: unexpected return pc\nstack: …\n',
    timedOut: false,
    truncated: false,
    outOfMemory: false,
    wallMs: 0,
    cpuMs: 0,
  };
  expect(crashOf(ended)).toBe('It ended with code 2. Its first words: runtime: g 21: unexpected return pc');
  expect(crashOf({ ...ended, code: -1, signal: 5, stderr: '' })).toBe('It was ended by signal 5.');
});

test('long lists are cut', () => {
  expect(list([1n, 2n, 3n], 2)).toBe('1, 2, and 1 more');
});
