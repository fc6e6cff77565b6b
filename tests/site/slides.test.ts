/** Decks in a real browser: keys, the speaker's window, without a script, for everybody. */
import { globSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const present = async (page: Page) => page.locator('section.present').getAttribute('id');
const ready = async (path: string, options?: Parameters<typeof open>[1]) => {
  const page = await open(path, { reducedMotion: 'reduce', ...options });
  await page.locator('.reveal.ready').waitFor();
  return page;
};

test('a lesson leads to its slides; keys go on, back, to the end, and into the next lesson and back', async () => {
  const page = await open(kinds.lesson);
  await page.getByRole('link', { name: 'Present' }).click();
  await page.locator('.reveal.ready').waitFor();
  expect(page.url()).toContain('/slides/maps/hash-and-array/');
  expect(await present(page)).toBe('start');
  for (const key of ['ArrowRight', 'Space', 'PageDown']) await page.keyboard.press(key);
  expect(await present(page)).toBe('a-table-for-what-you-can-number');
  await page.keyboard.press('ArrowLeft');
  expect(await present(page)).toBe('a-table-for-what-you-cannot-number');
  await page.keyboard.press('End');
  expect(await page.locator('section.present').innerText()).toContain('npx grade start maps/count-execs');
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**/slides/maps/user-space-access/**');
  await page.locator('.reveal.ready').waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL('**/slides/maps/hash-and-array/#/end');
});

test('letter keys can be switched off, here and from then on; arrows and buttons go on', async () => {
  const page = await ready(kinds.slides);
  const letters = page.getByRole('button', { name: 'Letter keys' });
  await page.keyboard.press('n');
  const second = await present(page);
  expect(second).not.toBe('start');
  expect(await letters.getAttribute('aria-pressed')).toBe('true');
  await letters.click();
  await page.keyboard.press('k');
  await page.keyboard.press('?');
  expect(await present(page)).toBe(second);
  expect(await page.locator('dialog.all-keys').isVisible()).toBe(false);
  await page.reload();
  await page.locator('.reveal.ready').waitFor();
  expect(await letters.getAttribute('aria-pressed')).toBe('false');
  const here = await present(page);
  await page.keyboard.press('n');
  expect(await present(page)).toBe(here);
  await page.keyboard.press('ArrowRight');
  const next = await present(page);
  expect(next).not.toBe(here);
  const speaker = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Speaker' }).click();
  await (await speaker).close();
  await letters.click();
  await page.keyboard.press('k');
  expect(await present(page)).toBe(here);
});

test('remark’s keys: a number and Enter, the grid, mirrored, a clone that follows; the help lists what works', async () => {
  const page = await ready(kinds.slides);
  for (const key of ['4', 'Enter']) await page.keyboard.press(key);
  expect(await present(page)).toBe(await page.locator('.slides > section').nth(3).getAttribute('id'));
  await page.keyboard.press('o');
  const boxes = await page.locator('.slides > section').evaluateAll((all) =>
    all.map((slide) => {
      const { x, y } = (
        slide as unknown as { getBoundingClientRect(): { x: number; y: number } }
      ).getBoundingClientRect();
      return [Math.round(x), Math.round(y)];
    }),
  );
  const inRow = boxes.filter(([, y]) => y === boxes[0]![1]).length;
  expect(inRow).toBeGreaterThan(2);
  expect(new Set(boxes.map(([, y]) => y)).size).toBeGreaterThan(1);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await present(page)).toBe(await page.locator('.slides > section').nth(inRow).getAttribute('id'));
  expect(await page.locator('.reveal.overview').count()).toBe(0);

  // A keyboard on which it is another key: what counts is the sign.
  await page.evaluate(
    "document.dispatchEvent(new KeyboardEvent('keydown', { key: '?', keyCode: 219, bubbles: true }))",
  );
  const help = page.locator('dialog.all-keys');
  await help.waitFor();
  expect(await help.innerText()).toMatch(/speaker’s window[^]*second window[^]*mirrored/);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  await page.keyboard.press('m');
  expect(await page.locator('.reveal.mirrored').count()).toBe(1);

  const opened = page.waitForEvent('popup');
  await page.keyboard.press('c');
  const other = await opened;
  await other.locator('.reveal.ready').waitFor();
  await page.keyboard.press('Home');
  await expect.poll(() => present(other)).toBe('start');
  await other.keyboard.press('ArrowRight');
  await expect.poll(() => present(page)).not.toBe('start');
});

