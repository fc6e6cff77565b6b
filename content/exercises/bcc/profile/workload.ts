/** Three busy programs, of which the second is sampled until the kernel has looked at it some hundred times; then the files that the script has written. */
import {
  type AttachedTo,
  type BusyPlan,
  BusyProgram,
  evidence,
  type Folded,
  highPids,
  type Kit,
  namesOf,
  parseFolded,
  planBusyProgram,
  samplesOf,
  type Stack,
  usableCpus,
} from '#kit';

export const file = 'profiler.py';
const [foldedFile, svgFile] = ['stacks.folded', 'flame.svg'];
const wanted = 300;
/** How often the kernel looks at the program that was started before: a third of all, more than a script may have without names. */
const wantedBefore = 150;

interface Watched {
  attached: AttachedTo[];
  plan: BusyPlan;
  /** Functions of the two programs that must not be sampled. */
  foreign: Set<string>;
  folded: Folded;
  /** Stacks with a function of the program in them. */
  own: Stack[];
  /** As many samples as the kernel has taken of the program meanwhile, for the program itself. */
  samples: number;
  /** The same for the first thread and the second. */
  threads: [number, number];
  /** How often the kernel ran the script's programs for perf events; null if it does not count. */
  runs: number | null;
  /** Of CPU time, that the program has used. */
  seconds: number;
  svg: string;
  /** What the script has said on standard error. */
  stderr: string;
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { random, folder, machine } = kit;
  const [plan, otherPlan, beforePlan] = [planBusyProgram(random), planBusyProgram(random), planBusyProgram(random)];
  // All are called the same: a process is known by its id, not by its name.
  const name = random.name(random.int(5, 12));
  await highPids(machine, random);
  const programs: BusyProgram[] = [];
  try {
    // One has a smaller id than the one that counts, and one a larger: neither `<` nor `>` tells it from both.
    for (const [one, where] of [
      [beforePlan, 'before'],
      [plan, 'target'],
      [otherPlan, 'other'],
    ] as const)
      programs.push(await BusyProgram.start(kit, one, `${folder}/${where}`, name));
    const [before, target, other] = programs as [BusyProgram, BusyProgram, BusyProgram];
    const out = [foldedFile, svgFile].map((one) => `${folder}/out/${one}`);
    for (const path of out) await machine.put(path, '');
    const running = await kit
      .script(file)
      .start([String(target.pid), `/out/${foldedFile}`, `/out/${svgFile}`], { out, countRuns: true });
    const cpus = await usableCpus(machine);
    // Each CPU has a thread of every program.
    const [one, two] = random.shuffle([cpus[0]!, cpus[1] ?? cpus[0]!]) as [number, number];
    before.work(wantedBefore, [one, two]);
    other.work(1_000_000, [two, one]);
    target.work(wanted, [one, two]);
    const worked = await target.worked();
    await before.worked();
    await other.stop();
    const { stderr } = await running.stop();
    const perfEvent = 7; // BPF_PROG_TYPE_PERF_EVENT
    const counted = running.runs.filter(({ type }) => type === perfEvent);
    const [text, svg] = await Promise.all(out.map((path) => read(kit, path)));
    const folded = parseFolded(text!);
    const names = namesOf(plan);
    return {
      ...worked,
      plan,
      runs: counted.length > 0 ? counted.reduce((sum, { runs }) => sum + runs, 0) : null,
      folded,
      stderr,
      svg: svg!,
      attached: running.attached,
      foreign: new Set([otherPlan, beforePlan].flatMap((one) => [...namesOf(one)]).filter((one) => !names.has(one))),
      own: folded.stacks.filter(({ frames }) => frames.some((frame) => names.has(frame))),
    };
  } finally {
    await Promise.all(programs.map((one) => one.stop()));
  }
});

async function read({ machine }: Kit, path: string): Promise<string> {
  return Buffer.from(await machine.get(path, 4 * 2 ** 20)).toString('utf8');
}

/** What a profile is compared in: each leaf, and the hot one by who calls it. */
export function compared({ hot, paths }: BusyPlan): { leaf: string; route?: string }[] {
  return [
    ...[...new Set(paths.map(({ leaf }) => leaf))].map((leaf) => ({ leaf })),
    ...paths.filter(({ leaf }) => leaf === hot),
  ];
}

/** The part of the work that is done in a leaf, 0 to 1; if a route is given, when called by it. */
export function workOf({ paths }: BusyPlan, leaf: string, route?: string): number {
  return (
    paths.reduce(
      (sum, path) => sum + (path.leaf === leaf && (route ?? path.route) === path.route ? path.share : 0),
      0,
    ) / 1000
  );
}

/** The part of the samples that were taken there. */
export function shareOf(plan: BusyPlan, stacks: readonly Stack[], leaf: string, route?: string): number {
  const here = samplesOf(
    stacks,
    (frames) => innermost(plan, frames) === leaf && (route === undefined || frames.includes(route)),
  );
  return here / Math.max(1, samplesOf(stacks));
}

/** The function of the program in which the time was spent: what it calls in a library counts as its own. */
function innermost(plan: BusyPlan, frames: readonly string[]): string | undefined {
  const names = namesOf(plan);
  return frames.findLast((frame) => names.has(frame));
}
