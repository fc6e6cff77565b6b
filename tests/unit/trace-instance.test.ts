import { expect, test } from 'vitest';
import { parseEvents } from '../../grader/kit/tracing/instance.ts';

// As Linux 6.12 shows a trace instance: the text of bpf_trace_printk keeps its line end, a mark has none.
const trace = `# tracer: nop
#
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
         spawner-281     [000] .....   316.379076: tracing_mark_write: 0 begin
         spawner-281     [000] ...1.   316.433443: bpf_trace_printk: Hello, World!

         spawner-282     [001] ...1.   316.433444: bpf_trace_printk: Hello, World!


         spawner-282     [001] ...1.   316.433445: bpf_trace_printk: no line end
         spawner-281     [000] .....   316.448076: tracing_mark_write: 0 made
         spawner-281     [000] ...1.   316.448077: bpf_trace_printk:

`;

test('one line end belongs to the message, and more are part of its text', () => {
  expect(parseEvents(trace)).toEqual([
    { pid: 281, cpu: 0, name: 'tracing_mark_write', text: '0 begin' },
    { pid: 281, cpu: 0, name: 'bpf_trace_printk', text: 'Hello, World!' },
    { pid: 282, cpu: 1, name: 'bpf_trace_printk', text: 'Hello, World!\n' },
    { pid: 282, cpu: 1, name: 'bpf_trace_printk', text: 'no line end' },
    { pid: 281, cpu: 0, name: 'tracing_mark_write', text: '0 made' },
    { pid: 281, cpu: 0, name: 'bpf_trace_printk', text: '' },
  ]);
});

test('a trace without events has none', () => {
  expect(parseEvents('# tracer: nop\n#\n')).toEqual([]);
});
