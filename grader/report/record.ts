/**
 * A results file, `.jsonl`: a result a line, written as it comes. What is in it is never lost, and it is read line by line, so that no class is
 * too large for it. Pure.
 */
import { z } from 'zod';
import { type Message, reportSchema, type Result, resultSchema } from '../verdict/result.ts';

const recordSchema = z.union([
  z.strictObject({
    result: resultSchema,
    /** When GitHub received the commit, by its own clock. */
    handedIn: z.iso.datetime().optional(),
    /** The commit that was graded. */
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional(),
    /** Graded once more because somebody asked for it; the first verdict is a line of its own. */
    secondLook: z.literal(true).optional(),
  }),
  /** Why there are no more results of a command. */
  z.strictObject({ error: reportSchema.shape.error.unwrap() }),
]);

export type Record = z.infer<typeof recordSchema>;
/** A result as it was kept. */
export type Kept = Extract<Record, { result: Result }>;

const pushSchema = z.strictObject({
  push: z.strictObject({
    /** 'submissions/<login>/<chapter>/<name>' */
    submission: z.string().max(300),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    commit: z.string().regex(/^[0-9a-f]{40}$/),
    /** When GitHub received the push that first had these files. */
    at: z.iso.datetime(),
  }),
});

/** When something was handed in, of what is graded elsewhere. */
export type Push = z.infer<typeof pushSchema>['push'];

export function renderPush(push: Push): string {
  return `${JSON.stringify({ push })}\n`;
}

/** No check is called so: a check's id has small letters. */
export const whole = 'WHOLE';

/** Of a line; the longest result has some 100 kB without its logs. */
export const mostLineBytes = 4 * 1024 * 1024;

export function renderRecord(record: Record): string {
  return `${JSON.stringify(record)}\n`;
}

/** Null if it is no such line. */
export function parseRecord(line: string): Record | null {
  const parsed = recordSchema.safeParse(parseJson(line));
  return parsed.success ? parsed.data : null;
}

/** Null if it is no such line. */
export function parsePush(line: string): Push | null {
  const parsed = pushSchema.safeParse(parseJson(line));
  return parsed.success ? parsed.data.push : null;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The result without what tools said, and that text by the check that it is of; `whole` is what is of none. */
export function withoutLogs(result: Result): { result: Result; logs: Map<string, string> } {
  const logs = new Map<string, string>();
  const strip = (id: string, { log, ...message }: Message): Message => {
    if (log !== undefined) logs.set(id, log);
    return message;
  };
  const checks = result.checks.map((check) =>
    check.message ? { ...check, message: strip(check.id, check.message) } : check,
  );
  const message = result.message && { message: strip(whole, result.message) };
  return { result: { ...result, ...message, checks }, logs };
}

/** What gradebooks and pages of a class need of a result: outcomes and points, and none of the words. */
export function inBrief(result: Result): Result {
  const { message, ...rest } = result;
  return {
    ...rest,
    ...(message && { message: { text: message.text.slice(0, 200) } }),
    checks: result.checks.map(({ message: _, hint: __, ...check }) => ({ ...check, rationale: '' })),
  };
}
