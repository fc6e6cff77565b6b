import { expect, test } from 'vitest';
import { shortenLog } from '../../../grader/verdict/log.ts';
import { cut, plain, plainLine } from '../../../grader/verdict/text.ts';

const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i}`);

test('a short log stays as it is', () => {
  expect(shortenLog('a\nb\n')).toBe('a\nb');
});

test('keeps both ends and the errors between', () => {
  const log = lines(20);
  log[10] = "hello.bpf.c:3:1: error: unknown type name 'u3'";
  expect(shortenLog(log.join('\n'), { head: 2, tail: 3, max: 5000 })).toMatchInlineSnapshot(`
    "line 0
    line 1
    … 8 lines left out …
    hello.bpf.c:3:1: error: unknown type name 'u3'
    … 6 lines left out …
    line 17
    line 18
    line 19"
  `);
});

test('never longer than its limit', () => {
  const log = lines(3000).map((line, i) => (i % 3 ? line : `error: ${line}`).padEnd(600, '.'));
  expect(shortenLog(log.join('\n')).length).toBeLessThanOrEqual(20_000);
});

test('plain text has no escapes, controls or reordering marks', () => {
  expect(
    plain('\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007\u0000\u009b1m\u202e\r\nend\ttab'),
  ).toBe('red link\nend\ttab');
  expect(plain('x\ud800')).toBe('x\ufffd');
  expect(plainLine('a\nb\n', 10)).toBe('a b');
  expect(cut('a😀b', 3)).toBe('a…');
});
