/** What the two exercises on sizes of reads share: processes that read, and the histogram that must come of it. */
import { countsOf, describeBucket, describeBuckets, linearHistogram, parseBpftrace, sameHistogram, type Bucket, type BpftraceOutput } from '../../../grader/checks/bpftrace-output.ts';
import { evidence } from '../../../grader/checks/evidence.ts';
import { count, quote } from '../../../grader/checks/expect.ts';
import type { Kit } from '../../../grader/checks/kit.ts';
import { failures, performReads, type Step } from '../../../grader/checks/reads.ts';
import type { AttachedTo } from '../../../grader/checks/script.ts';
import type { Check } from '../../../grader/course/exercise.ts';

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
}

/**
 * The process that counts and those that do not read sizes of different buckets, so that a wrong bucket says who was
 * counted wrongly. Others have names that begin or end as its does.
 */
export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { random } = kit;
  const name = random.name(random.int(5, 12));
  const running = await kit.script(file).start([name]);
  const buckets = random.shuffle(Array.from({ length: 11 }, (_, i) => i));
  const size = (from: number[]) => {
    const bucket = random.pick(from);
    return bucket === 10 ? random.int(2000, 20_000) : random.int(Math.max(1, bucket * 200), bucket * 200 + 199);
  };
  const [own, others] = [buckets.slice(0, 6), buckets.slice(6)];
  const ends = random.several(2, 5, () => 0); // reads at the end of a file: 0 bytes, and no error
  const good = [...random.several(20, 60, () => size(own)), ...ends];
  const bad = random.several(6, 12, () => random.pick(Object.keys(failures) as (keyof typeof failures)[]));
  await performReads(kit, [
    ...[`${name}x`, name.slice(0, -1), `x${name}`.slice(0, 15), random.name(8)].map((other) => ({ name: other, steps: random.several(3, 9, () => size(others)) })),
    { name, steps: random.shuffle<Step>([...good, ...bad, 'directory']) },
  ]);
  const output = parseBpftrace((await running.stop()).stdout);
  const zeroes = own.includes(0) ? [] : [0]; // both kinds may meet in the lowest bucket: it then cannot tell
  const foreign = linearHistogram([], min, max, step).filter((_, i) => i > 0 && others.includes(i - 1) && !zeroes.includes(i - 1));
  return { attached: running.attached, name, output, seen: output.histograms.get('@bytes'), expected: linearHistogram(good, min, max, step), foreign };
});

const same = (a: Bucket, b: Bucket) => a.min === b.min && a.max === b.max;

