/** The files of the site: links and anchors, valid HTML, and what machines read. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { LinkChecker } from 'linkinator';
import { expect, inject, test } from 'vitest';
import { loadCourse } from '../../grader/course/load.ts';
import { repository } from '../support/clone.ts';

const dist = inject('dist');
const url = inject('url');
const read = (name: string) => readFile(join(dist, name), 'utf8');

test('every link and every anchor leads somewhere', async () => {
  const { links } = await new LinkChecker().check({ path: `${url}/`, recurse: true, checkFragments: true, linksToSkip: [`^(?!${url})`], concurrency: 20 });
  expect(links.filter(({ state }) => state === 'OK').length).toBeGreaterThan(40);
  expect(links.filter(({ state }) => state === 'BROKEN').map((link) => `${link.parent} -> ${link.url}`)).toEqual([]);
}, 120_000);

// Its lines are <div> in <code>, and in its buttons.
const ofExpressiveCode = /<div> element is not permitted as content under <(code|button)>/;

test('the HTML is valid', async () => {
  const validator = new HtmlValidate(new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:standard'],
    rules: {
      // How it is written, not what it means: Astro's and Starlight's business.
      'doctype-style': 'off', 'attr-quotes': 'off', 'void-style': 'off', 'no-trailing-whitespace': 'off', 'no-inline-style': 'off', 'attribute-boolean-style': 'off',
      'attribute-empty-style': 'off', 'no-implicit-button-type': 'off', 'long-title': 'off', 'element-name': ['error', { whitelist: ['starlight-.*'] }],
    },
  }));
  const problems: string[] = [];
  let pages = 0;
  for await (const page of glob('**/*.html', { cwd: dist })) {
    pages += 1;
    const { results } = await validator.validateString(await read(page), join(dist, page));
    problems.push(...results.flatMap(({ messages }) => messages).filter(({ message }) => !ofExpressiveCode.test(message)).map(({ ruleId, message, selector }) => `${page}: ${ruleId}: ${message} ${selector}`));
  }
  expect(pages).toBeGreaterThan(30);
  expect(problems).toEqual([]);
}, 120_000);

test('every exercise has its page', async () => {
  for (const { id, title } of await loadCourse(repository)) expect(await read(`exercises/${id}/index.html`)).toContain(title);
});

test('machines find their way: sitemap, llms.txt', async () => {
  expect(await read('sitemap-0.xml')).toContain(`<loc>${url}/maps/locks/</loc>`);
  expect(await read('llms.txt')).toContain('Exercise: Count by user');
  expect(await read('llms-full.txt')).toContain('# Ring buffer');
});

test('no page says where it was built', async () => {
  for await (const page of glob('**/*.{html,js,css,txt}', { cwd: dist })) expect((await read(page)).includes(repository), page).toBe(false);
});
