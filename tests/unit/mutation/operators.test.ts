import { describe, expect, test } from 'vitest';
import { apply } from '../../../grader/mutation/edit.ts';
import { mutantsOf, mutantsOfFile } from '../../../grader/mutation/mutant.ts';

/** 'operator: was -> is' of each mutant that these operators make. */
const made = (file: string, source: string, ...operators: string[]) =>
  mutantsOfFile(file, source)
    .filter(({ operator }) => operators.includes(operator))
    .map(({ was, is }) => `${was} -> ${is}`);

const body = (text: string) => `int f(void *ctx)\n{\n${text}\n}\n`;

describe('C', () => {
  test('a comparison is off by one, and the other way round', () => {
    expect(made('a.c', body('if (a < b) return 1;'), 'comparison')).toEqual(['< -> <=', '< -> >=']);
    expect(made('a.c', body('if (a == b) return 1;'), 'comparison')).toEqual(['== -> !=', '== -> <=', '== -> >=']);
  });

  test('a condition always holds, never holds or is negated, whatever does the same is made once', () => {
    const conditions = ['condition-true', 'condition-false', 'condition-negated', 'negation', 'statement'];
    expect(made('a.c', body('if (!x) { g(); }\nreturn 0;'), ...conditions)).toEqual([
      '!x -> 1',
      '!x -> 0',
      '! -> ',
      'g(); -> ;',
    ]);
    expect(made('a.c', body('if (x) return 1;\nreturn 0;'), ...conditions)).toEqual([
      'x -> 1',
      'x -> !(x)',
      'return 1; -> ;',
    ]);
  });

  test('a clause is dropped with its operator, and no more than it', () => {
    expect(made('a.c', body('if (a == 1 && f(b, c) || d) return 1;'), 'clause', 'logic')).toEqual([
      'a == 1 && f(b, c) -> a == 1',
      'a == 1 && f(b, c) -> f(b, c)',
      'a == 1 && f(b, c) || d -> a == 1 && f(b, c)',
      'a == 1 && f(b, c) || d -> d',
      '&& -> ||',
      '|| -> &&',
    ]);
  });

  test('byte order, atomics, casts, widths and shifts', () => {
    expect(made('a.c', body('return p->dest == bpf_htons(7);'), 'byte-order', 'neighbour')).toEqual([
      'dest -> source',
      'bpf_htons(7) -> 7',
    ]);
    expect(made('a.c', body('__sync_fetch_and_add(&v[i], n + 1);'), 'atomic')).toEqual([
      '__sync_fetch_and_add(&v[i], n + 1) -> *(&v[i]) += n + 1',
    ]);
    expect(made('a.c', body('x = (__u32)id;\nvoid *p = (void *)(long)d;'), 'cast')).toEqual([
      '(__u32) -> ',
      '(long) -> ',
    ]);
    expect(made('a.c', body('__u16 x = id >> 32;'), 'width', 'operand', 'arithmetic')).toEqual([
      '__u16 -> __u8',
      '__u16 -> __u32',
      'id >> 32 -> id',
      '>> -> <<',
    ]);
  });

  test('flags, actions and map types become their neighbours', () => {
    expect(made('a.c', body('update(&m, &k, &v, BPF_NOEXIST);'), 'neighbour')).toEqual([
      'BPF_NOEXIST -> BPF_ANY',
      'BPF_NOEXIST -> BPF_EXIST',
    ]);
    expect(made('a.c', body('return A_B | C_D;'), 'operand')).toEqual(['A_B | C_D -> A_B', 'A_B | C_D -> C_D']);
  });

  test('an address, a pointer and a declaration are no arithmetic and no statement', () => {
    expect(
      made('a.c', body('struct event *event = reserve(&events);\nint n;\n(void)ctx;'), 'arithmetic', 'statement'),
    ).toEqual([]);
  });

  test('a return at the end stays; what is returned before it goes, and changes', () => {
    expect(made('a.c', body('if (a)\nreturn skb->len;\nreturn 0;'), 'statement', 'return', 'constant')).toEqual([
      'return skb->len; -> ;',
      'skb->len -> 0',
      '0 -> 1',
    ]);
  });

  test('definitions are changed, other directives, comments, the licence and sections are not', () => {
    const source = `#include <a_1.h>\n#define ETH_P_IP 0x0800 /* 7 */\n// 9\nchar L[] SEC("license") = "GPL";\nSEC("xdp")\n`;
    expect(mutantsOfFile('a.c', source).map(({ after }) => after)).toEqual([
      '#define ETH_P_IP 0x801 /* 7 */',
      '#define ETH_P_IP 0x7ff /* 7 */',
    ]);
  });

  test('an event becomes one of its neighbours', () => {
    expect(made('a.c', 'SEC("tracepoint/syscalls/sys_enter_kill")\n', 'event', 'text')).toEqual([
      'sys_enter -> sys_exit',
      'kill -> tkill',
      'kill -> tgkill',
    ]);
  });

  test('a choice is swapped', () => {
    expect(made('a.c', body('return a ? XDP_DROP : XDP_PASS;'), 'choice')).toEqual([
      'XDP_DROP : XDP_PASS -> XDP_PASS : XDP_DROP',
    ]);
  });
});

