/**
 * A result that somebody else's run claims, made ours: it keeps the outcomes and the evidence, and takes titles, hints, points
 * and score from the course. What no grading of this course could have said is refused.
 */
import { z } from 'zod';
import type { Check, LoadedExercise } from '../course/exercise.ts';
import { withFullMarks } from '../report/judged.ts';
import { findObstacle } from '../verdict/judge.ts';
import { hintFor, hintLadder } from '../verdict/hint.ts';
import { toMessage } from '../verdict/message.ts';
import { overallOutcome, score } from '../verdict/outcome.ts';
import type { CheckResult, Message, Outcome, Result } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { placeOf } from './places.ts';

/** `problem` is fit to print: nothing of the file's free text is in it. */
export type Rescored = { result: Result } | { problem: string };

/** What stands in a result outside of messages, and is shown outside of them. */
const wordsSchema = z.object({
  seed: z.string().regex(/^[0-9a-f]{8,64}$/),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable(),
  machine: z
    .object({
      accelerator: z.string().regex(/^[a-z]{1,20}$/),
      kernel: z.string().regex(/^\d[\w.+~-]{0,99}$/),
      arch: z.string().regex(/^\w{1,20}$/),
      image: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .nullable(),
    })
    .nullable(),
});

export function rescore(course: readonly LoadedExercise[], claimed: Result): Rescored {
  const exercise = course.find(({ id }) => id === claimed.exercise);
  if (!exercise) return { problem: 'a result is of an exercise that the course does not have' };
  const refuse = (why: string): Rescored => ({ problem: `the result of ${exercise.id} ${why}` });
  const place = placeOf(`${claimed.submission}/x`);
  if (place?.exercise !== exercise.id || place.folder !== claimed.submission)
    return refuse('is of a folder that is not a submission to it');
  const words = wordsSchema.safeParse(claimed);
  if (!words.success) return refuse(`has an impossible ${words.error.issues[0]!.path.join('.')}`);

  const common = { ...claimed, title: exercise.title };
  if (claimed.checks.length === 0) {
    if (!['invalid', 'unsupported', 'error'].includes(claimed.outcome) || !claimed.message)
      return refuse('has no checks');
    const [result] = withFullMarks([{ ...common, points: 0, maxPoints: 0 }], course);
    return { result: { ...result!, message: messageOf(claimed.message, exercise) } };
  }
  if (!claimed.machine || claimed.message) return refuse('has checks, and says that none was made');
  if (
    claimed.checks.length !== exercise.checks.length ||
    claimed.checks.some(({ id }, i) => id !== exercise.checks[i]!.id)
  ) {
    return refuse('does not have the checks of the exercise');
  }
  const checks: CheckResult[] = [];
  const forgiven = new Set<string>();
  for (const [i, check] of exercise.checks.entries()) {
    const said = claimed.checks[i]!;
    const obstacle = findObstacle(check, exercise.checks, checks);
    if ((said.outcome === 'skipped') !== (obstacle !== undefined) || said.outcome === 'invalid')
      return refuse(`says ‘${said.outcome}’ of the check ${check.id}, which cannot be`);
    if (said.outcome === 'error' || said.outcome === 'unsupported' || (obstacle && forgiven.has(obstacle.id)))
      forgiven.add(check.id);
    checks.push({
      ...ours(check, said, exercise),
      ...pointsOf(check, said.outcome, forgiven),
      ...(obstacle && { waitsFor: obstacle.id }),
    });
  }
  return { result: { ...common, outcome: overallOutcome(checks), ...score(checks), checks } };
}

function ours(check: Check, said: CheckResult, exercise: LoadedExercise): Omit<CheckResult, 'points' | 'maxPoints'> {
  const { id, title, stage, rationale } = check;
  const known = hintLadder.some((rung) => plain(check.hints[rung], 2000) === said.hint);
  return {
    id,
    title,
    stage,
    rationale: plain(rationale, 2000),
    outcome: said.outcome,
    durationMs: said.durationMs,
    ...(said.outcome === 'fail' && { hint: known ? said.hint! : plain(hintFor(check, 0), 2000) }),
    ...(said.message && said.outcome !== 'pass' && { message: messageOf(said.message, exercise) }),
  };
}

function pointsOf(
  check: Check,
  outcome: Outcome,
  forgiven: ReadonlySet<string>,
): Pick<CheckResult, 'points' | 'maxPoints'> {
  return { points: outcome === 'pass' ? check.points : 0, maxPoints: forgiven.has(check.id) ? 0 : check.points };
}

/** Its place must be a file of the submission; the whole log is on another machine. */
function messageOf({ logFile: _, lesson: __, location, ...message }: Message, { files }: LoadedExercise): Message {
  const inside = location && Object.hasOwn(files, location.file);
  return toMessage({ ...message, wholeLog: message.log, ...(inside && { location }) });
}
