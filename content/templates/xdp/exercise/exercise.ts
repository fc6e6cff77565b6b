import { compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { ethernet, ipv4, tcp, udp } from '../../../../grader/checks/packets.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';

const file = 'drop.bpf.c';
const [drop, pass] = [1, 2]; // XDP_DROP and XDP_PASS in include/uapi/linux/bpf.h

// #region evidence
/** The kernel runs the program on frames that nobody knows before (BPF_PROG_TEST_RUN). What it returned for each: */
const judged = evidence(async (kit) => {
  const { random } = kit;
  const port = () => random.int(1024, 65_535);
  const link = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };
  const hosts = { source: '192.0.2.1', destination: '192.0.2.2' };
  const payload = () => random.bytes(random.int(0, 100));
  const frames = random.shuffle([
    ...random.several(4, 9, () => ({ what: 'UDP to port 7', echo: true, packet: udp({ sourcePort: port(), destinationPort: 7, payload: payload() }) })),
    ...random.several(4, 9, () => ({ what: 'UDP to another port', echo: false, packet: udp({ sourcePort: port(), destinationPort: port(), payload: payload() }) })),
    ...random.several(2, 4, () => ({ what: 'UDP from port 7', echo: false, packet: udp({ sourcePort: 7, destinationPort: port(), payload: payload() }) })),
    ...random.several(4, 9, () => ({ what: 'TCP to port 7', echo: false, packet: tcp({ sourcePort: port(), destinationPort: 7 }) })),
  ]);
  const program = await kit.program(file).only('xdp');
  const runs = await program.runEach(frames.map(({ packet }) => ethernet(link, ipv4(hosts, packet))));
  const seen = frames.map((frame, index) => ({ ...frame, action: runs[index]!.retval }));
  return { echo: seen.filter((frame) => frame.echo), others: seen.filter((frame) => !frame.echo) };
});
// #endregion

export default defineExercise({
  title: 'A title',
  summary: 'Drop UDP packets to port 7, and nothing else.',
  files: { [file]: { description: 'Your XDP program.' } },
  needs: { kernel: '5.10', tools: ['clang'] },
  // #region mistakes
  starter: { fails: 'drops', because: 'It passes every frame.' },
  wrong: {
    'no-bounds-check': { fails: 'loads', misconception: 'Every frame has a UDP header.' },
    'host-byte-order': { fails: 'drops', misconception: 'A port in a packet has the byte order of the machine.' },
    'any-protocol': { fails: 'passes', misconception: 'Where a port is, there is UDP.' },
    'either-port': { fails: 'passes', misconception: 'A packet that has to do with port 7 is one to port 7.' },
  },
  // #endregion
  checks: [
    compiles(file),
    loads(file),
    // #region check
    {
      id: 'drops',
      title: 'UDP to port 7 is dropped',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Follow one such frame through your program. Which return does it reach?',
        concept: 'A port has two bytes, and the first is the greater one: network byte order. bpf_htons makes it of a constant.',
        line: 'if (ip->protocol == IPPROTO_UDP && udp->dest == bpf_htons(7)) return XDP_DROP;',
      },
      rationale: 'The main path, by what the program returns for each frame.',
      async run(kit) {
        const { echo } = await judged(kit);
        const wrong = echo.find(({ action }) => action !== drop);
        kit.expect(!wrong, {
          text: 'A UDP packet to port 7 is not dropped.',
          expected: `XDP_DROP (${drop}) for ${count(echo.length, 'frame')}.`,
          actual: `${wrong?.action} for ${echo.filter(({ action }) => action !== drop).length} of them.`,
          help: 'Compare the EtherType, the protocol and the destination port, the first and the last in network byte order.',
        });
      },
    },
    // #endregion
    // #region control
    {
      id: 'passes',
      title: 'All else is passed on',
      stage: 'correct',
      points: 2,
      after: ['drops'],
      hints: {
        nudge: 'Which frames does your program take for UDP to port 7?',
        concept: 'UDP and TCP have their ports at the same place. Only the protocol in the IPv4 header tells which of the two it is.',
        line: 'return XDP_PASS; at the end, and if (ip->protocol != IPPROTO_UDP) return XDP_PASS; before the port is looked at',
      },
      rationale: 'The negative control: a program that drops everything has done what the check before asks for.',
      async run(kit) {
        const { others } = await judged(kit);
        const wrong = others.find(({ action }) => action !== pass);
        kit.expect(!wrong, {
          text: `A frame is not passed on that should be: ${wrong?.what}.`,
          expected: `XDP_PASS (${pass}) for each of ${count(others.length, 'frame')}.`,
          actual: `${wrong?.action} for it.`,
          help: 'Return XDP_PASS for whatever is not UDP to port 7.',
        });
      },
    },
    // #endregion
  ],
});
