import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainText } from '../../../grader/explain/index.ts';
import { nounFor } from '../../../grader/explain/registers/nouns.ts';
import { parseStates } from '../../../grader/explain/registers/value.ts';

const state = (log: string) => explainText(log, new Map()).explanation.state;
const fixture = (path: string) =>
  state(readFileSync(new URL(`../../fixtures/verifier/${path}.log`, import.meta.url), 'utf8'));
const noun = (printed: string) => nounFor(parseStates(`R1=${printed}`).get(1)!);

describe('real logs', () => {
  test.each([
    [
      '6.12.117/01_null_map_value',
      'r0 may be NULL here: it is what bpf_map_lookup_elem returned (line 12), and nothing on this path has tested it since. If it is not, it is a pointer to a value of the map h (8 bytes).',
    ],
    [
      '6.18.15/57_maybe_null_arg',
      'r1 may be NULL here: it is what bpf_task_from_pid returned (line 13), and nothing on this path has tested it since. If it is not, it is a pointer to a struct task_struct of the kernel.',
    ],
    [
      '6.12.117/52_global_func_ptr',
      'r1 may be NULL here: nothing on this path has tested it. If it is not, it is a pointer to memory (4 bytes).',
    ],
    [
      '6.12.117/09_pkt_len_var',
      'r1 is a pointer into the packet here: it was read from the context (line 12). A test has shown that the first 14 bytes of the packet are there.',
    ],
    [
      '6.12.117/9f_swapcheck',
      'r1 is a pointer into the packet here: it was read from the context (line 12). No test against data_end counts for it on this path.',
    ],
    [
      '6.18.15/82_two_progs_sign',
      'r2 is a pointer into the packet, plus an offset from 0 to 4294967295 here: it was calculated (line 12: r2 += r3). No test against data_end counts for it on this path.',
    ],
    [
      '6.12.117/71_stale_pkt',
      'r6 is only a number here: it was a pointer into the packet until bpf_xdp_adjust_head was called (line 12).',
    ],
    [
      '6.12.117/80_strcmp_ctxptr_to_helper',
      'r0 is a number that may be anything here: it is what bpf_get_current_task returned (line 12).',
    ],
    ['6.12.117/26_ret_range', 'r0 is the number 7 here: it was set (line 12: r0 = 7).'],
    ['6.12.117/03_uninit_reg', 'r3 has no value here: nothing on this path has set it.'],
    ['6.12.117/23_ringbuf_leak', 'What bpf_ringbuf_reserve gave (line 12) is still held here.'],
    [
      '6.12.117/08_map_neg_idx',
      'r1 is a pointer to a value of the map a (20 bytes) here: it is what bpf_map_lookup_elem returned (line 12).\nr2 is a number from -2147483648 to 10 here: it was calculated (line 12: r2 s>>= 32).',
    ],
    ['6.12.117/74_callback_loop', 'r0 is the number 2 here: it was set (line 12: r0 = 2).'],
    ['6.12.117/48_r10_write', undefined],
    ['6.12.117/96_jumpseq', undefined],
  ])('%s', (path, words) => expect(fixture(path)).toBe(words));

  test('5.10 prints few states; what its message and its instructions say is enough for most', () => {
    expect(fixture('5.10.0/30_kernel_ptr_deref')).toMatch(
      /r1 is only a number here: it was read from the context \(instruction 0\)\.$/,
    );
    expect(fixture('5.10.0/26_ret_range')).toMatch(/r0 was set \(instruction 0: r0 = 7\)\.$/);
    expect(fixture('5.10.0/08_map_neg_idx')).toMatch(/r2 is a number from -2147483648 to 10 here/);
  });

  test('7.3: the path that it gives, then the registers', () => {
    expect(fixture('7.3.4/71_stale_pkt')!.split('\n')).toEqual([
      'Line 12: R6 changed from uninitialized value to pkt at offset 0.',
      'Line 12: branch: took the false branch of this conditional, goto not followed.',
      'Line 12: invalidated: R6: packet data may have moved; previous value was pkt at offset 0.',
      'r6 is only a number here: it was a pointer into the packet until bpf_xdp_adjust_head was called (line 12).',
    ]);
  });
});

