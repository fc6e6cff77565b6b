import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gradeSubmission } from '../../../grader/cli/grading.ts';
import type { Machines } from '../../../grader/cli/machines.ts';
import { type LostReason, MachineLost } from '../../../grader/machine/machine.ts';
import { CheckFailure } from '../../../grader/verdict/failure.ts';
import { check, exercise, runsOf } from '../verdict/exercises.ts';
import { temporaryFolder } from '../temporary.ts';

/** 'late': a check fails because a deadline passed, on a busy computer; 'slow': on a quiet one. */
type Trouble = LostReason | Error | 'late' | 'slow' | null;

/**
 * Machines that are no machines: what matters here is how often one is opened, and what becomes of each. A real guest cannot be told
 * when to panic. tests/kernel/hostile has submissions that truly do such things.
 */
async function gradeOnFakes(troubles: Trouble[], files = { 'hello.bpf.c': 'int x;\n' }) {
  const root = await temporaryFolder({
    'submissions/me/a/b/hello.bpf.c': files['hello.bpf.c'],
    'content/exercises/a/b/solution/hello.bpf.c': 'int solution;\n',
  });
  const graded: string[] = [];
  let time = { passed: 0, share: 1 };
  const newMachine = () => ({
    info: { kind: 'vm', accelerator: 'tcg', kernel: '6.12.1', arch: 'x86_64', image: null },
    get: async () => Buffer.from(''),
    time: (time = { passed: 0, share: 1 }),
  });
  const machines = {
    open: async () => ({ machine: newMachine(), toolkit: '/toolkit', folder: '/work' }),
    release: async () => {},
  } as unknown as Machines;
  const tried = {
    ...exercise(
      check('a', async (kit) => {
        const source = kit.submission.sources.get('hello.bpf.c') ?? '';
        const trouble = troubles[graded.push(source.includes('solution') ? 'solution' : 'submission') - 1];
        if (trouble instanceof Error) throw trouble;
        if (trouble === 'late' || trouble === 'slow') {
          Object.assign(time, { passed: 1, share: trouble === 'late' ? 0.2 : 0.95 });
          throw new CheckFailure({ text: 'It took too long.' });
        }
        if (trouble) throw new MachineLost(trouble, 'it is gone', 'the end of its console');
      }),
    ),
    folder: join(root, 'content/exercises/a/b'),
    files: { 'hello.bpf.c': { description: 'The program' } },
  };
  const result = await gradeSubmission({
    root,
    exercise: tried,
    runs: runsOf(tried),
    folder: join(root, 'submissions/me/a/b'),
    machines,
    seed: 'abcd1234',
  });
  expect(result.seed).toBe('abcd1234');
  return { graded: graded.join(), outcome: result.outcome, message: result.checks[0]?.message };
}

const control = 'submission,solution,submission';

test.each<[string, Trouble[], { graded: string; outcome: string }]>([
  ['a verdict needs no repetition', [null], { graded: 'submission', outcome: 'pass' }],
  ['a panic that does not come again is the machine’s', ['panic', null, null], { graded: control, outcome: 'pass' }],
  ['nor is silence the last word', ['silence', null, null], { graded: control, outcome: 'pass' }],
  [
    'one that comes again, and not with the solution, is caused',
    ['panic', null, 'panic'],
    { graded: control, outcome: 'fail' },
  ],
  [
    'so is a tool that fails',
    [new Error('signal 9'), null, new Error('signal 9')],
    { graded: control, outcome: 'fail' },
  ],
  [
    'where the solution has trouble, too, nobody is blamed',
    ['died', 'died', 'died'],
    { graded: control, outcome: 'error' },
  ],
  ['a fault in our code is ours at once', [new TypeError('x')], { graded: 'submission', outcome: 'error' }],
  [
    'and a fault in our code at the second time',
    ['panic', null, new TypeError('x')],
    { graded: control, outcome: 'error' },
  ],
  ['a deadline on a quiet computer is a verdict', ['slow'], { graded: 'submission', outcome: 'fail' }],
  ['on a busy one it may be the computer’s', ['late', null, null], { graded: control, outcome: 'pass' }],
  ['or not, if the solution is in time', ['late', null, 'late'], { graded: control, outcome: 'fail' }],
  ['and nobody’s, if the solution is late as well', ['late', 'late', 'late'], { graded: control, outcome: 'error' }],
  ['what fails in time after that is a verdict', ['late', 'late', 'slow'], { graded: control, outcome: 'fail' }],
  ['a computer without time is no verdict', ['starved'], { graded: 'submission', outcome: 'error' }],
])('%s', async (_, troubles, expected) => {
  expect(await gradeOnFakes(troubles)).toMatchObject(expected);
});

test('the words say what happened, that it happened twice, and what in the source may be behind it', async () => {
  const { message } = await gradeOnFakes(['garbled', null, 'garbled'], {
    'hello.bpf.c': 'int f() { return bpf_probe_write_user(p, q, 4); }\n',
  });
  expect(message).toMatchObject({
    text: 'Your submission changes what the grader’s own processes say: their messages arrive broken.',
    actual: 'It is gone. It happened twice, each time on a fresh machine.',
    help: 'It writes to the memory of other processes (bpf_probe_write_user). Leave out what the task does not ask for.',
  });
});
