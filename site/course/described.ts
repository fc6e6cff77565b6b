/** What a page is, in the words of schema.org: the course, a lesson, an exercise. */
import type { Course } from './course.ts';

/** `path`: of the page, without slashes at the ends. `at`: where the site is published, likewise. Null for pages that teach nothing. */
export function describedAs(
  course: Course,
  path: string,
  at: string,
  description: string,
): Record<string, unknown> | null {
  const whole = { '@id': `${at}/#course` };
  const free = { inLanguage: 'en', isAccessibleForFree: true };
  const lessons = course.chapters.flatMap((chapter) => chapter.lessons);
  if (path === '') {
    const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
    return {
      '@context': 'https://schema.org',
      '@type': 'Course',
      ...whole,
      ...free,
      name: 'Hookpoint: eBPF, graded by a real kernel',
      description,
      url: `${at}/`,
      image: `${at}/og/hookpoint.png`,
      provider: { '@type': 'Organization', name: 'Hookpoint', url: `${at}/` },
      about: ['eBPF', 'Linux kernel'],
      teaches: course.chapters.map(({ title, summary }) => `${title}: ${summary}`),
      offers: { '@type': 'Offer', category: 'Free', price: 0, priceCurrency: 'EUR' },
      hasCourseInstance: {
        '@type': 'CourseInstance',
        courseMode: 'Online',
        courseWorkload: `PT${Math.ceil(minutes / 60)}H`,
      },
    };
  }
  const lesson = lessons.find(({ slug }) => slug === path);
  const exercise = course.chapters.flatMap(({ exercises }) => exercises).find(({ id }) => `exercises/${id}` === path);
  const own = lesson
    ? {
        learningResourceType: 'Lesson',
        name: lesson.title,
        description: lesson.description,
        teaches: lesson.objectives,
        timeRequired: `PT${lesson.minutes}M`,
      }
    : exercise && { learningResourceType: 'Exercise', name: exercise.title, description: exercise.summary };
  if (!own) return null;
  return {
    '@context': 'https://schema.org',
    '@type': 'LearningResource',
    ...own,
    ...free,
    url: `${at}/${path}/`,
    image: `${at}/og/${path}.png`,
    isPartOf: { '@type': 'Course', ...whole, name: 'Hookpoint' },
  };
}
