/** What authors may write, checked when a course is loaded. The types are in exercise.ts. */
import { z } from 'zod';
import { stages } from '../verdict/result.ts';

/** Of chapters, exercises, checks and mistakes: a name that is the same in a path, a URL and a command line. */
export const slug = z.string().max(60).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case letters, digits and single hyphens');

const sentence = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);
// Flat names only: a submission is one folder without folders in it.
const fileName = z.string().max(100).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be a file name without folders');

const checkSchema = z.strictObject({
  id: slug,
  title: sentence(200),
  stage: z.enum(stages),
  points: z.number().min(0).max(100),
  after: z.array(slug).optional(),
  hints: z.strictObject({ nudge: sentence(2000), concept: sentence(2000), line: sentence(2000) }),
  rationale: sentence(2000),
  run: z.custom<(kit: never) => Promise<void>>((value) => typeof value === 'function', 'must be a function'),
});

export const exerciseSchema = z
  .strictObject({
    title: sentence(200),
    summary: sentence(300),
    files: z
      .record(fileName, z.strictObject({ description: sentence(500), maxBytes: z.int().min(1).max(16 * 1024 * 1024).optional() }))
      .refine((files) => Object.keys(files).length > 0, 'must name at least one file'),
    needs: z.strictObject({
      kernel: z.string().regex(/^\d+\.\d+$/, "must be like '5.10'"),
      config: z.array(z.string().regex(/^CONFIG_\w+$/, "must be like 'CONFIG_BPF'")).optional(),
      tools: z.array(sentence(100)).optional(),
    }),
    checks: z.array(checkSchema).min(1).max(64),
    starter: z.strictObject({ fails: slug, because: sentence(2000) }),
    wrong: z.record(slug, z.strictObject({ fails: slug, misconception: sentence(2000) })),
  })
  .superRefine(({ checks, starter, wrong }, context) => {
    const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const ids = checks.map((check) => check.id);
    for (const [i, { id, after = [] }] of checks.entries()) {
      if (ids.indexOf(id) < i) complain(['checks', i, 'id'], `'${id}' is the id of an earlier check too`);
      for (const other of after) {
        if (!ids.slice(0, i).includes(other)) complain(['checks', i, 'after'], `'${other}' is not an earlier check`);
      }
    }
    const known = `the checks are ${ids.join(', ')}`;
    if (!ids.includes(starter.fails)) complain(['starter', 'fails'], `no check '${starter.fails}'; ${known}`);
    for (const [name, { fails }] of Object.entries(wrong)) {
      if (!ids.includes(fails)) complain(['wrong', name, 'fails'], `no check '${fails}'; ${known}`);
    }
    if (Object.keys(wrong).length < 3) complain(['wrong'], 'needs at least 3 misconceptions');
  });

/** content/exercises/course.json: chapters and exercises in the order in which they are learnt. */
export const courseSchema = z.strictObject({
  /** The exercise that learners meet first, whatever its chapter: '<chapter>/<name>'. */
  first: z.string().optional(),
  /** Exercises in the making: nobody is offered them and no test runs them until a chapter lists them. */
  drafts: z.array(z.string()).optional(),
  /**
   * What was renamed, old name to today's, the oldest name of an exercise first. Learners' progress is kept under the
   * name that an exercise was first published with, so a line here is never taken away.
   */
  formerly: z.record(z.string(), z.string()).optional(),
  chapters: z.array(z.strictObject({ name: slug, title: sentence(100), exercises: z.array(slug) })),
});

/** 'checks[1].after: 'x' is not an earlier check' for each problem. */
export function complaints(error: z.core.$ZodError): string[] {
  return error.issues.map(({ path, message }) => {
    const at = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    return at === '' ? message : `${at.replace(/^\./, '')}: ${message}`;
  });
}
