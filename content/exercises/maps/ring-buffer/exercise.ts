import { count, defineChecks, evidence } from '#kit';
import { describe, differ, roomFor, tellKills } from './workload.ts';

const file = 'signals.bpf.c';
const told = evidence((kit) => tellKills(kit, kit.program(file)));

export default defineChecks({
  async fires(kit) {
    const { calm, woken, wokenAgain, after } = await told(kit);
    kit.expect(calm.read.length > 0, {
      text: 'The ring buffer stays empty.',
      expected: `A record for each of ${count(calm.sent.length, 'call')} of kill.`,
      actual: 'No record at all.',
      help: 'none',
    });
    kit.expect(woken, {
      text: 'There are records in the ring buffer, but a reader that waits for them is never woken.',
      expected: 'The first record wakes the reader.',
      actual: `${count(calm.read.length, 'record')}, and the reader still waits (epoll_wait).`,
      help: 'asleep',
    });
    kit.expect(wokenAgain || after.read.length === 0, {
      text: 'A reader that waits again, later on, is not woken by the next record.',
      expected: 'Each record wakes a reader that has read all the others and sleeps.',
      actual: 'A record, and the reader still waits (epoll_wait).',
      help: 'asleep',
    });
  },

  async 'each-event'(kit) {
    const { calm } = await told(kit);
    const wrong = differ(calm.sent, calm.read);
    kit.expect(!wrong, {
      text: 'The records do not match the calls.',
      expected: wrong ? `Record ${wrong.index + 1}: ${describe(wrong.expected)}.` : '',
      actual: wrong
        ? `${describe(wrong.actual)}. ${count(calm.read.length, 'record')} for ${count(calm.sent.length, 'call')}.`
        : '',
    });
  },

  async losses(kit) {
    const { calm, stalled, crowd, after } = await told(kit);
    kit.expect.equal(calm.lost, 0n, {
      text: 'Losses were counted although nothing was lost.',
      expected: `0 after ${count(calm.sent.length, 'call')}, for all records were read.`,
      actual: `${calm.lost} in the map lost.`,
      help: 'none-lost',
    });
    const missing = stalled.sent.length - stalled.read.length;
    kit.expect(missing > 0, {
      text: `${count(stalled.sent.length, 'record')} found room in the ring buffer at once, so nothing shows what your program does when it is full.`,
      expected: 'A ring buffer of 16 KiB, as the task asks.',
      help: 'too-large',
    });
    kit.expect(stalled.read.length >= roomFor, {
      text: 'Records are thrown away while there is still room for them.',
      expected: `Some 680 records of 12 bytes in a ring buffer of 16 KiB; ${count(stalled.sent.length, 'call')} were made.`,
      actual: `${stalled.read.length}.`,
      help: 'not-counted',
    });
    kit.expect.equal(stalled.lost, BigInt(missing), {
      text: 'The reader paused, the ring buffer filled up, and the losses were not counted right.',
      expected: `${missing} in the map lost: ${count(stalled.sent.length, 'call')}, of which ${stalled.read.length} could be read afterwards.`,
      actual: `${stalled.lost}.`,
      help: 'not-counted',
    });
    const counted = crowd.lost - crowd.from;
    kit.expect(counted >= 0n, {
      text: 'The count of losses started again at 0 when it passed 2^32.',
      expected: `${crowd.calls} more than ${crowd.from}, which the grader had written into the map lost.`,
      actual: `${crowd.lost}.`,
      help: 'wide',
    });
    kit.expect.equal(counted, BigInt(crowd.calls), {
      text: 'Losses were not counted right when all CPUs lost events at the same moment.',
      expected: `${crowd.calls} more in the map lost: so many calls, and no room for any.`,
      actual: `${counted} more.`,
      help: 'at-once',
    });
    const wrong = differ(stalled.sent.slice(0, stalled.read.length), stalled.read) ?? differ(after.sent, after.read);
    kit.expect(!wrong && after.lost === crowd.lost, {
      text: 'After the ring buffer had been full, the records are not right.',
      expected:
        'All records from before it was full, then none, and from the time on when it has been read each call again.',
      actual: wrong
        ? `Record ${wrong.index + 1} is ${describe(wrong.actual)} instead of ${describe(wrong.expected)}.`
        : `The losses went on, to ${after.lost}.`,
      help: 'left-behind',
    });
  },
});
