import { describe, expect, test } from 'vitest';
import { rescore } from '../../../grader/github/rescore.ts';
import type { CheckResult, Result } from '../../../grader/verdict/result.ts';
import { cannot, course, fails, incomplete, judged } from './results.ts';

const failing = course({
  loads: fails({ text: 'Not loaded.', location: { file: 'hello.bpf.c', line: 3 }, wholeLog: 'a log' }),
});

/** What is left of a result after the course has had its say. */
function scored(result: Result, of = failing) {
  const said = rescore([of], result);
  if ('problem' in said) throw new Error(said.problem);
  return said.result;
}

describe('what a grading of this course says is kept', () => {
  test.each([
    ['a pass', course()],
    ['a failure', failing],
    ['an unsupported check and those that wait for it', course({ loads: cannot('No such hook.') })],
    [
      'an error of ours',
      course({
        compiles: async () => {
          throw new Error('boom');
        },
      }),
    ],
    ['a failure beside an unsupported check', course({ compiles: cannot('x'), counts: fails({ text: 'y' }) })],
  ])('%s', async (_, graded) => {
    const result = await judged(graded);
    const { checks, ...rest } = scored(result, graded);
    const { checks: said, ...restSaid } = result;
    expect(rest).toEqual(restSaid);
    // Whole logs stay on the machine that made them.
    expect(checks).toEqual(
      said.map(({ message, ...check }) => {
        const { logFile: _file, ...kept } = message ?? { text: '' };
        return { ...check, ...(message && { message: kept }) };
      }),
    );
  });
});

test('what was handed in incomplete is worth nothing, and no less of the whole', () => {
  const invalid = incomplete(failing);
  expect(scored(invalid)).toMatchObject({ outcome: 'invalid', points: 0, maxPoints: 6 });
  // What is no fault of the learner's is not counted.
  expect(scored({ ...invalid, outcome: 'error', maxPoints: 6 })).toMatchObject({ points: 0, maxPoints: 0 });
});

describe('a forged', () => {
  const change = async (of: Partial<Result>, check: [number, Partial<CheckResult>] = [0, {}]) => {
    const result = await judged(failing);
    const checks = result.checks.map((one, i) => (i === check[0] ? { ...one, ...check[1] } : one));
    return { ...result, checks, ...of };
  };

  test('score is computed again', async () => {
    const result = scored(
      await change({ points: 100, maxPoints: 100, outcome: 'pass' }, [1, { points: 2, maxPoints: 2 }]),
    );
    expect(result).toMatchObject({ points: 2, maxPoints: 6, outcome: 'fail' });
    expect(result.checks.map(({ points }) => points)).toEqual([2, 0, 0]);
  });

  test('title, hint, reason and stage are the course’s', async () => {
    const forged = await change({ title: 'PWNED' }, [
      1,
      { title: 'PWNED', hint: 'PWNED', rationale: 'PWNED', stage: 'clean-up' },
    ]);
    expect(JSON.stringify(scored(forged))).not.toMatch(/PWNED|clean-up/);
  });

  test('place in a file that is not the submission’s is dropped', async () => {
    const at = (file: string) => change({}, [1, { message: { text: 'x', location: { file, line: 1 } } }]);
    expect(scored(await at('../../../.github/workflows/grade.yml')).checks[1]!.message!.location).toBeUndefined();
    expect(scored(await at('__proto__')).checks[1]!.message!.location).toBeUndefined();
    expect(scored(await at('hello.bpf.c')).checks[1]!.message!.location).toEqual({ file: 'hello.bpf.c', line: 1 });
  });

  test.each<[string, () => Promise<Result>, string]>([
    ['exercise', () => change({ exercise: 'programs/none' }), 'an exercise that the course does not have'],
    ['check', () => change({}, [2, { id: 'other' }]), 'does not have the checks of the exercise'],
    ['pass of what waits for a failure', () => change({}, [2, { outcome: 'pass' }]), 'says ‘pass’ of the check counts'],
    [
      'skip of what nothing stops',
      () => change({}, [0, { outcome: 'skipped' }]),
      'says ‘skipped’ of the check compiles',
    ],
    ['pass without checks', () => change({ checks: [], outcome: 'pass' }), 'has no checks'],
    ['pass without a machine', () => change({ machine: null }), 'says that none was made'],
    ['folder', () => change({ submission: 'submissions/ada/../eve/programs/hello' }), 'not a submission to it'],
    ['folder of another exercise', () => change({ submission: 'submissions/ada/maps/lru' }), 'not a submission to it'],
    ['seed', () => change({ seed: '`id`' }), 'an impossible seed'],
    [
      'kernel',
      () => change({ machine: { kind: 'vm', accelerator: 'kvm', kernel: '6 [x](//y)', arch: 'x86_64', image: null } }),
      'an impossible machine.kernel',
    ],
  ])('%s is refused', async (_, forge, why) => {
    const said = rescore([failing], await forge());
    expect('problem' in said && said.problem).toContain(why);
  });

  test('list of checks with one missing, one too many or in another order is refused', async () => {
    const result = await judged(failing);
    const [a, b, c] = result.checks;
    for (const checks of [
      [a!, b!],
      [a!, b!, c!, c!],
      [b!, a!, c!],
    ])
      expect(rescore([failing], { ...result, checks })).toHaveProperty('problem');
  });
});
