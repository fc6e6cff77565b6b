import { count, quote } from '../../../../grader/checks/expect.ts';
import { runs } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { file, watched } from './workload.ts';

const greeting = 'Hello, World!';

export default defineExercise({
  title: 'Hello from BCC',
  summary: 'Repair a small Python program that lets the kernel greet each new process and thread.',
  files: { [file]: { description: 'Your Python program, with the BPF program in it.' } },
  needs: { kernel: '5.10', config: ['CONFIG_KPROBES', 'CONFIG_BPF_EVENTS'], tools: ['python3'] },
  starter: { fails: 'runs', because: 'Python turns \\n into a line end in the middle of a C string.' },
  wrong: {
    'never-attached': { fails: 'runs', misconception: 'BPF(text=…) attaches what it compiles.' },
    execve: { fails: 'fires', misconception: 'A new program is a new process.' },
    'clone-only': { fails: 'each-new', misconception: 'New processes and threads come from the system call clone.' },
    twice: { fails: 'each-new', misconception: 'Two events for the same thing are safer than one.' },
    'other-text': { fails: 'says-hello', misconception: 'Any text shows that it works.' },
    'opens-too': { fails: 'only-new', misconception: 'One more event does no harm.' },
  },
  checks: [
    runs(file, watched, {
      hints: {
        nudge: 'BCC shows the C program as the compiler sees it. How many lines does the text to print have?',
        concept: 'In an ordinary Python string, \\n is a line end, before C ever sees it. A C string must end on the line on which it begins.',
        line: 'source = r""" … """: in a raw string, Python leaves \\n alone.',
      },
    }),
    {
      id: 'fires',
      title: 'New processes and threads are greeted',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'The program is attached. Does its event happen when a process is copied?',
        concept: 'A process is made by copying one (fork), and only then becomes another program (exec). bpf_trace_printk writes to the kernel\'s trace, and trace_print() shows that trace.',
        line: 'TRACEPOINT_PROBE(sched, sched_process_fork) { bpf_trace_printk("…\\n"); return 0; }',
      },
      rationale: 'Attached, but silent: a wrong event, or nobody reads the trace.',
      async run(kit) {
        const { greetings, processes, threads, complete } = await watched(kit);
        kit.expect(greetings.length > 0, {
          text: complete ? 'No new process or thread was greeted.' : 'The script did not print the kernel\'s trace.',
          expected: `Greetings for ${count(processes, 'process', 'processes')} and ${count(threads, 'thread')}.`,
          actual: complete ? 'None.' : 'The line that the grader wrote to the trace at the end did not come out.',
          help: complete ? 'Look for an event that happens when a process is copied, not when it starts another program.' : 'End the script with b.trace_print().',
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
        concept: 'bpf_trace_printk prints a text to the trace; BCC\'s own name for bpf_printk.',
        line: `bpf_trace_printk("${greeting}\\n");`,
      },
      rationale: 'The text shows that the message is this program\'s and not a left-over.',
      async run(kit) {
        const { greetings } = await watched(kit);
        for (const { text } of greetings)
          kit.expect.equal(text.replace(/\s+$/, ''), greeting, {
            text: 'The program prints another message than the task asks for.',
            help: 'Mind capitals, the comma, the space and the exclamation mark.',
          });
      },
    },
    {
      id: 'each-new',
      title: 'Each new process and thread gives exactly one message',
      stage: 'correct',
      points: 3,
      after: ['fires'],
      hints: {
        nudge: 'Some of the new ones are greeted, others not. How is a thread made today?',
        concept: 'There are several system calls that make a process or a thread: fork, vfork, clone, and clone3 since Linux 5.3, which the C library uses for threads. All of them end in the same place of the kernel, and there is a tracepoint there.',
        line: 'TRACEPOINT_PROBE(sched, sched_process_fork)',
      },
      rationale: 'The workshop\'s program hung on sys_clone, and today misses every thread.',
      async run(kit) {
        const { greetings, processes, threads } = await watched(kit);
        const made = processes + threads;
        kit.expect(greetings.length === made, {
          text: greetings.length < made ? 'Not everything new was greeted.' : 'There are more greetings than new processes and threads.',
          expected: `${count(processes, 'process', 'processes')} and ${count(threads, 'thread')}: ${count(made, 'message')}.`,
          actual: `${count(greetings.length, 'message')}.${greetings.length === processes ? ' As many as there were processes.' : ''}`,
          help: greetings.length < made ? 'A system call is only one of the ways to get there: find the event that all of them share.' : 'One event is enough: look whether two programs are attached.',
        });
      },
    },
    {
      id: 'only-new',
      title: 'Nothing else gives a message',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: {
        nudge: 'Your program speaks when nothing new was made. What else is it attached to?',
        concept: 'BCC attaches functions by their names, too: kprobe__… and TRACEPOINT_PROBE need no line of Python.',
        line: 'Keep one function, and delete the others.',
      },
      rationale: 'The negative control: files are opened and ids asked for.',
      async run(kit) {
        const { strays } = await watched(kit);
        kit.expect(strays.length === 0, {
          text: 'The program prints also when no process or thread is made.',
          expected: 'No message for a process that opens files and asks for its id.',
          actual: `${count(strays.length, 'message')}, the first: ${quote(strays[0]?.text ?? '')}.`,
          help: 'Look at every function in the C text, and at every attach_… in Python.',
        });
      },
    },
  ],
});
