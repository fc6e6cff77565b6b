/** The workbench's own decisions: what attaches a program, what a lesson's command needs, and what bpftool and a terminal said. */
import { describe, expect, test } from 'vitest';
import { readPrograms } from '../../../../site/course/programs.ts';
import { attachCommand, sectionsOf } from '../../../../site/lab/workbench/attach.ts';
import { readState } from '../../../../site/lab/workbench/kernel-state.ts';
import { plainText } from '../../../../site/lab/workbench/plain-text.ts';
import { canType, firstWords } from '../../../../site/lab/workbench/recorded.ts';
import { repository } from '../../../support/clone.ts';

const programs = await readPrograms(repository);

describe('programs of lessons', () => {
  test('a program comes with its headers, and its parts with their lines', () => {
    const { file, files, lines } = programs['programs/exits.bpf.c']!;
    expect(Object.keys(files)).toEqual(['exits.bpf.c', 'exits.h']);
    const text = files[file]!.split('\n');
    expect(text.join('\n')).not.toContain('#region');
    expect(text[lines.program! - 1]).toMatch(/^SEC\(/);
  });

  test('every one of them has a program in a section', () => {
    const without = Object.entries(programs).filter(([, { file, files }]) => sectionsOf(files[file]!).size === 0);
    expect(without.map(([path]) => path)).toEqual([]);
  });
});

describe('sections', () => {
  test('of each function, whatever it returns', () => {
    const text = `
SEC("xdp")
int one(struct xdp_md *ctx)
{
}
SEC("struct_ops")
void two(struct sock *sk) {}
SEC("license") char LICENSE[] = "GPL";
SEC("fentry/do_unlinkat")
int BPF_PROG(three, int dfd) { return 0; }
`;
    expect([...sectionsOf(text)]).toEqual([
      ['one', 'xdp'],
      ['two', 'struct_ops'],
      ['three', 'fentry/do_unlinkat'],
    ]);
  });

  test.each([
    ['xdp', 'bpftool net attach xdpgeneric pinned /p dev lo'],
    ['tc', 'bpftool net attach tcx_ingress pinned /p dev lo'],
    ['tcx/egress', 'bpftool net attach tcx_egress pinned /p dev lo'],
    ['cgroup/connect4', 'bpftool cgroup attach /sys/fs/cgroup connect4 pinned /p'],
    ['cgroup_skb/ingress', 'bpftool cgroup attach /sys/fs/cgroup ingress pinned /p'],
    ['struct_ops/init', 'bpftool struct_ops register x.bpf.o'],
    ['sk_msg', null],
    ['socket', null],
  ])('%s', (section, command) => {
    expect(attachCommand(section, '/p', 'x.bpf.o')).toBe(command);
  });
});

describe('commands of recordings', () => {
  test.each([
    ["bpftool -j prog show | jq -r '.[] | .name'", ['bpftool', 'jq']],
    ['(sleep 100 & sleep 1; kill -9 $!; wait) 2>/dev/null', ['sleep', 'sleep', 'kill', 'wait']],
    ['for i in 1 2; do ping -c 1 "$(hostname)"; done', ['for', 'ping', 'done', 'hostname']],
    ["X=1 env | grep -E 'a|b;c'", ['env', 'grep']],
    ['2>&1 ls', ['ls']],
  ])('%s', (command, words) => {
    expect(firstWords(command)).toEqual(words);
  });

  const tools = new Set(['bpftool', 'grep', 'ls', 'cat']);
  test.each([
    ['grep printk /sys/kernel/tracing/trace', true],
    ['bpftool prog show | jq .', false],
    ['ls && ./shop', false],
    ['cat <(ls)', false],
    ['[[ -e x ]] && ls', false],
    ['cd / && ls', true],
  ])('%s: %s', (command, can) => {
    expect(canType(command, tools)).toBe(can);
  });
});

describe('plain text', () => {
  test.each([
    ['\x1b[1;31mred\x1b[0m', 'red'],
    ['\x1b]0;a title\x07# ls\r\n', '# ls\n'],
    ['# lx\b \bs', '# ls'],
    ['10 %\r20 %', '20 %'],
    ['a\x00\x07b', 'ab'],
    ['\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\', 'link'],
  ])('%j', (raw, text) => {
    expect(plainText(raw)).toBe(text);
  });
});

describe('what bpftool lists', () => {
  const none = async () => new Map<number, string | null>();

  test('programs, maps with values by their types, and links', async () => {
    const lists = {
      programs: '[{"id":7,"type":"xdp","name":"count","bytes_xlated":80,"map_ids":[3]}]',
      maps: '[{"id":3,"type":"hash","name":"seen","bytes_key":4,"bytes_value":8,"max_entries":16}]',
      links: '[{"id":1,"type":"xdp","prog_id":7,"ifindex":1}]',
    };
    const dump = '[{"key":["0x01"],"value":["0x02"],"formatted":{"key":1,"value":{"hits":2}}}]';
    expect(await readState(lists, async (ids) => new Map(ids.map((id) => [id, dump])))).toEqual({
      programs: [{ id: 7, type: 'xdp', name: 'count', facts: 'bytes xlated 80, map ids 3' }],
      maps: [
        {
          id: 3,
          type: 'hash',
          name: 'seen',
          facts: 'bytes key 4, bytes value 8, max entries 16',
          entries: [{ key: '1', value: '{hits:2}' }],
          note: '',
        },
      ],
      links: [{ id: 1, type: 'xdp', program: 7, facts: 'ifindex 1' }],
    });
  });

  test('bytes without a type are hexadecimal, and a map without values says so', async () => {
    const lists = { programs: '[]', maps: '[{"id":1,"type":"array"},{"id":2,"type":"ringbuf"}]', links: '[]' };
    const dumps = new Map([
      [1, '[{"key":["0x01","0x00"],"value":["0xff"]}]'],
      [2, '{"error":"cannot"}'],
    ]);
    const { maps } = await readState(lists, async () => dumps);
    expect(maps.map(({ entries, note }) => [entries, note])).toEqual([
      [[{ key: '01 00', value: 'ff' }], ''],
      [[], 'It has no values that can be listed.'],
    ]);
  });

  test('nonsense is left out, and what is long is cut', async () => {
    const long = 'x'.repeat(5000);
    const lists = {
      programs: `[{"id":"no"},{"id":1,"type":"xdp","name":"${long}"},null]`,
      maps: 'no JSON',
      links: JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id, type: 'xdp' }))),
    };
    const { programs: found, maps, links } = await readState(lists, none);
    expect(found).toHaveLength(1);
    expect(found[0]!.name.length).toBeLessThan(300);
    expect(maps).toEqual([]);
    expect(links.length).toBeLessThan(100);
  });
});
