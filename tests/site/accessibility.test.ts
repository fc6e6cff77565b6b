/** WCAG 2.2 AA by axe, on every kind of page, in both themes, on a phone and on a desktop. */
import { expect, test } from 'vitest';
import { problemsOf } from './axe.ts';
import { desktop, kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const cases = Object.entries(kinds).flatMap(([kind, path]) => (['light', 'dark'] as const).map((colorScheme) => ({ kind, path, colorScheme })));

test.concurrent.each(cases)('$kind, $colorScheme', async ({ path, colorScheme }) => {
  const page = await open(path, { colorScheme, reducedMotion: 'reduce' });
  expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme);
  // Answers count as well.
  await page.evaluate('document.querySelectorAll("details").forEach((details) => (details.open = true))');
  for (const viewport of [desktop, phone]) {
    await page.setViewportSize(viewport);
    expect(await problemsOf(page)).toEqual([]);
  }
  await page.context().close();
}, 120_000);
