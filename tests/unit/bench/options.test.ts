import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOptions } from '../../bench/peers/options.ts';
import { repository } from '../../support/clone.ts';

test('without a word: ten rounds, twenty exercises, everybody, into docs/', () => {
  expect(readOptions([])).toEqual({
    rounds: 10,
    exercises: 20,
    source: true,
    withVirtme: true,
    to: join(repository, 'docs'),
    render: false,
  });
});

test('a short run, and numbers of one’s own', () => {
  expect(readOptions(['--quick', '--rounds', '3', '--without-virtme'])).toMatchObject({
    rounds: 3,
    exercises: 4,
    source: false,
    withVirtme: false,
  });
});

test.each([
  [['--rounds', 'many'], '--rounds takes a number from 1 to 999, not “many”.'],
  [['--exercises', '0'], '--exercises takes a number from 1 to 999, not “0”.'],
  [['--to', '/nowhere/at/all'], '--to: there is no folder /nowhere/at/all.'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused before anything is measured', (args, said) => {
  expect(readOptions(args)).toContain(said);
});
