/** The output format of Gradescope's Autograder Specifications (gradescope-autograders.readthedocs.io/en/latest/specs), which has no schema of its own. */
import { z } from 'zod';

const visibility = z.enum(['hidden', 'after_due_date', 'after_published', 'visible']);
const format = z.enum(['text', 'simple_format', 'html', 'md', 'ansi']);
/** Of results.json. */
export const resultsSchema = z
  .strictObject({
    score: z.number().optional(),
    execution_time: z.number().optional(),
    output: z.string().optional(),
    output_format: format.optional(),
    test_output_format: format.optional(),
    test_name_format: format.optional(),
    visibility: visibility.optional(),
    stdout_visibility: visibility.optional(),
    extra_data: z.record(z.string(), z.unknown()).optional(),
    tests: z
      .array(
        z.strictObject({
          score: z.number().optional(),
          max_score: z.number().optional(),
          status: z.enum(['passed', 'failed']).optional(),
          name: z.string().optional(),
          name_format: format.optional(),
          number: z.string().optional(),
          output: z.string().optional(),
          output_format: format.optional(),
          tags: z.array(z.string()).optional(),
          visibility: visibility.optional(),
          extra_data: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .optional(),
    leaderboard: z
      .array(
        z.strictObject({
          name: z.string(),
          value: z.union([z.number(), z.string()]),
          order: z.enum(['asc', 'desc']).optional(),
        }),
      )
      .optional(),
  })
  // 'optional, but required if not on each test case'; 'you can omit score information to add test cases that serve as informational checks'.
  .refine(
    ({ score, tests }) => score !== undefined || tests?.some((one) => one.score !== undefined),
    'needs a score, of the whole or of a test',
  );