test('a question keeps its answer until the next key', async () => {
  const page = await ready(`${kinds.slides}#/check-yourself`);
  const why = page.locator('section.present .why');
  expect(await why.isVisible()).toBe(false);
  await page.keyboard.press('Space');
  await expect.poll(() => why.isVisible()).toBe(true);
  expect(await why.innerText()).toContain('E2BIG');
  expect(await present(page)).toBe('check-yourself');
});

test('code that is longer than its slide scrolls, by keys as well', async () => {
  const page = await ready('/slides/maps/other-lookups/#/all-of-them');
  const shown = page.locator('section.present .shown');
  expect(await shown.getAttribute('tabindex')).toBe('0');
  await page.keyboard.press('ArrowDown');
  expect(await shown.evaluate((element) => element.scrollTop)).toBeGreaterThan(50);
  expect(await present(page)).toBe('all-of-them');
});

test('no slide of any deck is cut off within its last line', async () => {
  const decks = globSync('slides/*/*/index.html', { cwd: inject('dist') }).sort();
  expect(decks.length).toBeGreaterThan(60);
  const page = await open('/slides/', { reducedMotion: 'reduce' });
  const cut: string[] = [];
  for (const deck of decks) {
    await page.goto(`${inject('url')}/${deck.replace(/index\.html$/, '')}`);
    await page.locator('.reveal.ready').waitFor();
    for (const [slide, pixels] of await page.evaluate<[string, number][]>(overflowing))
      // A letter is 20 pixels tall.
      if (pixels < 20) cut.push(`${deck} ${slide}: ${pixels} pixels`);
  }
  expect(cut).toEqual([]);
}, 300_000);

/** Slides whose text goes on below their edge, by how much: it scrolls, which is worth it for more than a line. */
const overflowing = `[...document.querySelectorAll('.reveal .slides > section')].flatMap((section) => {
  section.style.display = 'flex';
  const shown = section.querySelector('.shown');
  const pixels = shown ? shown.scrollHeight - shown.clientHeight : 0;
  return pixels > 1 ? [[section.id, pixels]] : [];
})`;

test('the speaker’s window has the notes, the next slide and a timer; each window moves the other, into the next lesson, too', async () => {
  const page = await ready(kinds.slides);
  const asked = new Set<string>();
  page.context().on('request', (request) => asked.add(new URL(request.url()).host));
  const opened = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = await opened;
  const notes = speaker.locator('.speaker-controls-notes .value');
  await expect.poll(() => notes.innerText()).toContain('A BPF program forgets.');
  const slideIn = (i: number) => speaker.frameLocator('iframe').nth(i).locator('section.present').getAttribute('id');
  // A preview that is still loading misses what comes meanwhile, until the next key.
  await expect.poll(() => slideIn(0)).toBe('start');
  await expect.poll(() => slideIn(1)).not.toBe('start');

  await page.keyboard.press('ArrowRight');
  await expect.poll(() => slideIn(0)).toBe('opening');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => notes.innerText()).toContain('a count for each command name');
  expect(await speaker.locator('iframe').count()).toBe(2);
  await expect.poll(() => slideIn(0)).toBe('a-table-for-what-you-cannot-number');
  await expect.poll(() => slideIn(1)).toBe('a-table-for-what-you-can-number');
  await expect.poll(() => speaker.locator('.timer .seconds-value').innerText()).not.toBe(':00');

  await speaker.bringToFront();
  await speaker.locator('#speaker-controls').press('ArrowRight');
  await expect.poll(() => present(page)).toBe('a-table-for-what-you-can-number');

  await page.keyboard.press('t');
  await expect.poll(() => speaker.locator('.timer .seconds-value').innerText()).toMatch(/^:0\d$/);

  const before = await speaker.locator('.timer').innerText();
  await page.keyboard.press('End');
  await expect.poll(() => slideIn(0)).toBe('end');
  await speaker.locator('#speaker-controls').press('ArrowRight');
  await page.waitForURL('**/slides/maps/user-space-access/**');
  await expect.poll(() => notes.innerText()).toContain('Counting in the kernel is half of the work.');
  await expect
    .poll(() => speaker.frameLocator('iframe').first().locator('section.title h2').innerText())
    .toBe('Maps from user space');
  expect((await speaker.locator('.timer').innerText()) >= before).toBe(true);
  expect([...asked]).toEqual([new URL(inject('url')).host]);
}, 120_000);

