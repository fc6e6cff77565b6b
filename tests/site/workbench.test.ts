/** ‘Try it’ in real lessons, on the real machine that `npm run lab` has made; without one, no lesson has a button. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { problemsOf } from './axe.ts';
import { desktop, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const hasLab = existsSync(join(inject('dist'), 'lab'));

/** To boot and to compile, on a computer with much else to do. */
const patience = 300_000;
const path = '/programs/tracepoints/';
/** Waits for what the panel says, which is also what is read aloud. */
const says = (page: Page, text: string | RegExp) =>
  expect.poll(() => page.locator('#try-now').textContent(), { timeout: patience }).toMatch(text);
/** What the terminal has printed. */
const printed = (page: Page) => page.locator('#try-plain').textContent();

async function tryFirst(page: Page): Promise<void> {
  await page.locator('.try-open').first().click();
  await page.locator('.try .cm-content').waitFor();
}

async function type(page: Page, command: string): Promise<void> {
  await page.locator('.try [data-pane=terminal]').click();
  await page.locator('#try-command').fill(command);
  await page.locator('#try-line button').click();
}

async function run(page: Page, text?: string): Promise<void> {
  if (await page.locator('.try [data-pane=program]').isVisible())
    await page.locator('.try [data-pane=program]').click();
  if (text !== undefined) await page.locator('.try .cm-content').fill(text);
  await page.locator('#try-run').click();
}

describe.skipIf(hasLab)('a site without a lab', () => {
  test('has no button in a lesson', async () => {
    const page = await open(path);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('[data-try], .try-open, #try-about').count()).toBe(0);
  });
});

describe.skipIf(!hasLab)('before a click', () => {
  test('each program has its button, with the size of the download, and nothing is fetched', async () => {
    const asked: string[] = [];
    const page = await open(path, {}, (opened) => opened.on('request', (request) => asked.push(request.url())));
    await page.waitForLoadState('networkidle');
    const buttons = page.locator('.try-open');
    expect(await buttons.count()).toBeGreaterThan(1);
    expect(await buttons.first().getAttribute('aria-label')).toMatch(
      /^Try goodbye\.bpf\.c in this page; .* downloads \d+ MB$/,
    );
    expect(asked.filter((url) => /\/lab\/|workbench|worker|xterm|offline\.js/.test(url))).toEqual([]);
  });

  test('a browser without WebAssembly says so', async () => {
    const page = await open(path, {}, (opened) => opened.addInitScript('delete globalThis.WebAssembly'));
    await page.locator('.try-open').first().click();
    await expect.poll(() => page.locator('#try-about').textContent()).toContain('has no WebAssembly');
  });

  test('where data is to be saved, it asks before it downloads', async () => {
    const asked: string[] = [];
    const page = await open(path, {}, (opened) => {
      opened.on('request', (request) => asked.push(request.url()));
      return opened.addInitScript("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })");
    });
    await tryFirst(page);
    await says(page, 'asks to save data');
    expect(asked.filter((url) => url.includes('/lab/'))).toEqual([]);
  });
});

describe.skipIf(!hasLab)('the panel', () => {
  test(
    'a program is loaded and fires; the kernel’s lists and the terminal show it; recorded commands are typed with a click',
    async () => {
      const page = await open(path);
      await tryFirst(page);
      await says(page, 'Linux is running');
      expect(await page.locator('#try-machine').textContent()).toMatch(/^Linux 6\./);
      await run(page);
      await says(page, /^Loaded\. Attached: /);
      await expect.poll(() => page.locator('#try-kernel').textContent(), { timeout: patience }).toContain('tracepoint');
      expect(await problemsOf(page, '#try')).toEqual([]);

      await page.locator('.try-type').first().click();
      await page.locator('.try-log summary').click();
      await expect.poll(() => printed(page), { timeout: patience }).toContain('/etc/hostname');
      await type(page, 'bpftool prog show');
      await expect.poll(() => printed(page), { timeout: patience }).toMatch(/\d+: tracepoint {2}name \w+/);
      expect(await problemsOf(page, '#try')).toEqual([]);
    },
    patience * 2,
  );

  test(
    'what is refused is explained at its line, and what a guest says never becomes HTML',
    async () => {
      const page = await open('/vm/reading-a-verifier-log/');
      await tryFirst(page);
      await run(page);
      await says(page, /^The kernel did not take it\. ./);
      expect(await page.locator('#try-result .place').textContent()).toContain('refused-first-letter.bpf.c');
      expect(await page.locator('#try-result').textContent()).toContain('# bpftool prog loadall');
      await page.locator('.try .cm-lintRange-error').first().waitFor({ state: 'attached' });

      await run(page, 'int broken( {\n');
      await says(page, 'It does not compile.');

      await type(page, "printf '<img src=x onerror=stolen=1>\\033]8;;javascript:stolen=1\\007link\\033]8;;\\007\\n'");
      await page.locator('.try-log summary').click();
      await expect.poll(() => printed(page), { timeout: patience }).toContain('\n<img src=x onerror=stolen=1>link');
      expect(await page.locator('#try img').count()).toBe(0);
      expect(await page.evaluate('globalThis.stolen')).toBeUndefined();
    },
    patience * 2,
  );

  test(
    'a flood ends with Stop, and Run begins afresh; the panel is open on the next page',
    async () => {
      const page = await open(path);
      await tryFirst(page);
      await says(page, 'Linux is running');
      await type(page, 'yes');
      await page.locator('#try-stop').click();
      await says(page, 'Stopped');
      await run(page);
      await says(page, /^Loaded/);
      await page.goto(`${inject('url')}/programs/program-types/`);
      await page.locator('.try .cm-content').waitFor();
      await says(page, 'Linux is running');
      expect(await page.locator('#try-file').textContent()).toBe('goodbye.bpf.c');
      await page.locator('#try-close').click();
      await page.reload();
      await page.locator('.try-open').first().waitFor();
      expect(await page.locator('#try').count()).toBe(0);
    },
    patience * 3,
  );

  test('editor and terminal can be left by keyboard, and what was written is kept', async () => {
    const page = await open(path);
    await tryFirst(page);
    const within = (part: string) => page.evaluate(`document.activeElement?.closest('${part}') !== null`);
    for (const [part, field] of [
      ['.cm-editor', '.try .cm-content'],
      ['#try-screen', '#try-screen textarea'],
    ] as const) {
      await page.locator(field).focus();
      await page.keyboard.press('Tab');
      expect([part, await within(part)]).toEqual([part, true]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      expect([part, await within(part)]).toEqual([part, false]);
    }
    await page.locator('.try .cm-content').fill('// mine');
    await page.locator('#try-close').click();
    expect(await page.evaluate('document.activeElement?.className')).toContain('try-open');
    await page.reload();
    await tryFirst(page);
    expect(await page.locator('.try .cm-content').textContent()).toContain('// mine');
    await page.locator('#try-reset').click();
    expect(await page.locator('.try .cm-content').textContent()).toContain('SEC(');
  });

  test.each([desktop, phone])('can be used by everybody at $width', async (viewport) => {
    const page = await open(path, { viewport });
    await tryFirst(page);
    for (const pane of ['result', 'terminal', 'kernel', 'program']) {
      const tab = page.locator(`.try [data-pane=${pane}]`);
      if (await tab.isVisible()) await tab.click();
      expect(await problemsOf(page, '#try')).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
  });
});
