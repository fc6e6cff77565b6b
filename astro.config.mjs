// The course's site. Where it will be published: SITE_URL, 'https://user.github.io', and BASE_PATH, '/repository' (default '/').
// The lab that it offers (docs/lab.md): what `npm run lab` has made, or the folder LAB_FOLDER.
// Where its sources are: REPOSITORY_URL, 'https://github.com/user/repository'; without it no page says what to clone.
import { satteri } from '@astrojs/markdown-satteri';
import sitemap from '@astrojs/sitemap';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import starlightLinksValidator from 'starlight-links-validator';
import { findLabForPage } from './grader/cli/lab.ts';
import { readCourse } from './site/course/course.ts';
import { readPrograms } from './site/course/programs.ts';
import { includes } from './site/markdown/include.ts';
import { keyParagraphs } from './site/markdown/key.ts';
import { siteLinks, helperLinks } from './site/markdown/links.ts';
import { emptyCorners } from './site/markdown/tables.ts';
import { hookpoint } from './site/integration.ts';
import { readLab } from './site/lab/published.ts';
import { editUrlOf, hasHistory, repositoryOf } from './site/repository.ts';
import { sidebarOf } from './site/sidebar.ts';

const root = import.meta.dirname;
const base = process.env.BASE_PATH ?? '/';
const course = await readCourse(root);
const lab = await readLab(process.env.LAB_FOLDER ?? (await findLabForPage()));
const programs = lab && (await readPrograms(root));
const repository = repositoryOf(process.env);
const editUrl = editUrlOf(repository);
const description = 'Learn eBPF in plain words, and have what you write graded on a real Linux kernel.';

export default defineConfig({
  site: process.env.SITE_URL ?? 'http://localhost:4321',
  base,
  srcDir: '.',
  publicDir: 'site/public',
  cacheDir: '.astro/cache',
  outDir: process.env.OUT_DIR ?? 'dist',
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  markdown: {
    processor: satteri({
      mdastPlugins: [includes(root, (path) => programs !== null && path in programs), helperLinks, keyParagraphs],
      hastPlugins: [siteLinks(base), emptyCorners],
    }),
  },
  integrations: [
    hookpoint(root, course, { repository, description, lab, programs }),
    // A deck says what its lesson says.
    sitemap({ filter: (page) => !/\/slides\/./.test(page) }),
    starlight({
      title: 'Hookpoint',
      description,
      logo: { src: './site/assets/logo.svg', alt: '' },
      favicon: '/favicon.svg',
      disable404Route: true,
      // The course has a search of its own: site/search/.
      pagefind: false,
      customCss: ['fonts', 'theme', 'content', 'print'].map((name) => `./site/styles/${name}.css`),
      components: {
        PageTitle: './site/components/PageTitle.astro',
        Footer: './site/components/Footer.astro',
        Head: './site/components/Head.astro',
        Search: './site/components/Search.astro',
      },
      sidebar: sidebarOf(course),
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
      lastUpdated: hasHistory(root),
      ...(repository && {
        social: [
          {
            icon: repository.startsWith('https://github.com/') ? 'github' : 'seti:git',
            label: 'Source code',
            href: repository,
          },
        ],
      }),
      ...(editUrl && { editLink: { baseUrl: editUrl } }),
      plugins: [
        // What is generated is no content of Starlight's; tests/site follows those links in the result.
        starlightLinksValidator({
          exclude: ({ file, link }) =>
            file.includes('content/exercises/') ||
            /^\/(exercises\/.*|slides\/.*|explain\/|glossary\/|credits\/|paths\/|progress\/)?(#.*)?$/.test(
              link.replace(base.replace(/\/$/, ''), ''),
            ),
        }),
      ],
    }),
  ],
  vite: {
    build: {
      rolldownOptions: {
        onLog: (level, log, report) => {
          // One for each page in MDX, of a directive that only Astro reads.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
        },
      },
    },
  },
});
