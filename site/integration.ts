/** Gives Astro the pages that are made of data, and components the course as a module. */
import type { AstroIntegration } from 'astro';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Course } from './course/course.ts';
import type { LessonProgram } from './course/programs.ts';
import { addedOn, editUrlOf } from './repository.ts';
import { labExercises } from './lab/exercises-plugin.ts';
import { nodeInBrowser } from './lab/node-plugin.ts';
import { publishLab, type PublishedLab } from './lab/published.ts';
import { feedOf } from './built/feed.ts';
import { fontLicences } from './built/licences.ts';
import { llmsFull, llmsIndex } from './built/llms.ts';
import { writePictures } from './built/pictures.ts';
import { searchPages } from './built/search.ts';

const pages = [
  { pattern: '/', entrypoint: 'home.astro' },
  { pattern: '/exercises/[...id]', entrypoint: 'exercise.astro' },
  { pattern: '/paths', entrypoint: 'paths.astro' },
  { pattern: '/explain', entrypoint: 'explain.astro' },
  { pattern: '/glossary', entrypoint: 'glossary.astro' },
  { pattern: '/credits', entrypoint: 'credits.astro' },
  { pattern: '/slides', entrypoint: 'decks.astro' },
  { pattern: '/slides/[...id]', entrypoint: 'deck.astro' },
  { pattern: '/progress', entrypoint: 'progress.astro' },
  { pattern: '/404', entrypoint: 'missing.astro' },
];

/** Files that the course was read from, beside those that Astro watches itself. */
const watched = [
  'outline.yaml',
  'paths.yaml',
  'facts.yaml',
  'glossary.yaml',
  'verification.json',
  'exercises/course.json',
];

/** `repository`: where the course's sources are, or null. `description`: of the site, in a sentence. `lab`: null if none is made, and `programs` that readers can try in it. */
export function hookpoint(
  root: string,
  course: Course,
  {
    repository,
    description,
    lab,
    programs,
  }: {
    repository: string | null;
    description: string;
    lab: PublishedLab | null;
    programs: Readonly<Record<string, LessonProgram>> | null;
  },
): AstroIntegration {
  const offered = course.chapters
    .flatMap(({ exercises }) => exercises)
    .filter(({ missingInLab }) => missingInLab === null)
    .map(({ id }) => id);
  const lessons = Object.fromEntries(
    course.chapters.flatMap((chapter) => chapter.lessons).map(({ slug, title }) => [slug, title]),
  );
  const labShown = lab && { path: lab.path, description: lab.description };
  const labPlugins = () => [nodeInBrowser(root), labExercises(root, { offered, lessons, lab: labShown, programs })];
  /** Without a slash at the end. */
  let address = '';
  return {
    name: 'hookpoint',
    hooks: {
      'astro:config:setup'({ injectRoute, updateConfig, addWatchFile, command, logger }) {
        if (repository === null && command === 'build')
          logger.warn(
            'REPOSITORY_URL is not set, so no page says what to clone: REPOSITORY_URL=https://… npm run build',
          );
        if (lab === null)
          logger.warn('The lab is not made, so no page offers it. To make it: npm run lab (docs/lab.md)');
        for (const { pattern, entrypoint } of pages)
          injectRoute({ pattern, entrypoint: join(root, 'site/pages', entrypoint), prerender: true });
        for (const file of watched) addWatchFile(join(root, 'content', file));
        updateConfig({
          vite: {
            plugins: [
              courseModule({ course, root, repository, editUrl: editUrlOf(repository), lab: labShown }),
              ...labPlugins(),
            ],
            worker: { format: 'es', plugins: labPlugins },
          },
        });
      },
      'astro:config:done'({ config: { site = '', base } }) {
        address = site.replace(/\/$/, '') + base.replace(/\/$/, '');
      },
      async 'astro:build:done'({ dir }) {
        const dist = fileURLToPath(dir);
        const files = {
          'search.json': JSON.stringify(await searchPages(course, dist)),
          'llms.txt': llmsIndex(course, description, address),
          'llms-full.txt': await llmsFull(course, dist),
          'robots.txt': `User-agent: *\nAllow: /\n\nSitemap: ${address}/sitemap-index.xml\n`,
          'fonts-licences.txt': await fontLicences(),
          'rss.xml': await feedOf(course, { title: 'Hookpoint', description, at: address, added: addedOn(root) }),
        };
        for (const [name, text] of Object.entries(files)) await writeFile(join(dist, name), text);
        if (lab) await publishLab(lab, dist);
        await writePictures(course, root, dist, description);
      },
    },
  };
}

function courseModule(values: {
  course: Course;
  root: string;
  repository: string | null;
  editUrl: string | null;
  lab: Pick<PublishedLab, 'path' | 'description'> | null;
}) {
  const id = 'virtual:hookpoint/course';
  const code = Object.entries(values)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join('\n');
  return {
    name: 'hookpoint-course',
    resolveId: (wanted: string) => (wanted === id ? `\0${id}` : undefined),
    load: (wanted: string) => (wanted === `\0${id}` ? code : undefined),
  };
}
