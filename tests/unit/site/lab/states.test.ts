import { expect, test } from 'vitest';
import { type State, together } from '../../../../site/lab/states.ts';

test.each<[State[], State]>([
  [['waiting', 'waiting'], 'waiting'],
  [['pass', 'waiting'], 'running'],
  [['pass', 'running'], 'running'],
  [['pass', 'pass'], 'pass'],
  [['pass', 'fail', 'skipped'], 'fail'],
  [['pass', 'skipped'], 'skipped'],
  [['pass', 'error'], 'error'],
  [['unsupported'], 'unsupported'],
])('a stage with checks that are %j is %s', (checks, stage) => {
  expect(together(checks)).toBe(stage);
});
