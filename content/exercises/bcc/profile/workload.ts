/** Two busy programs, of which one is sampled until the kernel has looked at it some hundred times; then the files that the script has written. */
import { BusyProgram, namesOf, planBusyProgram, type BusyPlan } from '../../../../grader/checks/busy-program.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { type Folded, parseFolded, samplesOf, type Stack } from '../../../../grader/checks/folded.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { AttachedTo } from '../../../../grader/checks/script.ts';

export const file = 'profiler.py';
const [foldedFile, svgFile] = ['stacks.folded', 'flame.svg'];
const wanted = 300;

interface Watched {
  attached: AttachedTo[];
  plan: BusyPlan;
  /** Functions of the program that must not be sampled. */
  foreign: Set<string>;
  folded: Folded;
  /** Stacks with a function of the program in them. */
  own: Stack[];
  /** As many samples as the kernel has taken of the program meanwhile, for the program itself. */
  samples: number;
  /** Of CPU time, that the program has used. */
  seconds: number;
  svg: string;
  /** What the script has said on standard error. */
  stderr: string;
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { random, folder, machine } = kit;
  const [plan, otherPlan] = [planBusyProgram(random), planBusyProgram(random)];
  // Both are called the same: a process is known by its id, not by its name.
  const name = random.name(random.int(5, 12));
  const [target, other] = await Promise.all([BusyProgram.start(kit, plan, `${folder}/target`, name), BusyProgram.start(kit, otherPlan, `${folder}/other`, name)]);
  try {
    const out = [foldedFile, svgFile].map((one) => `${folder}/out/${one}`);
    for (const path of out) await machine.put(path, '');
    const running = await kit.script(file).start([String(target.pid), `/out/${foldedFile}`, `/out/${svgFile}`], { out });
    other.work(1_000_000);
    target.work(wanted);
    const worked = await target.worked();
    await other.stop();
    const { stderr } = await running.stop();
    const [text, svg] = await Promise.all(out.map((path) => read(kit, path)));
    const folded = parseFolded(text!);
    const names = namesOf(plan);
    return {
      ...worked, plan, folded, stderr, svg: svg!, attached: running.attached,
      foreign: new Set([...namesOf(otherPlan)].filter((one) => !names.has(one))),
      own: folded.stacks.filter(({ frames }) => frames.some((frame) => names.has(frame))),
    };
  } finally {
    await Promise.all([target.stop(), other.stop()]);
  }
});

async function read({ machine }: Kit, path: string): Promise<string> {
  return Buffer.from(await machine.get(path, 4 * 2 ** 20)).toString('utf8');
}

/** What a profile is compared in: each leaf, and the hot one by who calls it. */
export function compared({ hot, paths }: BusyPlan): { leaf: string; route?: string }[] {
  return [...[...new Set(paths.map(({ leaf }) => leaf))].map((leaf) => ({ leaf })), ...paths.filter(({ leaf }) => leaf === hot)];
}

/** The part of the work that is done in a leaf, 0 to 1; if a route is given, when called by it. */
export function workOf({ paths }: BusyPlan, leaf: string, route?: string): number {
  return paths.reduce((sum, path) => sum + (path.leaf === leaf && (route ?? path.route) === path.route ? path.share : 0), 0) / 1000;
}

/** The part of the samples that were taken there. */
export function shareOf(plan: BusyPlan, stacks: readonly Stack[], leaf: string, route?: string): number {
  const here = samplesOf(stacks, (frames) => innermost(plan, frames) === leaf && (route === undefined || frames.includes(route)));
  return here / Math.max(1, samplesOf(stacks));
}

/** The function of the program in which the time was spent: what it calls in a library counts as its own. */
function innermost(plan: BusyPlan, frames: readonly string[]): string | undefined {
  const names = namesOf(plan);
  return frames.findLast((frame) => names.has(frame));
}
