import { expect, test } from 'vitest';
import { shuffled } from '../../../site/shuffle.ts';

const same = (text: string) => text;

test('the order is the question’s: the same in every build, however the author wrote the answers down', () => {
  const order = shuffled('Why?', ['a', 'b', 'c', 'd'], same);
  expect(shuffled('Why?', ['d', 'b', 'a', 'c'], same)).toEqual(order);
  expect([...order].sort()).toEqual(['a', 'b', 'c', 'd']);
});

test('of 400 questions with four answers, the right one is in each place about as often', () => {
  const places = [0, 0, 0, 0];
  for (let i = 0; i < 400; i += 1)
    places[shuffled(`question ${i}`, ['right', 'wrong', 'worse', 'absurd'], same).indexOf('right')]! += 1;
  for (const often of places) expect(often).toBeGreaterThan(70);
});
