/** Gives Astro the pages that are made of data, and components the course as a module. */
import type { AstroIntegration } from 'astro';
import { join } from 'node:path';
import type { Course } from './course/course.ts';

const pages = [
  { pattern: '/', entrypoint: 'home.astro' },
  { pattern: '/exercises/[...id]', entrypoint: 'exercise.astro' },
  { pattern: '/explain', entrypoint: 'explain.astro' },
  { pattern: '/glossary', entrypoint: 'glossary.astro' },
  { pattern: '/slides', entrypoint: 'decks.astro' },
  { pattern: '/slides/[...id]', entrypoint: 'deck.astro' },
  { pattern: '/progress', entrypoint: 'progress.astro' },
  { pattern: '/404', entrypoint: 'missing.astro' },
];

/** Files that the course was read from, beside those that Astro watches itself. */
const watched = ['outline.yaml', 'facts.yaml', 'glossary.yaml', 'verification.json', 'exercises/course.json'];

/** `editUrl`: what a file's path is put behind, or null. */
export function hookpoint(root: string, course: Course, editUrl: string | null): AstroIntegration {
  return {
    name: 'hookpoint',
    hooks: {
      'astro:config:setup'({ injectRoute, updateConfig, addWatchFile }) {
        for (const { pattern, entrypoint } of pages) injectRoute({ pattern, entrypoint: join(root, 'site/pages', entrypoint), prerender: true });
        for (const file of watched) addWatchFile(join(root, 'content', file));
        updateConfig({ vite: { plugins: [courseModule({ course, root, editUrl })] } });
      },
    },
  };
}

function courseModule(values: { course: Course; root: string; editUrl: string | null }) {
  const id = 'virtual:hookpoint/course';
  const code = Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join('\n');
  return {
    name: 'hookpoint-course',
    resolveId: (wanted: string) => (wanted === id ? `\0${id}` : undefined),
    load: (wanted: string) => (wanted === `\0${id}` ? code : undefined),
  };
}
