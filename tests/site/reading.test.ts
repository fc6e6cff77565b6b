/** What readers do: with scripts and without, by mouse, keyboard and touch, on screen and on paper. */
import { expect, inject, test } from 'vitest';
import { kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const lesson = kinds.lesson;

test('no page asks any other host, or for what is not there', async () => {
  const asked = new Set<string>();
  const missing: string[] = [];
  const page = await open('/glossary/');
  page.on('request', (request) => asked.add(new URL(request.url()).host));
  page.on('response', (response) => response.status() >= 400 && missing.push(response.url()));
  for (const path of Object.values(kinds)) await page.goto(`${inject('url')}${path}`, { waitUntil: 'networkidle' });
  expect([...asked]).toEqual([new URL(inject('url')).host]);
  expect(missing).toEqual([]);
});

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

test('without JavaScript the first page leads to every lesson and exercise, also on a phone', async () => {
  const page = await open('/', { javaScriptEnabled: false, viewport: phone });
  const links = await page.locator('.chapters li a').evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  expect(links.filter((href) => href.includes('/exercises/')).length).toBeGreaterThanOrEqual(20);
  expect(links.filter((href) => href.includes('/maps/')).length).toBeGreaterThanOrEqual(9);
});

test('the search finds an identifier', async () => {
  const page = await open('/');
  await page.locator('site-search button[data-open-modal]:enabled').waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('dialog input').fill('bpf_map_lookup_elem');
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

test('on paper the answers are open, and buttons are gone', async () => {
  const page = await open(lesson);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('button.tick').isVisible()).toBe(false);
  expect(await page.locator('.quiz details p').first().isVisible()).toBe(true);
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
