/** What the two exercises on sizes of reads share: processes that read, and the histogram that must come of it. */
import {
  type AttachedTo,
  type BpftraceOutput,
  type Bucket,
  defineChecks,
  count,
  countsOf,
  describeBucket,
  describeAttached,
  describeBuckets,
  evidence,
  failures,
  isRead,
  type Kit,
  linearHistogram,
  parseBpftrace,
  performReads,
  quote,
  type ReaderPlan,
  type Run,
  sameHistogram,
  scriptAttaches,
  type Step,
  usableCpus,
} from '#kit';

export const file = 'read-sizes.bt';
const [min, max, step] = [0, 2000, 200];

interface Watched {
  attached: AttachedTo[];
  name: string;
  output: BpftraceOutput;
  /** @bytes, if it is a histogram without a key. */
  seen: Bucket[] | undefined;
  expected: Bucket[];
  /** Buckets that only processes of other names should fill. */
  foreign: Bucket[];
  /** Buckets that only other system calls of the process should fill. */
  otherCalls: Bucket[];
}

/** What counts: calls of read alone, or whatever ends up in vfs_read, which pread does as well. */
type Counted = 'read' | 'vfs_read';

/**
 * The processes that count, those that do not, and the other calls of those that count have sizes of different buckets, so that a wrong
 * bucket says what was counted wrongly. Every workload has each bucket with both of its ends, sizes that fit no 16 bits, two processes
 * of the name, a thread, and all CPUs.
 */
export function histogramOf(counted: Counted): (kit: Kit) => Promise<Watched> {
  return evidence(async (kit: Kit): Promise<Watched> => {
    const { random } = kit;
    const name = random.name(random.int(6, 12));
    const running = await kit.script(file).start([name]);
    const cpus = await usableCpus(kit.machine);
    const between = random.shuffle([1, 2, 3, 4, 5, 6, 7, 8]);
    const [ofOthers, ofOtherCalls, ofPread] = [between.slice(0, 2), between.slice(2, 4), between[4]!];
    const own = [0, 9, 10, ...between.slice(5)];
    const edges = (bucket: number) =>
      bucket === 10 ? [2000, 40_000, 66_000] : [bucket * step, bucket * step + step - 1];
    const within = (bucket: number) =>
      bucket === 10 ? random.int(2000, 1_000_000) : random.int(...(edges(bucket) as [number, number]));
    const anyOf = (buckets: readonly number[]) => within(random.pick(buckets));
    const call = random.shuffle<'readv' | 'preadv' | 'recv' | 'write'>(['readv', 'preadv', 'recv', 'write']);
    const otherwise = call.flatMap((one) => random.several<Step>(2, 5, () => `${one}:${anyOf(ofOtherCalls)}`));
    const preads = random.several<Step>(3, 6, () => `pread:${within(ofPread)}`);
    const bad = Object.keys(failures).flatMap((way) => random.several<Step>(2, 4, () => way as keyof typeof failures));
    const half = (least: number, most: number) => [
      ...own.flatMap(edges),
      ...random.several<Step>(least, most, () => anyOf(own)),
      ...random.several<Step>(3, 6, () => 0),
      ...random.several<Step>(4, 8, () => `thread:${anyOf(own)}` as const),
    ];
    const plan = (of: string, cpu: number, steps: Step[]): ReaderPlan => ({
      name: of,
      steps: [`cpu:${cpus[cpu % cpus.length]!}`, ...random.shuffle(steps)],
    });
    const ours = [
      plan(name, 0, [...half(90, 140), ...bad, ...otherwise, ...preads]),
      plan(name, 1, [...half(30, 60), ...bad]),
      plan(name, 1, half(1, 3)),
    ];
    const otherNames = [`${name}x`, `x${name}`, name.slice(0, -1), name.slice(1), name.toUpperCase(), random.name(8)];
    const theirs = otherNames.map((other, i) =>
      plan(
        other,
        i,
        random.several<Step>(3, 9, () => anyOf(ofOthers)),
      ),
    );
    // Some of them as a user who is not root.
    const all = random.shuffle([...ours.slice(0, 2), ...theirs.slice(0, 4)]);
    await performReads(kit, all);
    await performReads(await asUser(kit, 70_000 + random.int(1, 999)), random.shuffle([ours[2]!, ...theirs.slice(4)]));
    const sizes = ours
      .flatMap(({ steps }) => steps)
      .map(
        (one) =>
          isRead(one) ?? (counted === 'vfs_read' && `${one}`.startsWith('pread:') ? Number(`${one}`.slice(6)) : null),
      )
      .filter((size) => size !== null);
    const output = parseBpftrace((await running.stop()).stdout);
    const empty = linearHistogram([], min, max, step);
    const only = (buckets: readonly number[]) => buckets.map((bucket) => empty[bucket + 1]!);
    return {
      attached: running.attached,
      name,
      output,
      seen: output.histograms.get('@bytes'),
      expected: linearHistogram(sizes, min, max, step),
      foreign: only(ofOthers),
      otherCalls: only(counted === 'read' ? [...ofOtherCalls, ofPread] : ofOtherCalls),
    };
  });
}

