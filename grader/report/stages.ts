/** How far a submission got, and what keeps the rest from being judged. Pure. */
import { type CheckResult, type Outcome, type Stage, stages } from '../verdict/result.ts';

/** What hides other outcomes of a stage comes first. */
const worstFirst: readonly Outcome[] = ['error', 'fail', 'unsupported', 'skipped', 'pass'];

/** Each stage that has checks, in the order of stages, with the worst outcome of its checks. */
export function stagesOf(
  checks: readonly Pick<CheckResult, 'stage' | 'outcome'>[],
): { stage: Stage; outcome: Outcome }[] {
  return stages.flatMap((stage) => {
    const outcomes = checks.filter((check) => check.stage === stage).map(({ outcome }) => outcome);
    const outcome = worstFirst.find((one) => outcomes.includes(one));
    return outcome ? [{ stage, outcome }] : [];
  });
}

/** The check that a skipped one waits for in the end: not one that waits itself. */
export function causeOf(checks: readonly CheckResult[], { waitsFor }: CheckResult): CheckResult | undefined {
  // A check waits only for one before it, so this ends.
  const before = checks.find(({ id }) => id === waitsFor);
  return before?.outcome === 'skipped' ? causeOf(checks.slice(0, checks.indexOf(before)), before) : before;
}
