/** content/exercises/course.json: the chapters, the order, the drafts, and what exercises were once called. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CourseError } from './course-error.ts';
import { complaints, courseSchema } from './schema.ts';

export interface CourseList {
  /** '<chapter>/<name>' in the order in which they are learnt. */
  ids: string[];
  drafts: string[];
  chapters: { name: string; title: string; /** Ids. */ exercises: string[] }[];
  /** Ids that an exercise had before, the oldest first. */
  formerly(id: string): string[];
}

const at = 'content/exercises/course.json';

/** Throws CourseError. */
export async function readCourseList(root: string): Promise<CourseList> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(root, at), 'utf8'));
  } catch (error) {
    throw new CourseError([`${at}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const parsed = courseSchema.safeParse(value);
  if (!parsed.success) throw new CourseError(complaints(parsed.error).map((complaint) => `${at}: ${complaint}`));
  const { first, drafts = [], formerly = {} } = parsed.data;
  const chapters = parsed.data.chapters.map(({ name, title, exercises }) => ({
    name,
    title,
    exercises: exercises.map((exercise) => `${name}/${exercise}`),
  }));
  const ids = chapters.flatMap(({ exercises }) => exercises);
  if (first !== undefined && !ids.includes(first)) throw new CourseError([`${at}: first: no chapter lists ${first}`]);
  const twice = ids.filter((id, i) => ids.indexOf(id) < i);
  const problems = [...twice.map((id) => `lists ${id} twice`), ...wrongNames([...ids, ...drafts], formerly)];
  if (problems.length > 0) throw new CourseError(problems.map((problem) => `${at}: ${problem}`));
  return {
    ids: first === undefined ? ids : [first, ...ids.filter((id) => id !== first)],
    drafts,
    chapters,
    formerly: (id) => Object.keys(formerly).filter((old) => formerly[old] === id),
  };
}

/** As each name leads to an exercise and none is one, there can be no chains and no circles. */
function wrongNames(ids: readonly string[], formerly: Readonly<Record<string, string>>): string[] {
  return Object.entries(formerly).flatMap(([old, id]) => [
    ...(ids.includes(old) ? [`formerly: ${old} is the name of an exercise; a name that was given up stays so`] : []),
    ...(ids.includes(id)
      ? []
      : [
          `formerly: ${old}: there is no exercise ${id}${formerly[id] === undefined ? '' : `, which is ${formerly[id]} now: say that`}`,
        ]),
  ]);
}