/** The same tools, but the reader becomes this user first. */
async function asUser(kit: Kit, uid: number): Promise<Kit> {
  const reader = `${kit.folder}/reader-of-${uid}`;
  const become = `setpriv --reuid ${uid} --regid ${uid} --clear-groups`;
  await kit.machine.put(reader, `#!/bin/sh\nexec ${become} ${kit.toolkit.reader}\n`, 0o755);
  return { ...kit, toolkit: { ...kit.toolkit, reader } };
}

/** Attached where the task says, and nowhere else in the kernel; bpftrace's own BEGIN, END and interval are elsewhere. */
export function attachesOnly(watched: ReturnType<typeof histogramOf>, places: RegExp): Run {
  const there = scriptAttaches(watched);
  return async (kit, check) => {
    await there(kit, check);
    const { attached } = await watched(kit);
    const elsewhere = attached.filter(
      ({ kind, target }) => !['perf_event', 'uprobe', 'uretprobe'].includes(kind) && !places.test(`${kind} ${target}`),
    );
    kit.expect(elsewhere.length === 0, {
      text: `${file} is attached to other places as well.`,
      expected: 'One place, from which all numbers come.',
      actual: describeAttached(elsewhere),
    });
  };
}

const same = (a: Bucket, b: Bucket) => a.min === b.min && a.max === b.max;

/** `watched` is what `histogramOf` gives. */
export const histogramRuns = (watched: ReturnType<typeof histogramOf>) =>
  defineChecks({
    async fires(kit) {
      const { output, seen } = await watched(kit);
      const value = output.maps.get('@bytes');
      kit.expect(seen !== undefined && seen.some((bucket) => bucket.count > 0), {
        text: value === undefined ? 'There is no map @bytes at the end.' : 'The map @bytes holds no histogram.',
        expected: 'A histogram in the map @bytes, without a key.',
        actual:
          value === undefined
            ? output.maps.size > 0
              ? `Other maps: ${quote([...output.maps.keys()].join(', ')).slice(1, -1)}.`
              : 'No map at all, as if the action had never run.'
            : `${quote(JSON.stringify(value), 200)}${countsOf(output, '@bytes') ? ', a map with keys.' : ''}`,
      });
    },

    async buckets(kit) {
      const { seen = [] } = await watched(kit);
      const odd = seen.find((bucket) => !linearHistogram([], min, max, step).some((right) => same(bucket, right)));
      kit.expect(!odd, {
        text: 'The histogram has other buckets than the task asks for.',
        expected: `Buckets of ${step} bytes from ${min} to ${max}.`,
        actual: `A bucket for ${odd && describeBucket(odd).replace(/: \d+$/, '')}.`,
      });
    },

    async 'only-one-process'(kit) {
      const { seen = [], expected, foreign, name } = await watched(kit);
      // A size that lands in another bucket is not somebody else's read: there would be more of them.
      const hasMore = total(seen) > total(expected);
      const strays = hasMore
        ? seen.filter((bucket) => bucket.count > 0 && foreign.some((other) => same(bucket, other)))
        : [];
      kit.expect(strays.length === 0, {
        text: 'The histogram counts reads of other processes, too.',
        expected: `Reads of the process ${quote(name)} only.`,
        actual: `Sizes that only others have read: ${describeBuckets(strays)}.`,
      });
    },

    async 'no-errors'(kit) {
      const { seen = [] } = await watched(kit);
      const below = seen.filter((bucket) => bucket.min === undefined && bucket.count > 0);
      kit.expect(below.length === 0, {
        text: 'The histogram counts reads that failed.',
        expected: 'Nothing below 0.',
        actual: `Below 0: ${count(below[0]?.count ?? 0, 'read')}.`,
      });
    },

    async 'each-read'(kit) {
      const { seen = [], expected, otherCalls } = await watched(kit);
      const strays = seen.filter((bucket) => bucket.count > 0 && otherCalls.some((other) => same(bucket, other)));
      kit.expect(strays.length === 0, {
        text: 'The histogram counts other system calls of the process, too.',
        expected: 'What read has returned, and nothing else.',
        actual: `Sizes that only other calls have had: ${describeBuckets(strays)}.`,
        help: 'other-calls',
      });
      kit.expect(sameHistogram(seen, expected), {
        text: 'The histogram is not that of the reads which the process has made.',
        expected: describeBuckets(expected),
        actual: describeBuckets(seen),
        help: 'each',
      });
    },
  });

function total(buckets: readonly { count: number }[]): number {
  return buckets.reduce((sum, bucket) => sum + bucket.count, 0);
}
