/** What Astro reads: lessons, and the tasks of the exercises. */
import { glob } from 'astro/loaders';
import { defineCollection } from 'astro:content';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
import { lessonFields } from './site/course/schema.ts';

export const collections = {
  // Starlight holds pages that are no lessons to the same fields; site/course/course.ts demands them of lessons.
  docs: defineCollection({ loader: docsLoader(), schema: docsSchema({ extend: lessonFields.partial() }) }),
  tasks: defineCollection({
    loader: glob({
      base: 'content/exercises',
      pattern: '*/*/task.mdx',
      generateId: ({ entry }) => entry.replace(/\/task\.mdx$/, ''),
    }),
  }),
};
