import { count, defineChecks, evidence, frameRounds } from '#kit';
import { drawFrames, sendThrough } from './workload.ts';

const file = 'drop.bpf.c';
const live = evidence(async (kit) => sendThrough(kit, await kit.net.pair(), await kit.program(file).only('xdp')));

export default defineChecks({
  async attaches(kit) {
    await live(kit);
  },

  ...frameRounds(['drops-tcp', 'passes-others', 'options', 'fragments', 'ipv6', 'vlan', 'short'], {
    hook: 'xdp',
    program: (kit) => kit.program(file).only('xdp'),
    frames: drawFrames,
    says: { XDP_DROP: 'A frame with TCP in it is not dropped', XDP_PASS: 'A frame without TCP is not passed on' },
  }),

  async live(kit) {
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
});
