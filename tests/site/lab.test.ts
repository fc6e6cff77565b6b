/**
 * The lab in real pages, on the real machine: what `npm run lab` has made is in the built site, or else these tests are skipped and only
 * those of a site without a lab are run.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { repository } from '../support/clone.ts';
import { problemsOf } from './axe.ts';
import { desktop, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const hasLab = existsSync(join(inject('dist'), 'lab'));
if (!hasLab) console.log('The lab is not made, so it is not tested in pages. To make it: npm run lab');

/** To boot, to compile and to judge, on a computer with much else to do. */
const patience = 600_000;
const path = '/exercises/programs/hello/';
const textOf = (part: string) =>
  readFile(join(repository, 'content/exercises/programs/hello', part, 'hello.bpf.c'), 'utf8');

async function openLab(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the lab' }).click();
  await page.locator('.cm-content').waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').fill(text);
}

/** What it says at the end. */
async function run(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('#lab-run:not([disabled])').waitFor({ state: 'attached', timeout: patience });
  return (await page.locator('#lab-now').textContent())!;
}

describe.skipIf(hasLab)('a site without a lab', () => {
  test('offers none, and fetches nothing of it', async () => {
    const page = await open(path);
    expect(await page.getByRole('button', { name: 'Open the lab' }).count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Try it here' }).count()).toBe(0);
    const home = await open('/');
    expect(await home.getByRole('button', { name: 'Run it in this page' }).count()).toBe(0);
  });
});

describe.skipIf(!hasLab)('before a click', () => {
  test.each([path, '/'])('nothing of it is fetched: %s', async (where) => {
    const asked: string[] = [];
    const page = await open(where, {}, (opened) => opened.on('request', (request) => asked.push(request.url())));
    await page.waitForLoadState('networkidle');
    expect(asked.filter((url) => /\/lab\/|offline\.js|worker|editor|exercise\.[\w-]+\.js/.test(url))).toEqual([]);
    expect(await page.evaluate('navigator.serviceWorker.getRegistrations().then((all) => all.length)')).toBe(0);
  });

  test('a browser without WebAssembly says so, and what to do', async () => {
    const page = await open(path, {}, (opened) => opened.addInitScript('delete globalThis.WebAssembly'));
    await page.getByRole('button', { name: 'Open the lab' }).click();
    await expect.poll(() => page.locator('#lab-why-not').textContent()).toContain('has no WebAssembly');
  });

  test('an exercise that it does not offer says why not', async () => {
    const page = await open('/exercises/bcc/hello/');
    expect(await page.getByText('This exercise cannot run in your browser: it needs Python').count()).toBe(1);
  });
});

describe.skipIf(!hasLab)('the editor', () => {
  test('Tab indents; Escape, then Tab leaves', async () => {
    const page = await open(path);
    await openLab(page);
    await page.locator('.cm-content').click();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.className')).toContain('cm-content');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement?.closest('.cm-editor')")).toBeNull();
  });

  test('what was written is there after a reload, and Reset brings back the starter', async () => {
    const page = await open(path);
    await openLab(page);
    await write(page, '// mine');
    await page.reload();
    await openLab(page);
    expect(await page.locator('.cm-content').textContent()).toContain('// mine');
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await page.locator('.cm-content').textContent()).toContain('SEC(');
  });

  test('the program goes to a file, and comes back from one', async () => {
    const page = await open(path, {}, (opened) => {
      // The pickers of the File System Access API are the system's own windows.
      return opened.addInitScript('delete globalThis.showSaveFilePicker; delete globalThis.showOpenFilePicker');
    });
    await openLab(page);
    await write(page, '// to a file');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save to a file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('hello.bpf.c');
    expect(await readFile((await download.path())!, 'utf8')).toBe('// to a file');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a file' }).click(),
    ]);
    await chooser.setFiles({ name: 'x.c', mimeType: 'text/plain', buffer: Buffer.from('// from a file') });
    await expect.poll(() => page.locator('.cm-content').textContent()).toContain('// from a file');
  });

  test('where data is to be saved, it asks before it downloads', async () => {
    const asked: string[] = [];
    const page = await open(path, {}, (opened) => {
      opened.on('request', (request) => asked.push(request.url()));
      return opened.addInitScript("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })");
    });
    await openLab(page);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Not now' }).click();
    expect(asked.filter((url) => url.includes('/lab/'))).toEqual([]);
  });

  test.each([desktop, phone])('can be used by everybody at $width', async (viewport) => {
    const page = await open(path, { viewport });
    await openLab(page);
    expect(await problemsOf(page, '#lab')).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
  });
});

