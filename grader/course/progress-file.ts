/**
 * The shape of `.grade/progress.json`, of what the site keeps, and of the file in which progress goes from one to the other: what
 * learners have done, in one document that people can read. It needs nothing but zod, so the site can use it as well.
 */
import { z } from 'zod';
import { outcomes } from '../verdict/result.ts';

const id = z.string().min(1).max(200);

/** The last verdict on an exercise, and what is remembered beyond it. */
const exerciseEntrySchema = z.strictObject({
  outcome: z.enum(outcomes),
  points: z.number().min(0),
  maxPoints: z.number().min(0),
  /** The first check that failed. */
  failed: id.optional(),
  /** 'sha256:…' of the files that were graded; null if they could not be read. */
  digest: z.string().max(100).nullable(),
  /** Replays the workload. */
  seed: z.string().max(64),
  /** `uname -r`; null if nothing was run. */
  kernel: z.string().max(100).nullable(),
  /** When it was graded. */
  date: z.iso.datetime(),
  /** When it passed first; it stays, whatever becomes of the files. */
  passedOn: z.iso.datetime().optional(),
  /** How many hints beyond the first the learner has had, by check. */
  hints: z.record(id, z.int().min(0).max(100)).optional(),
});

const learnerSchema = z.strictObject({
  /** By the id that the exercise was first published with. */
  exercises: z.record(id, exerciseEntrySchema),
  /** When a lesson was read, by the id that it was first published with. */
  lessons: z.record(id, z.iso.datetime()).optional(),
  /** When a reader said on the site that they have passed an exercise, by its id as above: their word, and no verdict. */
  ticked: z.record(id, z.iso.datetime()).optional(),
  /** When an exercise first passed in the lab of a page, by its id as above. Nobody has seen it but the reader's browser: no points. */
  practised: z.record(id, z.iso.datetime()).optional(),
});

export const progressFileSchema = z.strictObject({
  format: z.literal('hookpoint-progress'),
  version: z.literal(1),
  /** By login; `reader` stands for whoever reads the site, which knows no logins. */
  learners: z.record(z.string().min(1).max(100), learnerSchema),
});

export type ExerciseEntry = z.infer<typeof exerciseEntrySchema>;
export type LearnerProgress = z.infer<typeof learnerSchema>;
export type ProgressFile = z.infer<typeof progressFileSchema>;

export type ParsedProgress =
  | { progress: ProgressFile }
  /** 'newer': made by a later version of the course. 'broken': anything else that is none. */
  | { problem: 'newer' | 'broken'; detail: string };

export function parseProgress(text: string): ParsedProgress {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: 'broken', detail: error instanceof Error ? error.message : String(error) };
  }
  const parsed = progressFileSchema.safeParse(value);
  if (parsed.success) return { progress: parsed.data };
  const said = z.object({ format: z.literal('hookpoint-progress'), version: z.int().min(2) }).safeParse(value);
  if (said.success)
    return { problem: 'newer', detail: `it is of version ${said.data.version}, and this course knows version 1` };
  const [issue] = parsed.error.issues;
  return {
    problem: 'broken',
    detail: `${issue?.path.map(String).join('.') || 'the whole'}: ${issue?.message ?? 'not as it must be'}`,
  };
}
