/**
 * Frames with readings, in three parts that the kernel runs one after the other: of meters that are there, of numbers that are none, and
 * frames that carry no reading. After each part the sums are read.
 */
import type { Kit, Program, Read } from '#kit';

export const meters = 20;
export const shape = { elsewhere: 'u64', by_meter: ['u64', meters] } as const;
export type Sums = Read<typeof shape>;

interface Reading {
  meter: number;
  joules: number;
}

export interface Part {
  readings: Reading[];
  before: Sums;
  after: Sums;
}

export interface Added {
  known: Part;
  unknown: Part;
  /** Neither of these changes a sum. */
  others: Part;
  /** Frames that the program did not pass on as they were, in words. */
  spoilt: string[];
  frames: number;
}

export async function addReadings({ random }: Kit, program: Program): Promise<Added> {
  const xdp = await program.only('xdp');
  const sums = await program.variable('sums', shape);
  // None, such as go beyond 2^32 with the first large reading, and such as are far beyond it.
  const begin = () => BigInt(random.int(2 ** 31, 2 ** 32 - 1)) * BigInt(random.pick([1, 1, 2 ** 20]));
  const begins = random.shuffle([0n, 0n, ...Array.from({ length: meters - 2 }, begin)]);
  await sums.set({ elsewhere: begin(), by_meter: begins });

  const spoilt: string[] = [];
  const run = async (readings: Reading[], frames: readonly Uint8Array[]): Promise<Part> => {
    const before = await sums.get();
    const runs = await xdp.runEach(frames);
    runs.forEach(({ retval, data }, index) => {
      if (retval !== pass) spoilt.push(`The program returns ${retval} for ${describe(frames[index]!)}.`);
      else if (!Buffer.from(data).equals(frames[index]!))
        spoilt.push(`Other bytes come out of ${describe(frames[index]!)}.`);
    });
    return { readings, before, after: await sums.get() };
  };

  const known = drawKnown(random);
  const unknown = drawUnknown(random);
  // The first ends with its reading, the second is as long as Ethernet allows.
  const frame = (reading: Reading, index: number) =>
    makeFrame(random, meterType, reading, [0, longest - whole][index] ?? random.pick([0, random.int(1, 100)]));
  const others = random.shuffle(drawOthers(random));
  return {
    known: await run(known, known.map(frame)),
    unknown: await run(unknown, unknown.map(frame)),
    others: await run([], others),
    spoilt,
    frames: known.length + unknown.length + others.length,
  };
}

/** 'a frame of 22 bytes with EtherType 0x88b5' */
function describe(frame: Uint8Array): string {
  const etherType = Buffer.from(frame).readUInt16BE(12).toString(16).padStart(4, '0');
  return `a frame of ${frame.length} bytes with EtherType 0x${etherType}`;
}

const pass = 2;
const meterType = 0x88b5;
const ethernet = 14;
/** Bytes of an Ethernet header and a reading. */
const whole = ethernet + 8;
const longest = 1514;

/** Each meter some times, and each once with more than fits in 31 bits. */
function drawKnown(random: Kit['random']): Reading[] {
  return random.shuffle(
    Array.from({ length: meters }, (_, meter) => [
      { meter, joules: random.int(2 ** 31, 2 ** 32 - 1) },
      ...random.several(1, 3, () => ({ meter, joules: random.int(1, 60_000) })),
    ]).flat(),
  );
}

/**
 * One beyond each end, the ends of every width, what is a meter's number in its lower bits, after a division by 20, or without its sign,
 * and any others.
 */
function drawUnknown(random: Kit['random']): Reading[] {
  const meter = () => random.int(0, meters - 1);
  const edges = [20, 21, 31, 32, 63, 64, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 31 - 1];
  const numbers = [
    ...edges,
    ...edges.map((edge) => -edge),
    -1,
    -19,
    -(2 ** 31),
    ...[8, 16, 24].map((bits) => 2 ** bits + meter()),
    ...[8, 16, 24, 31].map((bits) => -(2 ** bits) + meter()),
    ...random.several(3, 6, () => meters * random.int(2, 100_000_000) + meter()),
    ...random.several(3, 6, () => -random.int(1, meters - 1)),
    ...random.several(3, 6, () => random.int(meters, 255)),
    ...random.several(3, 6, () => random.int(256, 2 ** 31 - 1)),
    ...random.several(3, 6, () => -random.int(meters, 2 ** 31 - 1)),
  ];
  return random.shuffle(numbers.map((number) => ({ meter: number, joules: random.int(1, 2 ** 32 - 1) })));
}

/**
 * Other EtherTypes, the meters' own with each bit changed and with its bytes swapped among them; readings behind a tag, whose EtherType
 * is the tag's; and frames that end before the reading does.
 */
function drawOthers(random: Kit['random']): Uint8Array[] {
  const reading = () => ({ meter: random.int(0, meters + 5), joules: random.int(1, 2 ** 32 - 1) });
  const near = Array.from({ length: 16 }, (_, bit) => meterType ^ (1 << bit));
  const types = [...near, 0xb588, 0x0800, 0x86dd, 0x8100, 0, 0xffff];
  return [
    ...types.map((type) => makeFrame(random, type, reading(), random.int(0, 60))),
    ...[0x8100, 0x88a8, 0x9100].map((tag) => tagged(makeFrame(random, meterType, reading(), random.int(0, 60)), tag)),
    ...Array.from({ length: whole - ethernet }, (_, index) =>
      makeFrame(random, meterType, reading(), 0).subarray(0, ethernet + index),
    ),
  ];
}

function makeFrame(random: Kit['random'], etherType: number, { meter, joules }: Reading, behind: number): Uint8Array {
  const frame = Buffer.from(random.bytes(whole + behind));
  frame.writeUInt16BE(etherType, 12);
  frame.writeInt32LE(meter, ethernet);
  frame.writeUInt32LE(joules, ethernet + 4);
  return frame;
}

function tagged(frame: Uint8Array, tag: number): Uint8Array {
  const vlan = Buffer.of(tag >> 8, tag & 0xff, 0, 7);
  return Buffer.concat([frame.subarray(0, 12), vlan, frame.subarray(12)]);
}
