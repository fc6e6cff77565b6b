/** The walk on a terminal: no line is wider than the screen, and keys lead where they say. */
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { explainText } from '../../../grader/explain/index.ts';
import { failureOf, followLog, nextOnPath, pathTo } from '../../../grader/explain/walk/index.ts';
import { visibleLength } from '../../../grader/report/paint.ts';
import { press, type WalkState } from '../../../grader/report/walk-keys.ts';
import { renderWalkScreen } from '../../../grader/report/walk-screen.ts';
import { renderWalkText } from '../../../grader/report/walk-text.ts';

const logOf = (path: string) =>
  explainText(readFileSync(new URL(`../../fixtures/verifier/${path}.log`, import.meta.url), 'utf8'), new Map()).log;

function stateOf(path: string): WalkState {
  const log = logOf(path);
  const walk = followLog(log);
  const failed = failureOf(walk, log);
  const steps = pathTo(walk, walk.last);
  return {
    walk,
    failed,
    next: nextOnPath(walk),
    path: steps,
    list: steps,
    step: walk.last,
    register: failed.causes[0]?.name ?? 'r0',
    query: null,
    lastQuery: '',
    notice: null,
    sources: new Map(),
    isSource: false,
  };
}

/** Each a letter, or a key by its name in brackets. */
function typed(state: WalkState, keys: string): WalkState {
  for (const [key] of keys.matchAll(/<\w+>|./g)) {
    const name = key.length > 1 ? key.slice(1, -1) : key;
    const after = press(state, { name: name.toLowerCase(), ctrl: false, text: key.length > 1 ? '' : key }, 10);
    if (after === 'quit') throw new Error('quit');
    state = after;
  }
  return state;
}

const insnOf = ({ walk, step }: WalkState) => walk.steps[step]!.insn;

describe.each(['5.10.0/08_map_neg_idx', '6.12.117/91_frames', '7.3.4/71_stale_pkt', '6.1.0/96_jumpseq'])(
  '%s',
  (path) => {
    test.each([
      [40, 12],
      [60, 24],
      [99, 30],
      [100, 24],
      [140, 50],
      [200, 60],
    ])('%i columns, %i rows', (columns, rows) => {
      for (const unicode of [true, false]) {
        for (const keys of ['', 'c', 'ccg', 'kkk', '/call<return>', 'a', 'v', 'r', 'n', 's', 'sc']) {
          const lines = renderWalkScreen(
            typed(stateOf(path), keys),
            { color: true, width: columns, unicode },
            { rows, columns },
          );
          expect(lines.length).toBe(rows);
          expect(Math.max(...lines.map(visibleLength))).toBeLessThanOrEqual(columns);
          if (!unicode) expect(lines.join('').match(/[^\x00-\x7f]/)).toBeNull();
        }
      }
    });

    test('without colours there are none', () => {
      const lines = renderWalkScreen(
        stateOf(path),
        { color: false, width: 80, unicode: true },
        { rows: 24, columns: 80 },
      ).join('\n');
      expect(stripVTControlCharacters(lines)).toBe(lines);
    });
  },
);

test('keys', () => {
  const start = stateOf('6.18.15/71_stale_pkt');
  expect(insnOf(start)).toBe(9);
  expect(insnOf(typed(start, 'c'))).toBe(8);
  expect(insnOf(typed(start, 'cc'))).toBe(5);
  expect(insnOf(typed(start, 'ccc'))).toBe(2);
  expect(insnOf(typed(start, 'cccc'))).toBe(9);
  expect(insnOf(typed(start, 'k<up>'))).toBe(6);
  expect(insnOf(typed(start, 'g'))).toBe(0);
  expect(insnOf(typed(start, 'gn'))).toBe(2);
  expect(insnOf(typed(start, 'N'))).toBe(8);
  expect(insnOf(typed(start, '/R3 > r2<return>'))).toBe(5);
  expect(typed(start, '/nowhere<return>').notice).toBe('Nothing here has “nowhere” in it.');
  expect(typed(start, '/x<backspace><backspace>').query).toBeNull();
  expect(press(start, { name: 'q', ctrl: false, text: 'q' }, 10)).toBe('quit');
  expect(press(start, { name: 'c', ctrl: true, text: '\u0003' }, 10)).toBe('quit');
});

test('the next visit of a line in a loop', () => {
  const start = typed(stateOf('6.1.0/96_jumpseq'), 'g');
  const next = typed(start, 'v');
  expect([insnOf(next), next.step > start.step]).toEqual([insnOf(start), true]);
});

