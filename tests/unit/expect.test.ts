import { describe, expect as assert, test } from 'vitest';
import { count, expect, quote } from '../../grader/kit/checks/expect.ts';
import { CheckFailure } from '../../grader/verdict/failure.ts';

describe('expect', () => {
  test('what holds passes', () => {
    expect(true, { text: 'never' });
    expect.equal(3n, 3n, { text: 'never' });
  });

  test("what does not is a CheckFailure in the check's words", () => {
    assert(() => expect(false, { text: 'It is silent.', help: 'Print.' })).toThrow(
      assert.objectContaining({ constructor: CheckFailure, detail: { text: 'It is silent.', help: 'Print.' } }),
    );
  });

  test('equal says both sides, unless the check says them better', () => {
    assert(() => expect.equal('a', 'b', { text: 'Other.' })).toThrow(
      assert.objectContaining({ detail: { text: 'Other.', expected: '"b"', actual: '"a"' } }),
    );
    assert(() => expect.equal(1, 2, { text: 'Other.', actual: 'one' })).toThrow(
      assert.objectContaining({ detail: { text: 'Other.', expected: '2', actual: 'one' } }),
    );
  });
});

test('quote shows hostile text and obeys none of it', () => {
  assert(quote('a\u001b[31m\u009b\u202e"\n')).toBe('"a\\u001b[31m\\u009b\\u202e\\"\\n"');
  assert(quote('x'.repeat(300))).toHaveLength(203);
});

test('count', () => {
  assert([count(1, 'message'), count(2, 'message'), count(0, 'entry', 'entries')]).toEqual([
    '1 message',
    '2 messages',
    '0 entries',
  ]);
});
