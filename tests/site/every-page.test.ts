/**
 * Every page of the site, each in one of the four ways to look at it (which, its address decides): WCAG 2.2 AA, as narrow as
 * pages may be, on paper, and without asking anybody else. accessibility.test.ts looks at each kind of page in all four.
 */
import { globSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { problemsOf } from './axe.ts';
import { desktop, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const ways = (['light', 'dark'] as const).flatMap((colorScheme) => [phone, desktop].map((viewport) => ({ colorScheme, viewport })));
const host = new URL(inject('url')).host;
/** Slides are shown, not read: they have tests of their own. */
const isDeck = (path: string) => /^slides\/./.test(path);

const paths = globSync('**/index.html', { cwd: inject('dist') }).map((file) => file.replace(/index\.html$/, '')).filter((path) => !isDeck(path)).sort();
const cases = paths.map((path) => ({ path, way: ways[[...path].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % ways.length]! }));

test.concurrent.each(cases)('/$path', async ({ path, way }) => {
  const page = await open('/404.html', { ...way, reducedMotion: 'reduce' });
  const trouble: string[] = [];
  page.on('request', (request) => new URL(request.url()).host === host || trouble.push(`asks ${request.url()}`));
  page.on('response', (response) => response.status() < 400 || trouble.push(`${response.status()} ${response.url()}`));
  page.on('pageerror', (error) => trouble.push(`throws ${error.message}`));
  await page.goto(`${inject('url')}/${path}`);
  await page.evaluate('document.querySelectorAll("main details").forEach((details) => (details.open = true))');
  trouble.push(...(await problemsOf(page, 'main')));
  // As narrow as a page must still be read without scrolling sideways (WCAG 1.4.10).
  await page.setViewportSize({ width: 320, height: 700 });
  const width = 'document.documentElement.scrollWidth';
  expect(await page.evaluate(width), 'at 320').toBeLessThanOrEqual(320);
  // A4 within its margins.
  await page.setViewportSize({ width: 690, height: 900 });
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(width), 'on paper').toBeLessThanOrEqual(690);
  expect(await page.evaluate(cutOff), 'cut off on paper').toEqual([]);
  expect(trouble).toEqual([]);
  await page.context().close();
}, 120_000);

/** What scrolls on a screen has its end cut off on paper. */
const cutOff = `[...document.querySelectorAll('main pre, main table, main figure, main svg')]
  .filter((element) => element.checkVisibility() && (element.scrollWidth > element.clientWidth + 1 || element.getBoundingClientRect().right > innerWidth + 1))
  .filter((element) => element.clientWidth > 0)
  .map((element) => element.outerHTML.slice(0, 120))`;
