import { expect, test } from 'vitest';
import { parseCpuList } from '../../grader/kit/processes/cpus.ts';

test('a list of CPUs is read as the kernel writes it', () => {
  expect(parseCpuList('0-2,5')).toEqual([0, 1, 2, 5]);
  expect(parseCpuList('3')).toEqual([3]);
});

test.each(['', '0-', 'a', '0;1', '0-99999'])('%j is no list of CPUs', (text) => {
  expect(() => parseCpuList(text)).toThrow('Not a list of CPUs');
});