test('without JavaScript the slides are one long page, with what is said, and answers', async () => {
  const page = await open(kinds.slides, { javaScriptEnabled: false });
  for (const heading of ['A table for what you cannot number', 'Count', 'Your turn'])
    expect(await page.getByRole('heading', { name: heading, exact: true }).first().isVisible()).toBe(true);
  const text = await page.locator('main').innerText();
  for (const said of [
    'A BPF program forgets.',
    'BPF_MAP_TYPE_HASH',
    'Recorded on Linux 6.12',
    'It returns -E2BIG',
    'npx grade start maps/count-execs',
  ])
    expect(text).toContain(said);
  await page.getByRole('link', { name: 'Maps from user space' }).click();
  expect(page.url()).toContain('/slides/maps/user-space-access/');
});

test('a finger moves the slides, which stand upright on a phone', async () => {
  const page = await ready(kinds.slides, { hasTouch: true, isMobile: true, viewport: phone });
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y: 400 }] });
  await touch('touchStart', 300);
  for (const x of [250, 200, 150, 100]) await touch('touchMove', x);
  await touch('touchEnd', 100);
  await expect.poll(() => present(page)).toBe('opening');
  const size = await page
    .locator('section.present .statement')
    .evaluate((element) => element.getBoundingClientRect().height);
  expect(size).toBeGreaterThan(20);
});

test('on paper each slide is a page, and the answers are there', async () => {
  const page = await open(`${kinds.slides}?view=print`);
  await page.locator('.pdf-page').first().waitFor();
  expect(await page.locator('.pdf-page').count()).toBeGreaterThanOrEqual(await page.locator('.slides section').count());
  expect(await page.locator('.pdf-page .why').first().isVisible()).toBe(true);
});

test('machines are sent to the lesson, not to its slides', async () => {
  const page = await open(kinds.slides);
  expect(await page.locator('link[rel=canonical]').getAttribute('href')).toBe(`${inject('url')}${kinds.lesson}`);
  const sitemap = await (await page.request.get(`${inject('url')}/sitemap-0.xml`)).text();
  expect(sitemap).toContain('/slides/</loc>');
  expect(sitemap).not.toContain('/slides/maps/');
  expect(await (await page.request.get(`${inject('url')}/llms.txt`)).text()).not.toContain('/slides/maps/');
});

test.each(['light', 'dark'] as const)(
  'every slide, the overview and the keys: WCAG 2.2 AA, %s',
  async (colorScheme) => {
    const page = await ready(kinds.slides, { colorScheme });
    const told: string[] = [];
    const check = async (what: string) => {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      told.push(
        ...violations.map(
          ({ id, nodes }) =>
            `${what}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join('\n')}`,
        ),
      );
    };
    for (const id of await page.locator('.slides > section').evaluateAll((all) => all.map((slide) => slide.id))) {
      // A question first shows its answer.
      while ((await present(page)) !== id) await page.keyboard.press('PageDown');
      await check(id);
    }
    await page.getByRole('button', { name: 'Keys', exact: true }).click();
    await page.locator('dialog.all-keys').waitFor();
    await check('keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('o');
    await page.locator('.reveal.overview').waitFor();
    await check('overview');
    await page.goto(`${inject('url')}/slides/maps/other-lookups/#/all-of-them`);
    await page.locator('section.present[id=all-of-them]').waitFor();
    await check('a table that scrolls');
    expect(told).toEqual([]);
  },
  180_000,
);
