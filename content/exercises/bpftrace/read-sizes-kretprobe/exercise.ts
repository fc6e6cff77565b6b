import { runs, scriptAttaches } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { file, histogramChecks, watched } from '../read-sizes.ts';

export default defineExercise({
  title: 'Sizes of reads, by a kretprobe',
  summary: 'Make the same histogram from the return values of a function inside the kernel.',
  files: { [file]: { description: 'Your bpftrace script; it gets the name of the process as its first parameter.' } },
  needs: { kernel: '5.10', config: ['CONFIG_KPROBES', 'CONFIG_KPROBE_EVENTS', 'CONFIG_BPF_EVENTS'], tools: ['bpftrace'] },
  starter: { fails: 'attaches', because: 'A kprobe runs at the entry of vfs_read, not at its return.' },
  wrong: {
    'no-such-function': { fails: 'runs', misconception: 'A function of the kernel can be guessed from its neighbours.' },
    'word-as-number': { fails: 'runs', misconception: '$1 is a text.' },
    tracepoint: { fails: 'attaches', misconception: 'Where the same numbers come from does not matter.' },
    'other-buckets': { fails: 'buckets', misconception: 'The range of a histogram is a matter of taste.' },
    everybody: { fails: 'only-one-process', misconception: 'While I watch, only my process reads.' },
    'errors-too': { fails: 'no-errors', misconception: 'What vfs_read returns is always a size.' },
    'without-a-sign': { fails: 'no-errors', misconception: 'retval has a sign, as the function\'s own type has.' },
    'end-of-file-is-an-error': { fails: 'each-read', misconception: 'A read of 0 bytes has failed.' },
  },
  checks: [
    runs(file, watched),
    scriptAttaches(file, [{ kind: 'kretprobe', target: 'vfs_read' }], watched, {
      hints: {
        nudge: 'A function can be probed at its entry and at its return. Which of the two knows the size?',
        concept: 'kprobe:function runs when a function of the kernel is called, with its arguments; kretprobe:function runs when it returns, with retval.',
        line: 'kretprobe:vfs_read',
      },
    }),
    ...histogramChecks,
  ],
});
