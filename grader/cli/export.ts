/** `grade export --format F`: results for another platform. Grades nothing. */
import type { LoadedExercise } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { loadCourse } from '../course/load.ts';
import { readResult } from '../course/progress.ts';
import { readSubmission } from '../course/submission.ts';
import { startedExercises, submissionFolder } from '../course/workspace.ts';
import { writeWhole } from '../course/write-whole.ts';
import { autograderName, type ExportName } from '../report/export-names.ts';
import { exportFormats } from '../report/formats.ts';
import { makeReport } from '../report/json.ts';
import { isJudged, onePerExercise, withFullMarks } from '../report/judged.ts';
import { learnerOf } from '../report/learner.ts';
import { inBrief } from '../report/record.ts';
import { plural } from '../report/words.ts';
import type { Report, Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure, type Context } from './context.ts';
import { loginOf } from './learner.ts';
import { checkWritable } from './report-files.ts';
import { readRecords } from './results-file.ts';

export interface ExportOptions {
  as?: string;
  format?: ExportName | typeof autograderName;
  from?: string[];
  out?: string;
}

export async function exportResults(context: Context, named: string[], options: ExportOptions): Promise<number> {
  const { format, from = [], out } = options;
  if (format === undefined)
    throw new CommandFailure(
      'Export to what?',
      2,
      `Say one of: ${Object.keys(exportFormats)
        .map((name) => `--format ${name}`)
        .join(', ')}.`,
    );
  if (format === autograderName) {
    const course = await loadCourse(context.root, named);
    const { exportAutograder } = await import('./autograder.ts');
    return exportAutograder(context, await Promise.all(named.map((text) => mustFind(course, text))), out);
  }
  const { render, manyLearners, needsScore } = exportFormats[format];
  if (out !== undefined) await checkWritable('--out', out);
  const course = await loadCourse(context.root, named);
  const wanted = await Promise.all(named.map((text) => mustFind(course, text)));
  const report =
    from.length > 0
      ? await reported(context, from, wanted, options.as, manyLearners === true)
      : await remembered(context, course, wanted, options.as);
  const learners = [...new Set(report.results.map(learnerOf))];
  if (!manyLearners && learners.length > 1)
    throw new CommandFailure(
      `${format} is about one learner, and these results are of ${learners.map((login) => login ?? 'nobody in submissions/').join(', ')}.`,
      2,
      'Choose one with --as <login>, or take --format csv for all of them.',
    );
  const marked = withFullMarks(report.results, course);
  const results = manyLearners ? marked : onePerExercise(marked);
  const unjudged = results.filter((result) => !isJudged(result));
  if (needsScore && unjudged.length === results.length)
    throw new CommandFailure(
      `None of these exercises could be graded, and ${format} would read a document without a score as zero points.`,
      3,
      `Grade again first: npx grade ${unjudged.map(({ exercise }) => exercise).join(' ')}`.trimEnd(),
    );
  if (unjudged.length > 0)
    context.note(
      plainLine(
        `Not graded, and without points in the export: ${unjudged.map(({ exercise, outcome }) => `${exercise} (${outcome})`).join(', ')}.`,
      ),
    );

  const text = render({ ...report, results });
  if (out === undefined) process.stdout.write(text);
  else {
    await writeWhole(out, text);
    context.tell(`Exported ${plural(results.length, 'result')}: ${plainLine(out)}`);
  }
  return 0;
}

/** The learner's last result of every exercise they have started. */
async function remembered(
  context: Context,
  course: readonly LoadedExercise[],
  wanted: readonly LoadedExercise[],
  as: string | undefined,
): Promise<Report> {
  const { root } = context;
  const login = await loginOf(context, as);
  const started = await startedExercises(root, login);
  const asked = wanted.length > 0 ? wanted : course.filter(({ id }) => started.includes(id));
  const results: Result[] = [];
  for (const exercise of asked) {
    const result = await readResult(root, login, exercise.id);
    if (!result) context.note(`${exercise.id} has not been graded yet, and is not in the export.`);
    else {
      results.push(result);
      const now = await readSubmission(root, submissionFolder(root, login, exercise.id), exercise.files);
      if (('submission' in now ? now.submission.digest : null) !== result.digest)
        context.note(`${exercise.id} has changed since it was graded; the export says what it was then.`);
    }
  }
  if (results.length === 0)
    throw new CommandFailure(
      `${login} has no results yet${wanted.length > 0 ? ' of these exercises' : ''}.`,
      2,
      `Grade first: npx grade${wanted.length > 0 ? ` ${wanted.map(({ id }) => id).join(' ')}` : ''}`,
    );
  return makeReport(results);
}

/** What report files say, put together. */
async function reported(
  context: Context,
  files: readonly string[],
  wanted: readonly LoadedExercise[],
  as: string | undefined,
  manyLearners: boolean,
): Promise<Report> {
  const login = as === undefined ? undefined : await loginOf(context, as);
  const results: Result[] = [];
  let failed: Report['error'];
  let all = 0;
  for await (const { record } of readRecords(files)) {
    if ('error' in record) {
      failed ??= record.error;
      continue;
    }
    all += 1;
    const { result } = record;
    if (wanted.length > 0 && !wanted.some(({ id }) => id === result.exercise)) continue;
    if (login !== undefined && learnerOf(result) !== login) continue;
    results.push(manyLearners ? inBrief(result) : result);
  }
  if (results.length === 0 && !failed)
    throw new CommandFailure(
      `${files.join(', ')}: ${plural(all, 'result')}, and none is what you ask for.`,
      2,
      'Leave --as and the exercises away to export them all.',
    );
  return { ...makeReport(results), ...(failed && { error: failed }) };
}

async function mustFind(course: LoadedExercise[], text: string): Promise<LoadedExercise> {
  const found = await findExercise(course, text);
  if ('problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
  return found.exercise;
}
