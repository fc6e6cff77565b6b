import { expect, test } from 'vitest';
import { difference } from '../../../grader/report/difference.ts';

test.each([
  ['"Hello, BPF World!"', '"Hello, BPF world!"', '            ^ differs from here'],
  ['12 messages', '12 messages and 3 more', '           ^ goes on here'],
  ['pid 12, name cat', 'pid 12', '      ^ ends here'],
])('%s and %s', (expected, actual, caret) => {
  expect(difference(expected, actual, 70)).toBe(caret);
});

test.each([
  ['no more than the beginning is alike', 'one', 'only', 70],
  ['they are the same', 'the same', 'the same', 70],
  ['one is missing', '', 'something', 70],
  ['one has several lines', 'some lines', 'some\nlines', 70],
  ['a line is broken on the screen', 'a long line', 'a long word', 10],
])('no caret where %s', (_, expected, actual, width) => {
  expect(difference(expected, actual, width)).toBeUndefined();
});
