/** A chapter as it is done: each lesson, and right behind it the exercises that train it. */
import type { Chapter } from './course.ts';
import type { ExercisePage } from './exercises.ts';
import type { Lesson } from './schema.ts';

export type Step = { lesson: Lesson } | { exercise: ExercisePage };

/** Of its page, below the base. */
export function addressOf(step: Step): string {
  return 'lesson' in step ? `/${step.lesson.slug}/` : `/exercises/${step.exercise.id}/`;
}

export function stepsOf({ lessons, exercises }: Chapter): Step[] {
  // Behind the last lesson that names it: only then the reader knows all that it needs.
  const named = (id: string) => lessons.findLastIndex((lesson) => lesson.exercises.includes(id));
  const steps: Step[] = lessons.flatMap((lesson, i) => [
    { lesson },
    ...exercises.filter(({ id }) => named(id) === i).map((exercise) => ({ exercise })),
  ]);
  return [...steps, ...exercises.filter(({ id }) => named(id) < 0).map((exercise) => ({ exercise }))];
}
