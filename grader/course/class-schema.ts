/** What may stand in a class.yaml. */
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

export const classSchema = z.strictObject({
  title: name,
  timezone: zone,
  sections: z.record(z.string(), z.strictObject({ title: name.optional(), timezone: zone.optional() })).default({}),
  learners: z
    .array(
      z.strictObject({
        login,
        /** 'Ada Lovelace', or 'Lovelace, Ada' where the last word is not the family's name. */
        name,
        /** What the learning platform knows them by. */
        id: name.optional(),
        email: z.email('must be an email address').optional(),
        section: name.optional(),
        /** Learners of a group hand in together, in the folder of any of them. */
        group: name.optional(),
      }),
    )
    .min(1, 'must list at least one learner'),
  due: z.array(z.strictObject({ ...what, section: name.optional(), at: localTime })).default([]),
  extensions: z
    .array(
      z.strictObject({
        ...what,
        login,
        until: localTime.optional(),
        days: z.int().min(1).max(365).optional(),
        because: name,
      }),
    )
    .default([]),
  /** Percent of an exercise's points; without it, what is late counts in full. */
  late: z.strictObject({ perDay: percent, atMost: percent.default(100), grace: duration.default(0) }).optional(),
  /** The exercises that count, and what each is worth in the gradebook; without it all of the course, with the points of their checks. */
  counts: z.record(exerciseId, z.number().min(0).max(1000)).optional(),
  attempt: z.enum(['best', 'last']).default('best'),
  /** Of an exercise that was due and not handed in. */
  missing: z.enum(['empty', 'zero']).default('empty'),
});

export type ClassFile = z.output<typeof classSchema>;
export type Learner = ClassFile['learners'][number];
