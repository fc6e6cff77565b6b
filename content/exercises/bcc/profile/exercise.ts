import {
  CheckFailure,
  count,
  defineChecks,
  describeAttached,
  frequency,
  goesThrough,
  namesOf,
  quote,
  type Rectangle,
  rectangles,
  samplesOf,
  type Stack,
  standsOn,
  starts,
  widthOf,
  XmlError,
} from '#kit';
import { compared, file, shareOf, watched, workOf } from './workload.ts';

const percent = (share: number) => `${Math.round(100 * share)}%`;
const line = ({ frames, samples }: Stack) => quote(`${frames.join(';')} ${samples}`).slice(1, -1);
const most = (stacks: readonly Stack[]) => stacks.toSorted((a, b) => b.samples - a.samples)[0];
// Some 300 samples stray by less than 3 points from the true share, two times in three.
const tolerance = 0.15;

export default defineChecks({
  runs: starts(watched),

  async attaches(kit) {
    const { attached } = await watched(kit);
    kit.expect(
      attached.some(({ kind }) => kind === 'perf_event'),
      {
        text: `${file} is attached, but not to a perf event that samples.`,
        expected: 'A program on PERF_COUNT_SW_CPU_CLOCK.',
        actual: describeAttached(attached),
      },
    );
  },

  async fires(kit) {
    const { folded, samples, stderr, runs } = await watched(kit);
    kit.expect(folded.stacks.length + folded.odd.length > 0, {
      text: 'After Ctrl-C there is nothing in the first file.',
      expected: `About ${samples} samples in all.`,
      actual: stderr.trim() === '' ? 'An empty file.' : quote(stderr.trim().split('\n').at(-1)!, 500).slice(1, -1),
      ...(stderr.trim() !== '' && { wholeLog: stderr }),
      help: 'nothing',
    });
    const all = samplesOf(folded.stacks);
    kit.expect(runs === null || all <= runs, {
      text: 'There are more samples in the first file than your BPF program can have taken.',
      expected: `At most one for each of its ${count(runs ?? 0, 'run')} at a perf event.`,
      actual: `${all}.`,
      help: 'more-than-runs',
    });
  },

  async format(kit) {
    const { folded } = await watched(kit);
    kit.expect(folded.odd.length === 0, {
      text: 'A line of the first file is no folded stack.',
      expected: 'main;parse;read 42',
      actual: quote(folded.odd[0] ?? '').slice(1, -1),
    });
  },

  async names(kit) {
    const { folded, own, plan } = await watched(kit);
    kit.expect(own.length > 0, {
      text: 'No stack holds a function of the program.',
      expected: `Stacks with main, ${plan.loop} and others.`,
      actual: line(most(folded.stacks) ?? { frames: ['nothing'], samples: 0 }),
    });
  },

  async 'only-that-process'(kit) {
    const { folded, own, foreign } = await watched(kit);
    const stray = folded.stacks.find(({ frames }) => frames.some((frame) => foreign.has(frame)));
    kit.expect(!stray, {
      text: 'There are samples of another process.',
      expected: 'Samples of the process whose id was given.',
      actual: stray ? line(stray) : '',
      help: 'counted-too',
    });
    const [all, ours] = [samplesOf(folded.stacks), samplesOf(own)];
    kit.expect(ours >= 0.8 * all, {
      text: 'Many samples hold no function of the program at all.',
      expected: 'Samples of the process whose id was given.',
      actual: `${all - ours} of ${count(all, 'sample')}, such as ${line(most(folded.stacks.filter((stack) => !own.includes(stack))) ?? { frames: [], samples: 0 })}`,
      help: 'without-names',
    });
  },

  async 'whole-stacks'(kit) {
    const { own, plan } = await watched(kit);
    const { recursive } = plan;
    const times = (route: string) => (route === recursive.route ? recursive.times : 1);
    const whole = (frames: readonly string[]) =>
      plan.paths.some(({ route, leaf }) =>
        ['main', plan.worker].some((first) =>
          goesThrough(frames, [first, plan.loop, ...Array<string>(times(route)).fill(route), leaf]),
        ),
      );
    const odd = own.filter(({ frames }) => !whole(frames));
    const [folds] = odd.filter(
      ({ frames }) => frames.includes(recursive.route) && plan.paths.some(({ leaf }) => leaf === frames.at(-1)),
    );
    kit.expect(samplesOf(own, whole) >= 0.5 * samplesOf(own), {
      text: 'Stacks do not lead from where a thread begins to the function that was running.',
      expected: `main;${plan.loop};… or ${plan.worker};${plan.loop};… and then who is called by that.`,
      actual: line(most(odd) ?? { frames: [], samples: 0 }),
    });
    const through = samplesOf(own, (frames) => frames.includes(recursive.route));
    const right = samplesOf(own, (frames) => frames.includes(recursive.route) && whole(frames));
    kit.expect(right >= 0.8 * through, {
      text: `A function that calls itself is not there as often as it was called.`,
      expected: `${recursive.route} ${recursive.times} times, one after the other.`,
      actual: line(folds ?? most(odd) ?? { frames: [], samples: 0 }),
    });
  },

  async hot(kit) {
    const { own, plan, samples: wanted, seconds, threads } = await watched(kit);
    const all = samplesOf(own);
    // Two clocks that look at the same process do not tick as one.
    kit.expect(all >= wanted / 2 && all <= 1.5 * wanted, {
      text:
        all < wanted
          ? 'There are far fewer samples than the process has used time.'
          : 'There are far more samples than the process has used time.',
      expected: `About ${wanted}, as the kernel has taken in the same ${seconds.toFixed(1)} seconds of CPU time, ${frequency} times a second.`,
      actual: `${all}, such as ${line(most(own) ?? { frames: [], samples: 0 })}`,
      help: 'number',
    });
    const begin = ['main', plan.worker];
    const each = begin.map((first) => samplesOf(own, (frames) => frames.includes(first)));
    const lost = begin.findIndex((_, i) => each[i]! < threads[i]! / 2 || each[i]! > 1.5 * threads[i]!);
    kit.expect(lost < 0, {
      text: 'The threads of the process are not sampled alike.',
      expected: `About ${threads[0]} samples of the thread that begins in main, and ${threads[1]} of the one that begins in ${plan.worker}.`,
      actual: `${each[0]} and ${each[1]}.`,
      help: 'threads',
    });
    for (const { leaf, route } of compared(plan)) {
      const [truth, seen] = [workOf(plan, leaf, route), shareOf(plan, own, leaf, route)];
      kit.expect(Math.abs(seen - truth) <= tolerance, {
        text: `The share of ${leaf}${route ? ` when called by ${route}` : ''} is not that of the work.`,
        expected: `About ${percent(truth)}: so much of the work is done there.`,
        actual: `${percent(seen)} of the samples.`,
        help: 'share',
      });
    }
  },

  async picture(kit) {
    const { svg, own, plan } = await watched(kit);
    const drawn = new Set(readPicture(svg).map(({ name }) => name));
    const missing = own
      .flatMap(({ frames }) => frames)
      .find((frame) => (frame === 'main' || namesOf(plan).has(frame)) && !drawn.has(frame));
    kit.expect(missing === undefined, {
      text: 'The picture lacks a function that is in the first file.',
      expected: `A <rect> with the title ${quote(`${missing} (42 samples, …)`)}.`,
      actual:
        drawn.size === 0
          ? 'No rectangle with a title.'
          : `Rectangles of ${quote([...drawn].slice(0, 12).join(', ')).slice(1, -1)}.`,
    });
  },

  async widths(kit) {
    const { svg, own, folded, plan } = await watched(kit);
    const picture = readPicture(svg);
    const all = samplesOf(folded.stacks);
    for (const name of namesOf(plan)) {
      // A function that calls itself has a rectangle for each call.
      const drawn = own.reduce(
        (sum, { frames, samples }) => sum + samples * frames.filter((one) => one === name).length,
        0,
      );
      const share = drawn / all;
      kit.expect(Math.abs(widthOf(picture, name) - share) <= 0.05, {
        text: `The width of ${name} is not its share of the samples.`,
        expected: `${percent(share)} of the width, as in the first file.`,
        actual: `${percent(widthOf(picture, name))} of the width.`,
        help: 'share',
      });
    }
    const callers = new Set(own.flatMap(({ frames }) => frames.filter((_, i) => frames[i + 1] === plan.hot)));
    const below = picture.filter(({ name }) => callers.has(name));
    const alone = picture.find((one) => one.name === plan.hot && !below.some((other) => standsOn(one, other)));
    kit.expect(!alone, {
      text: `A rectangle of ${plan.hot} stands on none of its callers.`,
      expected: `It is above one of ${[...callers].join(', ')}, and no wider.`,
      help: 'order',
    });
  },
});

function readPicture(svg: string): Rectangle[] {
  try {
    return rectangles(svg);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new CheckFailure({
      text: 'The second file is no SVG that a browser could show.',
      expected: 'An <svg> with a <rect> and its <title> for each function.',
      actual: svg === '' ? 'An empty file.' : error.message,
      help: 'Close what you open, and escape < and & in text.',
    });
  }
}
