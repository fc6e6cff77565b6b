import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explainLoad } from '../../../grader/explain/load.ts';
import { locateFunction } from '../../../grader/explain/source.ts';
import { toMessage } from '../../../grader/verdict/message.ts';
import { messageSchema } from '../../../grader/verdict/result.ts';

const read = (path: string) => readFileSync(new URL(`../../fixtures/verifier/${path}`, import.meta.url), 'utf8');

/** The explanation of a real log; of its place only the line, as the programs are dense. */
function explain(name: string, kernel: string) {
  const file = `${name}.bpf.c`;
  const source = read(`src/${file}`);
  const explanation = explainLoad({ libbpf: read(`${kernel}/${name}.log`) }, new Map([[file, source]]));
  expect(messageSchema.safeParse(toMessage(explanation)).success).toBe(true);
  const { location, report: _, ...words } = explanation;
  if (location) expect(source.split('\n')[location.line - 1]).toBe(location.source);
  return { at: location && [location.file, location.line, location.column].join(':'), ...words };
}

describe('the verifier', () => {
  test('5.10 names no line: it is found by its text', () => {
    expect(explain('01_null_map_value', '5.10.0')).toMatchInlineSnapshot(`
      {
        "actual": "R0 invalid mem access 'map_value_or_null'",
        "at": "01_null_map_value.bpf.c:12:",
        "help": "Test it first: if (!value) return 0;",
        "lesson": "maps/hash-and-array",
        "rule": "null-map-value",
        "state": "r0 may be NULL here: it is what bpf_map_lookup_elem returned (line 12), and nothing on this path has tested it since. If it is not, it is a pointer to a value of a map.",
        "text": "The result of a map lookup is used before it was tested for NULL. The key may not be in the map.",
      }
    `);
  });

  test('7.3 explains itself; its words come first', () => {
    expect(explain('01_null_map_value', '7.3.4')).toMatchInlineSnapshot(`
      {
        "actual": "R0 invalid mem access 'map_value_or_null'",
        "at": "01_null_map_value.bpf.c:12:83",
        "help": "Add a NULL check before the access and dereference the pointer only on the non-NULL path.
      Test it first: if (!value) return 0;",
        "lesson": "maps/hash-and-array",
        "rule": "null-map-value",
        "state": "Line 12: R0 changed from uninitialized value to nullable map value from h at offset 0.
      r0 may be NULL here: it is what bpf_map_lookup_elem returned (line 12), and nothing on this path has tested it since. If it is not, it is a pointer to a value of the map h (8 bytes).",
        "text": "Register Type Safety: Invalid dereference. R0 may be NULL here (a nullable map value pointer). The program could dereference NULL on this path, so the verifier cannot prove this access is safe.
      The result of a map lookup is used before it was tested for NULL. The key may not be in the map.",
      }
    `);
  });

  test('7.3 goes on after its suggestion', () => {
    expect(explain('23_ringbuf_leak', '7.3.4')).toMatchInlineSnapshot(`
      {
        "actual": "Unreleased reference id=2 alloc_insn=4",
        "at": "23_ringbuf_leak.bpf.c:12:123",
        "help": "Release or transfer ownership of the acquired resource on every path before the program exits.
      Release it before every return: bpf_ringbuf_submit() or bpf_ringbuf_discard() for a record, bpf_task_release(), bpf_sk_release() and so on.",
        "lesson": "programs/helpers-and-kfuncs",
        "rule": "unreleased",
        "state": "Line 12: acquired: owned resource (id=2).
      Line 12: branch: took the false branch of this conditional, goto not followed.
      What bpf_ringbuf_reserve gave (line 12) is still held here.",
        "text": "Resource Lifetime Safety: Unreleased resource. Owned resource (id=2) was acquired at instruction 4 and still needs to be released before this exit path.
      Something that was acquired is not released on every path. It was acquired at instruction 4 of the log.",
      }
    `);
  });

  test('the last line is not the message: states follow it', () => {
    expect(explain('18_inf_loop', '6.12.117')).toMatchObject({
      actual: 'infinite loop detected at insn 1',
      text: expect.stringMatching(/^A loop never ends/),
    });
  });

  test('the counters are glued to a message', () => {
    expect(explain('78_tail_wrongmap', '6.18.15')).toMatchObject({ actual: 'expected prog array map for tail call' });
  });

  test.each([
    ['24_ringbuf_null', '5.10.0', /^The result of bpf_ringbuf_reserve/],
    ['71_stale_pkt', '5.10.0', /^A packet pointer is used after a helper/],
    ['71_stale_pkt', '6.12.117', /^A packet pointer is used after a helper/],
    ['30_kernel_ptr_deref', '6.12.117', /only a number to the verifier/],
    ['95_nolicense', '6.1.0', /no GPL-compatible license/],
    ['36_fentry_badarg', '6.12.117', /an argument that the function do_nanosleep does not have/],
    ['9f_swapcheck', '6.1.0', /the packet may end before/],
  ])('%s on %s', (name, kernel, text) => {
    expect(explain(name, kernel)).toMatchObject({
      text: expect.stringMatching(text),
      at: expect.stringContaining('.bpf.c:'),
    });
  });

  test('the same message is not always the same mistake', () => {
    // Another register than the one that held the packet: no more than what is sure is said.
    const log = read('6.12.117/71_stale_pkt.log').replace('R6 invalid', 'R4 invalid');
    expect(explainLoad({ libbpf: log }, new Map()).text).toMatch(/only a number/);
  });

  test('an unknown message is shown, not guessed', () => {
    const log = read('6.12.117/10_ctx_offset.log').replace(/invalid bpf_context.*/, 'the moon is in the wrong phase');
    expect(explainLoad({ libbpf: log }, new Map())).toMatchInlineSnapshot(`
      {
        "actual": "the moon is in the wrong phase",
        "help": "Read the log from its end upwards: before the message stand the instruction, the registers and the line of your source.",
        "lesson": "vm/reading-a-verifier-log",
        "location": {
          "file": "10_ctx_offset.bpf.c",
          "line": 12,
          "source": "SEC("xdp") int p(struct xdp_md*c){return *(u32*)((char*)c+200);}",
        },
        "state": "r1 is the context here.",
        "text": "The verifier refuses the program. Hookpoint has no explanation of its own for what it says.",
      }
    `);
  });

  test('a log of nothing, and hostile ones', () => {
    expect(explainLoad({ log: '', libbpf: '', errno: -22 }, new Map())).toMatchObject({ actual: 'EINVAL' });
    expect(explainLoad({}, new Map())).toMatchObject({ actual: 'nothing' });
    const hostile = explainLoad({ log: '0: (b7) r0 = 0\n\u001b[31mR0 !read_ok @ x:0\n' }, new Map());
    expect(hostile).toMatchObject({ text: expect.stringContaining('returns nothing'), actual: 'R0 !read_ok @ x:0' });
  });
});