describe('no more than the log shows', () => {
  const unknown = 'R1 has an unlucky number';

  test('a copy is tested with the original', () => {
    const log = `0: R1=ctx() R10=fp0
1: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=h,ks=4,vs=8)
2: (bf) r6 = r0                       ; R0_w=map_value_or_null(id=1,map=h,ks=4,vs=8) R6_w=map_value_or_null(id=1,map=h,ks=4,vs=8)
3: (15) if r0 == 0x0 goto pc+1        ; R0_w=map_value(map=h,ks=4,vs=8)
4: (79) r1 = *(u64 *)(r6 +8)
invalid access to map value, value_size=8 off=8 size=8
R6 min value is outside of the allowed memory range
`;
    expect(state(log)).toBe('r6 is what bpf_map_lookup_elem returned (instruction 1).');
  });

  test('a test is good for all pointers into the packet, but only two are printed', () => {
    const log = `1: (61) r1 = *(u32 *)(r6 +0)          ; R1_w=pkt(r=0) R6=ctx()
2: (bf) r3 = r1                       ; R1_w=pkt(r=0) R3_w=pkt(r=0)
3: (2d) if r3 > r2 goto pc+4          ; R2_w=pkt_end() R3_w=pkt(off=14,r=14)
4: (72) *(u8 *)(r1 +0) = 1
${unknown}
`;
    expect(state(log)).toBe('r1 is a pointer into the packet here: it was read from the context (instruction 1).');
  });

  test('a call uses r1 to r5 as it likes', () => {
    const log = `0: (b7) r1 = 5                        ; R1_w=5\n1: (85) call bpf_ktime_get_ns#5       ; R0_w=scalar()\n2: (bf) r0 = r1\nR1 !read_ok\n`;
    expect(state(log)).toBe(
      'r1 has no value here: the call of bpf_ktime_get_ns (instruction 1) may have used it, and nothing has set it since.',
    );
  });

  test('where the verifier goes back to a branch, what held there holds again', () => {
    const log = `0: R1=ctx() R10=fp0
0: (85) call bpf_get_prandom_u32#7    ; R0_w=scalar()
1: (55) if r0 != 0x0 goto pc+3        ; R0_w=0
2: (b7) r0 = 7                        ; R0_w=7
3: (95) exit

from 1 to 5: R0=scalar(umin=1) R10=fp0
5: (07) r0 += 1
${unknown.replace('R1', 'R0')}
`;
    expect(state(log)).toBe(
      'r0 is a number of at least 1 (unsigned), with no upper limit here: it is what bpf_get_prandom_u32 returned (instruction 0).',
    );
  });

  test('where a branch was reached in two ways, nobody knows whose value came back', () => {
    const log = `0: (b7) r0 = 1                        ; R0_w=1
1: (55) if r2 != 0x0 goto pc+3        ; R2=0
2: (b7) r0 = 2                        ; R0_w=2
1: (55) if r2 != 0x0 goto pc+3        ; R2=0
3: (95) exit
from 1 to 5: R0=scalar() R2=scalar()
5: (07) r0 += 1
${unknown.replace('R1', 'R0')}
`;
    expect(state(log)).toBe('r0 is a number that may be anything here.');
  });

  test('functions of the program keep registers of their own', () => {
    const log = `0: (bf) r6 = r1                       ; R1=ctx() R6_w=ctx()
1: (85) call pc+3
caller:
 R6_w=ctx() R10=fp0
callee:
 frame1: R1=ctx() R10=fp0
5: (b7) r6 = 9                        ; frame1: R6_w=9
6: (b7) r0 = 3                        ; frame1: R0_w=3
7: (95) exit
returning from callee:
 frame1: R0=3 R6=9 R10=fp0
to caller at 2:
 R0_w=3 R6=ctx() R10=fp0
2: (0f) r6 += r0
${unknown.replace('R1', 'R6')}
`;
    expect(state(log)).toBe('r6 is the context here.');
  });
});