describe.skipIf(!hasLab)('a run', () => {
  test(
    'the starter fails where it fails on the command line; the solution passes, and counts as practised',
    async () => {
      const page = await open(path);
      await openLab(page);
      expect(await run(page)).toContain('Not yet: A program is attached to the tracepoint sys_enter_execve');
      expect(await page.locator('#lab-checks li').evaluateAll((items) => items.map((item) => item.className))).toEqual([
        'pass',
        'pass',
        'fail',
        'skipped',
        'skipped',
        'skipped',
        'skipped',
      ]);
      expect(await page.locator('#lab-message').textContent()).toContain('sys_enter_close');
      expect(await problemsOf(page, '#lab')).toEqual([]);
      const hints = page.locator('#lab-hints li');
      for (const count of [1, 2, 3]) {
        await page.locator('#lab-hints button').click();
        expect(await hints.count()).toBe(count);
      }

      await write(page, await textOf('solution'));
      expect(await run(page)).toContain('Passed, all 7 checks.');
      expect(await page.locator('#lab-after').textContent()).toContain('This counts as practised');
      const kept = await page.evaluate("localStorage.getItem('hookpoint:progress')");
      expect(JSON.parse(kept as string)).toMatchObject({
        learners: { '*': { practised: { 'programs/hello': expect.any(String) } } },
      });
    },
    patience * 2,
  );

  test(
    'a mistake is marked at its line, and what a guest says never becomes HTML',
    async () => {
      const page = await open(path);
      await openLab(page);
      await write(page, (await textOf('solution')).replace('Hello, BPF World!', '<img src=x onerror=stolen=1>'));
      expect(await run(page)).toContain('Not yet');
      expect(await page.locator('#lab-message').textContent()).toContain('<img src=x');
      expect(await page.locator('#lab img').count()).toBe(0);
      await write(page, 'int broken( {\n');
      expect(await run(page)).toContain('Not yet');
      await page.locator('.cm-lintRange-error').first().waitFor({ state: 'attached' });
    },
    patience * 2,
  );

  test(
    'Stop ends it at once, and the next run begins afresh',
    async () => {
      const page = await open(path);
      await openLab(page);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('#lab-checks .running').first().waitFor({ timeout: patience });
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      expect(await page.locator('#lab-now').textContent()).toContain('Stopped');
      expect(await run(page)).toContain('Not yet');
    },
    patience * 2,
  );

  test(
    'the second visit needs no network',
    async () => {
      const page = await open(path);
      await openLab(page);
      await run(page);
      await page.context().setOffline(true);
      await page.reload();
      await openLab(page);
      expect(await run(page)).toContain('Not yet');
    },
    patience * 2,
  );
});

describe.skipIf(!hasLab)('the home page', () => {
  test(
    'four lines fire, and with one word changed the verifier says no',
    async () => {
      const page = await open('/');
      await page.getByRole('button', { name: 'Run it in this page' }).click();
      await expect.poll(() => page.locator('#home-now').textContent(), { timeout: patience }).toContain('It fired');
      expect(await page.locator('#home-printed').textContent()).toMatch(/process \d+\) starts a program/);
      await page.getByRole('button', { name: 'Change one word' }).click();
      await expect.poll(() => page.locator('#home-now').textContent(), { timeout: patience }).toContain('says no');
      expect(await page.locator('#home-message .said').textContent()).toContain('pointer');
      expect(await problemsOf(page, '.home-lab')).toEqual([]);
    },
    patience * 2,
  );
});
