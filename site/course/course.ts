/** All that the site knows of the course, read and checked as a whole. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Path } from '../../grader/course/paths.ts';
import { outOfOrder, readPaths } from '../../grader/course/read-paths.ts';
import { courseSchema } from '../../grader/course/schema.ts';
import { type ExercisePage, readExercises } from './exercises.ts';
import { labSchema } from './lab.ts';
import { checked, ContentError } from './problems.ts';
import {
  type Facts,
  factsSchema,
  type Glossary,
  glossarySchema,
  type Lesson,
  lessonSchema,
  outlineSchema,
} from './schema.ts';

export interface Chapter {
  name: string;
  title: string;
  summary: string;
  lessons: Lesson[];
  exercises: ExercisePage[];
}

export interface Course {
  chapters: Chapter[];
  paths: Path[];
  /** The exercise that one begins with. */
  first: string;
  facts: Facts;
  glossary: Glossary;
}

/** Throws ContentError with every problem, or CourseError of the exercises. */
export async function readCourse(root: string): Promise<Course> {
  const problems: string[] = [];
  const facts = await data(root, 'content/facts.yaml', factsSchema, problems);
  const glossary = await data(root, 'content/glossary.yaml', glossarySchema, problems);
  const outline = await data(root, 'content/outline.yaml', outlineSchema, problems);
  const listed = courseSchema.parse(JSON.parse(await readFile(join(root, 'content/exercises/course.json'), 'utf8')));
  const lab = await data(root, 'content/lab.yaml', labSchema, problems);
  const exercises = await readExercises(root, lab ?? { offered: [], missing: {}, untried: {} }, problems);
  const lessons = await readLessons(root, problems);
  if (!facts || !glossary || !outline) throw new ContentError(problems);

  const chapters = outline.map(({ name, title, summary, lessons: order }, at): Chapter => {
    const known = listed.chapters.find((chapter) => chapter.name === name);
    if (!known && title === undefined)
      problems.push(
        `content/outline.yaml: [${at}].title: must be there, for exercises/course.json has no chapter ${name}`,
      );
    if (known && title !== undefined)
      problems.push(`content/outline.yaml: [${at}].title: is written in exercises/course.json already`);
    const found = order.flatMap(
      (lesson, i) =>
        lessons.find(({ slug }) => slug === `${name}/${lesson}`) ??
        (problems.push(`content/outline.yaml: [${at}].lessons[${i}]: there is no content/docs/${name}/${lesson}.mdx`),
        []),
    );
    return {
      name,
      title: known?.title ?? title ?? name,
      summary,
      lessons: found,
      exercises: exercises.filter(({ chapter }) => chapter === name),
    };
  });
  problems.push(
    ...misplaced(
      chapters,
      listed.chapters.map(({ name }) => name),
      lessons,
    ),
    ...misnamed(chapters, exercises),
  );
  const paths = await readPaths(
    root,
    exercises.map(({ id }) => id),
  );
  problems.push(...paths.flatMap((path, at) => pathProblems(path, `content/paths.yaml: [${at}]`, chapters)));
  if (problems.length > 0) throw new ContentError(problems);
  return {
    chapters: chapters.filter((chapter) => chapter.lessons.length + chapter.exercises.length > 0),
    paths,
    first: exercises[0]!.id,
    facts,
    glossary,
  };
}

async function data<S extends Parameters<typeof checked>[0]>(
  root: string,
  file: string,
  schema: S,
  problems: string[],
) {
  return checked(schema, parse(await readFile(join(root, file), 'utf8')), file, problems);
}

