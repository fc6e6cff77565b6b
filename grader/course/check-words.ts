/** What learners, authors and teachers read of a check: a shape of its own, since shared checks and exercises both write it. */
import { z } from 'zod';
import { stages } from '../verdict/result.ts';

/** Of chapters, exercises, checks and mistakes: a name that is the same in a path, a URL and a command line. */
export const slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case letters, digits and single hyphens');

export const sentence = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);

export const checkWords = {
  title: sentence(200),
  stage: z.enum(stages),
  points: z.number().min(0).max(100),
  help: z.union([sentence(2000), z.record(slug, sentence(2000))]).optional(),
  hints: z.strictObject({ nudge: sentence(2000), concept: sentence(2000), line: sentence(2000) }),
  rationale: sentence(2000),
};
