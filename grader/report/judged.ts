/** What a report may claim in points, and what it must not: an exercise that was not judged has none. */
import type { CheckResult, Message, Outcome, Report, Result } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';

export interface Points {
  points: number;
  maxPoints: number;
}

/** Whether the exercise has a verdict: 0 points of one that has none would be a claim about its author. */
export function isJudged({ outcome }: Pick<Result, 'outcome'>): boolean {
  return outcome === 'pass' || outcome === 'fail';
}

/** Whether the points of a check count: judged itself, or not run because of a failure before it. */
export function counts(
  result: Pick<Result, 'outcome'>,
  { outcome, maxPoints }: Pick<CheckResult, 'outcome' | 'maxPoints'>,
): boolean {
  return isJudged(result) && (outcome === 'pass' || outcome === 'fail' || (outcome === 'skipped' && maxPoints > 0));
}

/**
 * Of the exercises that were judged, and the maximum also of those that were handed in incomplete: a broken folder must not make a class's
 * nine points into nine of nine.
 */
export function totalPoints(results: readonly Result[]): Points {
  const counted = results.filter((result) => isJudged(result) || result.outcome === 'invalid');
  const sum = (of: (result: Result) => number) => counted.reduce((all, result) => all + of(result), 0);
  return { points: sum(({ points }) => points), maxPoints: sum(({ maxPoints }) => maxPoints) };
}

/** A result that is 'invalid' does not say what its exercise is worth, because no check was made of it: the course says it. */
export function withFullMarks(
  results: readonly Result[],
  course: readonly { id: string; checks: readonly { points: number }[] }[],
): Result[] {
  return results.map((result) => {
    const exercise = result.outcome === 'invalid' ? course.find(({ id }) => id === result.exercise) : undefined;
    return exercise ? { ...result, maxPoints: exercise.checks.reduce((sum, { points }) => sum + points, 0) } : result;
  });
}

/**
 * Of several results of one learner for one exercise the last that was judged: an error of ours after a pass must not cost
 * it. In the order in which the exercises come.
 */
export function onePerExercise(results: readonly Result[]): Result[] {
  const exercises = [...new Set(results.map(({ exercise }) => exercise))];
  return exercises.map((id) => {
    const own = results.filter(({ exercise }) => exercise === id);
    const judged = own.filter(isJudged);
    return (judged.length > 0 ? judged : own).sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)).at(-1)!;
  });
}

/** Checks that have something to say: why they failed, or why they say nothing. */
export function toldChecks({ checks }: Pick<Result, 'checks'>): CheckResult[] {
  return checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped');
}

const blameless: Partial<Record<Outcome, string>> = {
  error: 'The grader failed, not the submission: no points are lost.',
  unsupported: 'This machine cannot judge it: no points are lost.',
  invalid: 'The submission is not complete, so nothing was run and no points are lost.',
};

/** One paragraph on why an exercise has no verdict, for formats that have a single place for it. */
export function whyNotJudged(result: Result): string {
  const message = result.message ?? result.checks.find(({ outcome }) => outcome === result.outcome)?.message;
  return [
    `${result.exercise} was not graded. ${blameless[result.outcome] ?? ''}`.trim(),
    ...(message ? [inShort(message)] : []),
  ]
    .map((text) => plain(text, 6000))
    .join('\n');
}

/** The same where what is incomplete counts 0, because there is no other way to say it: then it must not say that no points are lost. */
export function whyNoScore(result: Result): string {
  const { exercise, outcome, message } = result;
  if (outcome !== 'invalid') return whyNotJudged(result);
  const why = `${exercise} is not complete, so nothing was run. It counts 0 until you hand it in again.`;
  return [why, ...(message ? [inShort(message)] : [])].map((text) => plain(text, 6000)).join('\n');
}

/** The same for a command that failed. */
export function whyNothing({ message, remedy }: NonNullable<Report['error']>): string {
  return plain(
    ['The grader stopped before it was done; that costs no points.', message, ...(remedy ? [remedy] : [])].join('\n'),
    12_000,
  );
}

/** What is wrong, expected, seen and to be done, without source and log. */
export function inShort({ text, expected, actual, help }: Message): string {
  return [text, expected && `Expected: ${expected}`, actual && `Seen: ${actual}`, help]
    .filter(Boolean)
    .map((part) => plain(part!, 2000))
    .join('\n');
}
