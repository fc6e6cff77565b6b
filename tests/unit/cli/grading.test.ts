import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gradeSubmission } from '../../../grader/cli/grading.ts';
import type { Machines } from '../../../grader/cli/machines.ts';
import { type LostReason, MachineLost } from '../../../grader/machine/machine.ts';
import { check, exercise } from '../verdict/exercises.ts';
import { temporaryFolder } from '../temporary.ts';

/** Machines that are no machines: what matters here is how often one is opened. A real guest cannot be told when to panic. */
async function gradeOnFakes(accelerator: string, losses: (LostReason | null)[]) {
  const root = await temporaryFolder({ 'submissions/me/a/b/hello.bpf.c': 'int x;\n' });
  let opened = 0;
  const machine = { info: { kind: 'vm', accelerator, kernel: '6.12.1', arch: 'x86_64', image: null }, get: async () => Buffer.from('') };
  const machines = { open: async () => (opened++, { machine, toolkit: '/toolkit', folder: '/work' }), release: async () => {} } as unknown as Machines;
  const tried = { ...exercise(check('a', async () => {
    const lost = losses[opened - 1];
    if (lost) throw new MachineLost(lost, 'it is gone', 'the end of its console');
  })), files: { 'hello.bpf.c': { description: 'The program' } } };
  const result = await gradeSubmission({ root, exercise: tried, folder: join(root, 'submissions/me/a/b'), machines, seed: 'abcd1234' });
  return { opened, outcome: result.outcome, seed: result.seed };
}

test.each([
  ['a panic under emulation is not the last word', 'tcg', ['panic', null], { opened: 2, outcome: 'pass' }],
  ['nor are two', 'tcg', ['panic', 'panic', null], { opened: 3, outcome: 'pass' }],
  ['three are', 'tcg', ['panic', 'panic', 'panic'], { opened: 3, outcome: 'error' }],
  ['a panic on real CPUs is', 'kvm', ['panic', null], { opened: 1, outcome: 'error' }],
  ['a silent guest is', 'tcg', ['silence', null], { opened: 1, outcome: 'error' }],
  ['a verdict is', 'tcg', [null, 'panic'], { opened: 1, outcome: 'pass' }],
] as const)('%s', async (_, accelerator, losses, expected) => {
  expect(await gradeOnFakes(accelerator, [...losses])).toEqual({ ...expected, seed: 'abcd1234' });
});
