import { describe, expect, test } from 'vitest';
import { kernelsOf } from '../../../grader/cli/verify.ts';
import type { LoadedExercise } from '../../../grader/course/exercise.ts';
import { renderCase, renderTable, type Row } from '../../../grader/report/verification.ts';

const screen = { color: false, width: 80, unicode: true };
const ids = ['5.10', '6.1', '6.12', '7.3'];
const needing = (kernel: string) => ({ needs: { kernel } }) as LoadedExercise;

describe('which kernels an exercise is verified on', () => {
  const chosen = (text: string, needs: string) =>
    kernelsOf(text, ids, '6.12')
      .filter(({ suits }) => suits(needing(needs)))
      .map(({ id }) => id);

  test.each([
    ['default', '5.10', ['6.12']],
    ['oldest,default,newest', '5.10', ['5.10', '6.12', '7.3']],
    ['oldest,default,newest', '5.11', ['6.1', '6.12', '7.3']],
    ['newest', '5.10', ['7.3']],
    ['7.3,5.10', '6.6', ['5.10', '7.3']],
    ['all', '5.10', ids],
  ])('--kernel %s, one that needs %s', (text, needs, expected) => {
    expect(chosen(text, needs)).toEqual(expected);
  });

  test('a kernel that the course does not know is refused', () => {
    expect(() => kernelsOf('6.12,4.4', ids, '6.12')).toThrow("no kernel '4.4'");
  });
});

const row = (about: Partial<Row>): Row => ({
  exercise: 'maps/a',
  kernel: '6.12',
  release: '6.12.1',
  image: null,
  machine: 'tcg',
  cases: 5,
  seeds: 2,
  runs: 10,
  wrong: 0,
  seconds: 3.14,
  ok: true,
  ...about,
});

test('the table has a line an exercise and a column a kernel', () => {
  const rows = [
    row({ kernel: '5.10', runs: 1, ok: true, unsupported: 'It needs Linux 6.1.' }),
    row({}),
    row({ exercise: 'networking/drop', wrong: 3, ok: false }),
  ];
  expect(renderTable(rows, screen)).toBe(
    [
      'exercise         cases  5.10            6.12',
      'maps/a               5  ○ unsupported   ✓ 3.1 s',
      'networking/drop      5                  ✗ 3 of 10',
      '',
      '○ maps/a on 5.10: It needs Linux 6.1.',
      '',
      "17 of 20 runs as they must be, 2 workloads a case; seconds are the solution's.",
    ].join('\n'),
  );
});

test('a case that is not as it must be says what was seen, and how to see it again', () => {
  const one = {
    exercise: 'maps/a',
    case: 'wrong/x',
    kernel: '6.12',
    seed: 'ab',
    expected: 'fail at loads',
    seen: 'pass',
    ok: false,
    durationMs: 2000,
    message: 'Too\nbad',
  };
  expect(renderCase(one, 'content/exercises/maps/a/wrong/x', screen).split('\n').slice(1)).toEqual([
    '    must be: fail at loads',
    '    Too',
    '    bad',
    '    again: npx grade content/exercises/maps/a/wrong/x --kernel 6.12 --seed ab',
  ]);
});
