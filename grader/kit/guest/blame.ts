/** Words for what a submission did to the machine that judges it. Whether it was the submission is found out elsewhere: cli/grading.ts. */
import { MachineLost } from '../../machine/machine.ts';
import { CheckFailure, type CheckFailureDetail } from '../../verdict/failure.ts';

/** Whether a submission may be behind it. A fault in the grader's own code is nobody else's. */
export function mayBeCaused(error: unknown): boolean {
  if (error instanceof MachineLost) return error.reason !== 'starved';
  // What the kit says of its tools on the machine is an Error and nothing more; Node's own faults have classes.
  return error instanceof Error && error.constructor === Error;
}

/** What the learner reads; undefined for what is no submission's doing. */
export function blameFor(error: unknown, files: ReadonlyMap<string, Uint8Array>): CheckFailure | undefined {
  if (!mayBeCaused(error)) return undefined;
  const suspects = findSuspects(files);
  return new CheckFailure({
    ...whatHappened(error as Error),
    expected:
      'The machine goes on working while your submission runs, as it does with the course’s own solution and the same workload.',
    help:
      suspects.length > 0
        ? `${suspects.join(' ')} Leave out what the task does not ask for.`
        : 'Look for what reaches beyond the task: a loop without an end, many processes, a program attached to more than it needs.',
  });
}

function whatHappened(error: Error): Pick<CheckFailureDetail, 'text' | 'actual' | 'wholeLog'> {
  const twice = 'It happened twice, each time on a fresh machine.';
  if (!(error instanceof MachineLost)) {
    return {
      text: 'Your submission disturbs the grader’s own tools on the test machine.',
      actual: `${error.message.slice(0, 500)} ${twice}`,
    };
  }
  const wholeLog = `${error.message}\n${error.console}\n`;
  if (error.reason === 'silence')
    return {
      text: error.busyWith
        ? `The test machine does nothing but run ${error.busyWith}: it never ends.`
        : 'The test machine stops answering while your submission runs.',
      actual: `${capital(error.message)}. ${twice}`,
      wholeLog,
    };
  const isStuck = /soft lockup|detected stalls/.test(error.message);
  const what = {
    panic: isStuck
      ? 'Your submission never lets go of a processor: the kernel found that one is stuck.'
      : 'Your submission makes the kernel of the test machine panic.',
    'power-off': 'Your submission switches the test machine off.',
    died: 'Your submission brings the test machine down.',
    garbled: 'Your submission changes what the grader’s own processes say: their messages arrive broken.',
    starved: '',
  }[error.reason];
  return { text: what, actual: `${capital(error.message)}. ${twice}`, wholeLog };
}

/** What in a source can do such things; words for the learner only, never a verdict. */
const dangers: readonly (readonly [RegExp, string])[] = [
  [/\bbpf_send_signal(_thread)?\b/, 'It sends signals to other processes (bpf_send_signal).'],
  [/\bbpf_probe_write_user\b/, 'It writes to the memory of other processes (bpf_probe_write_user).'],
  [/\bbpf_override_return\b/, 'It makes system calls of other processes fail (bpf_override_return).'],
  [/SEC\("(lsm|fmod_ret)/, 'It decides what other processes may do (lsm, fmod_ret).'],
  [/\bbpf_(loop|for_each_map_elem)\b|\bbpf_repeat\b/, 'It has very long loops (bpf_loop and its like).'],
  [/\bfork\s*\(/, 'It starts processes (fork).'],
];

function findSuspects(files: ReadonlyMap<string, Uint8Array>): string[] {
  const text = [...files.values()].map((bytes) => Buffer.from(bytes).toString('utf8')).join('\n');
  return dangers.filter(([pattern]) => pattern.test(text)).map(([, words]) => words);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
