import { runs, scriptAttaches } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { file, histogramChecks, watched } from '../read-sizes.ts';

export default defineExercise({
  title: 'Sizes of reads, by a tracepoint',
  summary: 'Make a histogram of how many bytes one program reads at a time.',
  files: { [file]: { description: 'Your bpftrace script; it gets the name of the process as its first parameter.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['bpftrace'] },
  starter: { fails: 'attaches', because: 'It is attached to sys_enter_read.' },
  wrong: {
    'no-such-field': { fails: 'runs', misconception: 'The value that a system call returns has a name of its own in each tracepoint.' },
    'bytes-asked-for': { fails: 'attaches', misconception: 'A read gets as many bytes as it asks for.' },
    'by-thread': { fails: 'fires', misconception: 'A histogram needs a key.' },
    'powers-of-two': { fails: 'buckets', misconception: 'hist and lhist are the same.' },
    everybody: { fails: 'only-one-process', misconception: 'While I watch, only my process reads.' },
    'name-begins-alike': { fails: 'only-one-process', misconception: 'A few letters of a name are enough.' },
    'errors-too': { fails: 'no-errors', misconception: 'What read returns is always a size.' },
    'end-of-file-is-an-error': { fails: 'each-read', misconception: 'A read of 0 bytes has failed.' },
  },
  checks: [
    runs(file, watched),
    scriptAttaches(file, [{ kind: 'tracepoint', target: 'sys_exit_read' }], watched, {
      hints: {
        nudge: 'At which moment is it known how many bytes were read?',
        concept: 'Every system call has two tracepoints: sys_enter_… with what is asked for, sys_exit_… with what came of it.',
        line: 'tracepoint:syscalls:sys_exit_read',
      },
    }),
    ...histogramChecks,
  ],
});
