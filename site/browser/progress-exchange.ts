/** Progress to and from a file, by the schema and the rules of the command line. With zod, so it is fetched when it is wanted. */
import { renderProgress } from '../../grader/course/progress-entries.ts';
import { parseProgress } from '../../grader/course/progress-file.ts';
import { doneBy, mergeProgress } from '../../grader/course/progress-merge.ts';
import { keep, readKept } from './progress.ts';

const largest = 16 * 1024 * 1024;

/** What the file holds, for people; or what is wrong with it, and then nothing was changed. */
export async function importFile(file: File, stableIds: Readonly<Record<string, string>>): Promise<string> {
  const refused = (why: string) => `${file.name} cannot be imported: ${why}. Nothing was changed.`;
  if (file.size > largest) return refused('it is larger than 16 MiB');
  const parsed = parseProgress(await file.text());
  if ('problem' in parsed) return refused(parsed.detail);
  try {
    keep(mergeProgress(readKept(), parsed.progress, { stableIds }));
  } catch {
    return refused('this browser stores nothing for the course, or has no room left');
  }
  const all = Object.values(parsed.progress.learners).map(doneBy);
  const [passed, practised, ticked, lessons] = (['passed', 'practised', 'ticked', 'lessons'] as const).map(
    (what) => new Set(all.flatMap((one) => one[what])).size,
  ) as [number, number, number, number];
  const parts = [
    counted(passed, 'exercise', 'passed on the command line'),
    ...(practised > 0 ? [counted(practised, 'exercise', 'practised in the lab')] : []),
    ...(ticked > 0 ? [counted(ticked, 'exercise', 'ticked')] : []),
    counted(lessons, 'lesson', 'read'),
  ];
  return `Imported from ${file.name}: ${parts.join(', ')}.`;
}

export function exported(): string {
  return renderProgress(readKept());
}

function counted(count: number, noun: string, what: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'} ${what}`;
}
