/** `grade class …`: a class, as class.yaml describes it: its grades, its gradebook, its page, its repositories. */
import { resolve } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { loadCourse } from '../course/load.ts';
import { writeWhole } from '../course/write-whole.ts';
import { rescore } from '../github/rescore.ts';
import { classSections } from '../report/class-page.ts';
import { gradebooks } from '../report/class-gradebooks.ts';
import { type ClassGrades, gradeClass, withTimes } from '../report/class-grades.ts';
import { explainGrades } from '../report/class-explained.ts';
import { renderCohort } from '../report/cohort.ts';
import { isJudged } from '../report/judged.ts';
import { inBrief, type Kept, type Push } from '../report/record.ts';
import { describeChanges } from '../report/regraded.ts';
import { plural } from '../report/words.ts';
import type { Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { collectSubmissions } from './class-collect.ts';
import { type ClassName, classNames } from './class-names.ts';
import { openRepositories } from './class-open.ts';
import { readRosterFile } from './class-roster.ts';
import { type Classroom, type ClassOptions, readClass } from './classroom.ts';
import { CommandFailure, type Context } from './context.ts';
import { notOfThisCourse } from './merge.ts';
import { checkWritable } from './report-files.ts';
import { readRecords } from './results-file.ts';

type Action = (classroom: Classroom) => Promise<number>;

/** Of those that read class.yaml. */
const actions: Readonly<Record<Exclude<ClassName, 'roster'>, Action>> = {
  check,
  gradebook,
  explain,
  page,
  regrade,
  open: openRepositories,
  collect: collectSubmissions,
};

export async function classCommand(
  context: Context,
  what: string,
  named: string[],
  options: ClassOptions,
): Promise<number> {
  // It makes what the others read.
  if (what === 'roster') return readRosterFile(context, named, options.out);
  if (!isAction(what))
    throw new CommandFailure(
      `grade class does not know ‘${plainLine(what, 50)}’.`,
      2,
      `Say one of: ${classNames.map((name) => `npx grade class ${name}`).join(', ')}`,
    );
  const course = await loadCourse(context.root);
  const classFile = await readClass(options.class, course);
  return actions[what]({ context, classFile, course, named, options });
}

function isAction(what: string): what is keyof typeof actions {
  return Object.hasOwn(actions, what);
}

/** class.yaml alone; with results also who is missing, and who is not listed. */
async function check(room: Classroom): Promise<number> {
  const { context, classFile, named } = room;
  const { columns, strangers, silent } = named.length > 0 ? (await gradesOf(room)).grades : gradeNobody(room);
  const groups = new Set(classFile.learners.flatMap(({ group }) => group ?? []));
  const sections = Object.keys(classFile.sections).length;
  context.say(
    [
      `${classFile.title}: ${plural(classFile.learners.length, 'learner')}, ${plural(sections, 'section')}, ${plural(groups.size, 'group')}; ${plural(columns.length, 'exercise')} count, ${plural(classFile.due.length, 'due date')}.`,
      ...(strangers.length > 0 ? [`Not in class.yaml, and they have results: ${strangers.join(', ')}.`] : []),
      ...(named.length > 0 && silent.length > 0 ? [`Without any result: ${silent.join(', ')}.`] : []),
    ].join('\n'),
  );
  if (context.json) process.stdout.write(`${JSON.stringify({ strangers, silent })}\n`);
  return 0;
}

async function gradebook(room: Classroom): Promise<number> {
  const { context, classFile, options } = room;
  const { format = 'csv', out } = options;
  if (!Object.hasOwn(gradebooks, format))
    throw new CommandFailure(
      `There is no gradebook for ‘${plainLine(format, 50)}’.`,
      2,
      `Say one of: ${Object.keys(gradebooks)
        .map((name) => `--format ${name}`)
        .join(', ')}`,
    );
  const { render, needs } = gradebooks[format]!;
  const lacking = (needs ?? []).map((key) => classFile.learners.filter((learner) => learner[key] === undefined));
  if (lacking.length > 0 && lacking.every((learners) => learners.length > 0))
    throw new CommandFailure(
      `${format} finds a learner by their ${needs!.join(' or ')}, and class.yaml has none for ${lacking[0]!.map(({ login }) => login).join(', ')}.`,
      2,
      'Add to each of them: id: "what the platform knows them by"',
    );
  if (out !== undefined) await checkWritable('--out', out);
  const { grades } = await gradesOf(room);
  noteStrangers(context, grades);
  const text = render(grades);
  if (out === undefined) process.stdout.write(text);
  else {
    await writeWhole(resolve(out), text);
    context.tell(
      `The gradebook is in ${plainLine(out)}: ${plural(grades.rows.length, 'learner')}, ${plural(grades.columns.length, 'exercise')}.`,
    );
  }
  return 0;
}

/** Every figure of one learner, or of all, with the reason for it. */
async function explain(room: Classroom): Promise<number> {
  const { context, classFile, options } = room;
  const { grades } = await gradesOf(room);
  const wanted = options.learner?.toLowerCase();
  const rows = grades.rows.filter(({ learner }) => wanted === undefined || learner.login.toLowerCase() === wanted);
  if (rows.length === 0)
    throw new CommandFailure(
      `class.yaml has no learner ${plainLine(options.learner ?? '', 50)}.`,
      2,
      'See it with: npx grade class check',
    );
  context.say(rows.map((row) => explainGrades(classFile, row)).join('\n\n'));
  return 0;
}

async function page(room: Classroom): Promise<number> {
  const { context, classFile, course, options } = room;
  const out = options.out ?? 'class.html';
  await checkWritable('--out', out);
  const { grades, records } = await gradesOf(room);
  const results = records.map(({ result }) => result);
  const counted = course.filter(({ id }) => grades.columns.some((column) => column.id === id));
  await writeWhole(
    resolve(out),
    renderCohort({
      title: classFile.title,
      course: counted,
      results: newestJudged(results),
      logins: classFile.learners.map(({ login }) => login),
      similar: null,
      more: classSections({ grades, records, now: Date.now() }),
    }),
  );
  context.say(
    `The page is in ${plainLine(out)}: ${plural(results.length, 'result')} of ${plural(grades.rows.length, 'learner')}.`,
  );
  noteStrangers(context, grades);
  return 0;
}

/** Of each submission the last verdict on each kernel, so that nobody is shown what they have corrected since. */
function newestJudged(results: readonly Result[]): Result[] {
  const bySubmission = Map.groupBy(results, ({ submission }) => submission.toLowerCase());
  return [...bySubmission.values()].flatMap((own) => {
    const judged = own.filter(isJudged);
    const inOrder = (judged.length > 0 ? judged : own).sort(
      (a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt),
    );
    return [...new Map(inOrder.map((result) => [result.machine?.kernel ?? null, result])).values()];
  });
}

/** Two results files: before and after. What has another verdict now, and why. */
async function regrade(room: Classroom): Promise<number> {
  const { context, course, named } = room;
  if (named.length !== 2)
    throw new CommandFailure(
      'Two results files are compared: before and after.',
      2,
      'npx grade class regrade old.jsonl new.jsonl',
    );
  const [before, after] = [await recordsOf([named[0]!], course), await recordsOf([named[1]!], course)];
  context.say(describeChanges(before, after));
  return 0;
}

async function gradesOf({ classFile, course, named }: Classroom): Promise<{ grades: ClassGrades; records: Kept[] }> {
  if (named.length === 0)
    throw new CommandFailure(
      'Of which results?',
      2,
      'Name results files, or a folder of them: npx grade class gradebook results.jsonl',
    );
  const pushes: Push[] = [];
  const records = await recordsOf(named, course, (push) => void pushes.push(push));
  const timed = withTimes(records, pushes);
  return { grades: gradeClass({ classFile, course, records: timed, now: Date.now() }), records: timed };
}

function gradeNobody({ classFile, course }: Classroom): ClassGrades {
  return gradeClass({ classFile, course, records: [], now: Date.now() });
}

/** All of them, also several of one submission: each has been handed in. Points are those of this course. */
async function recordsOf(
  named: readonly string[],
  course: readonly LoadedExercise[],
  onPush?: (push: Push) => void,
): Promise<Kept[]> {
  const records: Kept[] = [];
  for await (const { name, record } of readRecords(named, onPush)) {
    if ('error' in record) continue;
    const scored = rescore(course, record.result);
    if ('problem' in scored) throw notOfThisCourse(`${name}: ${scored.problem}.`);
    records.push({ ...record, result: inBrief(scored.result) });
  }
  return records;
}

function noteStrangers(context: Context, { strangers }: ClassGrades): void {
  if (strangers.length > 0)
    context.note(`Not in class.yaml, so not counted: ${strangers.map((login) => plainLine(login, 50)).join(', ')}.`);
}
