/** What is wrong with the content: every problem found, each with its file and field. */
import type { z } from 'zod';
import { complaints } from '../../grader/course/schema.ts';

export class ContentError extends Error {
  override name = 'ContentError';
  constructor(problems: readonly string[]) {
    super(
      `The content has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n  ${problems.join('\n  ')}`,
    );
  }
}

/** `value` as the schema has it, or null with a sentence for each complaint pushed into `problems`. */
export function checked<S extends z.ZodType>(
  schema: S,
  value: unknown,
  file: string,
  problems: string[],
): z.infer<S> | null {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(...complaints(parsed.error).map((complaint) => `${file}: ${complaint}`));
  return null;
}
