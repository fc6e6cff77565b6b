/** What authors may write, checked when a course is loaded. The types are in exercise.ts. */
import { z } from 'zod';
import { checkWords, sentence, slug } from './check-words.ts';
import type { Check, Exercise } from './exercise.ts';
import { fillIn, isSharedCheck, sharedChecks, type SharedWords } from './shared-checks.ts';
import { foldersOf } from './tree.ts';

export { slug };

// '..' and hidden files cannot be written with it.
const fileName = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}$/,
    "must be a file name, or a path of at most 4 names such as 'bpf/count.bpf.c'",
  );

const maxBytes = z
  .int()
  .min(1)
  .max(16 * 1024 * 1024);
const file = z.union([
  sentence(500).transform((description) => ({ description })),
  z.strictObject({ description: sentence(500), maxBytes: maxBytes.optional() }),
]);

/** A check as it is written: what it does not say, the shared check says that it uses. */
const writtenCheck = z.strictObject({
  uses: slug.optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  given: z.enum(['bpf-lsm']).optional(),
  after: z.array(slug).optional(),
  ...z.object(checkWords).partial().shape,
});
type WrittenCheck = z.output<typeof writtenCheck>;

const writtenExercise = z.strictObject({
  title: sentence(200),
  summary: sentence(300),
  minutes: z.int().min(5).max(240),
  files: z
    .record(fileName, file)
    .refine((files) => Object.keys(files).length > 0, 'must name at least one file')
    .refine(
      (files) => !Object.keys(files).some((name) => foldersOf(Object.keys(files)).has(name)),
      'names the same path as a file and as a folder',
    ),
  follows: z
    .string()
    .regex(/^[a-z0-9-]{1,60}\/[a-z0-9-]{1,60}$/, "must be like 'maps/count-execs'")
    .optional(),
  needs: z.strictObject({
    kernel: z.string("must be like '5.10', in quotes").regex(/^\d+\.\d+$/, "must be like '5.10', in quotes"),
    arch: z
      .array(z.enum(['x86_64', 'aarch64']))
      .min(1)
      .optional(),
    config: z.array(z.string().regex(/^CONFIG_\w+$/, "must be like 'CONFIG_BPF'")).optional(),
    tools: z.array(sentence(100)).optional(),
  }),
  checks: z
    .record(slug.regex(/\D/, 'must have a letter in it'), writtenCheck)
    .refine((checks) => Object.keys(checks).length > 0, 'must name at least one check')
    .refine((checks) => Object.keys(checks).length <= 64, 'must name at most 64 checks'),
  starter: z.strictObject({ fails: slug, because: sentence(2000) }),
  wrong: z.record(slug, z.strictObject({ fails: slug, misconception: sentence(2000) })),
  also: z.record(slug, sentence(2000)).optional(),
});

const judgedCheck = z.strictObject(checkWords);

/** exercise.yaml -> the exercise, with the words of the shared checks that it uses filled in. */
export function exerciseSchema(shared: SharedWords): z.ZodType<Exercise> {
  return writtenExercise.transform((written, context): Exercise => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const ids = Object.keys(written.checks);
    const firstFile = Object.keys(written.files)[0]!;
    const checks = Object.entries(written.checks).map(([id, check], i) => {
      for (const other of check.after ?? []) {
        if (!ids.slice(0, i).includes(other)) complain(['checks', id, 'after'], `'${other}' is not an earlier check`);
      }
      return readCheck(id, check, { shared, firstFile }, (path, message) => complain(['checks', id, ...path], message));
    });
    const known = `the checks are ${ids.join(', ')}`;
    if (!ids.includes(written.starter.fails))
      complain(['starter', 'fails'], `no check '${written.starter.fails}'; ${known}`);
    for (const [name, { fails }] of Object.entries(written.wrong)) {
      if (!ids.includes(fails)) complain(['wrong', name, 'fails'], `no check '${fails}'; ${known}`);
    }
    if (Object.keys(written.wrong).length < 3) complain(['wrong'], 'needs at least 3 misconceptions');
    return { ...written, checks };
  });
}

function readCheck(
  id: string,
  written: WrittenCheck,
  { shared, firstFile }: { shared: SharedWords; firstFile: string },
  complain: (path: (string | number)[], message: string) => void,
): Check {
  const { uses, with: told, given, after, ...own } = written;
  const about: Pick<Check, 'id' | 'uses' | 'given' | 'after'> = {
    id,
    ...(uses !== undefined && { uses }),
    ...(given !== undefined && { given }),
    ...(after !== undefined && { after }),
  };
  let words: unknown = own;
  let completed: Record<string, unknown> | undefined;
  const used = uses === undefined ? undefined : shared[uses];
  if (uses !== undefined && !used)
    complain(['uses'], `no shared check '${uses}'; there are ${Object.keys(shared).join(', ')}`);
  if (uses !== undefined && used) {
    const { after: usually, ...usualWords } = used;
    if (usually && !after) about.after = usually;
    const tellable = isSharedCheck(uses) ? sharedChecks[uses] : z.strictObject({ file: z.string() });
    const parsed = tellable.safeParse({ file: firstFile, ...told });
    if (!parsed.success)
      for (const { path, message } of parsed.error.issues) complain(['with', ...keysOf(path)], message);
    completed = parsed.data;
    words = fillIn({ ...usualWords, ...own }, parsed.data ?? {});
  } else if (told !== undefined) complain(['with'], 'is only for a check that uses a shared one');
  const parsed = judgedCheck.safeParse(words);
  if (!parsed.success) for (const { path, message } of parsed.error.issues) complain(keysOf(path), message);
  return { ...about, ...(parsed.data as z.output<typeof judgedCheck>), ...(completed && { with: completed }) };
}

function keysOf(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((key) => (typeof key === 'number' ? key : String(key)));
}

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
  return error.issues.map(complaint);
}

export function complaint(issue: z.core.$ZodIssue): string {
  const { path } = issue;
  // Of a key that is not allowed, the reason is one level deeper.
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const at = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return at === '' ? message : `${at.replace(/^\./, '')}: ${message}`;
}