async function readLessons(root: string, problems: string[]): Promise<Lesson[]> {
  const home = join(root, 'content/docs');
  const lessons: Lesson[] = [];
  for await (const path of glob('**/*.{md,mdx}', { cwd: home })) {
    const file = `content/docs/${path}`;
    const slug = path.replace(/\.mdx?$/, '');
    const [, front] = /^---\n([^]*?)\n---\n/.exec(await readFile(join(home, path), 'utf8')) ?? [];
    if (front === undefined) problems.push(`${file}: has no front matter`);
    else if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(slug))
      problems.push(`${file}: a lesson belongs in the folder of its chapter, content/docs/<chapter>/<lesson>.mdx`);
    else {
      const fields = checked(lessonSchema, parse(front), file, problems);
      if (fields) lessons.push({ ...fields, slug, chapter: slug.split('/')[0]! });
    }
  }
  return lessons;
}

/** What is not where the reader needs it: chapters, lessons that nobody lists, prerequisites that come later. */
function misplaced(chapters: readonly Chapter[], order: readonly string[], lessons: readonly Lesson[]): string[] {
  const problems: string[] = [];
  const names = chapters.map(({ name }) => name);
  for (const name of order.filter((name) => !names.includes(name)))
    problems.push(`content/outline.yaml: has no chapter ${name}, which content/exercises/course.json has`);
  const shared = names.filter((name) => order.includes(name));
  const wrong = shared.findIndex((name, i) => name !== order.filter((other) => shared.includes(other))[i]);
  if (wrong >= 0)
    problems.push(
      `content/outline.yaml: [${names.indexOf(shared[wrong]!)}].name: ${shared[wrong]} is out of order; content/exercises/course.json says ${order.join(', ')}`,
    );
  const read = chapters.flatMap((chapter) => chapter.lessons);
  for (const { slug } of lessons.filter(({ slug }) => !read.some((lesson) => lesson.slug === slug)))
    problems.push(`content/outline.yaml: does not list ${slug}, so nobody would find content/docs/${slug}.mdx`);
  for (const [i, { id, slug, prerequisites }] of read.entries()) {
    const before = read.slice(0, i).map((lesson) => lesson.id);
    if (before.includes(id)) problems.push(`content/docs/${slug}.mdx: id: ${id} is the id of an earlier lesson too`);
    for (const [at, wanted] of prerequisites.entries())
      if (!before.includes(wanted))
        problems.push(`content/docs/${slug}.mdx: prerequisites[${at}]: no earlier lesson has the id ${wanted}`);
  }
  return problems;
}

/** A path must be readable by itself: its lessons in order, what they build on among them, and its exercises' lessons too. */
function pathProblems(path: Path, at: string, chapters: readonly Chapter[]): string[] {
  const lessons = chapters.flatMap((chapter) => chapter.lessons);
  const slugs = lessons.map(({ slug }) => slug);
  const required = lessons.filter(({ slug }) => path.lessons.includes(slug));
  const ids = required.map(({ id }) => id);
  return [
    ...outOfOrder(path.lessons, slugs, `${at}.lessons`, 'lesson'),
    ...outOfOrder(path.extra.lessons, slugs, `${at}.extra.lessons`, 'lesson'),
    ...path.extra.lessons
      .filter((slug) => path.lessons.includes(slug))
      .map((slug) => `${at}.extra.lessons: ${slug} is required already`),
    ...required.flatMap(({ slug, prerequisites }) =>
      prerequisites
        .filter((id) => !ids.includes(id))
        .map((id) => `${at}.lessons: ${slug} builds on ${id}, which is missing`),
    ),
    ...path.exercises
      .filter((id) => {
        const teaching = lessons.filter((lesson) => lesson.exercises.includes(id));
        return teaching.length > 0 && !teaching.some(({ slug }) => path.lessons.includes(slug));
      })
      .map((id) => `${at}.exercises: no lesson of the path teaches what ${id} trains`),
  ];
}

function misnamed(chapters: readonly Chapter[], exercises: readonly ExercisePage[]): string[] {
  return chapters
    .flatMap(({ lessons }) => lessons)
    .flatMap(({ slug, exercises: named }) =>
      named.flatMap((id, i) =>
        exercises.some((exercise) => exercise.id === id)
          ? []
          : [`content/docs/${slug}.mdx: exercises[${i}]: there is no exercise ${id}`],
      ),
    );
}
