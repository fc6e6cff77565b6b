/** The thermometer, watched by the learner's script while it works. */
import { readFile } from 'node:fs/promises';
import { parseBpftrace } from '../../../../grader/checks/bpftrace-output.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { Unsupported } from '../../../../grader/checks/failure.ts';
import { buildGo, type GoProgram, imageBase } from '../../../../grader/checks/go.ts';
import { type Instruction, parseListing, returnsOf, sameCode } from '../../../../grader/checks/go-listing.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { AttachedTo } from '../../../../grader/checks/script.ts';
import type { Machine, RunResult } from '../../../../grader/machine/machine.ts';

export const file = 'go-return.bt';
export const watchedFunction = 'main.celsius';
const here = (name: string) => readFile(new URL(`program/${name}`, import.meta.url), 'utf8');

interface Watched {
  /** Path of the program. */
  program: string;
  attached: AttachedTo[];
  /** Of the uprobes in the function, the instructions that they are at. */
  probed: Instruction[];
  returns: Instruction[];
  ended: RunResult;
  readings: bigint[];
  /** By the program's own log. */
  celsius: bigint[];
  fahrenheit: bigint[];
  printed: string;
  /** The lines of it that are whole numbers. */
  seen: bigint[];
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { machine, random } = kit;
  const { path, listing } = await buildThermometer(machine, kit.folder);
  const { start, instructions } = parseListing(listing);
  if (!sameCode({ start, instructions }, parseListing(await here('celsius.txt')))) refuseCompiler(machine, listing);
  // Of each sensor, frost and heat: neither where the function returns nor the sign of what it returns says the other.
  const drawn = [[1, 272], [274, 9999], [10_000, 273_000_000], [274_000_000, 4_000_000_000]].flatMap(([min, max]) => random.several(3, 7, () => random.int(min!, max!)));
  const readings = random.shuffle([...drawn, random.pick(drawn)]);
  const running = await kit.script(file).start([path], { show: [path], uprobes: true });
  const ended = await machine.run([path], { input: readings.map((reading) => `${reading}\n`).join(''), timeoutMs: 30_000 });
  const { printed } = parseBpftrace((await running.stop()).stdout);
  const reports = [...ended.stdout.matchAll(/^celsius (-?\d+) fahrenheit (-?\d+)$/gm)];
  if (ended.code === 0 && reports.length !== readings.length) throw new Error(`The thermometer reports ${reports.length} of ${readings.length} readings.`);
  const inFunction = ({ kind, target, offset }: AttachedTo) => (kind === 'uprobe' && target === path ? instructions.filter((one) => start - imageBase + one.offset === offset) : []);
  return {
    program: path,
    attached: running.attached,
    probed: running.attached.flatMap(inFunction),
    returns: returnsOf({ start, instructions }),
    ended,
    readings: readings.map(BigInt),
    celsius: reports.map(([, value]) => BigInt(value!)),
    fahrenheit: reports.map(([, , value]) => BigInt(value!)),
    printed,
    seen: printed.split('\n').filter((line) => /^\s*-?\d{1,20}\s*$/.test(line)).map(BigInt),
  };
});

export async function buildThermometer(machine: Machine, folder: string): Promise<GoProgram> {
  return buildGo(machine, folder, 'thermometer', await here('thermometer.go'), watchedFunction);
}

/** The learner has counted offsets in program/celsius.txt. */
function refuseCompiler(machine: Machine, listing: string): never {
  if (machine.info.kind === 'host') throw new Unsupported(`This machine's Go compiles ${watchedFunction} to other instructions than the task shows.`);
  throw new Error(`The guest's Go compiles ${watchedFunction} to other instructions than program/celsius.txt shows; record it anew with: npm run record\n${listing}`);
}
