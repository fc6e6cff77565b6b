/** Which exercises the lab in a page offers, and why not the others: content/lab.yaml. */
import { z } from 'zod';
import type { LoadedExercise } from '../../grader/course/exercise.ts';

export const labSchema = z.strictObject({
  offered: z.array(z.string()),
  missing: z.record(z.string(), z.string().trim().min(1).max(200)),
  /** Programs of lessons that cannot be tried, by path below content/examples, and why not. */
  untried: z.record(z.string(), z.string().trim().min(1).max(200)).default({}),
});

export type LabList = z.infer<typeof labSchema>;

/** Null if it is offered; else what is missing. Pushes a problem if the list does not say. */
export function missingFor(
  { id, files }: Pick<LoadedExercise, 'id' | 'files'>,
  { offered, missing }: Pick<LabList, 'offered' | 'missing'>,
  problems: string[],
): string | null {
  if (offered.includes(id)) return null;
  const own = missing[id];
  if (own !== undefined) return own;
  // '.bpf.c' before '.c'
  const endings = Object.keys(missing)
    .filter((key) => key.startsWith('.'))
    .sort((a, b) => b.length - a.length);
  const ending = endings.find((end) => Object.keys(files).some((name) => name.endsWith(end)));
  if (ending === undefined) {
    problems.push(`content/lab.yaml: says neither that ${id} is offered nor what is missing for it`);
    return '';
  }
  return missing[ending]!;
}

/** Ids in the list that no exercise has. */
export function strangers(
  { offered, missing }: Pick<LabList, 'offered' | 'missing'>,
  ids: readonly string[],
): string[] {
  const named = [...offered, ...Object.keys(missing).filter((key) => !key.startsWith('.'))];
  return [
    ...named.filter((id) => !ids.includes(id)).map((id) => `content/lab.yaml: there is no exercise ${id}`),
    ...offered
      .filter((id) => missing[id] !== undefined)
      .map((id) => `content/lab.yaml: ${id} is both offered and missing`),
  ];
}
