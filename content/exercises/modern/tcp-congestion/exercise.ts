import { count, defineChecks, evidence } from '#kit';
import { watchWindows } from './workload.ts';

const file = 'capped.bpf.c';
const registered = evidence((kit) => kit.program(file).registerStruct('capped'));
const windows = evidence(async (kit) => {
  await registered(kit);
  return watchWindows(kit, kit.program(file));
});

export default defineChecks({
  async registers(kit) {
    await registered(kit);
    const { stdout } = await kit.machine.run(['cat', '/proc/sys/net/ipv4/tcp_available_congestion_control']);
    kit.expect(stdout.trim().split(/\s+/).includes('capped'), {
      text: 'The kernel does not offer a congestion control that is called capped.',
      expected: 'capped among the available ones.',
      actual: stdout.trim().slice(0, 300),
    });
  },

  async capped(kit) {
    const { first, cap } = await windows(kit);
    kit.expect(first.most <= cap && first.after === cap, {
      text: `A connection that has sent ${first.packets} packets does not have the window that cap says.`,
      expected: `${cap} packets at last, and never more.`,
      actual: `${first.after} at last, and ${first.most} at most.`,
      help: 'window',
    });
  },

  async follows(kit) {
    const { lowered, again, lowest } = await windows(kit);
    for (const [{ after, packets }, when] of [
      [lowered, 'After cap was lowered'],
      [again, 'After a loss'],
    ] as const)
      kit.expect.equal(after, lowest, {
        text: `${when}, the window of a connection that is in use is not what cap says.`,
        expected: `A window of ${count(lowest, 'packet')}.`,
        actual: `${after}, after ${packets} more packets.`,
      });
  },

  async grows(kit) {
    const { slowStart, linear, unlimited } = await windows(kit);
    for (const { before, after, packets } of slowStart)
      kit.expect(after >= before + Math.floor((2 * packets) / 3) && after <= before + packets + 1, {
        text: 'Below the cap, a new connection does not grow as Reno does.',
        expected: `With a cap of ${unlimited}, ${packets} packets that arrive make a window of ${before} packets up to ${packets} larger.`,
        actual: `A window of ${after}.`,
        help: 'new',
      });
    kit.expect(linear.after > linear.before && linear.after <= linear.before + 8, {
      text: 'After a loss, the window does not grow as Reno does.',
      expected: `One packet more for each window that arrives: from ${linear.before} to about ${linear.before + 6}.`,
      actual: `${linear.after}, after ${linear.packets} packets.`,
      help: 'linear',
    });
  },

  async loss(kit) {
    const { loss, small } = await windows(kit);
    for (const { before, ssthresh } of [loss, small])
      kit.expect.equal(ssthresh, Math.max(before >> 1, 2), {
        text: 'After a loss, the slow start threshold is not half of the window.',
        expected: `${Math.max(before >> 1, 2)}, because the window was ${before} packets.`,
        actual: `${ssthresh}.`,
      });
  },

  async undo(kit) {
    for (const { before, after, packets } of (await windows(kit)).spurious)
      kit.expect(after >= before && after <= before + packets + 1, {
        text: 'Nothing was lost after all, and the window is not what it was before.',
        expected: `At least the ${before} packets that it was, and no more than were acknowledged since.`,
        actual: `${after}.`,
      });
  },

  async others(kit) {
    const { plain, names, refused, cap } = await windows(kit);
    if (plain.after <= cap) throw new Error(`A connection with Reno has a window of ${plain.after}.`);
    const eperm = 1;
    kit.expect(refused === eperm, {
      text: 'An ordinary user can choose capped.',
      expected: 'EPERM (1).',
      actual: refused === 0 ? 'The kernel let it.' : `Error ${refused}.`,
    });
    kit.expect(names[0] === 'capped' && !names.slice(1).includes('capped'), {
      text: 'Connections that did not ask for capped use it.',
      expected: 'Only the one that has asked.',
      actual: names.join(', '),
    });
  },
});
