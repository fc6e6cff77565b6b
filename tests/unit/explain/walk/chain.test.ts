/** The chain of what failed, the words of branches and calls. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainText } from '../../../../grader/explain/index.ts';
import { failureOf, followLog, nextOf, nextOnPath, viewOf } from '../../../../grader/explain/walk/index.ts';
import { wordsFor } from '../../../../grader/explain/walk/values.ts';

function walkOf(text: string) {
  const { log } = explainText(text, new Map());
  const walk = followLog(log);
  return { walk, failed: failureOf(walk, log) };
}
const fixture = (path: string) =>
  walkOf(readFileSync(new URL(`../../../fixtures/verifier/${path}.log`, import.meta.url), 'utf8'));

/** 'r0 is …', then '<instruction>: <words>' of each link. */
function told({ walk, failed }: ReturnType<typeof walkOf>): string[] {
  return failed.causes.flatMap(({ name, is, links }) => [
    `${name} ${is}`,
    ...links.map(({ step, words }) => `${walk.steps[step]!.insn}: ${words}`),
  ]);
}

/** All sentences of the first step at an instruction. */
function wordsAt({ walk }: ReturnType<typeof walkOf>, insn: number): string[] {
  const step = walk.steps.findIndex((one) => one.insn === insn);
  return viewOf(walk, step, nextOf(walk, step, nextOnPath(walk))).words;
}

describe('chains of real logs', () => {
  test.each([
    [
      '7.3.4/01_null_map_value',
      [
        'r0 is a pointer to a value of the map h (8 bytes), or NULL',
        '6: r0 is what bpf_map_lookup_elem returns: a pointer to a value of the map h (8 bytes), or NULL.',
      ],
    ],
    [
      '5.10.0/01_null_map_value',
      ['r0 is a value that the log does not print', '6: r0 is what bpf_map_lookup_elem returns.'],
    ],
    [
      '6.18.15/71_stale_pkt',
      [
        'r6 is a number that may be anything',
        '2: r6 is read from the context: a pointer into the packet.',
        '5: This path goes on without the jump: r3 (in the packet) is at most r2 (the end of the packet). From here on r6 is a pointer into the packet, and 14 bytes of the packet are known to be there.',
        '8: bpf_xdp_adjust_head changes r6: it was a pointer into the packet, and is a number that may be anything.',
      ],
    ],
    [
      '6.12.117/82_two_progs_sign',
      [
        'r2 is a pointer into the packet, plus an offset from 0 to 4294967295',
        '0: r3 is read from the context: a number from 0 to 4294967295.',
        '1: r2 is read from the context: a pointer into the packet.',
        '2: r2 is calculated: r2 += r3 makes it a pointer into the packet, plus an offset from 0 to 4294967295.',
        '7: This path goes on without the jump: r3 (in the packet) is at most r1 (the end of the packet). It does not count for r2: no byte behind it is known to be there.',
      ],
    ],
    ['6.1.0/57_maybe_null_arg', []],
    [
      '6.18.15/57_maybe_null_arg',
      [
        'r1 is a pointer to a struct task_struct of the kernel, or NULL',
        '1: r0 is what bpf_task_from_pid returns: a pointer to a struct task_struct of the kernel, or NULL.',
        '2: r1 is a copy of r0.',
      ],
    ],
    [
      '6.12.117/23_ringbuf_leak',
      [
        'r0 is still held',
        '4: bpf_ringbuf_reserve gives what must be given back: r0 is a pointer to a record of a ring buffer (8 bytes), or NULL.',
      ],
    ],
    ['6.12.117/03_uninit_reg', ['r3 has no value: nothing on this path has set it']],
    ['6.18.15/74_callback_loop', ['r0 is the number 2', '14: r0 is set: r0 = 2.']],
  ])('%s', (path, words) => expect(told(fixture(path))).toEqual(words));
});

test('through the stack, a copy and a function of the program', () => {
  const log = `0: R1=ctx() R10=fp0
0: (79) r2 = *(u64 *)(r1 +112)        ; R1=ctx() R2_w=scalar()
1: (7b) *(u64 *)(r10 -8) = r2         ; R2_w=scalar(id=1) R10=fp0 fp-8_w=scalar(id=1)
2: (85) call pc+3
caller:
 R10=fp0 fp-8=scalar(id=1)
callee:
 frame1: R1=ctx() R10=fp0
6: (b7) r0 = 3                        ; frame1: R0_w=3
7: (95) exit
returning from callee:
 frame1: R0=3 R10=fp0
to caller at 3:
 R0_w=3 R10=fp0 fp-8=scalar(id=1)
3: (79) r6 = *(u64 *)(r10 -8)         ; R6_w=scalar(id=1) R10=fp0
4: (0f) r6 += r0                      ; R6_w=scalar()
5: (71) r1 = *(u8 *)(r6 +0)
R6 invalid mem access 'scalar'
`;
  expect(told(walkOf(log))).toEqual([
    'r6 is a number that may be anything',
    '0: r2 is read from the context: a number that may be anything.',
    '1: r2 is stored on the stack, at fp-8: a number that may be anything.',
    '6: r0 is set: r0 = 3.',
    '7: r0 is what the function of the program returns.',
    '3: r6 is read back from the stack, at fp-8: a number that may be anything.',
    '4: r6 is calculated: r6 += r0 makes it a number that may be anything.',
  ]);
});

