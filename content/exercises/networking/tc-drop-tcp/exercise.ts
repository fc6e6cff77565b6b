import { compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import { describeChange, type Passage } from '../../../../grader/checks/traffic.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { commands, program as file, sendThroughCommands, sendThroughProgram } from './workload.ts';

const byProgram = evidence(sendThroughProgram);
const byCommands = evidence(sendThroughCommands);

export default defineExercise({
  title: 'Drop TCP with traffic control',
  summary: 'Write a tc program that drops TCP, and the two tc commands that make the kernel obey it.',
  files: {
    [file]: { description: 'Your tc program.' },
    [commands]: { description: 'Your tc commands, one a line, without the word tc.', maxBytes: 4096 },
  },
  needs: { kernel: '5.10', config: ['CONFIG_VETH', 'CONFIG_NET_CLS_BPF', 'CONFIG_NET_SCH_INGRESS'], tools: ['clang', 'ip', 'tc', 'nsenter', 'setpriv'] },
  starter: { fails: 'drops-tcp', because: 'Its program lets everything through.' },
  wrong: {
    'missing-semicolon': { fails: 'compiles', misconception: 'The workshop\'s program compiles as it was printed.' },
    'static-inline': { fails: 'loads', misconception: 'A BPF program may be a static inline function, as in the workshop.' },
    'no-license': { fails: 'licensed', misconception: 'A license is needed only by those who print.' },
    'xdp-section': { fails: 'attaches', misconception: 'XDP and tc programs are the same, for both see packets.' },
    'no-clsact': { fails: 'attaches', misconception: 'Every device has a place for ingress filters, as in the workshop.' },
    'no-section': { fails: 'attaches', misconception: 'tc finds the one program of an object by itself.' },
    'minus-equals': { fails: 'drops-tcp', misconception: 'The workshop\'s -= compares. It subtracts, and writes into the packet.' },
    'xdp-drop': { fails: 'drops-tcp', misconception: 'XDP_DROP drops in tc, too; there it is TC_ACT_RECLASSIFY.' },
    'single-equals': { fails: 'passes-others', misconception: '= compares. It writes TCP into every IPv4 packet, and is always true.' },
    'no-ether-type': { fails: 'passes-others', misconception: 'What follows the Ethernet header is IPv4.' },
    'no-direct-action': { fails: 'obeyed', misconception: 'What a classifier returns is what happens to the packet, as in the workshop.' },
    egress: { fails: 'obeyed', misconception: 'A filter at egress sees what the device receives.' },
  },
  checks: [
    compiles(file),
    loads(file, {
      hints: {
        nudge: 'libbpf or the kernel says why it refuses. Look at the line of your source that the message names.',
        concept: 'A program is a function that others can see: not static. And the verifier lets you read a byte of a packet only after you have compared its address with data_end.',
        line: 'SEC("tc") int drop_tcp(struct __sk_buff *skb)',
      },
    }),
    {
      id: 'licensed',
      title: 'The program says under which license it is',
      stage: 'load',
      points: 1,
      hints: {
        nudge: 'Something that each BPF object should have is missing. The kernel did not need it, this time.',
        concept: 'The kernel opens many of its functions only to programs under the GPL, and learns the license from a section of the object.',
        line: 'char LICENSE[] SEC("license") = "GPL";',
      },
      rationale: 'Without a license the program loads as long as it calls no GPL-only helper; the next line added to it fails with an odd message.',
      async run(kit) {
        const { license } = await kit.program(file).load();
        kit.expect(license !== '', {
          text: `${file} names no license.`,
          expected: 'A license in the section "license".',
          actual: 'No such section, or nothing in it.',
          help: 'Add one line: char LICENSE[] SEC("license") = "GPL";',
        });
      },
    },
    {
      id: 'attaches',
      title: 'Your commands attach the program',
      stage: 'attach',
      points: 2,
      hints: {
        nudge: 'What tc complains about is the line that it names. What must be there before that line can work?',
        concept: 'A filter hangs on a queueing discipline (qdisc). clsact is a qdisc that queues nothing: it is only the place at which filters hang, at the ingress and at the egress of a device. The filter is told the object file, and with sec the section of the program in it.',
        line: 'qdisc add dev eth0 clsact — and below it: filter add dev eth0 ingress bpf direct-action obj drop.bpf.o sec tc',
      },
      rationale: 'The workshop\'s command stood alone, without the qdisc that it needs.',
      async run(kit) {
        await kit.program(file).only('sched_cls');
        const { result } = await byCommands(kit);
        kit.expect(result.code === 0, {
          text: `tc refuses your commands in ${commands}.`,
          expected: 'tc carries out every line.',
          actual: result.stderr.trim().slice(0, 1000) || 'tc failed, and said nothing.',
          help: 'The message ends with the number of the line. There are two commands: one makes the place for filters on the device eth0, the other hangs the program there.',
          wholeLog: result.stderr,
        });
      },
    },
    {
      id: 'drops-tcp',
      title: 'TCP does not arrive',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Follow one TCP packet through your program, line by line. Which return does it reach, and is it still the same packet?',
        concept: 'The EtherType says that IPv4 follows, and the field protocol of the IPv4 header says that TCP follows. In tc, 2 (TC_ACT_SHOT) drops; 1, which is XDP_DROP, does not.',
        line: 'if (ip->protocol == IPPROTO_TCP) return TC_ACT_SHOT;',
      },
      rationale: 'Judged with the program attached by the grader, so that it is the program and not its attachment that fails here. Changed packets count as arrived.',
      run: async (kit) => expectNoTcp(kit, (await byProgram(kit)).tcp, 'Compare with ==, and return TC_ACT_SHOT.'),
    },
    {
      id: 'passes-others',
      title: 'All else arrives as it was sent',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'Which packets does your program take for TCP, and what does it do to the others?',
        concept: 'A tc program may write into a packet: ip->protocol = … does. And the byte that says TCP in an IPv4 packet says something else in ARP: only the EtherType tells.',
        line: 'if (eth->h_proto != bpf_htons(ETH_P_IP)) return TC_ACT_OK;',
      },
      rationale: 'The negative control, byte for byte: UDP, ICMP, other protocols, ARP, IPv6.',
      run: async (kit) => expectOthers(kit, (await byProgram(kit)).others),
    },
    {
      id: 'obeyed',
      title: 'With your commands, the kernel does what the program says',
      stage: 'correct',
      points: 2,
      after: ['attaches', 'passes-others'],
      hints: {
        nudge: 'The program is right, and attached. Is it asked about packets that come in, and does anyone act on what it returns?',
        concept: 'A classifier once only named the class of a packet, and an action of its own then did something. A program that returns TC_ACT_… is both in one, which tc must be told.',
        line: 'filter add dev eth0 ingress bpf direct-action obj drop.bpf.o sec tc',
      },
      rationale: 'Without direct-action the return value is taken for a class, and every packet passes: it loads and attaches, and nothing happens.',
      async run(kit) {
        const { crossing } = await byCommands(kit);
        if (!crossing) throw new Error('The check attaches has seen the commands fail.');
        expectNoTcp(kit, crossing.tcp, 'Look at each word of the filter command: where it hangs the program, and whether the kernel acts on what it returns. da is short for direct-action.');
        expectOthers(kit, crossing.others);
      },
    },
  ],
});

