import { count, defineChecks, evidence, expect } from '#kit';
import { actions, describe, describeFrame, headers, type JudgedFrame, judgeFrames } from './workload.ts';

const file = 'drop-udp.bpf.c';
const judged = evidence((kit) => judgeFrames(kit, kit.program(file)));

export default defineChecks({
  async fires(kit) {
    const frames = await judged(kit);
    const udp = frames.filter((frame) => frame.kind === 'udp' && frame.length >= headers);
    kit.expect(
      udp.some((frame) => frame.action === actions.drop),
      {
        text: 'The program drops no UDP packet at all.',
        expected: `XDP_DROP for ${count(udp.length, 'frame')} with UDP over IPv4 that are long enough.`,
        actual: 'XDP_DROP for none of them.',
      },
    );
  },

  async 'long-enough'(kit) {
    const frames = await judged(kit);
    const wrong = frames.find(
      (frame) => frame.kind === 'udp' && frame.length >= headers && frame.action !== actions.drop,
    );
    kit.expect(!wrong, {
      text: 'A UDP packet was not dropped, although the frame holds all that the program has to read.',
      expected: `XDP_DROP from ${headers} bytes on: 14 for Ethernet and 20 for IPv4.`,
      actual: wrong ? `${describe(wrong)}.` : '',
    });
  },

  async 'too-short'(kit) {
    const frames = await judged(kit);
    const wrong = frames.find((frame) => frame.length < headers && frame.action !== actions.pass);
    kit.expect(!wrong, {
      text: 'A frame that is too short to be judged did not pass.',
      expected: `XDP_PASS for every frame of less than ${headers} bytes.`,
      actual: wrong ? `${describe(wrong)}.` : '',
      help: 'returns',
    });
    expectUnchanged(frames.filter((frame) => frame.length < headers));
  },

  async 'others-pass'(kit) {
    const frames = await judged(kit);
    const wrong = frames.find(
      (frame) => frame.kind !== 'udp' && frame.length >= headers && frame.action !== actions.pass,
    );
    kit.expect(!wrong, {
      text: 'A frame that is not UDP over IPv4 did not pass.',
      expected: 'XDP_PASS for every other frame.',
      actual: wrong ? `${describe(wrong)}.` : '',
      help: 'returns',
    });
    expectUnchanged(frames.filter((frame) => frame.kind !== 'udp' && frame.length >= headers));
  },
});

function expectUnchanged(frames: readonly JudgedFrame[]): void {
  const changed = frames.find((frame) => frame.changed);
  expect(!changed, {
    text: 'The program changes a frame that it passes on.',
    expected: 'The same bytes as before.',
    actual: changed ? `Other bytes in ${describeFrame(changed)}.` : '',
    help: 'changed',
  });
}
