/** What is new in the course, for readers of feeds: its lessons and exercises, the newest first where git knows their day. */
import rss from '@astrojs/rss';
import type { Course } from '../course/course.ts';

/** `at`: where the site is published, without a slash at the end. `added`: the day of each file, by its path in the repository. */
export async function feedOf(
  { chapters }: Course,
  {
    title,
    description,
    at,
    added,
  }: { title: string; description: string; at: string; added: ReadonlyMap<string, Date> },
): Promise<string> {
  const items = chapters.flatMap(({ title: chapter, lessons, exercises }) => [
    ...lessons.map((lesson) => ({
      title: lesson.title,
      description: lesson.description,
      link: `${at}/${lesson.slug}/`,
      categories: [chapter, 'Lesson'],
      ...dated(added.get(`content/docs/${lesson.slug}.mdx`)),
    })),
    ...exercises.map((exercise) => ({
      title: exercise.title,
      description: exercise.summary,
      link: `${at}/exercises/${exercise.id}/`,
      categories: [chapter, 'Exercise'],
      ...dated(added.get(`content/exercises/${exercise.id}/exercise.yaml`)),
    })),
  ]);
  items.sort((a, b) => (b.pubDate?.getTime() ?? 0) - (a.pubDate?.getTime() ?? 0));
  return (await rss({ title, description, site: `${at}/`, items })).text();
}

function dated(day: Date | undefined): { pubDate?: Date } {
  return day ? { pubDate: day } : {};
}
