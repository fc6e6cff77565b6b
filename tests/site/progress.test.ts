/** What readers have done: kept in their browser, taken along in a file, shared with the command line. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { progress } from '../../grader/cli/progress.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { parseProgress } from '../../grader/course/progress-file.ts';
import { loadProgress } from '../../grader/course/progress-store.ts';
import { startExercise } from '../../grader/course/workspace.ts';
import { listen } from '../unit/cli/contexts.ts';
import { smallCourse } from '../unit/course/courses.ts';
import { graded } from '../unit/course/results.ts';
import { temporaryFolder } from '../unit/temporary.ts';
import { kinds, useBrowser } from './browser.ts';

const { open } = useBrowser();
const lesson = kinds.lesson;
const kept = (page: Page) => page.evaluate<string | null>("localStorage.getItem('hookpoint:progress')");
const outcome = (page: Page) => page.getByRole('status').innerText();

async function exportFrom(page: Page): Promise<string> {
  await page.goto(`${inject('url')}${kinds.progress}`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = join(await temporaryFolder(), 'progress.json');
  await (await download).saveAs(file);
  return file;
}

test('a tick is still there after a reload, in the menu and on the first page; it can be taken along, and back', async () => {
  const page = await open(lesson);
  await page.getByRole('button', { name: 'I have read this lesson' }).click();
  await page.reload();
  const tick = page.getByRole('button', { name: 'I have read this lesson' });
  await expect.poll(() => tick.getAttribute('aria-pressed')).toBe('true');
  expect(await page.locator('nav a[aria-current=page]').innerText()).toContain('(done)');
  await page.goto(`${inject('url')}/`);
  await expect.poll(() => page.locator('.so-far').filter({ hasText: 'done' }).innerText()).toMatch(/^1 of \d+ done$/);

  const file = await exportFrom(page);
  expect(await page.locator('.so-far-all .total').allInnerTexts()).toEqual([
    expect.stringMatching(/^1 of \d+\s+lessons read$/),
    expect.stringMatching(/^0 of \d+\s+exercises passed$/),
  ]);
  expect(await page.evaluate("document.querySelector('section[aria-labelledby=maps] progress').value")).toBe(1);
  expect(await page.locator('section[aria-labelledby=maps] .count').innerText()).toMatch(/^1 of \d+ done$/);
  const parsed = parseProgress(await readFile(file, 'utf8'));
  expect(parsed).toMatchObject({
    progress: { learners: { '*': { lessons: { 'maps.hash-and-array': expect.any(String) } } } },
  });

  const other = await open(kinds.progress);
  await other.getByLabel('Import').setInputFiles(file);
  await expect
    .poll(() => outcome(other))
    .toBe('Imported from progress.json: 0 exercises passed on the command line, 1 lesson read.');
  await other.goto(`${inject('url')}${lesson}`);
  const there = other.getByRole('button', { name: 'I have read' });
  await expect.poll(() => there.getAttribute('aria-pressed')).toBe('true');
  await there.click();
  await other.reload();
  expect(await there.getAttribute('aria-pressed')).toBe('false');
});

test('from the command line to the site and back: passes are ticks, lessons come along, nothing is lost', async () => {
  const root = await smallCourse();
  const { context, said } = listen(root);
  const [hello, maps] = await loadCourse(root);
  for (const [exercise, failed] of [
    [hello!, undefined],
    [maps!, 'loads'],
  ] as const) {
    await startExercise(root, 'me', exercise);
    await graded(root, 'me', exercise, failed);
  }
  const before = (await loadProgress(root)).learners['me'];
  const file = join(root, 'out.json');
  await progress(context, { as: 'me', export: file });

  const page = await open(lesson);
  await page.getByRole('button', { name: 'I have read this lesson' }).click();
  await page.goto(`${inject('url')}${kinds.progress}`);
  await page.getByLabel('Import').setInputFiles(file);
  await expect
    .poll(() => outcome(page))
    .toBe('Imported from out.json: 1 exercise passed on the command line, 0 lessons read.');
  expect(
    await page.locator('main a.done').evaluateAll((links) => links.map((link) => link.getAttribute('data-progress'))),
  ).toEqual(['maps.hash-and-array', 'exercise:programs/hello']);
  await page.goto(`${inject('url')}/exercises/programs/hello/`);
  const passed = page.getByRole('button', { name: 'Passed on the command line' });
  await passed.waitFor();
  expect([await passed.isDisabled(), await passed.getAttribute('aria-pressed')]).toEqual([true, 'true']);
  await page.goto(`${inject('url')}${kinds.exercise}`);
  await page.getByRole('button', { name: 'I have passed this exercise' }).click();

  await progress(context, { as: 'me', import: await exportFrom(page) });
  expect(said()).toContain('New here: 0 exercises passed, 1 exercise ticked on the site, 1 lesson read.');
  expect((await loadProgress(root)).learners).toEqual({
    me: {
      ...before,
      lessons: { 'maps.hash-and-array': expect.any(String) },
      ticked: { 'maps/count-execs': expect.any(String) },
    },
  });
});

test('ids that the site does not know come out as they came in', async () => {
  const page = await open(kinds.progress);
  const text = JSON.stringify({
    format: 'hookpoint-progress',
    version: 1,
    learners: { you: { exercises: {}, lessons: { 'of.later': '2026-01-01T00:00:00.000Z' } } },
  });
  await page
    .getByLabel('Import')
    .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await expect.poll(() => outcome(page)).toContain('1 lesson read');
  expect(JSON.parse(await readFile(await exportFrom(page), 'utf8'))).toEqual(JSON.parse(text));
});

test.each([
  ['{"done": {"maps.locks": "2026-01-01"}}', 'format: '],
  ['{"format":', 'JSON'],
  ['{"format":"hookpoint-progress","version":2}', 'it is of version 2, and this course knows version 1'],
  [
    '{"format":"hookpoint-progress","version":1,"learners":{"me":{"exercises":{"a/b":{"outcome":"won"}}}}}',
    'learners.me.exercises.a/b.outcome',
  ],
])('a file that is no progress is refused with what is wrong, and changes nothing: %s', async (text, why) => {
  const page = await open(lesson);
  await page.getByRole('button', { name: 'I have read this lesson' }).click();
  await page.goto(`${inject('url')}${kinds.progress}`);
  const before = await kept(page);
  const file = join(await temporaryFolder(), 'other.json');
  await writeFile(file, text);
  await page.getByLabel('Import').setInputFiles(file);
  await expect.poll(() => outcome(page)).toContain(why);
  expect(await outcome(page)).toMatch(/^other\.json cannot be imported: .*\. Nothing was changed\.$/);
  expect(await kept(page)).toBe(before);
});
