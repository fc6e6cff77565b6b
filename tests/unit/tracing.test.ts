import { describe, expect, test } from 'vitest';
import { parseTrace } from '../../grader/kit/tracing/tracing.ts';

const mark = (text: string) => `           actor-8760    [000] ...1.  2597.171120: tracing_mark_write: ${text}`;
const between = (...lines: string[]) =>
  parseTrace([mark('start'), ...lines, mark('end'), ''].join('\n'), 'start', 'end');

describe('parseTrace', () => {
  test('takes what lies between the marks', () => {
    const trace = [
      '# tracer: nop',
      '             cat-1       [000] ...21     1.000000: bpf_trace_printk: before',
      mark('start'),
      '           actor-8761    [001] ...21  2597.172963: bpf_trace_printk: Hello',
      mark('end'),
      '             cat-1       [000] ...21  2598.000000: bpf_trace_printk: after',
    ].join('\n');
    expect(parseTrace(trace, 'start', 'end')).toEqual({
      messages: [{ pid: 8761, cpu: 1, text: 'Hello' }],
      lost: false,
    });
  });

  test('reads the forms of older kernels and of the option record-tgid', () => {
    expect(
      between(
        '           <...>-12345   [003] d... 77777.123456: bpf_trace_printk: 5.10',
        '            bash-12      (     12) [000] d..21  1.000000: bpf_trace_printk: tgid',
        '            bash-13      (-------) [000] d..21  1.000000: bpf_trace_printk: no tgid',
      ).messages.map(({ pid, text }) => [pid, text]),
    ).toEqual([
      [12345, '5.10'],
      [12, 'tgid'],
      [13, 'no tgid'],
    ]);
  });

  test('a process may be named like anything', () => {
    expect(
      between(
        '    a-1 [0] . 1: b-42      [000] d..21  1.000000: bpf_trace_printk: x',
        '  my program (1)-43      [000] d..21  1.000000: bpf_trace_printk: y',
      ).messages.map(({ pid }) => pid),
    ).toEqual([42, 43]);
  });

  test('a line end in a message stays in its message', () => {
    expect(between('  a-1  [000] d..21  1.000000: bpf_trace_printk: one', 'two', '').messages).toEqual([
      { pid: 1, cpu: 0, text: 'one\ntwo' },
    ]);
  });

  test('other events, and marks in what a program prints, are no concern', () => {
    expect(
      between(
        '  a-1  [000] d..21  1.000000: sched_switch: prev_comm=a',
        '  a-1  [000] d..21  1.000000: bpf_trace_printk: end',
        '  a-1  [000] d..21  1.000000: tracing_mark_write: someone else',
      ),
    ).toEqual({ messages: [{ pid: 1, cpu: 0, text: 'end' }], lost: false });
  });

  test('a mark that is missing means that messages are lost', () => {
    expect(parseTrace(mark('start'), 'start', 'end').lost).toBe(true);
    expect(parseTrace(mark('end'), 'start', 'end').lost).toBe(true);
  });
});
