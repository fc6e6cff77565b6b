/** What a program may have on the machine, and the words for one that wanted more. */
import type { RunOptions, RunResult } from '../../machine/machine.ts';
import { CheckFailure } from '../../verdict/failure.ts';

/**
 * CheckFailure if it was stopped, or kept from something, by one of its bounds: what it did then is no evidence, and what it says of
 * itself does not tell. `file` is the learner's.
 */
export function refuseExcess(file: string, result: RunResult, bounds: RunOptions): void {
  const megabytes = (bytes = 0) => `${Math.round(bytes / 2 ** 20)} MB`;
  if (result.outOfProcesses)
    throw new CheckFailure({
      text: `${file} started more processes than it may have.`,
      expected: `At most ${bounds.maxProcesses ?? 'a few'} processes and threads at once.`,
      help: 'Look for a fork, or a thread, in a loop.',
      wholeLog: result.stderr,
    });
  if (result.outOfMemory)
    throw new CheckFailure({
      text: `${file} needed more memory than it may have, and was stopped.`,
      expected: `At most ${megabytes(bounds.memoryBytes)}.`,
      help: 'Look for a list or a map that only grows.',
      wholeLog: result.stderr,
    });
  if (result.truncated)
    throw new CheckFailure({
      text: `${file} printed more than ${megabytes(bounds.maxOutputBytes)}, and was stopped.`,
      expected: 'Output about the events that the task names only.',
      help: 'Filter in the BPF program: what nobody needs should not reach user space.',
      wholeLog: result.stderr,
    });
}
