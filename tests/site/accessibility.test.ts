/** WCAG 2.2 AA by axe, on every kind of page, in both themes, on a phone and on a desktop. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { desktop, kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const cases = Object.entries(kinds).flatMap(([kind, path]) => (['light', 'dark'] as const).map((colorScheme) => ({ kind, path, colorScheme })));

test.each(cases)('$kind, $colorScheme', async ({ path, colorScheme }) => {
  const page = await open(path, { colorScheme, reducedMotion: 'reduce' });
  expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme);
  // Answers count as well.
  await page.evaluate('document.querySelectorAll("details").forEach((details) => (details.open = true))');
  for (const viewport of [desktop, phone]) {
    await page.setViewportSize(viewport);
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    const told = violations.map(({ id, nodes }) => `${viewport.width}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join('\n')}`);
    expect(told).toEqual([]);
  }
  // As narrow as a page must still be read without scrolling sideways (WCAG 1.4.10).
  await page.setViewportSize({ width: 320, height: 700 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  await page.context().close();
});
