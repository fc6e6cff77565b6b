/** `grade export --format F`: results for another platform. Grades nothing. */
import { stat } from 'node:fs/promises';
import type { ClassFile, Learner } from '../course/class-schema.ts';
import { membersOf } from '../course/due.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { loadCourse } from '../course/load.ts';
import { readResult } from '../course/progress.ts';
import { readSubmission } from '../course/submission.ts';
import { startedExercises, submissionFolder } from '../course/workspace.ts';
import { writeWhole } from '../course/write-whole.ts';
import { type AutograderName, autograderNames, type ExportName } from '../report/export-names.ts';
import { exportFormats } from '../report/formats.ts';
import type { Roster } from '../report/gradebook.ts';
import { makeReport } from '../report/json.ts';
import { isJudged, onePerExercise, withFullMarks } from '../report/judged.ts';
import { learnerOf } from '../report/learner.ts';
import { inBrief } from '../report/record.ts';
import { plural } from '../report/words.ts';
import type { Report, Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { readClass, usualClassFile } from './classroom.ts';
import { CommandFailure, type Context } from './context.ts';
import { loginOf } from './learner.ts';
import { checkWritable } from './report-files.ts';
import { readRecords } from './results-file.ts';

export interface ExportOptions {
  as?: string;
  /** A class.yaml; without it the one of this folder, where results of many are exported. */
  class?: string;
  format?: ExportName | AutograderName;
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
  if (isAutograder(format)) {
    const course = await loadCourse(context.root, named);
    const { exportAutograder } = await import('./autograder.ts');
    return exportAutograder(context, format, await Promise.all(named.map((text) => mustFind(course, text))), out);
  }
  const { render, manyLearners, needsScore } = exportFormats[format];
  if (out !== undefined) await checkWritable('--out', out);
  const course = await loadCourse(context.root, named);
  const classFile = await classOf(course, options);
  const wanted = await Promise.all(named.map((text) => mustFind(course, text)));
  const report =
    from.length > 0
      ? await reported(context, { files: from, wanted, as: options.as, manyLearners: manyLearners === true, classFile })
      : await remembered(context, course, wanted, options.as);
  const learners = teamsOf(report.results, classFile);
  if (!manyLearners && learners.length > 1)
    throw new CommandFailure(
      `${format} is about one learner, and these results are of ${learners.join(', ')}.`,
      2,
      'Choose one with --as <login>, or take --format csv for all of them.',
    );
  const marked = withFullMarks(report.results, course);
  const results = manyLearners ? marked : onePerExercise(marked);
  const unjudged = results.filter((result) => !isJudged(result));
  if (needsScore && results.every(({ outcome }) => outcome === 'error' || outcome === 'unsupported'))
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

  const roster = manyLearners && classFile ? classRoster(classFile, course, options.as) : undefined;
  if (manyLearners && from.length > 0) noteRoster(context, results, classFile);
  const text = render({ ...report, results }, roster);
  if (out === undefined) process.stdout.write(text);
  else {
    await writeWhole(out, text);
    context.tell(`Exported ${plural(results.length, 'result')}: ${plainLine(out)}`);
  }
  return 0;
}

function isAutograder(format: string): format is AutograderName {
  return (autograderNames as readonly string[]).includes(format);
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

interface Asked {
  files: readonly string[];
  wanted: readonly LoadedExercise[];
  as: string | undefined;
  manyLearners: boolean;
  classFile: ClassFile | undefined;
}

/** What report files say, put together. */
async function reported(context: Context, { files, wanted, as, manyLearners, classFile }: Asked): Promise<Report> {
  const login = as === undefined ? undefined : await loginOf(context, as);
  const learner = login === undefined ? undefined : learnerIn(classFile, login);
  if (login !== undefined && classFile && !learner)
    throw new CommandFailure(
      `class.yaml has no learner ${plainLine(login, 50)}.`,
      2,
      'See who is in it: npx grade class check',
    );
  const team = new Set(
    (learner ? membersOf(classFile!, learner).map((one) => one.login) : [login ?? '']).map((one) => one.toLowerCase()),
  );
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
    if (login !== undefined && !team.has(learnerOf(result)?.toLowerCase() ?? '')) continue;
    results.push(manyLearners ? inBrief(result) : result);
  }
  // Nothing handed in is a row of empty cells in a gradebook, and no document of any other kind: that would be a zero.
  const isRow = manyLearners && classFile !== undefined;
  if (results.length === 0 && !failed && !isRow)
    throw new CommandFailure(
      learner
        ? `${learner.name} (${learner.login}) is in class.yaml, and has handed in nothing${wanted.length > 0 ? ' of these exercises' : ''}: there is nothing to export, which is not zero points.`
        : `${files.map((file) => plainLine(file, 100)).join(', ')}: ${plural(all, 'result')}, and none is what you ask for.`,
      2,
      'Leave --as and the exercises away to export them all.',
    );
  return { ...makeReport(results), ...(failed && { error: failed }) };
}

/** The one that is named; or, where a teacher exports results of many, that of this folder if there is one. */
async function classOf(
  course: readonly LoadedExercise[],
  { class: named, from = [] }: ExportOptions,
): Promise<ClassFile | undefined> {
  const isThere = named !== undefined || (from.length > 0 && (await stat(usualClassFile).catch(() => null)) !== null);
  return isThere ? readClass(named ?? usualClassFile, course) : undefined;
}

function learnerIn(classFile: ClassFile | undefined, login: string): Learner | undefined {
  return classFile?.learners.find((one) => one.login.toLowerCase() === login.toLowerCase());
}

/** Everybody in the class, or the one that was asked for; and what counts there. */
function classRoster(classFile: ClassFile, course: readonly LoadedExercise[], as: string | undefined): Roster {
  const wanted = as === undefined ? undefined : learnerIn(classFile, as);
  const counted = classFile.counts ? course.filter(({ id }) => Object.hasOwn(classFile.counts!, id)) : [];
  return {
    learners: (wanted ? [wanted] : classFile.learners).map((learner) => ({
      login: learner.login,
      team: membersOf(classFile, learner).map(({ login }) => login),
    })),
    exercises: counted.map(({ id }) => id),
  };
}

/** Whom results are of; a group is one. */
function teamsOf(results: readonly Result[], classFile: ClassFile | undefined): string[] {
  const teams = new Map<string, string>();
  for (const result of results) {
    const login = learnerOf(result) ?? 'nobody in submissions/';
    const group = learnerIn(classFile, login)?.group;
    teams.set(group === undefined ? `login ${login.toLowerCase()}` : `group ${group}`, group ?? login);
  }
  return [...teams.values()];
}

/** Who is missing from a gradebook, or in it without being in the class. */
function noteRoster(context: Context, results: readonly Result[], classFile: ClassFile | undefined): void {
  if (!classFile)
    return context.note(
      'There is no class.yaml here, so those who have handed in nothing have no row. docs/teaching.md has one to begin with; --class names it.',
    );
  const strangers = [...new Set(results.map((result) => learnerOf(result) ?? result.submission))].filter(
    (login) => !learnerIn(classFile, login),
  );
  if (strangers.length > 0)
    context.note(`Not in class.yaml, and in rows below the class: ${plainLine(strangers.join(', '), 500)}.`);
}

async function mustFind(course: LoadedExercise[], text: string): Promise<LoadedExercise> {
  const found = await findExercise(course, text);
  if ('problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
  return found.exercise;
}
