import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { compileFilter } from '../../../../grader/checks/tcpdump.ts';
import { type Check, defineExercise } from '../../../../grader/course/exercise.ts';
import { capture, file, type Group } from './workload.ts';

const captured = evidence(capture);

/** A check that the filter captures all frames of a group, or none. */
function judges(group: Group, about: Omit<Check, 'run' | 'stage' | 'points'> & Partial<Pick<Check, 'stage' | 'points'>> & { help: string }): Check {
  const { help, ...check } = about;
  return {
    stage: 'correct',
    points: 1,
    after: ['attempts'],
    ...check,
    async run(kit) {
      const frames = (await captured(kit))[group];
      const wrong = frames.filter((frame) => frame.captured !== frame.wanted);
      const wanted = frames.some((frame) => frame.wanted);
      kit.expect(wrong.length === 0, {
        text: `Your filter ${wanted ? 'does not capture' : 'captures'}: ${wrong[0]?.frame.what}.`,
        expected: `${wanted ? 'All' : 'None'} of ${count(frames.length, 'packet')} of this kind.`,
        actual: `${frames.filter((frame) => frame.captured).length} of them.`,
        help,
      });
    },
  };
}

export default defineExercise({
  title: 'A capture filter for tcpdump',
  summary: 'Write a filter expression that captures attempts to connect to one port, and nothing else.',
  files: { [file]: { description: 'Your filter expression.', maxBytes: 4096 } },
  needs: { kernel: '5.10', config: ['CONFIG_VETH', 'CONFIG_PACKET'], tools: ['tcpdump', 'ip', 'nsenter'] },
  starter: { fails: 'flags', because: 'It captures all that goes to the port and comes from it.' },
  wrong: {
    syntax: { fails: 'understood', misconception: 'A filter is written as a comparison in C.' },
    'source-port': { fails: 'attempts', misconception: 'The port of a connection is the source port.' },
    'only-syn-bit': { fails: 'attempts', misconception: 'SYN is the only flag that a first packet may have.' },
    'fixed-offset': { fails: 'options', misconception: 'TCP begins 20 bytes behind the start of the IPv4 header.' },
    'any-flags': { fails: 'flags', misconception: 'What goes to the port is an attempt to connect.' },
    'syn-set': { fails: 'flags', misconception: 'SYN is set in the first packet only; it is in the answer, too.' },
    'both-directions': { fails: 'ports', misconception: 'port is the port of the server.' },
    'no-tcp': { fails: 'others', misconception: 'Ports belong to TCP.' },
    'no-fragment-test': { fails: 'fragments', misconception: 'Every packet whose protocol is TCP has a TCP header.' },
  },
  checks: [
    {
      id: 'understood',
      title: 'tcpdump understands the expression',
      stage: 'compile',
      points: 1,
      hints: {
        nudge: 'tcpdump says why it refuses. Read the expression aloud, word by word.',
        concept: 'An expression is made of primitives joined by and, or, not and parentheses. A primitive may say a protocol (ip, tcp), a direction (src, dst), a kind (host, net, port) and a value.',
        line: 'ip and tcp dst port 8080',
      },
      rationale: 'tcpdump itself compiles the expression, with -ddd, in the very way that it does for a capture.',
      run: async (kit) => void (await compileFilter(kit.machine, await kit.submitted(file))),
    },
    judges('attempts', {
      id: 'attempts',
      title: 'Attempts to connect are captured',
      stage: 'fires',
      points: 2,
      after: ['understood'],
      hints: {
        nudge: 'What is in the first packet of a connection, and may there be more flags than the one you think of?',
        concept: 'A client opens a connection with a packet that has SYN and not ACK. The six other flags say nothing about that, so take the two out of the byte with & before you compare.',
        line: 'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn',
      },
      rationale: 'What the filter is for. Clients with ECN set two more flags in their first packet.',
      help: 'The port is that of the destination. In the byte tcp[tcpflags], look at SYN and ACK only.',
    }),
    judges('options', {
      id: 'options',
      title: 'Options in the IPv4 header hide nothing',
      hints: {
        nudge: 'Some IPv4 headers are longer than 20 bytes. Where is the TCP header then?',
        concept: 'tcpdump computes where TCP begins, if you say tcp[…]. If you count the bytes yourself from ip[0], you count wrong for some.',
        line: 'Write tcp dst port 8080 and tcp[tcpflags], not ip[22:2] and ip[33].',
      },
      rationale: 'Fixed places are wrong as soon as options come between.',
      help: 'Let tcpdump find the TCP header: tcp[…] counts from its start.',
    }),
    judges('flags', {
      id: 'flags',
      title: 'Other packets of a connection are not captured',
      hints: {
        nudge: 'A connection is more than its first packet. How do you tell that one from those after it?',
        concept: 'The first packet has SYN. The answer to it has SYN and ACK. All after that have ACK, and a refusal has RST.',
        line: 'and tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn',
      },
      rationale: 'The negative control of the flags, with SYN+ACK as the nearest miss.',
      help: 'Ask for SYN set and ACK not set: both bits in one comparison.',
    }),
    judges('ports', {
      id: 'ports',
      title: 'Attempts to connect to other ports are not captured',
      hints: {
        nudge: 'Each packet has two ports. Which one do you mean?',
        concept: 'port alone means: source or destination. dst in front of it picks one.',
        line: 'tcp dst port 8080',
      },
      rationale: 'A client may have any source port, that of the server too.',
      help: 'dst port is the port of the one that is called.',
    }),
    judges('others', {
      id: 'others',
      title: 'What is not TCP over IPv4 is not captured',
      hints: {
        nudge: 'Is TCP the only protocol with ports?',
        concept: 'dst port alone means any protocol that has ports: TCP, UDP and SCTP, over IPv4 and IPv6. ip[…] and tcp[…] in a comparison say IPv4, too.',
        line: 'ip and tcp dst port 8080 and …',
      },
      rationale: 'UDP to the same port, with the bit of SYN at the place where TCP has it; IPv6; ARP.',
      help: 'Say which protocol you mean: ip and tcp.',
    }),
    judges('fragments', {
      id: 'fragments',
      title: 'Later fragments are not taken for a TCP header',
      hints: {
        nudge: 'A packet may arrive in pieces. What is behind the IPv4 header of the second piece?',
        concept: 'Only the first fragment has the TCP header. tcp port and tcp[…] look at the fragment\'s place by themselves; look at the listing of tcpdump -d for the test with 0x1fff.',
        line: 'Write tcp dst port 8080 and tcp[tcpflags], and leave ip[…] out.',
      },
      rationale: 'Data in a later fragment can be anything, and here they are what the filter looks for.',
      help: 'tcp dst port tests for that by itself; ip[…] does not.',
    }),
  ],
});