describe('other languages', () => {
  test('a filter of bpftrace is dropped, negated, and loses a clause', () => {
    const source = 'kretprobe:vfs_read\n/comm == str($1) && retval >= 0/\n{\n\t@bytes[pid] = count();\n}\n';
    expect(made('a.bt', source, 'filter', 'clause', 'key', 'builtin', 'statement', 'event')).toEqual([
      'kretprobe -> kprobe',
      'vfs_read -> vfs_write',
      '/comm == str($1) && retval >= 0/ -> ',
      '/comm == str($1) && retval >= 0/ -> /!(comm == str($1) && retval >= 0)/',
      'comm == str($1) && retval >= 0 -> comm == str($1)',
      'comm == str($1) && retval >= 0 -> retval >= 0',
      '@bytes[pid] = count(); -> ;',
      '[pid] -> ',
      'pid -> tid',
      'pid -> uid',
      'pid -> cpu',
      'count -> sum',
    ]);
  });

  test('Python loses lines, and the BPF program in its string is changed as C', () => {
    const source =
      'text = r"""\nint f(void *ctx)\n{\n\tif (a > 1)\n\t\treturn 0;\n\treturn 1;\n}\n"""\nwhile True:\n    if not x:\n        run(text)\n';
    expect(made('a.py', source, 'statement', 'condition-true', 'condition-false', 'negation').slice(1)).toEqual([
      'True -> False',
      'not x -> True',
      'not x -> False',
      'not -> ',
      'run(text) -> pass',
    ]);
    expect(made('a.py', source, 'bpf-comparison', 'bpf-statement')).toEqual(['> -> >=', '> -> <=', 'return 0; -> ;']);
  });

  test('a batch of tc commands loses lines and words', () => {
    const source = 'qdisc add dev eth0 clsact\nfilter add dev eth0 ingress\n';
    expect(made('a.tc', source, 'line', 'neighbour')).toEqual([
      'qdisc add dev eth0 clsact -> ',
      'add -> change',
      'clsact -> ingress',
      'filter add dev eth0 ingress -> ',
      'add -> change',
      'ingress -> egress',
      'ingress -> clsact',
    ]);
  });

  test('a filter of tcpdump loses a clause, a mask, an alternative', () => {
    const source = 'ip and tcp[13] & (tcp-syn|tcp-ack) == tcp-syn\n';
    expect(made('filter.txt', source, 'clause', 'mask', 'alternative')).toEqual([
      'ip and -> ',
      'and tcp[13] & (tcp-syn|tcp-ack) == tcp-syn -> ',
      '& (tcp-syn|tcp-ack) -> ',
      'tcp-syn|tcp-ack -> tcp-syn',
      'tcp-syn|tcp-ack -> tcp-ack',
    ]);
  });

  test('a Pod loses fields and items, and stays YAML', () => {
    const source = 'spec:\n  share: true\n  containers:\n    - name: a\n      add: ["BPF", "PERFMON"]\n    - name: b\n';
    expect(made('pod.yaml', source, 'field', 'item', 'value')).toEqual([
      'spec: share: true containers: - name: a add: ["BPF", "PERFMON"] - name: b -> ',
      'share: true -> ',
      'true -> false',
      'containers: - name: a add: ["BPF", "PERFMON"] - name: b -> ',
      '- name: a add: ["BPF", "PERFMON"] -> ',
      'name: a -> ',
      'a -> "ax"',
      'add: ["BPF", "PERFMON"] -> ',
      '"BPF", -> ',
      '"BPF" -> "BPFx"',
      ', "PERFMON" -> ',
      '"PERFMON" -> "PERFMONx"',
      '- name: b -> ',
      'name: b -> ',
      'b -> "bx"',
    ]);
    const without = mutantsOfFile('pod.yaml', source).find(({ was }) => was === 'name: a');
    expect(without!.text).toContain('    - add: ["BPF", "PERFMON"]\n');
  });

  test('what is in no language that we know is left alone', () => {
    expect(mutantsOfFile('notes.md', 'if (a < b) return 1;')).toEqual([]);
  });
});

describe('a mutant', () => {
  const source = body('if (a)\n\treturn 1;\nb();\nif (a)\n\treturn 1;\nreturn 0;');

  test('keeps its id when other lines come and the line moves; of equal ones each has its own', () => {
    const ids = (text: string) => mutantsOfFile('a.c', text).map(({ id }) => id);
    const before = ids(source);
    expect(new Set(before).size).toBe(before.length);
    expect(before.filter((id) => id.endsWith('-2'))).not.toEqual([]);
    expect(ids(`/* one\n   more */\n\n${source.replace(/^b/m, '\t b')}`)).toEqual(before);
  });

  test('has one change, and says the line', () => {
    const mutant = mutantsOfFile('a.c', source).find(({ was }) => was === 'b();')!;
    expect(mutant).toMatchObject({ operator: 'statement', file: 'a.c', line: 5, is: ';', before: 'b();', after: ';' });
    expect(mutant.text).toBe(source.replace('b();', ';'));
    expect(apply('abc', { start: 1, end: 2, text: 'X' })).toBe('aXc');
  });

  test('is made of what is the learner’s to write, and of nothing that is given', () => {
    const files = new Map([
      ['a.c', source],
      ['given.c', source],
    ]);
    const mutants = mutantsOf(
      files,
      new Map([
        ['a.c', ''],
        ['given.c', source],
      ]),
    );
    expect(new Set(mutants.map(({ file }) => file))).toEqual(new Set(['a.c']));
  });
});
