/** Drawings can be read on a phone, with the fonts that the site ships: no text is too small, leaves its box, or is cut off. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const drawn = globSync('*/*/index.html', { cwd: inject('dist') })
  .filter((file) => readFileSync(join(inject('dist'), file), 'utf8').includes('class="diagram'))
  .map((file) => `/${file.replace(/index\.html$/, '')}`)
  .filter((path) => !path.startsWith('/slides/'))
  .sort();

test('most lessons have a drawing', () => expect(drawn.length).toBeGreaterThan(40));

test.concurrent.for(drawn)('%s', async (path, { expect }) => {
  const page = await open(path, { viewport: phone });
  await page.evaluate('document.fonts.ready');
  expect(await page.evaluate<string[]>(unreadable)).toEqual([]);
  // What is wider than the screen can be scrolled by keys.
  const stuck = `[...document.querySelectorAll('.drawn')].filter((one) => one.scrollWidth > one.clientWidth && one.tabIndex < 0).length`;
  await expect.poll(() => page.evaluate<number>(stuck)).toBe(0);
  await page.context().close();
});

/** Sizes in pixels of the screen; places in units of the drawing. A text belongs to the smallest box around its middle. */
const unreadable = `[...document.querySelectorAll('.diagram svg')].flatMap((svg) => {
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const { width, height } = svg.viewBox.baseVal;
  const place = (element) => {
    const box = element.getBBox();
    const { a, d, e, f } = svg.getCTM().inverse().multiply(element.getCTM());
    return { left: box.x * a + e, right: (box.x + box.width) * a + e, top: box.y * d + f, bottom: (box.y + box.height) * d + f };
  };
  const boxes = [...svg.querySelectorAll('rect')].map(place);
  return [...svg.querySelectorAll('text')].flatMap((text) => {
    const { left, right, top, bottom } = place(text);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const around = boxes.filter((box) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom);
    const box = around.sort((a, b) => (a.right - a.left) * (a.bottom - a.top) - (b.right - b.left) * (b.bottom - b.top))[0];
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    const says = (trouble) => text.textContent.trim() + ': ' + trouble;
    return [
      ...(size < 10.95 ? [says(size.toFixed(1) + ' pixels high')] : []),
      ...(left < 0 || right > width || top < 0 || bottom > height ? [says('leaves the drawing')] : []),
      ...(box && box.right - box.left < right - left ? [says(Math.round(right - left) + ' wide in a box of ' + Math.round(box.right - box.left))] : []),
    ];
  });
})`;
