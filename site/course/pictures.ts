/** The picture that is shown where a link to a page is: site/built/pictures.ts draws it. */
import type { Course } from './course.ts';

/** Pixels, as those who show links ask for. */
export const pictureSize = { width: 1200, height: 630 };

/** Pages that are neither lesson nor exercise and have a picture of their own: what it says is in the page. */
export const otherPages: readonly string[] = ['paths', 'explain', 'glossary', 'slides', 'progress', 'credits'];

/** Below the base: the page's own picture, or the site's. */
export function pictureOf({ chapters }: Course, path: string): string {
  const own =
    otherPages.includes(path) ||
    chapters.some(
      ({ lessons, exercises }) =>
        lessons.some(({ slug }) => slug === path) || exercises.some(({ id }) => `exercises/${id}` === path),
    );
  return own ? `/og/${path}.png` : '/og/hookpoint.png';
}
