import { compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { type Check, defineExercise } from '../../../../grader/course/exercise.ts';
import { type Group, runOnFrames, sendThrough } from './workload.ts';

const file = 'drop.bpf.c';

const verdicts = evidence(async (kit) => runOnFrames(kit, await kit.program(file).only('xdp')));
const live = evidence(async (kit) => sendThrough(kit, await kit.net.pair(), await kit.program(file).only('xdp')));

/** A check that every frame of a group gets the action that it must get. */
function judges(group: Group, about: Omit<Check, 'run' | 'stage' | 'points'> & Partial<Pick<Check, 'stage' | 'points'>> & { help: string }): Check {
  const { help, ...check } = about;
  return {
    stage: 'correct',
    points: 1,
    after: ['drops-tcp'],
    ...check,
    async run(kit) {
      const frames = (await verdicts(kit))[group];
      const wrong = frames.find(({ expected, seen }) => seen !== expected);
      kit.expect(!wrong, {
        text: `${wrong?.expected === 'XDP_DROP' ? 'A frame with TCP in it is not dropped' : 'A frame without TCP is not passed on'}: ${wrong?.what}.`,
        expected: `${wrong?.expected} for it.`,
        actual: `${wrong?.seen}. Of ${count(frames.length, 'frame')} of this kind, ${frames.filter(({ expected, seen }) => seen === expected).length} got what they must get.`,
        help,
      });
      const changed = frames.find((frame) => frame.expected === 'XDP_PASS' && frame.changed);
      kit.expect(!changed, {
        text: `The program changes a frame that it passes on: ${changed?.what}.`,
        expected: 'The same bytes as before.',
        actual: 'Other bytes.',
        help: 'Compare with ==, and assign nothing to what lies in the packet.',
      });
    },
  };
}

export default defineExercise({
  title: 'Drop TCP at the driver',
  summary: 'Write an XDP program that drops every TCP packet and lets all else through.',
  files: { [file]: { description: 'Your XDP program.' } },
  needs: { kernel: '5.10', config: ['CONFIG_VETH', 'CONFIG_BPF_SYSCALL'], tools: ['clang', 'ip', 'nsenter'] },
  starter: { fails: 'drops-tcp', because: 'It passes every frame.' },
  wrong: {
    'own-section': { fails: 'loads', misconception: 'The section may have any name, as in the workshop: SEC("mysection").' },
    'no-bounds-check': { fails: 'loads', misconception: 'Every frame has an IP header, so nobody need look for its end.' },
    'tracepoint-section': { fails: 'attaches', misconception: 'Any program type can look at packets.' },
    'host-byte-order': { fails: 'drops-tcp', misconception: 'A number in a packet has the byte order of the machine.' },
    aborted: { fails: 'drops-tcp', misconception: 'XDP_ABORTED is a way to drop; it is the action for a program that failed.' },
    'drop-all': { fails: 'passes-others', misconception: 'TCP is gone, so the work is done.' },
    'no-ether-type': { fails: 'passes-others', misconception: 'What follows the Ethernet header is IPv4, as in the workshop.' },
    'not-tcp': { fails: 'drops-tcp', misconception: 'The test the wrong way round: it keeps TCP and drops the rest.' },
    'no-options': { fails: 'options', misconception: 'An IPv4 header is always 20 bytes long.' },
    'whole-tcp-header': { fails: 'fragments', misconception: 'Each packet of a TCP connection has a TCP header in it.' },
    'ipv4-only': { fails: 'ipv6', misconception: 'IP is IPv4.' },
    'no-vlan': { fails: 'vlan', misconception: 'The EtherType at byte 12 is always that of the packet.' },
    'short-dropped': { fails: 'short', misconception: 'A frame that is too short to be read may be dropped, as in the workshop.' },
  },
  checks: [
    compiles(file),
    loads(file, {
      hints: {
        nudge: 'The kernel says why it refuses. Look at the line of your source that the message names.',
        concept: 'A packet lies between ctx->data and ctx->data_end. The verifier lets you read a byte only on a path on which you have compared its address with data_end. The text in SEC("…") must be one that libbpf knows.',
        line: 'if ((void *)(ip + 1) > data_end) return XDP_PASS; before the first ip->…',
      },
    }),
    {
      id: 'attaches',
      title: 'A network device takes the program',
      stage: 'attach',
      points: 1,
      hints: {
        nudge: 'The kernel has taken your program, but as which kind?',
        concept: 'The text in SEC("…") says what kind of program it is. Only one kind runs in a network driver, before the kernel has made a socket buffer of the frame.',
        line: 'SEC("xdp")',
      },
      rationale: 'A program of another type loads as well, and sees no packet.',
      run: async (kit) => void (await live(kit)),
    },
    judges('tcp', {
      id: 'drops-tcp',
      title: 'TCP over IPv4 is dropped',
      stage: 'fires',
      points: 2,
      after: ['attaches'],
      hints: {
        nudge: 'Follow one TCP frame through your program, line by line. Which return does it reach?',
        concept: 'The EtherType says that IPv4 follows, and the field protocol of the IPv4 header says that TCP follows. Numbers in packets are in network byte order: bpf_htons(…) makes one of a constant.',
        line: 'if (eth->h_proto == bpf_htons(ETH_P_IP)) { struct iphdr *ip = (void *)(eth + 1); … if (ip->protocol == IPPROTO_TCP) return XDP_DROP; }',
      },
      rationale: 'The main path, by the return value and not by its effect: XDP_ABORTED and XDP_TX lose the packet too.',
      help: 'Is it the EtherType in network byte order that you compare with, and XDP_DROP that you return?',
    }),
    judges('others', {
      id: 'passes-others',
      title: 'All that is not TCP is passed on',
      points: 2,
      hints: {
        nudge: 'Which frames does your program take for TCP?',
        concept: 'The byte that says TCP in an IPv4 packet says something else in an ARP or IPv6 packet. Only the EtherType tells which it is.',
        line: 'Compare eth->h_proto first. End with return XDP_PASS;',
      },
      rationale: 'The negative control. ARP, IPv6 and another EtherType have TCP\'s number where IPv4 would have its protocol.',
      help: 'Look at the EtherType before you look at anything behind it, and return XDP_PASS at the end.',
    }),
    judges('options', {
      id: 'options',
      title: 'IPv4 headers with options are read right',
      hints: {
        nudge: 'Some IPv4 headers are longer than 20 bytes. What does your program do with those?',
        concept: 'Options lie behind the first 20 bytes of an IPv4 header. The field protocol lies before them, always at the same place.',
        line: 'ip->protocol needs no more than struct iphdr: leave ihl out of it.',
      },
      rationale: 'A filter that options get around is none; and who reads TCP at a fixed place reads options instead.',
      help: 'The field protocol of the IPv4 header says all that you need, with options and without.',
    }),
    judges('fragments', {
      id: 'fragments',
      title: 'Every fragment of a TCP packet is dropped',
      hints: {
        nudge: 'A packet may arrive in pieces. What is in the second piece?',
        concept: 'Each fragment has an IPv4 header of its own, with the protocol in it. Only the first has the TCP header behind it, and maybe not even the whole of that.',
        line: 'Check the bounds of struct iphdr, not those of struct tcphdr.',
      },
      rationale: 'Who asks for a whole TCP header lets all fragments through.',
      help: 'Do not ask for a TCP header: the IPv4 header has told already.',
    }),
    judges('ipv6', {
      id: 'ipv6',
      title: 'TCP over IPv6 is dropped',
      hints: {
        nudge: 'TCP travels over two versions of IP.',
        concept: 'IPv6 has an EtherType of its own, 0x86DD, and a header of 40 bytes. What IPv4 calls protocol is its next header.',
        line: 'if (type == bpf_htons(ETH_P_IPV6)) { struct ipv6hdr *ip = next; … if (ip->nexthdr == IPPROTO_TCP) return XDP_DROP; }',
      },
      rationale: 'A rule for IPv4 only is the most common hole in a firewall.',
      help: 'struct ipv6hdr has the field nexthdr.',
    }),
    judges('vlan', {
      id: 'vlan',
      title: 'A VLAN tag hides nothing',
      after: ['drops-tcp', 'ipv6'],
      hints: {
        nudge: 'What does eth->h_proto say if the frame has a VLAN tag?',
        concept: 'An 802.1Q tag is four bytes between the Ethernet header and the packet. h_proto then says 0x8100, and the real EtherType is at the end of the tag.',
        line: 'if (type == bpf_htons(ETH_P_8021Q)) { struct vlan_hdr *tag = next; … type = tag->h_vlan_encapsulated_proto; next = tag + 1; }',
      },
      rationale: 'XDP runs before the kernel takes the tag off, so the program sees the frame as it was on the wire.',
      help: 'Keep the EtherType and the place of what follows in two variables, and move both behind the tag.',
    }),
    judges('short', {
      id: 'short',
      title: 'What ends too early is passed on',
      hints: {
        nudge: 'What does your program return when a bounds check fails?',
        concept: 'A bounds check has two jobs: it satisfies the verifier, and it decides what happens to frames that end early. Those are not TCP, and the kernel knows what to do with them.',
        line: 'if ((void *)(ip + 1) > data_end) return XDP_PASS;',
      },
      rationale: 'The workshop\'s program dropped what it could not read, and with it innocent traffic.',
      help: 'Return XDP_PASS where a bounds check fails.',
    }),
    {
      id: 'live',
      title: 'On a live device, TCP is gone and the rest works',
      stage: 'correct',
      points: 2,
      after: ['drops-tcp', 'passes-others', 'ipv6', 'vlan'],
      hints: {
        nudge: 'The single frames were judged right. What is different when they come one after the other?',
        concept: 'A program on a device sees all its traffic. What it decides may depend on the frame only, not on those before it.',
        line: 'Leave out maps and global variables: nothing needs to be remembered.',
      },
      rationale: 'A test run proves what is returned, live traffic what it does: frames through a veth pair into another network namespace, with its real IP stack.',
      async run(kit) {
        const { tcp, others, tcpThrough, othersLost, pings, pongs } = await live(kit);
        kit.expect(tcpThrough.length === 0, {
          text: `TCP still arrives behind your program: ${tcpThrough[0]?.what}.`,
          expected: `None of ${count(tcp.length, 'TCP frame')}.`,
          actual: `${tcpThrough.length} of them.`,
        });
        kit.expect(othersLost.length === 0, {
          text: `Your program keeps away what is not TCP: ${othersLost[0]?.what}.`,
          expected: `All of ${count(others.length, 'other frame')}, as without your program.`,
          actual: `${others.length - othersLost.length} of them.`,
        });
        kit.expect.equal(pongs, pings, { text: 'The host behind your program does not answer every ping.' });
      },
    },
  ],
});
