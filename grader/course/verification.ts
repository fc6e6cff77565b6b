/** The verification record: on which kernels every case of an exercise was last seen to be as it must be. */
import { glob, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { isLeftover } from './leftovers.ts';
import { digestOf } from './submission.ts';
import { writeWhole } from './write-whole.ts';

/** On one kernel. */
const verifiedSchema = z.strictObject({
  outcome: z.enum(['verified', 'unsupported']),
  /** `uname -r` */
  release: z.string().max(200),
  /** 'sha256:…' of the guest's root file system; null on a machine without one. */
  image: z.string().max(100).nullable(),
  /** The accelerator of the VM, or 'host': seconds of one say nothing about another. */
  machine: z.string().max(20),
  /** Which day, in UTC. */
  date: z.iso.date(),
  /** Solution, starter and mistakes. */
  cases: z.int().min(0),
  /** Workloads that each case was run with. */
  seeds: z.int().min(1),
  /** Median of the solution's verdicts, from the machine's start to its end. */
  seconds: z.number().min(0),
  /** Why it is unsupported. */
  reason: z.string().max(2000).optional(),
});

const exerciseRecordSchema = z.strictObject({
  /** 'sha256:…' of what was verified: all of the exercise but its text. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  kernels: z.record(z.string().max(20), verifiedSchema),
});

export const verificationRecordSchema = z.strictObject({
  format: z.literal('hookpoint-verification'),
  version: z.literal(1),
  exercises: z.record(z.string().max(130), exerciseRecordSchema),
});

export type VerifiedOn = z.infer<typeof verifiedSchema>;
export type ExerciseRecord = z.infer<typeof exerciseRecordSchema>;
export type VerificationRecord = z.infer<typeof verificationRecordSchema>;

export const recordFile = join('content', 'verification.json');

/** An empty one if there is none yet. Throws what is wrong with one that cannot be read. */
export async function readRecord(root: string): Promise<VerificationRecord> {
  const text = await readFile(join(root, recordFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? { format: 'hookpoint-verification', version: 1, exercises: {} } : verificationRecordSchema.parse(JSON.parse(text));
}

/**
 * What was seen takes the place of what was known of the same exercise and kernel; `null` strikes it out, for what no longer
 * holds must not be shown. What is known of an exercise that has changed since is struck out as well.
 */
export function updateRecord(record: VerificationRecord, id: string, digest: string, kernel: string, seen: VerifiedOn | null): VerificationRecord {
  const before = record.exercises[id];
  const { [kernel]: _, ...others } = before?.digest === digest ? before.kernels : {};
  const kernels = sorted({ ...others, ...(seen && { [kernel]: seen }) });
  const { [id]: __, ...exercises } = record.exercises;
  return { ...record, exercises: sorted({ ...exercises, ...(Object.keys(kernels).length > 0 && { [id]: { digest, kernels } }) }) };
}

export function writeRecord(root: string, record: VerificationRecord): Promise<void> {
  return writeWhole(join(root, recordFile), `${JSON.stringify(record, null, 2)}\n`);
}

/** 'sha256:…' of all files of an exercise's folder but task.mdx, names included. */
export async function digestOfExercise(folder: string): Promise<string> {
  const files = new Map<string, Uint8Array>();
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true })) {
    const file = relative(folder, join(entry.parentPath, entry.name));
    if (entry.isFile() && file !== 'task.mdx' && !file.split(sep).some(isLeftover)) files.set(file, await readFile(join(folder, file)));
  }
  return digestOf(files);
}

function sorted<T>(entries: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
}
