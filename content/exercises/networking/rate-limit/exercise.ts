import { count, defineChecks, evidence, type Kit } from '#kit';
import { type Group, limitAll, type Told } from './workload.ts';

const limited = evidence((kit) => limitAll(kit, kit.program('limit.bpf.c')));

/** Each bucket of the group must have let as many frames pass as its tokens and the clock say, and its row must say so, too. */
const right = (group: Group, text: string) => async (kit: Kit) => {
  for (const told of (await limited(kit)).told.get(group)!) {
    const [fewest, most] = bounds(told);
    const wanted = fewest === most ? count(fewest, 'frame') : `${fewest} to ${count(most, 'frame')}`;
    kit.expect(told.passed >= fewest && told.passed <= most, {
      text: `${text}: ${told.what}.`,
      expected: `${wanted} of ${told.frames} pass.`,
      actual: `${told.passed} passed.`,
      help: 'passed',
    });
    kit.expect(told.odd === 0, {
      text: `A limited frame is neither passed nor dropped, or it is changed: ${told.what}.`,
      expected: 'XDP_PASS or XDP_DROP, and the same bytes as before.',
      actual: `${count(told.odd, 'frame')} of ${told.frames} got another verdict, or other bytes.`,
      help: 'passed',
    });
    // Of buckets that no clock is about, only the frames count.
    const row = group === 'burst' ? '' : differs(told);
    kit.expect(row === '', {
      text: `The row of the bucket does not fit what happened: ${told.what}.`,
      expected: 'Tokens that are left, and since moved by one interval for each token that was added.',
      actual: row,
      help: 'row',
    });
  }
};

export default defineChecks({
  burst: right('burst', 'Not as many frames pass as there are tokens'),
  refill: right('refill', 'Not as many frames pass as tokens have come'),
  full: right('full', 'A bucket holds more than its burst'),
  edges: right('edges', 'A bucket at the edge is not treated right'),

  async others(kit) {
    const { frames, dropped, changed, strange, taken } = (await limited(kit)).others;
    kit.expect(!dropped && !changed, {
      text: `A frame is ${dropped ? 'dropped' : 'changed'} that is not limited: ${(dropped ?? changed)?.what}.`,
      expected: `${count(frames, 'frame')} pass as they are, whatever the buckets of others hold.`,
      actual: 'At least this one did not.',
      help: 'passes',
    });
    kit.expect(strange === 0 && taken === 0n, {
      text: 'Frames that are not limited leave something behind in the map buckets.',
      expected: 'No new row, and no token taken.',
      actual: `${count(strange, 'new row')}, and ${taken} tokens taken.`,
      help: 'leaves',
    });
  },

  async 'at-once'(kit) {
    for (const { tokens, calls, left } of (await limited(kit)).crowds)
      kit.expect.equal(left, tokens > calls ? tokens - calls : 0n, {
        text: `All CPUs took tokens from one bucket at the same moment, and its count is wrong.`,
        expected: `${tokens > calls ? tokens - calls : 0} left of ${tokens}, after ${calls} frames.`,
        actual: `${left}.`,
      });
  },
});

/** How many frames may have passed: by the clock before the first frame, and by the one after the last. */
function bounds({ before, frames, from, to }: Told): [fewest: number, most: number] {
  const { tokens, burst, interval, since } = before;
  const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
  const added = (now: bigint) => (now > since ? (now - since) / interval : 0n);
  const atStart = smaller(tokens + added(from), burst);
  // What comes between the two clocks, one more for what was left of an interval, and none if the bucket holds none.
  const meanwhile = added(to) - added(from);
  const later = burst === 0n ? 0n : meanwhile;
  return [Number(smaller(atStart, BigInt(frames))), Number(smaller(atStart + later, BigInt(frames)))];
}

/** What is wrong with the row afterwards; '' if nothing is. A bucket that was full may have moved since on to now. */
function differs({ before, after, passed, from, to }: Told): string {
  if (after.burst !== before.burst || after.interval !== before.interval)
    return `burst is ${after.burst} and interval ${after.interval}, which were ${before.burst} and ${before.interval}.`;
  const moved = after.since - before.since;
  const added = moved / before.interval;
  const tokens = before.tokens + added - BigInt(passed);
  const wasFull = before.tokens + added >= before.burst;
  if (moved < 0n || (moved > 0n && after.since > to)) return `since is ${after.since}, which was ${before.since}.`;
  if (after.since <= from - before.interval)
    return `since is ${after.since}, and more than an interval has passed from there to ${from}, before the first frame.`;
  if (wasFull) return after.tokens <= before.burst ? '' : `${after.tokens} tokens in a bucket for ${before.burst}.`;
  if (moved % before.interval !== 0n)
    return `since has moved by ${moved}, which is not a multiple of the interval, ${before.interval}.`;
  return after.tokens === tokens ? '' : `${after.tokens} tokens instead of ${tokens}.`;
}
