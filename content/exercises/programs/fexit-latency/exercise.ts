import { count, defineChecks, evidence, type Kit } from '#kit';
import { type Call, type Evidence, measure, type Phase } from './workload.ts';

const measured = evidence((kit) => measure(kit, kit.program('latency.bpf.c')));

const sum = (added: readonly bigint[]): bigint => added.reduce((all, one) => all + one, 0n);
/** '2 in bucket 21, 1 in bucket 30' */
const spelled = (added: readonly bigint[]): string =>
  added.flatMap((number, bucket) => (number === 0n ? [] : [`${number} in bucket ${bucket}`])).join(', ') || 'nothing';
const bucketOf = (latency: bigint): number => Math.min(63, Math.max(0, latency.toString(2).length - 1));

/** Nothing may be counted in it. */
const nothing = (phase: (all: Evidence) => Phase, text: string, help: string) => async (kit: Kit) => {
  const { added } = phase(await measured(kit));
  kit.expect(sum(added) === 0n, {
    text,
    expected: 'Nothing is added to latencies.',
    actual: `${spelled(added)}.`,
    help,
  });
};

export default defineChecks({
  async fires(kit) {
    const { calls, added } = (await measured(kit)).alone;
    kit.expect.equal(sum(added), BigInt(calls.length), {
      text: 'Not each call of the target is counted once.',
      expected: `${calls.length}, the sum of all buckets after ${count(calls.length, 'call')}.`,
      actual: `${sum(added)}: ${spelled(added)}.`,
    });
  },

  buckets: (kit) => rightBuckets(kit, (all) => all.alone, 'of one thread, one after the other'),
  together: (kit) => rightBuckets(kit, (all) => all.together, 'of several threads at once'),

  async others(kit) {
    await nothing((all) => all.others, 'What the target has not called is counted.', 'filter')(kit);
    await rightBuckets(kit, (all) => all.exchanged, 'of another process, which is the target from now on', 'target');
  },

  failed: nothing((all) => all.failed, 'Calls that return an error are counted.', ''),

  async room(kit) {
    const { calls, added } = (await measured(kit)).crowd;
    kit.expect.equal(sum(added), BigInt(calls.length), {
      text: 'Calls get lost after many other threads have called.',
      expected: `${count(calls.length, 'call')}, each by a thread of its own, after as many that failed.`,
      actual: `${sum(added)} counted.`,
    });
  },

  async entered(kit) {
    await nothing((all) => all.entered[0], 'A call is counted that began before enter was attached.', 'start')(kit);
    await nothing((all) => all.entered[1], 'A call is counted that began before leave was attached.', 'start')(kit);
    await rightBuckets(kit, (all) => all.next, 'of a thread whose call before was not seen to end', 'old');
  },

  async 'at-once'(kit) {
    const { calls, added } = (await measured(kit)).storm;
    kit.expect.equal(sum(added), BigInt(calls), {
      text: 'All CPUs added to the buckets at the same moment, and counts are missing.',
      expected: `${calls} calls.`,
      actual: `${sum(added)} counted.`,
    });
  },
});

/** Each call is somewhere between its shortest and its longest time, so it is in one of a few buckets: mostly in one. */
async function rightBuckets(kit: Kit, phase: (all: Evidence) => Phase, whose: string, help?: string): Promise<void> {
  const { calls, added } = phase(await measured(kit));
  kit.expect.equal(sum(added), BigInt(calls.length), {
    text: `Not each call is counted once: calls ${whose}.`,
    expected: `${count(calls.length, 'call')}.`,
    actual: `${spelled(added)}.`,
    ...(help && { help }),
  });
  let so = 0n;
  for (const [bucket, number] of added.entries()) {
    so += number;
    const within = (bound: (call: Call) => bigint) =>
      BigInt(calls.filter((call) => bucketOf(bound(call)) <= bucket).length);
    kit.expect(so >= within(({ longest }) => longest) && so <= within(({ shortest }) => shortest), {
      text: `A call is not in the bucket of its latency: calls ${whose}.`,
      expected: `By the kernel's clock, ${spelled(histogram(calls.map(({ shortest }) => shortest)))}, or up to ${spelled(histogram(calls.map(({ longest }) => longest)))}.`,
      actual: `${spelled(added)}.`,
      ...(help && { help }),
    });
  }
}

function histogram(latencies: readonly bigint[]): bigint[] {
  const all = Array.from({ length: 64 }, () => 0n);
  for (const latency of latencies) all[bucketOf(latency)]! += 1n;
  return all;
}
