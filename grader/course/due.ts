/** When an exercise is due for a learner, and what a delay costs. Pure. */
import type { ClassFile, Learner } from './class-schema.ts';
import { begunDays, instantOf } from './zoned-time.ts';

export interface Due {
  /** Milliseconds since 1970. */
  ms: number;
  /** By whose days a delay is counted. */
  zone: string;
  /** Why the learner has more time than the others; null if they have not. */
  extension: string | null;
}

/** Null if it is never due. */
export function dueOf(one: ClassFile, learner: Learner, exercise: string): Due | null {
  const zone = zoneOf(one, learner);
  const concerns = (about: { exercise?: string | undefined; chapter?: string | undefined }) =>
    about.exercise === exercise ||
    (about.exercise === undefined && (about.chapter === undefined || about.chapter === exercise.split('/')[0]));
  // What names the exercise comes before what names its chapter, and what names the section before what does not.
  const weight = (entry: ClassFile['due'][number]) =>
    (entry.exercise !== undefined ? 4 : entry.chapter !== undefined ? 2 : 0) + (entry.section !== undefined ? 1 : 0);
  const entry = one.due
    .filter((each) => concerns(each) && (each.section === undefined || each.section === learner.section))
    .reduce<ClassFile['due'][number] | null>(
      (best, each) => (best && weight(best) >= weight(each) ? best : each),
      null,
    );
  if (!entry) return null;
  const usual = { ms: msOf(entry.at, zone), zone, extension: null };
  const members = membersOf(one, learner).map(({ login }) => login.toLowerCase());
  return one.extensions
    .filter((each) => members.includes(each.login.toLowerCase()) && concerns(each))
    .map(({ until, days = 0, because }): Due => ({
      ms: until === undefined ? msOf(entry.at, zone, days) : msOf(until, zone),
      zone,
      extension: because,
    }))
    .reduce<Due>((latest, each) => (each.ms > latest.ms ? each : latest), usual);
}

/**
 * Percent of the points that are lost; the days are begun ones, from the due date on. A day ends at the time of day at which it was due, also
 * where the clocks change in between.
 */
export function lateness(one: ClassFile, due: Due | null, handedInMs: number): { days: number; percent: number } {
  const over = due ? handedInMs - due.ms : 0;
  if (!due || over <= (one.late?.grace ?? 0)) return { days: 0, percent: 0 };
  const days = begunDays(due.ms, handedInMs, due.zone);
  return { days, percent: one.late ? Math.min(one.late.atMost, one.late.perDay * days) : 0 };
}

export function zoneOf(one: ClassFile, { section }: Learner): string {
  return (section === undefined ? undefined : one.sections[section]?.timezone) ?? one.timezone;
}

/** The learner, and everyone else in their group. */
export function membersOf(one: ClassFile, learner: Learner): Learner[] {
  return learner.group === undefined ? [learner] : one.learners.filter(({ group }) => group === learner.group);
}

/** parseClass has tried every time in every zone. */
function msOf(local: string, zone: string, days = 0): number {
  const instant = instantOf(local, zone, days);
  if ('problem' in instant) throw new Error(instant.problem);
  return instant.ms;
}