export const histogramChecks: Check[] = [
  {
    id: 'fires',
    title: 'A histogram @bytes is printed at the end',
    stage: 'fires',
    points: 1,
    hints: {
      nudge: 'bpftrace prints each map when it ends. Is there one named @bytes?',
      concept: 'A function such as count(), hist() or lhist() on the right of = makes a map of its kind; without [key] it is one value for all.',
      line: '@bytes = lhist(…, 0, 2000, 200);',
    },
    rationale: 'Attached, but silent: a filter that never holds is the commonest cause.',
    async run(kit) {
      const { output, seen } = await watched(kit);
      const value = output.maps.get('@bytes');
      kit.expect(seen !== undefined && seen.some((bucket) => bucket.count > 0), {
        text: value === undefined ? 'There is no map @bytes at the end.' : 'The map @bytes holds no histogram.',
        expected: 'A histogram in the map @bytes, without a key.',
        actual: value === undefined ? `Maps: ${[...output.maps.keys()].join(', ').slice(0, 200) || 'none'}.` : `${quote(JSON.stringify(value), 200)}${countsOf(output, '@bytes') ? ', a map with keys.' : ''}`,
        help: 'If the name is right, no read has passed your filter: $1 is a word, and str($1) is its text.',
      });
    },
  },
  {
    id: 'buckets',
    title: `Its buckets go from ${min} to ${max} in steps of ${step}`,
    stage: 'correct',
    points: 1,
    after: ['fires'],
    hints: {
      nudge: 'Compare the first and the last number of each line of the histogram with the task.',
      concept: 'hist() doubles from bucket to bucket; lhist() has buckets of the same size, and two more for what is below and above.',
      line: 'lhist(value, 0, 2000, 200)',
    },
    rationale: 'The other checks compare bucket by bucket.',
    async run(kit) {
      const { seen = [] } = await watched(kit);
      const odd = seen.find((bucket) => !linearHistogram([], min, max, step).some((right) => same(bucket, right)));
      kit.expect(!odd, {
        text: 'The histogram has other buckets than the task asks for.',
        expected: `Buckets of ${step} bytes from ${min} to ${max}.`,
        actual: `A bucket for ${odd && describeBucket(odd).replace(/: \d+$/, '')}.`,
        help: 'lhist takes the value, the lowest and the highest number, and the size of a bucket.',
      });
    },
  },
  {
    id: 'only-one-process',
    title: 'Reads of other processes are left out',
    stage: 'correct',
    points: 2,
    after: ['buckets'],
    hints: {
      nudge: 'Everything on the machine reads all the time. Whose reads do you want?',
      concept: 'Between the probe and its action, /a condition/ decides whether the action runs. comm is the name of the process.',
      line: 'Write the filter as /comm == str($1)/, together with what else must hold.',
    },
    rationale: 'The negative control: processes with names that begin or end alike read sizes that the named one never reads.',
    async run(kit) {
      const { seen = [], foreign, name } = await watched(kit);
      const strays = seen.filter((bucket) => bucket.count > 0 && foreign.some((other) => same(bucket, other)));
      kit.expect(strays.length === 0, {
        text: 'The histogram counts reads of other processes, too.',
        expected: `Reads of the process ${quote(name)} only.`,
        actual: `Sizes that only others have read: ${describeBuckets(strays)}.`,
        help: 'A name that only begins alike is another name: compare the whole.',
      });
    },
  },
  {
    id: 'no-errors',
    title: 'Reads that failed are left out',
    stage: 'correct',
    points: 2,
    after: ['buckets'],
    hints: {
      nudge: 'What does read return when it fails?',
      concept: 'A system call that fails returns a negative number, such as -21 for a directory. That is no size. What a kretprobe returns, bpftrace takes for a number without a sign, until you say otherwise.',
      line: 'Let the action run only if the value is 0 or more; for retval, that is (int64)retval >= 0.',
    },
    rationale: 'The original workshop counted errors as sizes.',
    async run(kit) {
      const { seen = [] } = await watched(kit);
      const below = seen.filter((bucket) => bucket.min === undefined && bucket.count > 0);
      kit.expect(below.length === 0, {
        text: 'The histogram counts reads that failed.',
        expected: 'Nothing below 0.',
        actual: `Below 0: ${count(below[0]?.count ?? 0, 'read')}.`,
        help: 'Filter out negative values. If you do, mind whether bpftrace knows that the value has a sign.',
      });
    },
  },
  {
    id: 'each-read',
    title: 'Every read that succeeded is in its bucket',
    stage: 'correct',
    points: 3,
    after: ['only-one-process', 'no-errors'],
    hints: {
      nudge: 'Compare the numbers of the message below. Which sizes are missing, or too many?',
      concept: 'read returns how many bytes it has read. At the end of a file that is 0, which is not an error.',
      line: 'The filter should let through 0 and more, not only more than 0.',
    },
    rationale: 'Number and sizes are drawn anew each time, and the process asks for more bytes than there are.',
    async run(kit) {
      const { seen = [], expected } = await watched(kit);
      kit.expect(sameHistogram(seen, expected), {
        text: 'The histogram is not that of the reads which the process has made.',
        expected: describeBuckets(expected),
        actual: describeBuckets(seen),
        help: 'Count each successful read once, with what it returned, not with what was asked for.',
      });
    },
  },
];
