/** Real Chromium for the tests of the site, which speaks to nobody but the site. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, inject } from 'vitest';
import { findChromium, installCommand } from '../support/install-chromium.ts';

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function chromiumPath(): string {
  const path = findChromium();
  if (!path) throw new Error(`There is no Chromium here. Install it with: ${installCommand}`);
  return path;
}

/** Pages of every kind, below the base. */
export const kinds = {
  home: '/',
  lesson: '/maps/hash-and-array/',
  'lesson without exercise': '/maps/locks/',
  exercise: '/exercises/maps/count-execs/',
  explain: '/explain/',
  glossary: '/glossary/',
  credits: '/credits/',
  progress: '/progress/',
  slides: '/slides/maps/hash-and-array/',
  'all slides': '/slides/',
  'no page': '/404.html',
} as const;

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 900 };

/** For one test file: opens pages in a fresh profile each; `before` is given the page that has not gone anywhere yet, and waited for. */
export function useBrowser(): {
  open(path: string, options?: BrowserContextOptions, before?: (page: Page) => unknown): Promise<Page>;
} {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumFlags });
  });
  afterAll(() => browser.close());
  return {
    async open(path, options, before) {
      const context = await browser.newContext({ viewport: desktop, ...options });
      // Playwright gives up after 30 s, which a busy machine can miss.
      context.setDefaultTimeout(120_000);
      const page = await context.newPage();
      await before?.(page);
      await page.goto(`${inject('url')}${path}`);
      return page;
    },
  };
}