describe('libbpf', () => {
  const sources = new Map([
    [
      'a.bpf.c',
      'extern int bpf_x(void) __ksym;\nSEC("xpd")\nint prog(void *ctx) { return 0; }\nSEC("tp/sys/none")\nint BPF_PROG(other, int a)\n',
    ],
  ]);

  test('an unknown kfunc', () => {
    expect(explain('50_ksym_missing', '6.1.0')).toMatchInlineSnapshot(`
      {
        "actual": "libbpf: extern (func ksym) 'bpf_nope': not found in kernel or module BTFs",
        "at": "50_ksym_missing.bpf.c:12:",
        "help": "Check the spelling and the oldest kernel that has it. If it may be missing, declare it __weak and test bpf_ksym_exists(bpf_nope).",
        "lesson": "programs/helpers-and-kfuncs",
        "rule": "libbpf-ksym",
        "text": "This kernel has no kfunc or variable bpf_nope. An extern with __ksym must be there when the program is loaded.",
      }
    `);
  });

  test.each([
    [
      "libbpf: prog 'prog': missing BPF prog type, check ELF section name 'xpd'",
      'libbpf does not know the section "xpd".',
      2,
    ],
    [
      "libbpf: prog 'other': failed to determine tracepoint 'sys/none' perf event ID: No such file or directory",
      'The tracepoint sys/none is not found',
      4,
    ],
    [
      "libbpf: prog 'other': failed to find kernel BTF type ID of 'do_it': -3",
      'This kernel has no function do_it to attach to.',
      5,
    ],
    ["libbpf: map 'm': failed to create: Invalid argument(-22)", 'The map m cannot be created.', undefined],
  ])('%s', (libbpf, text, line) => {
    const explanation = explainLoad({ libbpf }, sources);
    expect(explanation.text).toContain(text);
    expect(explanation.location?.line).toBe(line);
  });

  test('not allowed', () => {
    expect(explainLoad({ libbpf: "libbpf: prog 'p': failed to load: -1", errno: -1 }, sources)).toMatchObject({
      actual: "libbpf: prog 'p': failed to load: -1",
      rule: 'program-eperm',
    });
  });
});

test('where a program begins', () => {
  const sources = new Map([['a.c', 'int hello(void);\nSEC("xdp")\nint hello(struct xdp_md *ctx)\n{\n  hello(ctx);\n']]);
  expect(locateFunction(sources, 'hello')?.line).toBe(3);
  expect(locateFunction(sources, 'a(b')).toBeNull();
});
