import { attaches, compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count, quote } from '../../../../grader/checks/expect.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { watchExecs } from './workload.ts';

const file = 'hello.bpf.c';
const greeting = 'Hello, BPF World!';

const watched = evidence(async (kit) => {
  await kit.program(file).attach();
  return watchExecs(kit);
});

export default defineExercise({
  title: 'Hello, BPF World!',
  summary: 'Write a program that the kernel runs at every execve, and let it say hello.',
  files: { [file]: { description: 'Your BPF program.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['clang'] },
  starter: { fails: 'attaches', because: 'Its program hangs on sys_enter_close.' },
  wrong: {
    'no-license': { fails: 'loads', misconception: 'The license is a formality.' },
    'exit-not-enter': { fails: 'attaches', misconception: 'The exit of execve is as good as its entry.' },
    'every-syscall': { fails: 'attaches', misconception: 'raw_tracepoint/sys_enter is another way to write sys_enter_execve; it is every system call.' },
    'only-bash': { fails: 'fires', misconception: 'What is started is always started by bash.' },
    'other-text': { fails: 'says-hello', misconception: 'Any text shows that it works.' },
    'once-per-name': { fails: 'each-exec', misconception: 'At the entry of execve a process already has the new program\'s name.' },
    'success-only': { fails: 'each-exec', misconception: 'Only an execve that succeeds is one.' },
    'forks-too': { fails: 'only-execs', misconception: 'A new process is a new program.' },
  },
  checks: [
    compiles(file),
    loads(file),
    attaches(file, { kind: 'tracepoint', target: 'sys_enter_execve' }, {
      hints: {
        nudge: 'Your program runs at some event already. Is it the one that the task names?',
        concept: 'Every system call has two tracepoints in the category syscalls: sys_enter_… when a process calls it, sys_exit_… when it returns. Starting a program is the system call execve.',
        line: 'SEC("tracepoint/syscalls/sys_enter_execve")',
      },
    }),
    {
      id: 'fires',
      title: 'Starting a program makes yours print',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'It is loaded and attached, so the kernel runs it. Does it reach the line that prints?',
        concept: 'A BPF program cannot print to your terminal. bpf_printk writes a line to the kernel\'s trace, from where others read it.',
        line: 'bpf_printk("…"); in front of return 0;',
      },
      rationale: '"It loads but nothing happens" is what beginners see most: attached, but silent.',
      async run(kit) {
        const { execs, messages } = await watched(kit);
        const heard = execs.filter((exec) => exec.printed > 0);
        kit.expect(heard.length > 0, {
          text: 'Your program is loaded and attached, but it printed nothing when programs were started.',
          expected: `A message for each of ${count(execs.length, 'execve')}.`,
          actual: messages.length ? `${count(messages.length, 'message')}, but none from a process that called execve.` : 'No message at all.',
          help: 'Call bpf_printk on every path through the program, in front of its return. If an if stands in the way: at the entry of execve, a process still has the name of the program that starts the new one.',
        });
      },
    },
    {
      id: 'says-hello',
      title: `The message is ${quote(greeting)}`,
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: {
        nudge: 'Compare the message with the task, letter by letter.',
        concept: 'bpf_printk adds the end of the line itself, and the kernel adds the process and the time.',
        line: `bpf_printk(${quote(greeting)});`,
      },
      rationale: 'The text shows that the message is this program\'s and not a left-over.',
      async run(kit) {
        const { fromExecs } = await watched(kit);
        for (const { text } of fromExecs)
          // A line end of the learner's own shows as an empty line in the trace: untidy, not wrong.
          kit.expect.equal(text.replace(/\n+$/, ''), greeting, {
            text: 'The program prints another message than the task asks for.',
            help: 'Mind capitals, the comma, the spaces and the exclamation mark.',
          });
      },
    },
    {
      id: 'each-exec',
      title: 'Each execve gives exactly one message',
      stage: 'correct',
      points: 2,
      after: ['fires'],
      hints: {
        nudge: 'Some calls of execve are greeted, others not, or twice. What is different about them?',
        concept: 'The entry of a system call comes before the kernel knows whether it will succeed, and before the process is another program.',
        line: 'The whole program is one bpf_printk and return 0; no if, no map.',
      },
      rationale: 'Count and names are drawn anew each time and some calls fail, so that neither a filter nor a printed constant passes.',
      async run(kit) {
        const { execs } = await watched(kit);
        const wrong = execs.find((exec) => exec.printed !== 1);
        const right = execs.filter((exec) => exec.printed === 1).length;
        kit.expect(!wrong, {
          text: wrong?.printed ? 'An execve was greeted more than once.' : 'An execve was not greeted.',
          expected: `One message for each of ${count(execs.length, 'execve')}.`,
          actual: `${right} of them had one. ${wrong?.missing ? 'A call with a path that does not exist' : `The start of ${quote(wrong?.path ?? '')}`} had ${count(wrong?.printed ?? 0, 'message')}.`,
          help: wrong?.missing
            ? 'A call of execve that fails has still been called. Print at its entry, for every process.'
            : 'Print once, for every process, whatever its name.',
        });
      },
    },
    {
      id: 'only-execs',
      title: 'Nothing else gives a message',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: {
        nudge: 'Your program speaks when no program was started. What else is it attached to?',
        concept: 'A new process (fork) is a copy of the old one and runs the same program. Only execve makes it another program.',
        line: 'Keep one program, with SEC("tracepoint/syscalls/sys_enter_execve"), and delete the others.',
      },
      rationale: 'The negative control: forks, threads and other system calls happen between the execs.',
      async run(kit) {
        const { strays } = await watched(kit);
        kit.expect(strays.length === 0, {
          text: 'The program prints also when nobody calls execve.',
          expected: 'No message from processes that fork, start threads, open files or ask for their id.',
          actual: `${count(strays.length, 'message')} from them, the first: ${quote(strays[0]?.text ?? '')}.`,
          help: 'Look at every SEC("…") in your file: each is one more event at which something of yours runs.',
        });
      },
    },
  ],
});
