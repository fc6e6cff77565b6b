/** What grading says, as one schema that every report, `--json` and later the artifact of a pull request obey. */
import { z } from 'zod';

export const stages = ['files', 'compile', 'load', 'attach', 'fires', 'correct', 'limits', 'clean-up'] as const;
export const outcomes = ['pass', 'fail', 'skipped', 'unsupported', 'invalid', 'error'] as const;

const text = (max: number) => z.string().max(max);

export const locationSchema = z.strictObject({
  /** Relative to the submission's folder. */
  file: text(255),
  line: z.int().min(1),
  column: z.int().min(1).optional(),
  /** The line itself, as the learner wrote it. */
  source: text(1000).optional(),
});

export const messageSchema = z.strictObject({
  /** What is wrong, in one or two sentences. */
  text: text(2000),
  expected: text(2000).optional(),
  actual: text(2000).optional(),
  /** What the tool knew where it stopped, such as what is in the registers, a sentence a line. */
  state: text(2000).optional(),
  /** What to do next. */
  help: text(2000).optional(),
  location: locationSchema.optional(),
  /** The lesson that explains it, '<chapter>/<lesson>'. */
  lesson: text(128).optional(),
  /** The tool's own words, shortened; the whole is in the file `logFile`. */
  log: text(20_000).optional(),
  /** Path of the whole log on the machine that graded, relative to the repository. */
  logFile: text(1000).optional(),
});

export const checkResultSchema = z.strictObject({
  id: text(64),
  title: text(200),
  stage: z.enum(stages),
  outcome: z.enum(outcomes),
  points: z.number().min(0),
  maxPoints: z.number().min(0),
  durationMs: z.number().min(0),
  /** Why this is checked. */
  rationale: text(2000),
  /** Of a skipped check: the id of the one that it waits for. */
  waitsFor: text(64).optional(),
  /** Of a failed check: the next hint of its ladder. */
  hint: text(2000).optional(),
  message: messageSchema.optional(),
});

export const machineSchema = z.strictObject({
  kind: z.enum(['vm', 'host']),
  accelerator: text(20),
  kernel: text(100),
  arch: text(20),
  image: text(100).nullable(),
});

export const resultSchema = z.strictObject({
  exercise: text(128),
  title: text(200),
  /** The submission's folder, relative to the repository. */
  submission: text(500),
  /** sha256 of the submitted files, 'sha256:…'; null if they could not be read. */
  digest: text(100).nullable(),
  outcome: z.enum(outcomes),
  points: z.number().min(0),
  maxPoints: z.number().min(0),
  /** Replays this workload: `grade --seed`. */
  seed: text(64),
  /** Null if nothing was run. */
  machine: machineSchema.nullable(),
  checks: z.array(checkResultSchema).max(64),
  /** Why nothing was judged, for 'invalid', 'unsupported' and 'error'. */
  message: messageSchema.optional(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().min(0),
});

export const reportSchema = z.strictObject({
  format: z.literal('hookpoint-report'),
  version: z.literal(1),
  exitCode: z.int().min(0).max(255),
  results: z.array(resultSchema).max(1000),
  /** The command failed; `results` are those that it had until then, in a `--report` file. */
  error: z.strictObject({ message: text(5000), remedy: text(5000).optional() }).optional(),
});

export type Stage = (typeof stages)[number];
export type Outcome = (typeof outcomes)[number];
export type Location = z.infer<typeof locationSchema>;
export type Message = z.infer<typeof messageSchema>;
export type CheckResult = z.infer<typeof checkResultSchema>;
export type Result = z.infer<typeof resultSchema>;
export type Report = z.infer<typeof reportSchema>;
