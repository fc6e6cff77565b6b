import { expect, test } from 'vitest';
import { causeOf, stagesOf } from '../../../grader/report/stages.ts';
import { failed, passed, skipped } from './results.ts';

test('each stage once, in the order of stages, with the worst of its checks', () => {
  const checks = [
    skipped,
    failed,
    { ...passed, stage: 'load' as const },
    passed,
    { ...passed, stage: 'clean-up' as const, outcome: 'unsupported' as const },
  ];
  expect(stagesOf(checks)).toEqual([
    { stage: 'compile', outcome: 'pass' },
    { stage: 'load', outcome: 'fail' },
    { stage: 'fires', outcome: 'skipped' },
    { stage: 'clean-up', outcome: 'unsupported' },
  ]);
});

test('a skipped check waits in the end for one that was run', () => {
  const second = { ...skipped, id: 'correct', waitsFor: 'fires' };
  expect(causeOf([passed, failed, skipped, second], second)).toBe(failed);
  expect(causeOf([passed, failed], { ...skipped, waitsFor: 'unknown' })).toBeUndefined();
});

test('checks that wait for each other, as in a forged result, wait for nobody', () => {
  const [one, two] = [
    { ...skipped, id: 'one', waitsFor: 'two' },
    { ...skipped, id: 'two', waitsFor: 'one' },
  ];
  expect(causeOf([one, two], one)).toBeUndefined();
});
