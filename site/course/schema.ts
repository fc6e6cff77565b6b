/** What authors of lessons may write, checked when the site is built. */
import { z } from 'zod';
import { slug } from '../../grader/course/schema.ts';

const sentence = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);
const lessonId = z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "must be like 'maps.locks'");
const exerciseId = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "must be like 'maps/count-execs'");
export const kernelVersion = z.string().regex(/^\d+\.\d+$/, "must be like '5.10', in quotes");

/** Front matter of content/docs/<chapter>/<lesson>.mdx. */
export const lessonFields = z.object({
  title: sentence(80),
  /** One sentence: what it is about, for search engines and lists. */
  description: sentence(200),
  /** Never changes, wherever the file goes: readers' progress is kept by it. */
  id: lessonId,
  /** To read it. */
  minutes: z.int().min(1).max(15),
  /** What a reader can do afterwards. */
  objectives: z.array(sentence(160)).min(2).max(5),
  /** Ids of the lessons that must come before. */
  prerequisites: z.array(lessonId),
  /** '<chapter>/<name>' of the exercises that train it. */
  exercises: z.array(exerciseId).default([]),
  /** What the reader does at the end, where no exercise is there for it. */
  do: sentence(300).optional(),
  /** The oldest kernel on which all of it holds. */
  kernel: kernelVersion,
});

export const lessonSchema = lessonFields.refine(
  ({ exercises, do: task }) => exercises.length > 0 || task !== undefined,
  {
    path: ['exercises'],
    message: "must name an exercise, or 'do' must say what the reader does at the end",
  },
);

/** content/outline.yaml */
export const outlineSchema = z
  .array(
    z.strictObject({
      name: slug,
      /** Where exercises/course.json does not know the chapter. */
      title: sentence(100).optional(),
      summary: sentence(200),
      lessons: z.array(slug),
    }),
  )
  .min(1);

/** content/facts.yaml: name -> 'since Linux X.Y', with where it is written. */
export const factsSchema = z.record(
  slug,
  z.strictObject({
    fact: sentence(200),
    /** Whose version it is. */
    of: z
      .enum(['Linux', 'bpftrace', 'libbpf', 'BCC', 'LLVM', 'bpftool', 'iproute2', 'Kubernetes', 'Go'])
      .default('Linux'),
    since: kernelVersion,
    /** A commit of the kernel: the first 12 digits. Or a page. */
    source: z.union([z.string().regex(/^[0-9a-f]{12}$/, 'must be 12 digits of a commit'), z.url()]),
  }),
);

/** content/glossary.yaml: id -> term. */
export const glossarySchema = z.record(
  slug,
  z.strictObject({
    term: sentence(60),
    /** Plain text; `code` in backticks. */
    meaning: sentence(400),
  }),
);

export type Lesson = z.infer<typeof lessonSchema> & {
  chapter: string;
  /** Of the page, without slashes at the ends: 'maps/locks'. */
  slug: string;
};
export type Facts = z.infer<typeof factsSchema>;
export type Glossary = z.infer<typeof glossarySchema>;
