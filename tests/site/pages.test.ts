/** The files of the site: links and anchors, valid HTML, and what machines read. */
import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { LinkChecker } from 'linkinator';
import { SaxesParser } from 'saxes';
import sharp from 'sharp';
import { expect, inject, test } from 'vitest';
import { loadCourse } from '../../grader/course/load.ts';
import { readCourse } from '../../site/course/course.ts';
import { pictureSize } from '../../site/course/pictures.ts';
import { hasHistory } from '../../site/repository.ts';
import { repository } from '../support/clone.ts';
import { base, sources } from './built.ts';

const dist = inject('dist');
const url = inject('url');
const read = (name: string) => readFile(join(dist, name), 'utf8');

test('every link and every anchor leads somewhere', async () => {
  const { links } = await new LinkChecker().check({
    path: `${url}/`,
    recurse: true,
    checkFragments: true,
    linksToSkip: [`^(?!${url})`],
    concurrency: 20,
    // A server that is starved closes a connection just as it is used again.
    retryErrors: true,
  });
  expect(links.filter(({ state }) => state === 'OK').length).toBeGreaterThan(40);
  expect(links.filter(({ state }) => state === 'BROKEN').map((link) => `${link.parent} -> ${link.url}`)).toEqual([]);
}, 900_000);

// Its lines are <div> in <code>, and in its buttons.
const ofExpressiveCode = /<div> element is not permitted as content under <(code|button)>/;

test('the HTML is valid', async () => {
  const validator = new HtmlValidate(
    new FileSystemConfigLoader({
      root: true,
      extends: ['html-validate:standard'],
      rules: {
        // How it is written, not what it means: Astro's and Starlight's business.
        'doctype-style': 'off',
        'attr-quotes': 'off',
        'void-style': 'off',
        'no-trailing-whitespace': 'off',
        'no-inline-style': 'off',
        'attribute-boolean-style': 'off',
        'attribute-empty-style': 'off',
        'no-implicit-button-type': 'off',
        'long-title': 'off',
        'element-name': ['error', { whitelist: ['starlight-.*'] }],
      },
    }),
  );
  const problems: string[] = [];
  let pages = 0;
  for await (const page of glob('**/*.html', { cwd: dist })) {
    pages += 1;
    const { results } = await validator.validateString(await read(page), join(dist, page));
    problems.push(
      ...results
        .flatMap(({ messages }) => messages)
        .filter(({ message }) => !ofExpressiveCode.test(message))
        .map(({ ruleId, message, selector }) => `${page}: ${ruleId}: ${message} ${selector}`),
    );
  }
  expect(pages).toBeGreaterThan(30);
  expect(problems).toEqual([]);
}, 900_000);

test('every exercise has its page', async () => {
  for (const { id, title } of await loadCourse(repository))
    expect(await read(`exercises/${id}/index.html`)).toContain(title);
});

test('lessons and tasks can be edited where their sources are, and say when they were changed', async () => {
  for (const [page, file] of [
    ['maps/locks', 'content/docs/maps/locks.mdx'],
    ['exercises/maps/count-execs', 'content/exercises/maps/count-execs/task.mdx'],
  ] as const) {
    expect(await read(`${page}/index.html`)).toContain(`href="${sources}/edit/main/${file}"`);
  }
  expect(await read('glossary/index.html')).not.toContain(`${sources}/edit`);
  // A clone without its history cannot know.
  const { stdout } = await promisify(execFile)(
    'git',
    ['log', '-1', '--format=%ct', '--', 'content/docs/maps/locks.mdx'],
    { cwd: repository },
  );
  const changed = /Last updated:?[^]*?<time datetime="(\d{4}-\d\d-\d\d)/.exec(await read('maps/locks/index.html'))?.[1];
  expect(changed).toBe(hasHistory(repository) ? new Date(Number(stdout) * 1000).toISOString().slice(0, 10) : undefined);
});

