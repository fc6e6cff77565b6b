/** The picture that is shown where a link to a page is: site/built/pictures.ts draws it. */
import type { Course } from './course.ts';

/** Pixels, as those who show links ask for. */
export const pictureSize = { width: 1200, height: 630 };

/** Below the base: the picture of a lesson or an exercise, else the site's. */
export function pictureOf({ chapters }: Course, path: string): string {
  const own = chapters.some(
    ({ lessons, exercises }) =>
      lessons.some(({ slug }) => slug === path) || exercises.some(({ id }) => `exercises/${id}` === path),
  );
  return own ? `/og/${path}.png` : '/og/hookpoint.png';
}
