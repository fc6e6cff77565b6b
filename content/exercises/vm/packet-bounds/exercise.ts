import { compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { actions, describe, headers, judgeFrames } from './workload.ts';

const file = 'drop-udp.bpf.c';
const judged = evidence((kit) => judgeFrames(kit, kit.program(file)));

export default defineExercise({
  title: 'Where the packet ends',
  summary: 'A program reads a packet that may be shorter than it thinks. Show the verifier that it never reads past the end.',
  files: { [file]: { description: 'The program to mend.' } },
  needs: { kernel: '5.10', tools: ['clang'] },
  starter: { fails: 'loads', because: 'It reads the packet without asking where it ends.' },
  wrong: {
    'ethernet-only': { fails: 'loads', misconception: 'One check of the first header is enough for those behind it.' },
    'other-way-round': { fails: 'loads', misconception: 'The check tells when to go on, so it lets the short ones on.' },
    'let-all-pass': { fails: 'fires', misconception: 'What loads is right: what the verifier did not like is left out.' },
    'one-byte-too-many': { fails: 'long-enough', misconception: 'data_end is the last byte; it is the first one behind the packet.' },
    'smallest-ethernet': { fails: 'long-enough', misconception: 'A frame has at least 60 bytes, so that is what to check for.' },
    'short-is-bad': { fails: 'too-short', misconception: 'What is too short to be read is to be dropped.' },
    'whatever-it-carries': { fails: 'others-pass', misconception: 'Every frame holds an IPv4 packet, so the EtherType need not be looked at.' },
  },
  checks: [
    compiles(file),
    loads(file, {
      points: 3,
      hints: {
        nudge: 'The verifier names a line that reads the packet. How long must a packet be for this read?',
        concept: 'data and data_end are the first byte of the packet and the first one behind it. Only a comparison of data plus some length with data_end tells the verifier that so many bytes may be read, and only on the way where they are there.',
        line: 'if ((void *)(ip + 1) > data_end) return XDP_PASS; before the first read',
      },
      rationale: 'Packet access needs a proof in the program itself; only the verifier says whether it is one.',
    }),
    {
      id: 'fires',
      title: 'A UDP packet is dropped',
      stage: 'fires',
      points: 1,
      hints: {
        nudge: 'No frame is dropped, however long. Which of your conditions lets them all pass?',
        concept: 'What an XDP program returns decides about the frame: XDP_DROP or XDP_PASS. A bounds check must let the frames go on that are long enough.',
        line: 'if (eth->h_proto == bpf_htons(ETH_P_IP) && ip->protocol == IPPROTO_UDP) return XDP_DROP;',
      },
      rationale: 'Letting everything pass satisfies the verifier, too.',
      async run(kit) {
        const frames = await judged(kit);
        const udp = frames.filter((frame) => frame.kind === 'udp' && frame.length >= headers);
        kit.expect(udp.some((frame) => frame.action === actions.drop), {
          text: 'The program drops no UDP packet at all.',
          expected: `XDP_DROP for ${count(udp.length, 'frame')} with UDP over IPv4 that are long enough.`,
          actual: 'XDP_DROP for none of them.',
          help: 'See to it that a frame which is long enough gets past your check, and that UDP over IPv4 still returns XDP_DROP.',
        });
      },
    },
    {
      id: 'long-enough',
      title: `UDP is dropped from the first frame on that holds both headers, ${headers} bytes`,
      stage: 'correct',
      points: 2,
      after: ['fires'],
      hints: {
        nudge: 'Long frames are judged right, some shorter ones are not, though all that the program reads is in them. Where is your border?',
        concept: 'data_end is the first byte behind the packet. If data plus a length is equal to data_end, the packet has exactly this length: enough.',
        line: 'if ((void *)(ip + 1) > data_end) with >, not >=',
      },
      rationale: 'Off by one is the classic mistake; every length is tried, so the border shows.',
      async run(kit) {
        const frames = await judged(kit);
        const wrong = frames.find((frame) => frame.kind === 'udp' && frame.length >= headers && frame.action !== actions.drop);
        kit.expect(!wrong, {
          text: 'A UDP packet was not dropped, although the frame holds all that the program has to read.',
          expected: `XDP_DROP from ${headers} bytes on: 14 for Ethernet and 20 for IPv4.`,
          actual: wrong ? `${describe(wrong)}.` : '',
          help: 'Compare with the length of the two headers, no more. A packet that ends exactly there is long enough.',
        });
      },
    },
    {
      id: 'too-short',
      title: 'A frame that does not hold both headers passes',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: {
        nudge: 'What does your program return if the check says no?',
        concept: 'What the program cannot read, it cannot judge. The task says what becomes of such a frame.',
        line: 'return XDP_PASS;',
      },
      rationale: 'The return of a failed bounds check is a verdict on traffic, too: many published examples drop what is merely short.',
      async run(kit) {
        const frames = await judged(kit);
        const wrong = frames.find((frame) => frame.length < headers && frame.action !== actions.pass);
        kit.expect(!wrong, {
          text: 'A frame that is too short to be judged did not pass.',
          expected: `XDP_PASS for every frame of less than ${headers} bytes.`,
          actual: wrong ? `${describe(wrong)}.` : '',
          help: 'Let the check for the length return XDP_PASS.',
        });
      },
    },
    {
      id: 'others-pass',
      title: 'What is not UDP over IPv4 passes',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: {
        nudge: 'A frame was dropped that holds no UDP over IPv4. Which of its fields did your program not look at?',
        concept: 'The EtherType says what follows the Ethernet header. Only if it is IPv4 does the byte at the place of the protocol mean a protocol.',
        line: 'if (eth->h_proto != bpf_htons(ETH_P_IP)) return XDP_PASS;',
      },
      rationale: 'The negative control: other protocols over IPv4, and other EtherTypes with a 17 where the protocol would stand.',
      async run(kit) {
        const frames = await judged(kit);
        const wrong = frames.find((frame) => frame.kind !== 'udp' && frame.length >= headers && frame.action !== actions.pass);
        kit.expect(!wrong, {
          text: 'A frame that is not UDP over IPv4 did not pass.',
          expected: 'XDP_PASS for every other frame.',
          actual: wrong ? `${describe(wrong)}.` : '',
          help: 'Look at the EtherType first and then at the protocol; both were right in the file that you were given.',
        });
      },
    },
  ],
});
