/** Which lesson explains a failure. Lessons are content/docs/<chapter>/<lesson>.mdx; one that is not written yet is not named. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Message, Result } from '../verdict/result.ts';

// All else in the front matter is the site's to check.
const frontMatter = z.object({ exercises: z.array(z.string()).catch([]) });

/** '<chapter>/<lesson>' -> the exercises that it ends in. */
export type Lessons = ReadonlyMap<string, readonly string[]>;

export async function readLessons(root: string): Promise<Lessons> {
  const home = join(root, 'content', 'docs');
  const lessons = new Map<string, readonly string[]>();
  for await (const file of glob('*/*.mdx', { cwd: home })) {
    const [, front = ''] = /^---\n([\s\S]*?)\n---\n/.exec(await readFile(join(home, file), 'utf8')) ?? [];
    lessons.set(file.replace(/\.mdx$/, ''), exercisesIn(front));
  }
  return lessons;
}

/** The lesson that a message names, if it is written; else one that teaches what the exercise is about, of its own chapter first. */
export function withLesson<M extends Message>({ lesson, ...message }: M, lessons: Lessons, exercise?: string): Message {
  const named = lesson !== undefined && lessons.has(lesson) ? lesson : undefined;
  const known = named ?? (exercise === undefined ? undefined : teacherOf(exercise, lessons));
  return known === undefined ? message : { ...message, lesson: known };
}

/** Each failed check with its lesson. */
export function withLessons(result: Result, lessons: Lessons): Result {
  return {
    ...result,
    checks: result.checks.map((check) =>
      check.outcome === 'fail' && check.message
        ? { ...check, message: withLesson(check.message, lessons, result.exercise) }
        : check,
    ),
  };
}

function teacherOf(exercise: string, lessons: Lessons): string | undefined {
  const teachers = [...lessons].filter(([, exercises]) => exercises.includes(exercise)).map(([lesson]) => lesson);
  const chapter = exercise.slice(0, exercise.indexOf('/') + 1);
  return teachers.find((lesson) => lesson.startsWith(chapter)) ?? teachers.sort()[0];
}

function exercisesIn(front: string): readonly string[] {
  try {
    return frontMatter.parse(parse(front)).exercises;
  } catch {
    return [];
  }
}
