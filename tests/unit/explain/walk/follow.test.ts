/**
 * A log is followed without loss: each instruction is a step, and what the verifier prints of registers and slots is
 * what a step has.
 */
import { describe, expect, test } from 'vitest';
import { explainText } from '../../../../grader/explain/index.ts';
import { followLog, pathTo } from '../../../../grader/explain/walk/index.ts';
import { parseLine } from '../../../../grader/explain/walk/line.ts';
import { corpus } from '../../../support/corpus.ts';

const verifierLogs = corpus
  .map(({ name, kernel, log }) => ({ id: `${kernel}/${name}`, explained: explainText(log, new Map()) }))
  .filter(({ explained }) => explained.tool === 'verifier' && /^\s*\d+: \([0-9a-f]{2}\) /m.test(explained.log))
  .map(({ id, explained }) => ({ id, log: explained.log }));

test('there are logs of all kernels', () => {
  expect(verifierLogs.length).toBeGreaterThan(200);
  expect(new Set(verifierLogs.map(({ id }) => id.split('/')[0])).size).toBe(5);
});

test.each(verifierLogs)('$id: nothing is lost', ({ log }) => {
  const walk = followLog(log);
  expect(walk.lines.join('\n')).toBe(log);
  const instructions = [...walk.lines.keys()].filter((i) => /^\s*\d+: \([0-9a-f]{2}\) /.test(walk.lines[i]!));
  expect(walk.steps.map(({ line }) => line)).toEqual(instructions);
  for (const [i, { line, insn, opcode, text, operation }] of walk.steps.entries()) {
    const printed = walk.lines[line]!;
    expect(printed.trimStart().startsWith(`${insn}: (${opcode}) ${text}`)).toBe(true);
    expect([text, operation.kind]).not.toEqual([text, 'other']);
    // What is printed behind an instruction is what holds after it.
    if (text === 'exit' || text.startsWith('call')) continue;
    const after = walk.after(i);
    for (const [, name, value] of printed.matchAll(
      /\b(R\d+|fp-\d+)(?:_\w+)?=((?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+)/g,
    ))
      expect([name, after.get(name!.replace('R', 'r'))]).toEqual([name, value]);
  }
  // All that stands between the first and the last instruction is of a known kind.
  const between = walk.lines.slice(instructions[0], instructions.at(-1));
  expect(between.filter((line) => parseLine(line).kind === 'said')).toEqual([]);
});

test.each(verifierLogs)('$id: the path to the end is one of steps that follow one another', ({ log }) => {
  const walk = followLog(log);
  const path = pathTo(walk, walk.last);
  expect(path.at(-1)).toBe(walk.last);
  for (const [at, step] of path.entries()) {
    const { operation, insn } = walk.steps[step]!;
    const next = walk.steps[path[at + 1]!];
    if (!next || operation.kind === 'exit' || operation.kind === 'call') continue;
    const wide = walk.steps[step]!.opcode === '18' ? 2 : 1;
    const ways =
      'offset' in operation && !('base' in operation) ? [insn + wide, insn + 1 + operation.offset] : [insn + wide];
    expect(ways).toContain(next.insn);
  }
});

describe('notations', () => {
  const state = (log: string, step: number) => Object.fromEntries(followLog(log).after(step));

  test('5.10 prints little: constants, copies and the stack pointer are known all the same', () => {
    const log = '0: (b7) r1 = 7\n1: (bf) r2 = r10\n2: (07) r2 += -8\n3: (7b) *(u64 *)(r10 -8) = r1\n4: (95) exit\n';
    expect(state(log, 3)).toEqual({ r1: '7', r2: 'fp-8', r10: 'fp0', 'fp-8': '7' });
  });

  test('5.10 prints all registers below a jump', () => {
    const log = `5: (2d) if r2 > r3 goto pc+1
 R0_w=inv1 R1_w=pkt(id=0,off=0,r=0,imm=0) R2_w=pkt_end(id=0,off=0,imm=0) R10=fp0
6: (71) r0 = *(u8 *)(r1 +0)
`;
    expect(state(log, 0)).toMatchObject({ r0: 'inv1', r2: 'pkt_end(id=0,off=0,imm=0)' });
  });

  test('6.x prints the state of the other side behind the jump', () => {
    const walk = followLog(`2: (b7) r6 = 1                        ; R6_w=1
3: (55) if r0 != 0x0 goto pc+1 5: R0=scalar(umax=4,var_off=(0x0; 0x7)) R6=1 R10=fp0 refs=2
5: (95) exit
`);
    expect(walk.steps[1]!.text).toBe('if r0 != 0x0 goto pc+1');
    expect(Object.fromEntries(walk.after(1))).toEqual({
      r0: 'scalar(umax=4,var_off=(0x0; 0x7))',
      r6: '1',
      r10: 'fp0',
    });
  });

  test('states of the past, which the verifier prints where it tracks a number back, are none of the present', () => {
    const log = `1: (b7) r1 = 2                        ; R1_w=2
2: (07) r1 += 1                       ; R1_w=3
mark_precise: frame0: last_idx 2 first_idx 0 subseq_idx -1
mark_precise: frame0: regs=r1 stack= before 1: (b7) r1 = 2
 R1_rw=P2 R10=fp0
parent didn't have regs=2 stack=0 marks
3: (95) exit
`;
    expect(state(log, 1)['r1']).toBe('3');
  });

  test('what the failing instruction would do it has not done', () => {
    expect(state('0: (b7) r1 = 7\n1: (b7) r1 = 8\nR1 is wrong\n', 1)['r1']).toBe('7');
  });
});

describe('paths', () => {
  const log = `0: R1=ctx() R10=fp0
0: (85) call bpf_get_prandom_u32#7    ; R0_w=scalar()
1: (55) if r0 != 0x0 goto pc+3        ; R0_w=0
2: (b7) r7 = 7                        ; R7_w=7
3: (55) if r1 != 0x0 goto pc+1        ; R1=0
4: (95) exit

from 3 to 5: R0=0 R7=7 R10=fp0
5: (95) exit

from 1 to 5: R0=scalar(umin=1) R10=fp0
5: (07) r7 += 1
R7 !read_ok
`;

  test('the verifier goes back to the branch that it put off last', () => {
    const walk = followLog(log);
    expect(pathTo(walk, walk.last).map((step) => walk.steps[step]!.insn)).toEqual([0, 1, 5]);
    expect(pathTo(walk, 5).map((step) => walk.steps[step]!.insn)).toEqual([0, 1, 2, 3, 5]);
  });

  test('what was in registers on another path is not there', () => {
    const walk = followLog(log);
    expect([...walk.before(walk.last).keys()]).toEqual(['r10', 'r0']);
  });

  test('missing lines end what is known', () => {
    const walk = followLog('0: (b7) r1 = 7\n[...]\n9: (07) r2 += 1\nR2 !read_ok\n');
    expect(walk.steps[1]).toMatchObject({ how: 'gap', parent: -1 });
    expect([...walk.before(1).keys()]).toEqual(['r10']);
  });

  test('functions have registers of their own, and so have callbacks', () => {
    const walk = followLog(`0: (bf) r6 = r1                       ; R1=ctx() R6_w=ctx()
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
`);
    expect(walk.steps.map(({ frame }) => frame)).toEqual([0, 0, 1, 1, 1, 0]);
    expect(walk.before(3).get('r6')).toBe('9');
    expect(walk.before(5).get('r6')).toBe('ctx()');
  });
});

test('a log of 100 000 steps takes seconds', () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `${i}: (07) r2 += -4  ; R2_w=fp-${i} R10=fp0 fp-8=0000????`);
  const from = performance.now();
  const walk = followLog(lines.join('\n'));
  expect(walk.after(99_999).get('r2')).toBe('fp-99999');
  expect(performance.now() - from).toBeLessThan(20_000);
}, 30_000);
