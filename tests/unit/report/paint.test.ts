import { expect, test } from 'vitest';
import stringWidth from 'string-width';
import { fit, pad, visibleLength, wrap } from '../../../grader/report/paint.ts';

const escape = '\u001b';

test('columns are those of string-width, with and without its tables', () => {
  // Every sign up to where the wide ones begin, alone between two letters.
  const all = Array.from({ length: 0x2e80 }, (_, code) => `a${String.fromCharCode(code)}b`).filter(
    (text) => !/[\u0000-\u001f\u007f-\u009f]/.test(text),
  );
  expect(all.filter((text) => visibleLength(text) !== stringWidth(text))).toEqual([]);
  expect(visibleLength('日本語')).toBe(6);
  expect(visibleLength(`${escape}[1m日本${escape}[22m ✓`)).toBe(6);
});

test('padded and cut by columns, never in the middle of a sign', () => {
  expect([pad('日本', 6), pad('abc', 6), pad('abcdefg', 6)]).toEqual(['日本  ', 'abc   ', 'abcdefg']);
  expect([fit('日本語', 6), fit('日本語', 5), fit('日本語', 4), fit('abcdef', 5)]).toEqual([
    '日本語',
    '日本…',
    '日…',
    'abcd…',
  ]);
  expect(fit('👩🏽‍💻👩🏽‍💻', 3)).toBe('👩🏽‍💻…');
});

test('wrapped at spaces; a long word stays whole, and so does a line of code', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('日本 語日 本語', 9)).toEqual(['日本 語日', '本語']);
  expect(wrap('a /a/very/long/path b', 6)).toEqual(['a', '/a/very/long/path', 'b']);
  expect(wrap('    code stays as it is', 6)).toEqual(['    code stays as it is']);
});

test('a style ends with its line and goes on with the next', () => {
  expect(wrap(`${escape}[1mone two${escape}[22m`, 3)).toEqual([
    `${escape}[1mone${escape}[22m`,
    `${escape}[1mtwo${escape}[22m`,
  ]);
});
