import { count, defineChecks, evidence, type Kit } from '#kit';
import { type Call, measure, type Phase } from './workload.ts';

const measured = evidence((kit) => measure(kit, kit.program('latency.bpf.c')));

const sum = (added: readonly bigint[]): bigint => added.reduce((all, one) => all + one, 0n);
/** '2 in bucket 21, 1 in bucket 30' */
const spelled = (added: readonly bigint[]): string =>
  added.flatMap((number, bucket) => (number === 0n ? [] : [`${number} in bucket ${bucket}`])).join(', ') || 'nothing';
const bucketOf = (latency: bigint): number => Math.min(63, Math.max(0, latency.toString(2).length - 1));

export default defineChecks({
  async fires(kit) {
    const { calls, added } = (await measured(kit)).alone;
    kit.expect.equal(sum(added), BigInt(calls.length), {
      text: 'Not each call of the target is counted once.',
      expected: `${calls.length}, the sum of all buckets after ${count(calls.length, 'call')}.`,
      actual: `${sum(added)}: ${spelled(added)}.`,
      help: sum(added) < calls.length ? 'missing' : 'more',
    });
  },

  buckets: async (kit) =>
    rightBuckets(kit, (await measured(kit)).alone, { text: 'of one thread, one after the other' }),
  together: async (kit) => rightBuckets(kit, (await measured(kit)).together, { text: 'of several threads at once' }),

  async others(kit) {
    const { others, exchanged } = await measured(kit);
    nothing(kit, others, {
      text: 'What the target has not called is counted.',
      help: 'filter',
    });
    rightBuckets(kit, exchanged, {
      text: 'of another process, which is the target from now on',
      help: 'target',
    });
  },

  async failed(kit) {
    nothing(kit, (await measured(kit)).failed, { text: 'Calls that return an error are counted.' });
  },

  async room(kit) {
    const { calls, added } = (await measured(kit)).crowd;
    kit.expect.equal(sum(added), BigInt(calls.length), {
      text: 'Calls get lost after many other threads have called.',
      expected: `${count(calls.length, 'call')}, each by a thread of its own, after as many that failed.`,
      actual: `${sum(added)} counted.`,
    });
  },

  async entered(kit) {
    const { entered, next } = await measured(kit);
    for (const [index, missing] of ['enter', 'leave'].entries())
      nothing(kit, entered[index]!, {
        text: `A call is counted that began before ${missing} was attached.`,
        help: 'start',
      });
    rightBuckets(kit, next, {
      text: 'of a thread whose call before was not seen to end',
      help: 'old',
    });
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

type Words = Pick<Parameters<Kit['expect']>[1], 'text' | 'help'>;

/** Nothing may be counted in this phase. */
function nothing(kit: Kit, { added }: Phase, words: Words): void {
  kit.expect(sum(added) === 0n, {
    expected: 'Nothing is added to latencies.',
    actual: `${spelled(added)}.`,
    ...words,
  });
}

/** Each call is somewhere between its shortest and its longest time, so it is in one of a few buckets: mostly in one. `text` says whose calls. */
function rightBuckets(kit: Kit, { calls, added }: Phase, { text, ...words }: Words): void {
  kit.expect.equal(sum(added), BigInt(calls.length), {
    text: `Not each call is counted once: calls ${text}.`,
    expected: `${count(calls.length, 'call')}.`,
    actual: `${spelled(added)}.`,
    ...words,
  });
  let so = 0n;
  for (const [bucket, number] of added.entries()) {
    so += number;
    const within = (bound: (call: Call) => bigint) =>
      BigInt(calls.filter((call) => bucketOf(bound(call)) <= bucket).length);
    kit.expect(so >= within(({ longest }) => longest) && so <= within(({ shortest }) => shortest), {
      text: `A call is not in the bucket of its latency: calls ${text}.`,
      expected: `By the kernel's clock, ${spelled(histogram(calls.map(({ shortest }) => shortest)))}, or up to ${spelled(histogram(calls.map(({ longest }) => longest)))}.`,
      actual: `${spelled(added)}.`,
      ...words,
    });
  }
}

function histogram(latencies: readonly bigint[]): bigint[] {
  const all = Array.from({ length: 64 }, () => 0n);
  for (const latency of latencies) all[bucketOf(latency)]! += 1n;
  return all;
}