function expectNoTcp({ expect }: Kit, tcp: Passage[], help: string): void {
  const through = tcp.filter(({ intact, altered }) => intact + altered.length > 0);
  const changed = through.find(({ altered }) => altered.length > 0);
  const how = changed ? ` One was changed on its way: ${describeChange(changed.frame, changed.altered[0]!)}.` : '';
  expect(through.length === 0, {
    text: `TCP still arrives behind your program: ${through[0]?.frame.what}.`,
    expected: `None of ${count(tcp.length, 'TCP packet')}.`,
    actual: `${through.length} of them.${how}`,
    help: changed ? 'A comparison is written ==. Everything else that has a = in it changes the packet.' : help,
  });
}

function expectOthers({ expect }: Kit, others: Passage[]): void {
  const changed = others.find(({ altered }) => altered.length > 0);
  expect(!changed, {
    text: `The program changes a packet that it lets through: ${changed?.frame.what}.`,
    expected: 'The same bytes as were sent.',
    actual: changed ? `${describeChange(changed.frame, changed.altered[0]!)}.` : '',
    help: 'A comparison is written ==. Everything else that has a = in it changes the packet.',
  });
  const lost = others.filter(({ intact }) => intact === 0);
  expect(lost.length === 0, {
    text: `The program keeps away what is not TCP: ${lost[0]?.frame.what}.`,
    expected: `All of ${count(others.length, 'other packet')}, as without your program.`,
    actual: `${others.length - lost.length} of them.`,
    help: 'Look at the EtherType before you look behind it, compare with ==, and return TC_ACT_OK at the end.',
  });
}
