/** The verification record: on which kernels every case of an exercise was last seen to be as it must be. */
import { glob, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { withLock } from '../machine/lock.ts';
import type { LoadedExercise } from './exercise.ts';
import { isLeftover } from './leftovers.ts';
import { digestOf } from './submission.ts';
import { writeWhole } from './write-whole.ts';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

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
  /** 'sha256:…' of all that it rests on (basis.ts); one that does not say it holds no longer. */
  basis: digest.optional(),
  /** Why it is unsupported. */
  reason: z.string().max(2000).optional(),
});

/** Of all mutants of the solution (grader/mutation/); none has survived without a reason. */
const mutantsSchema = z.strictObject({
  killed: z.int().min(0),
  /** Passed, with a reason in mutants.yaml. */
  excused: z.int().min(0),
  /** The compiler makes the solution's code of them. */
  equivalent: z.int().min(0),
  /** No compiler takes them. */
  invalid: z.int().min(0),
  kernel: z.string().max(20),
  /** Workloads that each was graded with. */
  seeds: z.int().min(1),
  date: z.iso.date(),
});

const exerciseRecordSchema = z.strictObject({
  /** 'sha256:…' of what was verified: all of the exercise but its text. */
  digest,
  kernels: z.record(z.string().max(20), verifiedSchema),
  mutants: mutantsSchema.optional(),
});

export const verificationRecordSchema = z.strictObject({
  format: z.literal('hookpoint-verification'),
  version: z.literal(1),
  exercises: z.record(z.string().max(130), exerciseRecordSchema),
  /** What else was tried, by name ('template xdp', 'example maps/execs.bpf.c'), and what that rests on. */
  others: z.record(z.string().max(200), digest).optional(),
});

export type MutantsRecord = z.infer<typeof mutantsSchema>;
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
  return text === undefined
    ? { format: 'hookpoint-verification', version: 1, exercises: {} }
    : verificationRecordSchema.parse(JSON.parse(text));
}

/**
 * What was seen takes the place of what was known of the same exercise and kernel; `null` strikes it out, for what no longer
 * holds must not be shown. What is known of an exercise that has changed since is struck out as well.
 */
export function updateRecord(
  record: VerificationRecord,
  id: string,
  digest: string,
  kernel: string,
  seen: VerifiedOn | null,
): VerificationRecord {
  const before = record.exercises[id];
  const known: Pick<ExerciseRecord, 'kernels' | 'mutants'> = before?.digest === digest ? before : { kernels: {} };
  const { [kernel]: _, ...others } = known.kernels;
  const kernels = sorted({ ...others, ...(seen && { [kernel]: seen }) });
  return withEntry(record, id, { digest, kernels, ...(known.mutants && { mutants: known.mutants }) });
}

/** The same for its mutants. `null`: one survives. */
export function updateMutants(
  record: VerificationRecord,
  id: string,
  digest: string,
  mutants: MutantsRecord | null,
): VerificationRecord {
  const before = record.exercises[id];
  const kernels = before?.digest === digest ? before.kernels : {};
  return withEntry(record, id, { digest, kernels, ...(mutants && { mutants }) });
}

function withEntry(record: VerificationRecord, id: string, entry: ExerciseRecord): VerificationRecord {
  const { [id]: _, ...exercises } = record.exercises;
  const isEmpty = Object.keys(entry.kernels).length === 0 && entry.mutants === undefined;
  return { ...record, exercises: sorted({ ...exercises, ...(!isEmpty && { [id]: entry }) }) };
}

/** Whether what is known of this exercise on this kernel was seen with the very same basis. */
export function holds(record: VerificationRecord, id: string, kernel: string, basis: string): boolean {
  return record.exercises[id]?.kernels[kernel]?.basis === basis;
}

export function writeRecord(root: string, record: VerificationRecord): Promise<void> {
  return writeWhole(join(root, recordFile), `${JSON.stringify(record, null, 2)}\n`);
}

/** One writer at a time, also among several commands. */
export function changeRecord(
  root: string,
  change: (record: VerificationRecord) => VerificationRecord | Promise<VerificationRecord>,
): Promise<void> {
  const work = async () => writeRecord(root, await change(await readRecord(root)));
  return withLock('record', () => {}, work);
}

/** Keeps what something else than an exercise rests on that was seen to be right; `null` strikes it out. */
export function updateOthers(root: string, name: string, basis: string | null): Promise<void> {
  return changeRecord(root, (record) => {
    const { [name]: _, ...others } = record.others ?? {};
    return { ...record, others: sorted({ ...others, ...(basis !== null && { [name]: basis }) }) };
  });
}

/** 'sha256:…' of all that decides in an exercise: its files, names included, and of exercise.yaml what is no words. */
export async function digestOfExercise(exercise: LoadedExercise): Promise<string> {
  const { folder } = exercise;
  const files = new Map<string, Uint8Array>([['exercise.yaml', Buffer.from(JSON.stringify(decidingIn(exercise)))]]);
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true })) {
    const file = relative(folder, join(entry.parentPath, entry.name));
    if (entry.isFile() && !wordFiles.includes(file) && !file.split(sep).some(isLeftover))
      files.set(file, await readFile(join(folder, file)));
  }
  return digestOf(files);
}

const wordFiles = ['task.mdx', 'exercise.yaml', 'mutants.yaml'];

function decidingIn({ files, needs, checks, starter, wrong, also = {} }: LoadedExercise): unknown {
  return {
    files: Object.entries(files).map(([name, { maxBytes }]) => [name, maxBytes]),
    needs,
    checks: checks.map(({ id, stage, points, after, uses, with: told, given }) => [
      id,
      { stage, points, after, uses, told, given },
    ]),
    starter: starter.fails,
    wrong: Object.entries(wrong).map(([name, { fails }]) => [name, fails]),
    also: Object.keys(also),
  };
}

function sorted<T>(entries: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
}
