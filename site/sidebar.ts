/** The menu: chapters, each with its lessons and, behind them, their exercises. */
import type { StarlightUserConfig } from '@astrojs/starlight/types';
import type { Course } from './course/course.ts';
import { stepsOf } from './course/steps.ts';
import { exerciseProgress } from './browser/progress-ids.ts';

export function sidebarOf({ chapters }: Course): NonNullable<StarlightUserConfig['sidebar']> {
  return [
    { label: 'Start here', link: '/' },
    { label: 'Paths through the course', link: '/paths/' },
    ...chapters.map((chapter) => ({
      label: chapter.title,
      // The one that the reader is in is open.
      collapsed: true,
      items: stepsOf(chapter).map((step) =>
        'lesson' in step
          ? { slug: step.lesson.slug, attrs: { 'data-progress': step.lesson.id } }
          : {
              label: step.exercise.title,
              link: `/exercises/${step.exercise.id}/`,
              attrs: { 'data-progress': exerciseProgress(step.exercise) },
            },
      ),
    })),
    { label: 'Explain a verifier log', link: '/explain/' },
    { label: 'Glossary', link: '/glossary/' },
    { label: 'Slides', link: '/slides/' },
    { label: 'Your progress', link: '/progress/' },
    { label: 'Credits', link: '/credits/' },
  ];
}
