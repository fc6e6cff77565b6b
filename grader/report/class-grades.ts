/** From the results of a class to its grades, each with the reasons for it. Pure. */
import type { ClassFile, Learner } from '../course/class-schema.ts';
import { type Due, dueOf, lateness, membersOf } from '../course/due.ts';
import type { Outcome, Result } from '../verdict/result.ts';
import { isJudged } from './judged.ts';
import { learnerOf } from './learner.ts';
import type { Kept, Push } from './record.ts';

/** What a class knows of an exercise. */
export interface Column {
  id: string;
  title: string;
  /** What it is worth in the gradebook. */
  worth: number;
}

export interface Grade {
  exercise: string;
  /** Of `worth`; null is no grade, which is not zero. */
  points: number | null;
  worth: number;
  due: Due | null;
  /** That counts; null if there is none. */
  attempt: Attempt | null;
  /** Why there is no grade: 'nothing handed in', or the outcome of what was handed in. */
  why: 'missing' | Outcome | null;
}

export interface Attempt {
  result: Result;
  /** Milliseconds since 1970, by GitHub's clock; null if nobody knows it: then it is in time. */
  handedIn: number | null;
  daysLate: number;
  percentLost: number;
  /** Its verdict is one that somebody has asked for by a label. */
  secondLook: boolean;
}

export interface Row {
  learner: Learner;
  grades: Grade[];
  points: number;
  /** Of what has a grade. */
  worth: number;
}

export interface ClassGrades {
  columns: Column[];
  /** In the order of class.yaml. */
  rows: Row[];
  /** Logins with results that class.yaml does not list. */
  strangers: string[];
  /** Learners of whom there is no result. */
  silent: string[];
}

export interface Graded {
  classFile: ClassFile;
  course: readonly { id: string; title: string; checks: readonly { points: number }[] }[];
  records: readonly Kept[];
  /** When files were handed in that were graded elsewhere. */
  pushes?: readonly Push[];
  /** Milliseconds since 1970: what is due later is not missing yet. */
  now: number;
}

export function gradeClass({ classFile, course, records, pushes = [], now }: Graded): ClassGrades {
  const columns = columnsOf(classFile, course);
  const byLogin = Map.groupBy(withTimes(records, pushes), ({ result }) => learnerOf(result)?.toLowerCase() ?? '');
  const listed = new Set(classFile.learners.map(({ login }) => login.toLowerCase()));
  return {
    columns,
    rows: classFile.learners.map((learner) => {
      const own = membersOf(classFile, learner).flatMap(({ login }) => byLogin.get(login.toLowerCase()) ?? []);
      const byExercise = Map.groupBy(own, ({ result }) => result.exercise);
      const grades = columns.map((column) =>
        gradeOf({ classFile, learner, column, records: byExercise.get(column.id) ?? [], now }),
      );
      const counted = grades.filter(({ points }) => points !== null);
      return {
        learner,
        grades,
        points: round(counted.reduce((sum, { points }) => sum + points!, 0)),
        worth: round(counted.reduce((sum, { worth }) => sum + worth, 0)),
      };
    }),
    strangers: [...byLogin.entries()]
      .filter(([login]) => login !== '' && !listed.has(login))
      .map(([, all]) => learnerOf(all[0]!.result)!)
      .sort(),
    silent: classFile.learners
      .filter((learner) => membersOf(classFile, learner).every(({ login }) => !byLogin.has(login.toLowerCase())))
      .map(({ login }) => login),
  };
}

function columnsOf({ counts }: ClassFile, course: Graded['course']): Column[] {
  return course
    .filter(({ id }) => counts === undefined || Object.hasOwn(counts, id))
    .map(({ id, title, checks }) => ({
      id,
      title,
      worth: counts?.[id] ?? checks.reduce((sum, { points }) => sum + points, 0),
    }));
}

/** What was graded again later was handed in when the same files first were. */
export function withTimes(records: readonly Kept[], pushes: readonly Push[]): Kept[] {
  const first = new Map<string, string>();
  const keyOf = ({ submission, digest }: { submission: string; digest: string | null }) =>
    `${submission.toLowerCase()} ${digest}`;
  const add = (key: string, at: string) => {
    const known = first.get(key);
    if (known === undefined || Date.parse(at) < Date.parse(known)) first.set(key, at);
  };
  for (const push of pushes) add(keyOf(push), push.at);
  for (const { handedIn, result } of records)
    if (handedIn !== undefined && result.digest !== null) add(keyOf(result), handedIn);
  return records.map((record) => {
    const handedIn = first.get(keyOf(record.result)) ?? record.handedIn;
    return handedIn === undefined ? record : { ...record, handedIn };
  });
}

function gradeOf(about: {
  classFile: ClassFile;
  learner: Learner;
  column: Column;
  records: readonly Kept[];
  now: number;
}): Grade {
  const { classFile, learner, column, records, now } = about;
  const due = dueOf(classFile, learner, column.id);
  const common = { exercise: column.id, worth: column.worth, due };
  // Of the same files the newest verdict holds: a new version of the grader may have corrected it.
  const newest = new Map<string, Kept>();
  const inOrder = [...records].sort((a, b) => Date.parse(a.result.startedAt) - Date.parse(b.result.startedAt));
  for (const record of inOrder)
    if (isJudged(record.result)) newest.set(`${record.result.submission} ${record.result.digest}`, record);
  const attempts = [...newest.values()].map((record) => attemptOf(classFile, due, record));
  if (attempts.length === 0) {
    const last = inOrder.at(-1)?.result.outcome;
    const isMissing = last === undefined && due !== null && due.ms < now;
    return {
      ...common,
      points: isMissing && classFile.missing === 'zero' ? 0 : null,
      attempt: null,
      why: last ?? 'missing',
    };
  }
  const attempt = attempts.reduce((chosen, each) =>
    classFile.attempt === 'last'
      ? timeOf(each) >= timeOf(chosen)
        ? each
        : chosen
      : shareOf(each) > shareOf(chosen)
        ? each
        : chosen,
  );
  return { ...common, points: round(shareOf(attempt) * column.worth), attempt, why: null };
}

function attemptOf(classFile: ClassFile, due: Due | null, { result, handedIn, secondLook }: Kept): Attempt {
  const ms = handedIn === undefined ? null : Date.parse(handedIn);
  const { days, percent } = ms === null ? { days: 0, percent: 0 } : lateness(classFile, due, ms);
  return { result, handedIn: ms, daysLate: days, percentLost: percent, secondLook: secondLook === true };
}

function shareOf({ result: { points, maxPoints, outcome }, percentLost }: Attempt): number {
  const share = maxPoints > 0 ? points / maxPoints : outcome === 'pass' ? 1 : 0;
  return share * (1 - percentLost / 100);
}

function timeOf({ handedIn, result }: Attempt): number {
  return handedIn ?? Date.parse(result.startedAt);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
