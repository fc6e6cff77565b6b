import { expect, test } from 'vitest';
import { decodeState, encodeState } from '../../../grader/machine/lab/state.ts';

const page = (fill: number) => new Uint8Array(4096).fill(fill);
const state = { pages: [{ index: 3, bytes: page(1) }, { index: 4 }, { index: 90_000, bytes: page(2) }] };

test('a state is the same after it was written and read', () => {
  expect(decodeState(encodeState(state))).toEqual(state);
});

test('a state may begin anywhere in a larger buffer', () => {
  const whole = encodeState(state);
  const larger = new Uint8Array(whole.length + 5);
  larger.set(whole, 5);
  expect(decodeState(larger.subarray(5))).toEqual(state);
});

test.each([
  ['something else', page(7), /first bytes/],
  ['nothing', new Uint8Array(), /first bytes/],
  ['one that is cut off in its indices', encodeState(state).subarray(0, 12), /cut off/],
  ['one that is cut off in a page', encodeState(state).subarray(0, 5000), /its pages say/],
  ['one with something behind it', Buffer.concat([encodeState(state), page(0)]), /its pages say/],
])('%s is refused', (_, bytes, message) => {
  expect(() => decodeState(bytes)).toThrow(message);
});
