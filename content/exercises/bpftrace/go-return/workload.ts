/** The thermometer, watched by the learner's script while it works. */
import { readFile } from 'node:fs/promises';
import {
  type AttachedTo,
  buildGo,
  evidence,
  type GoProgram,
  imageBase,
  type Instruction,
  type Kit,
  type Machine,
  parseBpftrace,
  parseListing,
  returnsOf,
  type RunResult,
  sameCode,
  Unsupported,
  usableCpus,
} from '#kit';

export const file = 'go-return.bt';
export const watchedFunction = 'main.celsius';
const endMs = 20_000;
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
  /** It printed something before it was told to end. */
  inTime: boolean;
  /** Names of maps that were printed at the end, or before. */
  maps: string[];
  /** The lines of it that are no whole numbers. */
  odd: string[];
  /** Those that are. */
  seen: bigint[];
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { machine, random } = kit;
  const { path, listing } = await buildThermometer(machine, kit.folder);
  const { start, instructions } = parseListing(listing);
  if (!sameCode({ start, instructions }, parseListing(await here('celsius.txt')))) refuseCompiler(machine, listing);
  // Of each sensor, frost and heat: neither where the function returns nor the sign of what it returns says the other. The edges: what
  // each way out returns first and last, 0, -1 and 1, and what needs more than 53 bits.
  const drawn = [
    [-1_000_000, -1],
    [1, 272],
    [274, 9998],
    [10_001, 273_149_998],
    [273_150_002, 4_000_000_000],
  ].flatMap(([min, max]) => random.several(9, 15, () => random.int(min!, max!)));
  drawn.push(...random.several(9, 15, () => random.int(5, 1_000_000) * 1_000_000_000 + random.int(0, 999_999_999)));
  const edges = [0, 273, 9999, 10_000, 273_149_999, 273_150_000, 273_150_001, 1_000_000_000_000_000];
  const twice = random.several(4, 8, () => random.pick(drawn));
  // And some three times in a row.
  const readings = random
    .shuffle([...drawn, ...edges, ...twice, 273_150_000])
    .flatMap((reading, i) => (i % 12 === 5 ? [reading, reading, reading] : [reading]));
  // Two processes of the program, one after the other: of root, and of another user, who keeps to the last CPU.
  const half = random.int(20, readings.length - 20);
  const running = await kit.script(file).start([path], { show: [path], uprobes: true });
  const ends: RunResult[] = [];
  const cpu = (await usableCpus(machine)).at(-1)!;
  const second = { argv: ['taskset', '-c', String(cpu), path], uid: 70_000 + random.int(1, 999) };
  for (const { some, argv, uid } of [
    { some: readings.slice(0, half), argv: [path], uid: 0 },
    { some: readings.slice(half), ...second },
  ]) {
    const input = some.map((reading) => `${reading}\n`).join('');
    ends.push(await machine.run(argv, { input, uid, timeoutMs: 30_000 }));
  }
  const inTime = (await running.lineWith((line) => /^\{"type": *"(printf|value)"/.test(line), endMs)) !== null;
  const ended = ends.find(({ code }) => code !== 0) ?? ends[0]!;
  const output = parseBpftrace((await running.stop()).stdout);
  const { printed } = output;
  const reports = ends.flatMap(({ stdout }) => [...stdout.matchAll(/^celsius (-?\d+) fahrenheit (-?\d+)$/gm)]);
  if (ended.code === 0 && reports.length !== readings.length)
    throw new Error(`The thermometer reports ${reports.length} of ${readings.length} readings.`);
  const lines = (printed.endsWith('\n') ? printed.slice(0, -1) : printed)
    .split('\n')
    .slice(0, printed === '' ? 0 : undefined);
  const whole = /^-?\d{1,20}$/;
  const inFunction = ({ kind, target, offset }: AttachedTo) =>
    kind === 'uprobe' && target === path ? instructions.filter((one) => start - imageBase + one.offset === offset) : [];
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
    inTime,
    maps: [...output.maps.keys()],
    odd: lines.filter((line) => !whole.test(line)),
    seen: lines.filter((line) => whole.test(line)).map(BigInt),
  };
});

export async function buildThermometer(machine: Machine, folder: string): Promise<GoProgram> {
  return buildGo(machine, folder, 'thermometer', await here('thermometer.go'), watchedFunction);
}

/** The learner has counted offsets in program/celsius.txt. */
function refuseCompiler(machine: Machine, listing: string): never {
  if (machine.info.kind === 'host')
    throw new Unsupported(`This machine's Go compiles ${watchedFunction} to other instructions than the task shows.`);
  throw new Error(
    `The guest's Go compiles ${watchedFunction} to other instructions than program/celsius.txt shows; record it anew with: npm run record\n${listing}`,
  );
}
