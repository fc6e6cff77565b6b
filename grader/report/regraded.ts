/** What has another verdict after everything was graded again, and why that may be. Pure. */
import type { Result } from '../verdict/result.ts';
import type { Kept } from './record.ts';
import { number, plural, wordOf } from './words.ts';

/** Text: a line for each submission whose outcome or points have changed. */
export function describeChanges(before: readonly Kept[], after: readonly Kept[]): string {
  const [old, now] = [newest(before), newest(after)];
  const lines: string[] = [];
  let same = 0;
  for (const [submission, result] of [...now].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const earlier = old.get(submission);
    if (!earlier) lines.push(`  ${submission}: ${told(result)}; it was not graded before`);
    else if (
      earlier.outcome === result.outcome &&
      earlier.points === result.points &&
      earlier.maxPoints === result.maxPoints
    )
      same += 1;
    else lines.push(`  ${submission}: ${told(earlier)} → ${told(result)}; ${whyOf(earlier, result)}`);
  }
  const gone = [...old.keys()].filter((submission) => !now.has(submission)).sort();
  return [
    `${plural(lines.length, 'verdict')} changed, ${same} the same, ${gone.length} not graded again.`,
    ...lines,
    ...gone.map((submission) => `  ${submission}: not graded again`),
  ].join('\n');
}

function newest(records: readonly Kept[]): Map<string, Result> {
  const found = new Map<string, Result>();
  for (const { result } of records) {
    const known = found.get(result.submission);
    if (!known || Date.parse(known.startedAt) <= Date.parse(result.startedAt)) found.set(result.submission, result);
  }
  return found;
}

function told({ outcome, points, maxPoints }: Result): string {
  return `${wordOf[outcome].toLowerCase()}${maxPoints > 0 ? `, ${number(points)} of ${number(maxPoints)}` : ''}`;
}

/** The nearest cause that the two results can show; with the same of everything it is the grader, the exercise or the workload. */
function whyOf(before: Result, after: Result): string {
  if (before.digest !== after.digest) return 'its files have changed';
  const checks = after.checks.filter(
    ({ id, outcome }) => before.checks.find((one) => one.id === id)?.outcome !== outcome,
  );
  const named = checks.length > 0 ? `: ${checks.map(({ id, outcome }) => `${id} is now ‘${outcome}’`).join(', ')}` : '';
  if (before.machine?.kernel !== after.machine?.kernel)
    return `graded on ${after.machine?.kernel ?? 'no kernel'} instead of ${before.machine?.kernel ?? 'no kernel'}${named}`;
  if (before.machine?.image !== after.machine?.image) return `another guest image${named}`;
  return `the same files on the same kernel, so the grader, the exercise or the workload (seed ${after.seed})${named}`;
}
