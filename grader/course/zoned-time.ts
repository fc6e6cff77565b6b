/** Times on the clock of a place, as instants. A summer time that begins or ends in between is counted as that place does. */
import { Temporal } from 'temporal-polyfill';

export function isTimeZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    // '+02:00' knows no summer time.
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

/**
 * '2026-10-12 23:59' in a time zone, in milliseconds since 1970. Of an hour that the clocks show twice the later one, in the learners' favour.
 * `days` later is the same time of day, however long those days are.
 */
export function instantOf(local: string, timeZone: string, days = 0): { ms: number } | { problem: string } {
  try {
    const time = Temporal.PlainDateTime.from(local.replace(' ', 'T')).add({ days });
    const zoned = time.toZonedDateTime(timeZone, { disambiguation: 'later' });
    // In a gap there is no such time; it is then moved.
    if (days === 0 && !zoned.toPlainDateTime().equals(time))
      return { problem: `${local} does not exist in ${timeZone}: the clocks go forward over it` };
    return { ms: zoned.epochMilliseconds };
  } catch {
    return { problem: `${local} is not a time that exists` };
  }
}

/** How many days of a place have begun between two instants, the later one second. A day there may have 23 or 25 hours. */
export function begunDays(fromMs: number, toMs: number, timeZone: string): number {
  const from = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  let days = Math.max(0, Math.floor((toMs - fromMs) / 86_400_000) - 1);
  while (from.add({ days }).epochMilliseconds < toMs) days += 1;
  return days;
}

/** '2026-10-12 23:59 Europe/Berlin' */
export function inZone(ms: number, timeZone: string): string {
  const { year, month, day, hour, minute } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} ${timeZone}`;
}