test('an instruction that a loop comes to again is told once', () => {
  const round = (i: number) => `2: (07) r1 += 1                       ; R1_w=${i}\n3: (05) goto pc-2\n`;
  const log = `1: (b7) r1 = 0                        ; R1_w=0\n${[1, 2, 3].map(round).join('')}4: (79) r0 = *(u64 *)(r1 +0)\nR1 invalid mem access 'scalar'\n`;
  expect(told(walkOf(log)).at(-1)).toBe('2: r1 is calculated: r1 += 1 makes it the number 3. (The last of 3 times.)');
});

describe('branches and calls', () => {
  const log = `0: R1=ctx() R10=fp0
6: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=h,ks=4,vs=8)
7: (bf) r6 = r0                       ; R0_w=map_value_or_null(id=1,map=h,ks=4,vs=8) R6_w=map_value_or_null(id=1,map=h,ks=4,vs=8)
8: (85) call bpf_get_prandom_u32#7    ; R0_w=scalar()
9: (25) if r0 > 0x8 goto pc+3         ; R0_w=scalar(umax=8)
10: (15) if r6 == 0x0 goto pc+2       ; R6_w=map_value(map=h,ks=4,vs=8)
11: (79) r1 = *(u64 *)(r6 +8)
invalid access to map value, value_size=8 off=8 size=8
R6 min value is outside of the allowed memory range
`;

  test('what a test of something else leaves open is said', () => {
    expect(wordsAt(walkOf(log), 9)).toEqual([
      'This path goes on without the jump: r0 is at most 8.',
      'From here on r0 is a number from 0 to 8.',
      'r6 may still be NULL after it.',
    ]);
  });

  test('a test for NULL', () => {
    expect(wordsAt(walkOf(log), 10)).toEqual([
      'This path goes on without the jump: r6 is not NULL.',
      'From here on r6 is a pointer to a value of the map h (8 bytes).',
    ]);
  });

  test('a copy is tested with the original', () => {
    const copied = log
      .replaceAll('if r6 == 0x0', 'if r7 == 0x0')
      .replace('8: (85)', '8: (bf) r7 = r6  ; R7_w=map_value_or_null(id=1,map=h,ks=4,vs=8)\n8: (85)')
      .replace('; R6_w=map_value(map', '; R7_w=map_value(map');
    expect(wordsAt(walkOf(copied), 10)).toContain('From here on r6 is a pointer to a value of the map h (8 bytes).');
  });

  test('so it is in the chain of what may be NULL where the verifier stopped', () => {
    const untested = log
      .replace(/^10: .*\n/m, '')
      .replace(/invalid access[^]*/, "R6 invalid mem access 'map_value_or_null'\n");
    expect(told(walkOf(untested)).slice(1)).toEqual([
      '6: r0 is what bpf_map_lookup_elem returns: a pointer to a value of the map h (8 bytes), or NULL.',
      '7: r6 is a copy of r0.',
      '9: The log does not show which way this path goes on. That says nothing of r6, which may still be NULL.',
    ]);
  });

  test('calls with their arguments and results', () => {
    expect(wordsAt(fixture('6.12.117/01_null_map_value'), 6)).toEqual([
      'bpf_map_lookup_elem is called with map (r1): the map h; key (r2): a pointer to the stack, 4 bytes below its top.',
      'It returns, in r0, a pointer to a value of the map h (8 bytes), or NULL. r1 to r5 have no value after it.',
    ]);
    expect(wordsAt(fixture('6.18.15/74_callback_loop'), 8)[1]).toContain('calls back a function of the program');
    expect(wordsAt(walkOf(log), 8)[0]).toBe('bpf_get_prandom_u32 is called.');
  });
});

test.each([
  [undefined, 'no value'],
  ['', 'a value that the log does not print'],
  ['0000????', '4 of 8 bytes zero, 4 never written'],
  ['mmmmmmmm', 'all 8 bytes data of any kind'],
  ['0xfffffffc', 'the number 4294967292'],
  ['map_value_or_null(id=1,map=h,ks=4,vs=8)', 'a pointer to a value of the map h (8 bytes), or NULL'],
  ['iter_num(ref_id=1,state=drained,depth=0)', 'an iterator (num, drained)'],
  ['dynptr_ringbuf(ref_id=1)', 'a dynptr'],
])('%s is %s', (printed, words) => expect(wordsFor(printed)).toBe(words));

test('what a log that begins in the middle does not show may have a value', () => {
  const log =
    '84: (b7) r5 = 96\n85: (85) call bpf_perf_event_output#25\ninvalid indirect read from stack R4 off -104+92 size 96\n';
  expect(wordsAt(walkOf(log), 85)[0]).toContain('map (r2): a value that the log does not print');
});