test('as a screen', () => {
  expect(
    renderWalkScreen(
      typed(stateOf('7.3.4/01_null_map_value'), 'c'),
      { color: false, width: 60, unicode: true },
      { rows: 22, columns: 60 },
    )
      .map((line) => line.trimEnd())
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "step 6 of 7  instruction 6  01_null_map_value.bpf.c:12
    SEC("xdp") int p(struct xdp_md*c){u32 k=0;u64*v=bpf_map_loo…
          1 *(u32 *)(r10 -4) = r1
          2 r2 = r10
          3 r2 += -4
          4 r1 = 0xff11000005b5d800
    >*    6 call bpf_map_lookup_elem#1
     ✗    7 r1 = *(u64 *)(r0 +0)
    ────────────────────────────────────────────────────────────
    bpf_map_lookup_elem is called with map (r1): the map h; key
    (r2): a pointer to the stack, 4 bytes below its top.
    It returns, in r0, a pointer to a value of the map h (8
    bytes), or NULL. r1 to r5 have no value after it.
    r0 is what bpf_map_lookup_elem returns: a pointer to a value
    of the map h (8 bytes), or NULL.

    *>r0    a pointer to a value of the map h (8 bytes), or NULL
      r10   the frame pointer
      fp-8  4 of 8 bytes zero, 4 never written
    no value any more: r1, r2
    ────────────────────────────────────────────────────────────
    ↓↑ step   c cause   q quit   / find   n next change of r0"
  `);
});

test('as text', () => {
  expect(renderWalkText(logOf('6.12.117/82_two_progs_sign'), { color: false, width: 80, unicode: true }))
    .toMatchInlineSnapshot(`
    "What the verifier said
      invalid access to packet, off=0 size=1, R2(id=1,off=0,r=0)
      R2 offset is outside of the packet

    Where the verifier stopped, r2 is a pointer into the packet, plus an offset from
    0 to 4294967295. How it came to that:
      line 12, instruction 0: r3 is read from the context: a number from 0 to
      4294967295.
      line 12, instruction 1: r2 is read from the context: a pointer into the
      packet.
      line 12, instruction 2: r2 is calculated: r2 += r3 makes it a pointer into the
      packet, plus an offset from 0 to 4294967295.
      line 12, instruction 7: This path goes on without the jump: r3 (in the packet)
      is at most r1 (the end of the packet). It does not count for r2: no byte
      behind it is known to be there.

    The path that failed: 9 steps

    82_two_progs_sign.bpf.c:12  SEC("xdp") int p(struct
    xdp_md*c){u8*d=(void*)(long)c->data;u8*e=(void*)(long)c->data_end;u32
    off=c->ingress_ifindex; if(d+off+2>e)return 1; return d[off];}
        0  r3 = *(u32 *)(r1 +12)
             r3: a number from 0 to 4294967295
        1  r2 = *(u32 *)(r1 +0)
             r2: a pointer into the packet
        2  r2 += r3
             r2: a pointer into the packet, plus an offset from 0 to 4294967295
        3  r0 = 1
             r0: the number 1
        4  r3 = r2
             r3: a pointer into the packet, plus an offset from 0 to 4294967295
        5  r3 += 2
             r3: a pointer into the packet, plus an offset from 2 to 4294967297
        6  r1 = *(u32 *)(r1 +4)
             r1: the end of the packet (data_end)
        7  if r3 > r1 goto pc+1
             This path goes on without the jump: r3 (in the packet) is at most r1
             (the end of the packet).
        8  r0 = *(u8 *)(r2 +0)  ✗ the verifier stopped here
    "
  `);
});

test('with the program, a wide screen has it below what happened, and s puts it in the place of the instructions', () => {
  const name = '71_stale_pkt';
  const program = readFileSync(new URL(`../../fixtures/verifier/src/${name}.bpf.c`, import.meta.url), 'utf8');
  const state = { ...stateOf(`6.18.15/${name}`), sources: new Map([[`${name}.bpf.c`, program]]) };
  const screen = { color: false, width: 120, unicode: true };
  const size = { rows: 30, columns: 120 };
  const beside = renderWalkScreen(state, screen, size);
  expect(beside).toHaveLength(30);
  expect(beside.filter((line) => /│ > +12 SEC\("xdp"\)/.test(line))).toHaveLength(1);
  const source = renderWalkScreen(typed(state, 's'), screen, size);
  expect(source.filter((line) => /^> +12 SEC\("xdp"\)/.test(line))).toHaveLength(1);
  expect(source.at(-1)).toContain('s instructions');
  // Without the program, what the log quotes is the source.
  const quoted = renderWalkScreen(typed(stateOf(`6.18.15/${name}`), 's'), screen, size);
  expect(quoted.filter((line) => /^> +12 /.test(line))).toHaveLength(1);
  for (const line of [...beside, ...source, ...quoted]) expect(visibleLength(line)).toBeLessThanOrEqual(120);
});
