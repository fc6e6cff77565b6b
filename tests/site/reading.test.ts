/** What readers do: with scripts and without, by mouse, keyboard and touch, on screen and on paper. */
import { expect, inject, test } from 'vitest';
import { readRecord } from '../../grader/course/verification.ts';
import { repository } from '../support/clone.ts';
import { kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const lesson = kinds.lesson;

test('without JavaScript a lesson is whole: text, code, terminals, answers, the way on', async () => {
  const page = await open(lesson, { javaScriptEnabled: false });
  const main = page.locator('main');
  await expect.poll(() => main.innerText()).toContain('A BPF program forgets.');
  expect(await main.locator('figure.terminal').innerText()).toContain('Recorded on Linux 6.12');
  expect(await main.locator('.expressive-code').first().innerText()).toContain('BPF_MAP_TYPE_HASH');
  const right = main.locator('.quiz').first().locator('details.right');
  await right.locator('summary').click();
  expect(await right.innerText()).toContain('E2BIG');
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
  const links = await page
    .locator('.chapters li a')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  expect(links.filter((href) => href.includes('/exercises/')).length).toBeGreaterThanOrEqual(20);
  expect(links.filter((href) => href.includes('/maps/')).length).toBeGreaterThanOrEqual(9);
});

test('from the first page the menu leads to every part of the site, also on a phone', async () => {
  const page = await open('/', { viewport: phone });
  await page.getByRole('button', { name: 'Menu' }).click();
  const links = page.locator('nav.sidebar a:visible');
  const parts = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  for (const part of ['/explain/', '/glossary/', '/slides/', '/progress/', '/credits/'])
    expect(parts.map((href) => href.endsWith(part))).toContain(true);
  expect(await page.locator('nav.sidebar summary:visible').count()).toBeGreaterThan(5);
});

test('a failure is next to the pass; its points are aligned, no line goes on in column 0, and the command can be copied', async () => {
  const page = await open('/');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const [failing, passing] = [page.locator('figure.terminal').first(), page.locator('figure.terminal').last()];
  expect(await failing.innerText()).toContain('Not yet');
  expect(await passing.innerText()).toContain('Passed: 9 of 9 points');
  const [left, right] = [(await failing.boundingBox())!, (await passing.boundingBox())!];
  expect([left.y, left.x + left.width < right.x]).toEqual([right.y, true]);
  const ends = await page.evaluate<number[]>(
    `[...new Set([...document.querySelectorAll('figure.terminal .points')].map((points) => Math.round(points.getBoundingClientRect().right)))]`,
  );
  expect(ends.length, 'an edge for each of the two').toBe(2);
  await failing.getByRole('button', { name: 'Copy the command' }).click();
  await failing.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('npx grade\n');
  for (const path of ['/', lesson, '/setup/how-grading-works/']) {
    await page.goto(`${inject('url')}${path}`);
    for (const width of [320, 390, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate<string[]>(inColumn0), `${path} ${width}`).toEqual([]);
    }
  }
});

/** Lines of terminals that were broken, and go on at the very edge. */
const inColumn0 = `[...document.querySelectorAll('figure.terminal .line')].filter((line) => {
  const range = document.createRange();
  range.selectNodeContents(line);
  const edge = line.parentElement.getBoundingClientRect().left;
  const boxes = [...range.getClientRects()].filter(({ width }) => width > 1);
  return boxes.some(({ left, top }) => left < edge + 1 && top > boxes[0].top + 5);
}).map((line) => line.textContent)`;

test('the menu shows the chapter that one is in, and the others by their titles', async () => {
  const page = await open(lesson);
  const groups = page.locator('nav.sidebar details');
  expect(await groups.count()).toBeGreaterThan(5);
  expect(
    await groups.evaluateAll((all) =>
      all
        .filter((one) => (one as unknown as { open: boolean }).open)
        .map((one) => one.querySelector('a[aria-current=page]') !== null),
    ),
  ).toEqual([true]);
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
    const order = await page
      .locator('[data-course] a[data-progress]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
    const here = order.findIndex((href) => href.endsWith(kinds['lesson without exercise']));
    expect(new URL((await start.getAttribute('href'))!, page.url()).pathname).toBe(order[here + 1]);
  }
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

test.each(['light', 'dark'] as const)(
  'on paper (read in the %s): dark on light, the answers open, buttons and menus gone',
  async (colorScheme) => {
    const page = await open(lesson, { colorScheme });
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['button.tick', 'nav.sidebar', 'site-search', '.pagination-links'])
      expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
    expect(await page.locator('.quiz details p').first().isVisible()).toBe(true);
    for (const text of [
      'h1',
      'main p',
      'figure.terminal code',
      '.expressive-code code span',
      '.lesson-head li',
      'main a',
      '.diagram text',
    ]) {
      const lightness = await page.evaluate<number>(
        `Math.max(...getComputedStyle(document.querySelector(${JSON.stringify(text)})).color.match(/\\d+/g).slice(0, 3).map(Number))`,
      );
      expect(lightness, text).toBeLessThan(150);
    }
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  },
);

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

test('the first page claims no kernel for all exercises that is not in the record of each', async () => {
  const { exercises } = await readRecord(repository);
  const page = await open('/');
  const [, all] = /each verified on Linux ([\d., and]+?)(?:, some|\.(?:\s|$))/.exec(
    await page.locator('.how').innerText(),
  )!;
  const claimed = all!.split(/, | and /);
  expect(claimed).toContain('6.12');
  const shown = await page
    .locator('.chapters a[data-progress^="exercise:"]')
    .evaluateAll((links) => links.map((link) => /exercises\/(.*)\/$/.exec(link.getAttribute('href')!)![1]!));
  expect(shown.length).toBeGreaterThanOrEqual(20);
  for (const id of shown) expect(Object.keys(exercises[id]!.kernels), id).toEqual(expect.arrayContaining(claimed));
});

test('the three lines that get the course have a button to copy them, also without a pointer over them', async () => {
  const page = await open('/');
  await expect
    .poll(() =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('.home .get .copy button')).opacity`).then(Number),
    )
    .toBeGreaterThan(0.5);
});

test('an exercise shows the kernels on which it was verified, as the record has them', async () => {
  const { exercises } = await readRecord(repository);
  const kernels = Object.keys(exercises['maps/count-execs']!.kernels);
  const page = await open(kinds.exercise);
  const rows = await page.locator('table').last().locator('tbody tr').allInnerTexts();
  expect(kernels).toContain('6.12');
  expect(rows.map((row) => /^Linux\s(\S+)/.exec(row)?.[1])).toEqual(kernels);
});
