/** What may be in a class.yaml. */
import { z } from 'zod';
import { isLogin } from './login.ts';
import { isTimeZone } from './zoned-time.ts';

const login = z.string().refine(isLogin, 'must be a GitHub login');
const exerciseId = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "must be like 'maps/count-execs'");
const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), 'must be one line of text');
const localTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d$/, "must be like '2026-10-12 23:59', without a time zone: that is the section's");
const percent = z.number().min(0).max(100);
const duration = z
  .string()
  .regex(/^\d{1,4} ?(min|h|d)$/, "must be like '30 min', '2 h' or '1 d'")
  .transform((text) => {
    const [, count, unit] = /^(\d+) ?(\w+)$/.exec(text)!;
    return Number(count) * { min: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 'min' | 'h' | 'd'];
  });
/** One exercise, a whole chapter, or, without either, all of the course. */
const what = { exercise: exerciseId.optional(), chapter: z.string().max(60).optional() };
const zone = z.string().refine(isTimeZone, "must be a time zone by name, such as 'Europe/Berlin'");

const section = z.strictObject({ title: name.optional(), timezone: zone.optional() });
const learner = z.strictObject({
  login,
  /** 'Ada Lovelace', or 'Lovelace, Ada' where the last word is not the family's name. */
  name,
  /** What the learning platform knows them by. */
  id: name.optional(),
  email: z.email('must be an email address').optional(),
  section: name.optional(),
  /** Learners of a group hand in together, in the folder of any of them. */
  group: name.optional(),
});
const due = z.strictObject({ ...what, section: name.optional(), at: localTime });
const extension = z.strictObject({
  ...what,
  login,
  until: localTime.optional(),
  days: z.int().min(1).max(365).optional(),
  because: name,
});
const late = z.strictObject({ perDay: percent, atMost: percent.default(100), grace: duration.default(0) });

export const classSchema = z.strictObject({
  title: name,
  timezone: zone,
  /** A section about which there is nothing to say may be empty. */
  sections: z
    .record(
      z.string(),
      z.preprocess((value) => value ?? {}, section),
    )
    .default({}),
  learners: z.array(learner).min(1, 'must list at least one learner'),
  due: z.array(due).default([]),
  extensions: z.array(extension).default([]),
  /** Percent of an exercise's points; without it, what is late counts in full. */
  late: late.optional(),
  /** The exercises that count, and what each is worth in the gradebook; without it all of the course, with the points of their checks. */
  counts: z
    .record(exerciseId, z.number().min(0).max(1000))
    .refine((counted) => Object.keys(counted).length > 0, 'must name at least one exercise; without it all count')
    .optional(),
  attempt: z.enum(['best', 'last']).default('best'),
  /** Of an exercise that was due and not handed in. */
  missing: z.enum(['empty', 'zero']).default('empty'),
});

export type ClassFile = z.output<typeof classSchema>;
export type Learner = ClassFile['learners'][number];

const entries: Readonly<Record<string, { shape: object }>> = {
  sections: section,
  learners: learner,
  due,
  extensions: extension,
  late,
};

/** The keys that may be at a place of the file. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  const [list] = path;
  const { shape } = list === undefined ? classSchema : (entries[String(list)] ?? { shape: {} });
  return Object.keys(shape);
}