test('a helper inside of a function of the program, and one that calls back', () => {
  const inside = `10: (b7) r6 = 3                       ; frame1: R6_w=3
11: (85) call bpf_ktime_get_ns#5      ; frame1: R0_w=scalar()
12: (85) call bpf_loop#181            ; frame2: R1_w=scalar() R2_w=fp[0]-4 cb
13: (79) r0 = *(u64 *)(r1 +0)
`;
  // In the second frame, r1 is an argument of the callback, not what the caller had in it.
  expect(state(`${inside}R1 invalid mem access 'scalar'\n`)).toBe('r1 is a number that may be anything here.');
  const back = `14: (95) exit
returning from callee:
 frame2: R0=scalar() R10=fp0 cb
to caller at 13:
 frame1: R0_w=scalar() R6_w=3 R10=fp0
13: (0f) r6 += r0
R6 has an unlucky number
`;
  expect(state(`${inside}${back}`)).toBe('r6 is the number 3 here: it was set (instruction 10: r6 = 3).');
});

test.each([
  ['inv5', 'the number 5'],
  ['invP0', 'the number 0'],
  ['-1', 'the number -1'],
  ['0xffffffffffffffff', 'the number -1'],
  ['inv(id=0)', 'a number that may be anything'],
  ['scalar(id=3)', 'a number that may be anything'],
  ['inv(id=0,umax_value=255,var_off=(0x0; 0xff))', 'a number from 0 to 255'],
  ['invP(id=0,smin_value=-2147483648,smax_value=2147483647)', 'a number from -2147483648 to 2147483647'],
  ['scalar(smin=0xffffffff80000000,smax=smax32=10)', 'a number from -2147483648 to 10'],
  ['scalar(smin=umin=smin32=umin32=1,smax=umax=smax32=umax32=16,var_off=(0x0; 0x1f))', 'a number from 1 to 16'],
  ['scalar(smax=10)', 'a number of at most 10, with no limit below 0'],
  ['scalar(smin=-5)', 'a number of at least -5, with no upper limit'],
  ['scalar(smin32=0,smax32=5)', 'a number that may be anything'],
  ['ctx(id=0,off=0,imm=0)', 'the context'],
  ['ctx(imm=4)', 'the context, plus 4'],
  ['fp0', 'the frame pointer'],
  ['fp-16', 'a pointer to the stack, 16 bytes below its top'],
  ['fp[0]-4', 'a pointer to the stack, 4 bytes below its top'],
  ['map_ptr(map=h,ks=4,vs=8)', 'the map h'],
  [
    'map_value(id=0,off=4,ks=4,vs=20,imm=0,umax_value=15,var_off=(0x0; 0xf))',
    'a pointer to a value of a map (20 bytes), plus an offset from 4 to 19',
  ],
  [
    'map_value(map=a,ks=4,vs=20,smin=-8,smax=4)',
    'a pointer to a value of the map a (20 bytes), plus an offset from -8 to 4',
  ],
  ['pkt(id=0,off=14,r=14,imm=0)', 'a pointer into the packet, plus 14'],
  ['pkt_end()', 'the end of the packet (data_end)'],
  ['trusted_ptr_or_null_task_struct(id=2)', 'a pointer to a struct task_struct of the kernel'],
  ['untrusted_ptr_sock(off=8)', 'a pointer to a struct sock of the kernel, which the verifier does not trust'],
  ['moon_or_null(id=1)', 'a pointer of the kind moon'],
])('%s is %s', (printed, words) => expect(noun(printed)).toBe(words));

test('states on a line, with a space in one of them', () => {
  expect([...parseStates('R0_w=scalar(umax=4,var_off=(0x0; 0x4)) R1=ctx() R10=fp0 fp-8_w=ctx refs=2').keys()]).toEqual([
    0, 1, 10,
  ]);
  expect(parseStates('R0_w=map_value_or_null(id=1,off=0,ks=4,vs=8,imm=0)').get(0)).toMatchObject({
    type: 'map_value',
    orNull: true,
  });
});
