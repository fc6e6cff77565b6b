/** What `bpftrace -f json` prints, and maps as they are when it ends. Pure; what is out of shape is left out. */
import { z } from 'zod';

/** Range of values, both included; a side that is left out is open. */
export interface Bucket {
  min?: number;
  max?: number;
  count: number;
}

const bucket = z.object({ min: z.number().optional(), max: z.number().optional(), count: z.number() });
const values = z.record(z.string(), z.unknown());
const anything = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['hist', 'map', 'stats']), data: values }),
  // print() of what is no map
  z.object({ type: z.literal('value'), data: z.unknown() }),
  z.object({ type: z.enum(['printf', 'time', 'cat', 'join', 'syscall']), data: z.string() }),
]);

export interface BpftraceOutput {
  /** Histograms without a key, by name with its '@'. */
  histograms: Map<string, Bucket[]>;
  /** All maps, also those that are not what was expected, by name: for messages, and for `countsOf`. */
  maps: Map<string, unknown>;
  /** What it printed by itself, and not as a map: as people would read it without JSON. */
  printed: string;
}

export function parseBpftrace(stdout: string): BpftraceOutput {
  const output: BpftraceOutput = { histograms: new Map(), maps: new Map(), printed: '' };
  const printed: string[] = [];
  for (const line of stdout.split('\n')) {
    const event = anything.safeParse(parseJson(line));
    if (!event.success) continue;
    const { type, data } = event.data;
    if (type === 'value') printed.push(`${wholeNumber(line) ?? text(data)}\n`);
    else if (typeof data === 'string') printed.push(type === 'join' ? `${data}\n` : data);
    else for (const [name, value] of Object.entries(data)) addMap(output, type, name, value);
  }
  return { ...output, printed: printed.join('') };
}

function addMap({ maps, histograms }: BpftraceOutput, type: string, name: string, value: unknown): void {
  maps.set(name, value);
  const buckets = z.array(bucket).max(10_000).safeParse(value);
  if (type !== 'hist' || !buckets.success) return;
  histograms.set(
    name,
    buckets.data.map(({ count, min, max }) => ({
      count,
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    })),
  );
}

/** As it was printed: a number of JSON has 53 bits here. */
function wholeNumber(line: string): string | undefined {
  return /"data": *(-?\d{1,20})\}\s*$/.exec(line)?.[1];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A map of key -> count; null if it is another kind of map, or not there. */
export function countsOf(output: BpftraceOutput, name: string): Map<string, number> | null {
  const counts = z.record(z.string(), z.number()).safeParse(output.maps.get(name));
  return counts.success ? new Map(Object.entries(counts.data)) : null;
}

/** What lhist(…, min, max, step) makes of these values: all buckets, also empty ones, from the one below to the one above. */
export function linearHistogram(values: readonly number[], min: number, max: number, step: number): Bucket[] {
  const within = Array.from({ length: (max - min) / step }, (_, i) => ({
    min: min + i * step,
    max: min + (i + 1) * step - 1,
  }));
  return [{ max: min - 1 }, ...within, { min: max }].map((range) => ({
    ...range,
    count: values.filter((value) => holds(range, value)).length,
  }));
}

/** bpftrace leaves out empty buckets at both ends. */
export function sameHistogram(seen: readonly Bucket[], expected: readonly Bucket[]): boolean {
  const show = (buckets: readonly Bucket[]) =>
    buckets
      .filter(({ count }) => count > 0)
      .map(describeBucket)
      .join();
  return show(seen) === show(expected);
}

export function describeBucket({ min, max, count }: Bucket): string {
  const range =
    min === undefined ? `below ${(max ?? 0) + 1}` : max === undefined ? `${min} and more` : `${min} to ${max}`;
  return `${range}: ${count}`;
}

export function describeBuckets(buckets: readonly Bucket[]): string {
  return (
    buckets
      .filter(({ count }) => count > 0)
      .map(describeBucket)
      .join(', ') || 'nothing'
  );
}

function holds({ min = -Infinity, max = Infinity }: { min?: number; max?: number }, value: number): boolean {
  return value >= min && value <= max;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
