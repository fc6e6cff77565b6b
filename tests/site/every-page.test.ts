/**
 * Every page of the site, each visited once for each way to look at it that is due: without asking anybody else or failing, as narrow as
 * pages may be, on paper, and WCAG 2.2 AA.
 *
 * What a page's own text can break (its width, its print, what it asks for) is checked on every page. What axe finds is mostly its
 * template's doing, and takes as long as all else: each kind of page is seen whole, and of the lessons and of the exercises the first of
 * each chapter, in one way that its address decides. EVERYTHING=1, as every night, has axe look at every page, and at each kind in all four ways.
 */
import { globSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { everything } from '../support/selection.ts';
import { problemsOf } from './axe.ts';
import { desktop, kinds, phone, useBrowser } from './browser.ts';

interface Way {
  colorScheme: 'light' | 'dark';
  viewport: typeof phone;
}

/** What axe looks at: the whole page, what is its own, or nothing. */
type Part = 'page' | 'main' | undefined;

const { open } = useBrowser();
const ways: Way[] = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [phone, desktop].map((viewport) => ({ colorScheme, viewport })),
);
/** Two of the four have both themes and both widths in them. */
const kindWays = everything ? ways : [ways[0]!, ways[3]!];
const host = new URL(inject('url')).host;
/** Slides are shown, not read: they have tests of their own. */
const isDeck = (path: string) => /^\/slides\/./.test(path);

const paths = globSync('**/index.html', { cwd: inject('dist') })
  .map((file) => `/${file.replace(/index\.html$/, '')}`)
  .filter((path) => !isDeck(path))
  .sort();
const kindPaths: string[] = Object.values(kinds);
const byFolder = Map.groupBy(paths, (path) => path.slice(0, path.slice(0, -1).lastIndexOf('/')));
const sample = new Set([...byFolder.values()].map(([first]) => first!));

const cases = [
  ...kindPaths.flatMap((path) => kindWays.map((way) => caseOf(path, way, 'page'))),
  ...paths
    .filter((path) => !kindPaths.includes(path))
    .map((path) => caseOf(path, wayOf(path), everything || sample.has(path) ? 'main' : undefined)),
];

test.concurrent.each(cases)(
  '$path, $look',
  async ({ path, way, part }) => {
    const trouble: string[] = [];
    const page = await open(path, { ...way, reducedMotion: 'reduce' }, (made) => listen(made, trouble));
    expect(await page.locator('html').getAttribute('data-theme')).toBe(way.colorScheme);
    // Answers count as well.
    await page.evaluate('document.querySelectorAll("main details").forEach((details) => (details.open = true))');
    if (part) trouble.push(...(await problemsOf(page, part === 'main' ? 'main' : undefined)));
    if (!isDeck(path)) trouble.push(...(await layoutProblems(page)));
    expect(trouble).toEqual([]);
    await page.context().close();
  },
  120_000,
);

function caseOf(path: string, way: Way, part: Part) {
  return { path, way, part, look: `${way.colorScheme}, ${way.viewport.width}${part ? `, axe on ${part}` : ''}` };
}

function wayOf(path: string): Way {
  return ways[[...path].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % ways.length]!;
}

function listen(page: Page, trouble: string[]): void {
  const isWanted = (url: string) => new URL(url).host === host;
  page.on('request', (request) => isWanted(request.url()) || trouble.push(`asks ${request.url()}`));
  page.on('response', (response) => response.status() < 400 || trouble.push(`${response.status()} ${response.url()}`));
  page.on('pageerror', (error) => trouble.push(`throws ${error.message}`));
}

/** As narrow as a page must still be read without scrolling sideways (WCAG 1.4.10), and A4 within its margins. */
async function layoutProblems(page: Page): Promise<string[]> {
  const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
  await page.setViewportSize({ width: 320, height: 700 });
  const narrow = await width();
  await page.setViewportSize({ width: 690, height: 900 });
  await page.emulateMedia({ media: 'print' });
  const printed = await width();
  return [
    ...(narrow > 320 ? [`is ${narrow} pixels wide on a screen of 320`] : []),
    ...(printed > 690 ? [`is ${printed} pixels wide on paper of 690`] : []),
    ...(await page.evaluate<string[]>(cutOff)).map((part) => `is cut off on paper: ${part}`),
  ];
}

/** What scrolls on a screen has its end cut off on paper. */
const cutOff = `[...document.querySelectorAll('main pre, main table, main figure, main svg')]
  .filter((element) => element.checkVisibility() && (element.scrollWidth > element.clientWidth + 1 || element.getBoundingClientRect().right > innerWidth + 1))
  .filter((element) => element.clientWidth > 0)
  .map((element) => element.outerHTML.slice(0, 120))`;
