/** What readers do: with scripts and without, by mouse, keyboard and touch, on screen and on paper. */
import { expect, inject, test } from 'vitest';
import { kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const lesson = kinds.lesson;

test('without JavaScript a lesson is whole: text, code, terminals, answers, the way on', async () => {
  const page = await open(lesson, { javaScriptEnabled: false });
  const main = page.locator('main');
  await expect.poll(() => main.innerText()).toContain('A BPF program forgets.');
  expect(await main.locator('figure.terminal').innerText()).toContain('Recorded on Linux 6.12');
  expect(await main.locator('.expressive-code').first().innerText()).toContain('BPF_MAP_TYPE_HASH');
  await main.locator('.quiz summary').nth(1).click();
  expect(await main.locator('.quiz details').nth(1).innerText()).toContain('E2BIG');
  await main.locator('button.term').first().click();
  expect(await main.locator('.meaning').first().isVisible()).toBe(true);
  expect(await main.locator('button.tick').isVisible()).toBe(false);
  await main.locator('a[rel=next]').click();
  expect(page.url()).toContain('/exercises/maps/count-execs/');
});

test.each(Object.entries(kinds))('without JavaScript there is something to read: %s', async (_, path) => {
  const page = await open(path, { javaScriptEnabled: false });
  expect((await page.locator('main').innerText()).length).toBeGreaterThan(100);
  await page.context().close();
});

test('without JavaScript the first page leads to every lesson and exercise, also on a phone', async () => {
  const page = await open('/', { javaScriptEnabled: false, viewport: phone });
  const links = await page.locator('.chapters li a').evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  expect(links.filter((href) => href.includes('/exercises/')).length).toBeGreaterThanOrEqual(20);
  expect(links.filter((href) => href.includes('/maps/')).length).toBeGreaterThanOrEqual(9);
});

test('the menu shows the chapter that one is in, and the others by their titles', async () => {
  const page = await open(lesson);
  const groups = page.locator('nav.sidebar details');
  expect(await groups.count()).toBeGreaterThan(5);
  expect(await groups.evaluateAll((all) => all.filter((one) => (one as unknown as { open: boolean }).open).map((one) => one.querySelector('a[aria-current=page]') !== null))).toEqual([true]);
});

test('whoever comes back is led on: to the step behind the one that was done last', async () => {
  const page = await open('/', { viewport: phone });
  const start = page.locator('a[data-next]');
  expect(await start.innerText()).toBe('Read the first lesson');
  const chapter = page.locator('#maps');
  await chapter.locator('summary').click();
  expect(await chapter.locator('li a').first().isVisible()).toBe(true);
  await page.goto(`${inject('url')}${kinds['lesson without exercise']}`);
  await page.getByRole('button', { name: 'I have read this lesson' }).click();
  for (const path of ['/', kinds.progress]) {
    await page.goto(`${inject('url')}${path}`);
    await expect.poll(() => start.innerText()).toMatch(/^Go on: /);
    expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(phone.width);
    const order = await page.locator('[data-course] a[data-progress]').evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
    const here = order.findIndex((href) => href.endsWith(kinds['lesson without exercise']));
    expect(new URL((await start.getAttribute('href'))!, page.url()).pathname).toBe(order[here + 1]);
  }
});

test('the search finds an identifier', async () => {
  const page = await open('/');
  await page.locator('site-search button[data-open-modal]:enabled').waitFor();
  await page.keyboard.press('Control+k');
  // Whoever is quicker than the fetching need not click: the field has the keyboard once it is there.
  await page.locator('dialog input:focus').waitFor();
  await page.keyboard.type('bpf_map_lookup_elem');
  const results = page.locator('.pagefind-ui__result-link');
  await results.first().waitFor();
  expect((await results.allInnerTexts()).length).toBeGreaterThan(1);
  await results.first().click();
  await expect.poll(() => page.locator('main').innerText()).toContain('bpf_map_lookup_elem');
});

test('a term is explained to the keyboard, and to the pointer', async () => {
  const page = await open(lesson);
  const term = page.locator('button.term').first();
  const meaning = page.locator('.meaning').first();
  await term.focus();
  await page.keyboard.press('Enter');
  expect(await meaning.isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  expect(await meaning.isVisible()).toBe(false);
  await term.hover();
  await meaning.waitFor({ state: 'visible' });
  // It stays while the pointer is on it, and goes with the pointer.
  await meaning.hover();
  expect(await meaning.isVisible()).toBe(true);
  await page.mouse.move(5, 5);
  await meaning.waitFor({ state: 'hidden' });
});

test('a term is explained to a finger', async () => {
  const page = await open(lesson, { hasTouch: true, viewport: phone });
  await page.locator('button.term').first().tap();
  const box = (await page.locator('.meaning').first().boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(phone.width);
});

test.each(['light', 'dark'] as const)('on paper (read in the %s): dark on light, the answers open, buttons and menus gone', async (colorScheme) => {
  const page = await open(lesson, { colorScheme });
  await page.emulateMedia({ media: 'print' });
  for (const gone of ['button.tick', 'nav.sidebar', 'site-search', '.pagination-links']) expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
  expect(await page.locator('.quiz details p').first().isVisible()).toBe(true);
  for (const text of ['h1', 'main p', 'figure.terminal code', '.expressive-code code span', '.lesson-head li', 'main a', '.diagram text']) {
    const lightness = await page.evaluate<number>(`Math.max(...getComputedStyle(document.querySelector(${JSON.stringify(text)})).color.match(/\\d+/g).slice(0, 3).map(Number))`);
    expect(lightness, text).toBeLessThan(150);
  }
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
});

test('an address that is none leads on', async () => {
  const page = await open('/maps/no-such-lesson/');
  expect(await page.locator('h1').innerText()).toBe('Nothing is hooked here');
  await page.getByRole('link', { name: 'The start of the course' }).click();
  expect(page.url()).toBe(`${inject('url')}/`);
});

test('names of helpers lead to their reference, in the text and in code', async () => {
  const page = await open(lesson);
  const reference = 'https://docs.ebpf.io/linux/helper-function/bpf_map_lookup_elem/';
  expect(await page.locator(`main p a[href="${reference}"]`).count()).toBeGreaterThan(0);
  expect(await page.locator(`.expressive-code a[href="${reference}"]`).count()).toBeGreaterThan(0);
});

test('an exercise shows the kernels on which it was verified', async () => {
  const page = await open(kinds.exercise);
  const table = page.locator('table').last();
  expect(await table.innerText()).toMatch(/Linux 5\.10[^]*Linux 6\.12[^]*Linux 7\.3/);
});
