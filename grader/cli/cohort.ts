/** `grade cohort <report…>`: a page of a class, from the reports of its submissions. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { loadCourse } from '../course/load.ts';
import { findSimilar, type Similar, type Written } from '../course/similarity.ts';
import { readSubmission } from '../course/submission.ts';
import { writeWhole } from '../course/write-whole.ts';
import { renderCohort } from '../report/cohort.ts';
import { inBrief } from '../report/record.ts';
import type { Result } from '../verdict/result.ts';
import type { Context } from './context.ts';
import { collect } from './merge.ts';

export interface CohortOptions {
  out: string;
  title: string;
  similar?: boolean;
}

/** The page says who passed what; --similar compares the files in submissions/ besides. */
export async function cohort(
  context: Context,
  named: string[],
  { out, title, similar }: CohortOptions,
): Promise<number> {
  const course = await loadCourse(context.root);
  const { results, errors } = await collect(named, course, { keep: inBrief, several: 'newest' });
  const html = renderCohort({
    title,
    course,
    results,
    similar: similar ? await compareAll(context.root, course, results) : null,
  });
  const path = resolve(out);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, html);
  if (context.json) process.stdout.write(`${JSON.stringify({ page: path, results: results.length })}\n`);
  context.say(`The page is in ${out}: ${results.length} results.`);
  for (const error of errors) context.note(`A job graded nothing, of which the page says nothing: ${error}`);
  return 0;
}

async function compareAll(
  root: string,
  course: readonly LoadedExercise[],
  results: readonly Result[],
): Promise<Map<string, Similar[]>> {
  const found = new Map<string, Similar[]>();
  for (const exercise of course) {
    const folders = new Set(
      results.filter((result) => result.exercise === exercise.id).map(({ submission }) => submission),
    );
    const written = (await Promise.all([...folders].map((folder) => readWritten(root, folder, exercise)))).flat();
    const ours = await Promise.all(
      Object.keys(exercise.files).flatMap((file) =>
        ['starter', 'solution'].map((from) => readFile(join(exercise.folder, from, file), 'utf8').catch(() => '')),
      ),
    );
    found.set(exercise.id, findSimilar(written, ours));
  }
  return found;
}

/** None if it is not there any more, or cannot be read. */
async function readWritten(root: string, folder: string, { files }: LoadedExercise): Promise<Written[]> {
  const read = await readSubmission(root, join(root, folder), files);
  if ('problem' in read) return [];
  return [
    {
      login: folder.split('/')[1]!,
      files: new Map([...read.submission.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')])),
    },
  ];
}
