import { expect, test } from 'vitest';
import { Lines } from '../../grader/machine/agent/lines.ts';

function linesOf(...chunks: string[]): Lines {
  const lines = new Lines();
  for (const chunk of chunks) lines.push(Buffer.from(chunk));
  return lines;
}

test.each([
  ['one chunk', ['a\nbc\n']],
  ['cut anywhere', ['a', '\nb', 'c', '\n']],
  ['empty chunks between', ['a\n', '', 'bc\n']],
])('%s: the same lines', (_, chunks) => {
  const lines = linesOf(...chunks);
  expect([lines.take(), lines.take(), lines.take(), lines.rest()]).toEqual(['a', 'bc', undefined, undefined]);
});

test('what has no newline yet is no line, and is what is left at the end', () => {
  const lines = linesOf('a\nü'.slice(0, 2), 'ü');
  expect(lines.take()).toBe('a');
  expect(lines.take()).toBeUndefined();
  expect(lines.text()).toBe('ü');
  lines.push(Buffer.from('x\n\ny'));
  expect([lines.take(), lines.take(), lines.take(), lines.rest(), lines.rest()]).toEqual([
    'üx',
    '',
    undefined,
    'y',
    undefined,
  ]);
});

test('4 MiB of newlines are looked at once: a million lines for each that a copy of everything would have let through', () => {
  const lines = new Lines();
  for (let i = 0; i < 64; i += 1) lines.push(Buffer.alloc(64 * 1024, '\n'));
  let count = 0;
  while (lines.take() !== undefined) count += 1;
  expect(count).toBe(4 * 2 ** 20);
});
