import { count, quote } from '../../../../grader/checks/expect.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import type { RunResult } from '../../../../grader/machine/machine.ts';
import { built, patienceMs, refusals, watched } from './workload.ts';

const file = 'loader.c';

export default defineExercise({
  title: 'A loader of your own',
  summary: 'Write the C program that opens, loads and attaches a BPF object, prints its events and ends cleanly.',
  files: { [file]: { description: 'Your loader, a C program with main.' } },
  needs: { kernel: '5.10', config: ['CONFIG_DEBUG_INFO_BTF'], tools: ['gcc', 'clang', 'bpftool', 'unshare', 'setpriv', 'prlimit'] },
  starter: { fails: 'attaches', because: 'It only opens the object.' },
  wrong: {
    'not-flushed': { fails: 'attaches', misconception: 'What printf was given has been printed.' },
    'loaded-not-attached': { fails: 'attaches', misconception: 'A loaded program runs.' },
    'first-program-only': { fails: 'attaches', misconception: 'An object holds one program.' },
    'only-some-events': { fails: 'polls', misconception: 'One call of poll reads all that will ever come.' },
    'no-handler': { fails: 'interrupt', misconception: 'Ctrl-C ends a program, so there is nothing to do.' },
    'interrupt-is-error': { fails: 'interrupt', misconception: 'A negative number from poll is always a failure.' },
    deaf: { fails: 'interrupt', misconception: 'A handler that returns ends the loop by itself.' },
    pinned: { fails: 'gone', misconception: 'A link must be pinned to last.' },
    'errors-are-success': { fails: 'refuses', misconception: 'A message is enough to tell of a failure.' },
    unchecked: { fails: 'refuses', misconception: 'What could be opened can also be loaded.' },
    'silent-failure': { fails: 'refuses', misconception: 'An exit code is enough to tell of a failure.' },
  },
  checks: [
    {
      id: 'compiles',
      title: `${file} compiles`,
      stage: 'compile',
      points: 1,
      hints: {
        nudge: 'Read the first error only. Those after it are often its echo.',
        concept: 'A loader is an ordinary program for user space. The grader compiles it with gcc and links it with libbpf, whose functions are in <bpf/libbpf.h>.',
        line: '#include <bpf/libbpf.h>',
      },
      rationale: 'The grader compiles the source itself: nothing else shows that the program is the learner\'s.',
      run: async (kit) => void (await built(kit)),
    },
    {
      id: 'attaches',
      title: 'Every program of the object is attached when it says ready',
      stage: 'attach',
      points: 2,
      hints: {
        nudge: 'Your program said something, or nothing. What does the kernel say at that moment?',
        concept: 'Open reads the file, load hands the programs to the kernel, attach makes them run. An object may hold many programs. What you print to a pipe waits in a buffer until it is full, unless you flush it.',
        line: 'bpf_object__for_each_program(program, object) if (!bpf_program__attach(program)) …; then puts("ready"); fflush(stdout);',
      },
      rationale: 'The kernel is asked which programs it holds and whether a link holds each, so that "ready" alone convinces nobody.',
      async run(kit) {
        const { first, held, sample, result } = await watched(kit);
        kit.expect(typeof first === 'string', {
          text: first === null ? 'The loader ended and had not said that it is ready.' : `The loader was silent for ${patienceMs / 1000} seconds.`,
          expected: 'The line ready on standard output, once everything is attached.',
          actual: first === null ? `${howItEnded(result)}.` : 'It ran and printed nothing.',
          help: first === null ? 'The log has what it said on standard error.' : 'Print "ready" when all is attached, and call fflush(stdout) after it: into a pipe, output waits in a buffer.',
          ...(result.stderr && { wholeLog: result.stderr }),
        });
        kit.expect.equal(first ?? '', 'ready', { text: 'The first line that the loader prints is another one.', help: 'Other messages go to standard error.' });
        const linked = held.filter((program) => program.linked);
        kit.expect(linked.length === sample.programs.length, {
          text: 'The loader says that it is ready, but the kernel does not have all programs attached.',
          expected: `${sample.programs.map((name) => quote(name)).join(' and ')}, each attached.`,
          actual: `Loaded: ${held.map(({ name }) => quote(name)).join(', ') || 'none'}. Attached: ${linked.map(({ name }) => quote(name)).join(', ') || 'none'}.`,
          help: held.length ? 'Loading is not enough: attach every program of the object, and keep running.' : 'Load the object, attach its programs, and keep running after that.',
        });
      },
    },
    {
      id: 'polls',
      title: 'Every event is printed',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Some events are missing, or look different. Does your program go on reading?',
        concept: 'ring_buffer__new takes a function that is called for each event; ring_buffer__poll waits for events and calls it. One call of poll reads what is there, so it belongs into a loop.',
        line: 'while (!interrupted) { error = ring_buffer__poll(ring, 100); fflush(stdout); }',
      },
      rationale: 'Each number is made in the kernel from a secret that is new each time: only who reads the ring buffer knows them.',
      async run(kit) {
        const { expected, lines } = await watched(kit);
        const wrong = expected.findIndex((line, index) => lines[index] !== line);
        kit.expect(wrong < 0 && lines.length === expected.length, {
          text: wrong < 0 ? 'The loader prints more than the events.' : lines[wrong] === undefined ? 'The loader does not print every event.' : 'The loader prints an event otherwise than the task asks for.',
          expected: `${count(expected.length, 'line')}${wrong < 0 ? '' : `; line ${wrong + 1} is ${quote(expected[wrong]!)}`}.`,
          actual: `${count(lines.length, 'line')}${lines[wrong] === undefined ? '' : `; line ${wrong + 1} is ${quote(lines[wrong])}`}.`,
          help: 'Print the number with %llu, a space, the text, the end of the line; for each event, in order, and nothing else. Flush standard output after each round.',
        });
      },
    },
    {
      id: 'interrupt',
      title: 'SIGINT ends it with exit code 0',
      stage: 'clean-up',
      points: 2,
      after: ['attaches'],
      hints: {
        nudge: 'How does your program learn of Ctrl-C, and what does it do then?',
        concept: 'Without a handler, SIGINT ends a process at once. A handler sets a variable, and the loop looks at it. A poll that a signal interrupts returns -EINTR, which is no failure here.',
        line: 'static volatile sig_atomic_t interrupted; a handler that sets it to 1, signal(SIGINT, handler), and while (!interrupted)',
      },
      rationale: 'Ctrl-C is how people end a loader, and scripts ask for its exit code.',
      async run(kit) {
        const { end, result } = await watched(kit);
        kit.expect(end !== 'early', {
          text: 'The loader ended before it was told to.',
          expected: 'It runs until SIGINT.',
          actual: `${howItEnded(result)}.`,
          help: 'Poll in a loop.',
          ...(result.stderr && { wholeLog: result.stderr }),
        });
        kit.expect(end !== 'never', {
          text: `The loader still ran ${patienceMs / 2000} seconds after SIGINT.`,
          expected: 'It ends within a moment.',
          help: 'Let the handler set a variable, and let the loop end when it is set.',
        });
        kit.expect(result.code === 0, {
          text: 'After SIGINT the loader ends, but not with exit code 0.',
          expected: 'Exit code 0.',
          actual: `${howItEnded(result)}.`,
          help: result.code === 130 ? 'Install a handler for SIGINT: without one the signal ends the process.' : 'That poll is interrupted (-EINTR) is what you wait for, and no failure.',
        });
      },
    },
    {
      id: 'gone',
      title: 'Nothing stays in the kernel',
      stage: 'clean-up',
      points: 1,
      after: ['attaches'],
      hints: {
        nudge: 'Your process is gone. What could hold a program without it?',
        concept: 'A link lasts as long as somebody holds it: a process, or a file in /sys/fs/bpf that it is pinned to. The process ends; the file stays.',
        line: 'No bpf_link__pin and no bpf_program__pin.',
      },
      rationale: 'A loader that leaves programs behind lets every restart cost a little more.',
      async run(kit) {
        const { left } = await watched(kit);
        kit.expect(left.length === 0, {
          text: 'The loader has ended, and a program of its object is still in the kernel.',
          expected: 'No program of the object.',
          actual: left.map(({ name, linked }) => `${quote(name)}${linked ? ', still attached' : ''}`).join('; '),
          help: 'Do not pin links or programs: they shall end with the loader.',
        });
      },
    },
    {
      id: 'refuses',
      title: 'An object that cannot be loaded gives a message and an exit code',
      stage: 'limits',
      points: 2,
      after: ['compiles'],
      hints: {
        nudge: 'Which of your calls can fail, and what happens then?',
        concept: 'Since libbpf 1.0 the functions that return a pointer return NULL on failure, the others a negative number; errno says why. A program tells of a failure with a message on standard error and an exit code other than 0.',
        line: 'if (!object) { fprintf(stderr, "cannot open %s: error %d\\n", argv[1], errno); return 1; }',
      },
      rationale: 'A missing file, half an object and one that the verifier refuses: what is started by a script must not fail unnoticed.',
      async run(kit) {
        for (const { what, result } of await refusals(kit)) {
          const failed = { text: `Given ${what}, the loader does not fail as it should.`, help: 'Look at what every call returns, print a message to standard error, and return 1 from main.', ...(result.stderr && { wholeLog: result.stderr }) };
          kit.expect(!result.timedOut, { ...failed, expected: 'It ends.', actual: `It still ran after ${patienceMs / 1000} seconds.` });
          kit.expect(result.code > 0 && result.code < 126, { ...failed, expected: 'An exit code from 1 to 125.', actual: `${howItEnded(result)}.` });
          kit.expect(result.stderr.trim() !== '', { ...failed, expected: 'A message on standard error.', actual: 'Nothing on standard error.' });
        }
      },
    },
  ],
});

/** The shell that starts it says 128 + the signal. */
function howItEnded({ code }: RunResult): string {
  return code > 128 ? `Signal ${code - 128} ended it` : `It ended with exit code ${code}`;
}