test('machines find their way: sitemap, llms.txt', async () => {
  const { chapters } = await readCourse(repository);
  const sitemap = await read('sitemap-0.xml');
  const llms = await read('llms.txt');
  const full = await read('llms-full.txt');
  for (const { slug, title } of chapters.flatMap(({ lessons }) => lessons)) {
    expect(sitemap).toContain(`<loc>${url}/${slug}/</loc>`);
    expect(full).toContain(`# ${title}`);
    expect(llms).toContain(`[${title}](${url}/${slug}/)`);
  }
  // Code has its language and its lines; what is for a mouse is not there.
  expect(full).toMatch(/```c\n[^`]*\n\nstruct \{\n\s+__uint\(type, BPF_MAP_TYPE_HASH\);\n/);
  expect(full).not.toMatch(/Section titled|Copy to clipboard/);
  for (const { id, title } of chapters.flatMap(({ exercises }) => exercises)) {
    expect(sitemap).toContain(`<loc>${url}/exercises/${id}/</loc>`);
    expect(llms).toContain(`[Exercise: ${title}](${url}/exercises/${id}/)`);
  }
});

test('a link to a page has its picture, and machines read what it teaches', async () => {
  for (const [page, picture, type] of [
    ['', 'hookpoint', 'Course'],
    ['maps/locks/', 'maps/locks', 'LearningResource'],
    ['exercises/maps/count-execs/', 'exercises/maps/count-execs', 'LearningResource'],
    ['glossary/', 'glossary', undefined],
    ['explain/', 'explain', undefined],
  ] as const) {
    const html = await read(`${page}index.html`);
    expect(/<meta property="og:image" content="(.*?)"/.exec(html)?.[1]).toBe(`${url}/og/${picture}.png`);
    const { width, height } = await sharp(join(dist, `og/${picture}.png`)).metadata();
    expect({ width, height }).toEqual(pictureSize);
    const [, data] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html) ?? [];
    expect(data === undefined ? {} : JSON.parse(data)).toMatchObject(
      type === undefined ? {} : { '@type': type, url: `${url}/${page}`, isAccessibleForFree: true },
    );
  }
});

test('the site can be installed, followed and crawled: manifest, icons, licences, feed, robots.txt', async () => {
  const manifest = JSON.parse(await read('manifest.webmanifest')) as { icons: { src: string; sizes: string }[] };
  for (const { src, sizes } of manifest.icons.filter((icon) => icon.src.endsWith('.png'))) {
    const { width, height } = await sharp(join(dist, src)).metadata();
    expect(`${width}x${height}`).toBe(sizes);
  }
  expect(await read('fonts-licences.txt')).toMatch(/SIL Open Font License[^]*Bitstream Vera/i);
  expect(await read('robots.txt')).toContain(`Sitemap: ${url}/sitemap-index.xml`);
  const { chapters } = await readCourse(repository);
  const feed = await read('rss.xml');
  // Throws where it is no XML.
  new SaxesParser().write(feed).close();
  expect(feed.split('<item>').length - 1).toBe(
    chapters.flatMap(({ lessons, exercises }) => [...lessons, ...exercises]).length,
  );
  expect(feed.includes('<pubDate>')).toBe(hasHistory(repository));
});

test('no page has scripts, styles, pictures or frames of another host', async () => {
  const foreign: string[] = [];
  for await (const page of glob('**/*.html', { cwd: dist })) {
    const html = await read(page);
    const asked = [
      ...html.matchAll(
        /<(?:script|img|iframe|source|video|audio|embed|object|input)\b[^>]*?\b(?:src|data|srcset)="([^"]*)"|<link\b(?=[^>]*\brel="?(?:stylesheet|preload|modulepreload|icon|shortcut icon|preconnect|dns-prefetch)"?)[^>]*?\bhref="([^"]*)"/g,
      ),
    ].map((match) => match[1] ?? match[2]!);
    foreign.push(
      ...asked
        .filter(
          (address) => !address.startsWith(`${base}/`) && !address.startsWith('data:') && !address.startsWith(url),
        )
        .map((address) => `${page}: ${address}`),
    );
  }
  expect(foreign).toEqual([]);
});

test('no page says where it was built', async () => {
  for await (const page of glob('**/*.{html,js,css,txt}', { cwd: dist }))
    expect((await read(page)).includes(repository), page).toBe(false);
});
