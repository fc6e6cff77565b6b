/** The walk through a log in the page: keys, the chain, a shared link, a phone, the longest log. */
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { followLog, pathTo } from '../../grader/explain/walk/index.ts';
import { explainText } from '../../grader/explain/index.ts';
import { corpus } from '../support/corpus.ts';
import { problemsOf } from './axe.ts';
import { desktop, kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const logOf = (name: string, kernel: string) => corpus.find((one) => one.name === name && one.kernel === kernel)!.log;
const field = (page: Page) => page.getByLabel('What the tool wrote');
const list = (page: Page) => page.getByRole('listbox', { name: 'Instructions' });
const current = (page: Page) => page.locator('#walk-steps [aria-selected=true] code').innerText();
const inView = (page: Page, selector: string) =>
  page.evaluate<boolean>(`(() => {
    const { top, height } = document.querySelector('${selector}').getBoundingClientRect();
    return top >= 0 && top + Math.min(height, 100) <= innerHeight;
  })()`);

async function openWalk(page: Page, log: string): Promise<void> {
  await field(page).fill(log);
  await page.getByRole('button', { name: 'Walk through the log' }).click();
  await page.locator('#walk-happened .at').waitFor();
}

test('by keyboard: steps, the cause, the next change, find; what happens is said', async () => {
  const page = await open(kinds.explain);
  await openWalk(page, logOf('71_stale_pkt', '6.18.15'));
  expect(await page.evaluate('document.activeElement.id')).toBe('walk-steps');
  expect(await inView(page, '#walk-title')).toBe(true);
  expect(await current(page)).toBe('r0 = *(u8 *)(r6 +0)');
  expect(await page.locator('#walk-happened').innerText()).toContain("R6 invalid mem access 'scalar'");
  await page.keyboard.press('c');
  await expect.poll(() => current(page)).toBe('call bpf_xdp_adjust_head#44');
  await expect.poll(() => page.locator('#walk-said').textContent()).toContain('bpf_xdp_adjust_head is called');
  await page.keyboard.press('c');
  await expect.poll(() => current(page)).toBe('if r3 > r2 goto pc+4');
  await page.keyboard.press('c');
  await expect.poll(() => current(page)).toBe('r6 = *(u32 *)(r1 +0)');
  await page.keyboard.press('j');
  await expect.poll(() => current(page)).toBe('r3 = r6');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => current(page)).toBe('r6 = *(u32 *)(r1 +0)');
  await page.keyboard.press('n');
  await expect.poll(() => current(page)).not.toBe('r6 = *(u32 *)(r1 +0)');
  await page.keyboard.press('/');
  await page.keyboard.type('adjust_head');
  await page.keyboard.press('Enter');
  await expect.poll(() => current(page)).toBe('call bpf_xdp_adjust_head#44');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await expect.poll(() => current(page)).toBe('r0 = 1');
  expect(await list(page).getAttribute('aria-activedescendant')).toBe('step-0');
}, 120_000);

test('a link with the log in its fragment opens the same, and the log goes nowhere', async () => {
  const page = await open(kinds.explain);
  const log = logOf('01_null_map_value', '7.3.4');
  await field(page).fill(log);
  await page.locator('#answer .known').waitFor();
  const words = await page.locator('#answer').innerText();
  await page.getByRole('button', { name: 'Share a link' }).click();
  await expect.poll(() => page.evaluate('location.hash')).toMatch(/^#log=[\w-]+$/);
  const hash = await page.evaluate<string>('location.hash');
  const asked: string[] = [];
  const other = await open(`${kinds.explain}${hash}`, {}, (fresh) =>
    fresh.on('request', (request) => asked.push(`${request.url().split('#')[0]} ${request.postData() ?? ''}`)),
  );
  await other.locator('#answer .known').waitFor();
  expect(await other.locator('#answer').innerText()).toBe(words);
  expect(await field(other).inputValue()).toBe(log);
  await expect.poll(() => inView(other, '#meaning')).toBe(true);
  expect(asked.filter((one) => !one.startsWith(inject('url')) || one.includes(hash.slice(5, 40)))).toEqual([]);
  await other.goto(`${inject('url')}${kinds.explain}#log=${hash.slice(5, 60)}`);
  await expect.poll(() => other.locator('#status').innerText()).toContain('cut or changed');
});

test('what is too long for a link is not put into one', async () => {
  const page = await open(kinds.explain);
  let noise = '';
  for (let i = 1; noise.length < 120_000; i += 1) noise += `${(i * 2654435761) % 4294967296} `;
  await field(page).fill(noise);
  await page.locator('#answer .said').waitFor();
  await page.getByRole('button', { name: 'Share a link' }).click();
  await expect.poll(() => page.locator('#status').innerText()).toContain('too long for a link');
  expect(await page.evaluate('location.hash')).toBe('');
});

test.each(['light', 'dark'] as const)(
  '%s: nothing for axe to say, and a phone is wide enough',
  async (colorScheme) => {
    for (const viewport of [phone, desktop]) {
      const page = await open(kinds.explain, { viewport, colorScheme });
      await openWalk(page, logOf('82_two_progs_sign', '6.18.15'));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      expect(await problemsOf(page, '.explain')).toEqual([]);
      if (viewport === phone) {
        await page.locator('#walk-chain button').first().click();
        await expect.poll(() => current(page)).toBe('r3 = *(u32 *)(r1 +12)');
        await expect.poll(() => inView(page, '#walk-happened')).toBe(true);
        await page.getByRole('button', { name: 'Step' }).click();
        await expect.poll(() => current(page)).toBe('r2 = *(u32 *)(r1 +0)');
        expect(await inView(page, '#walk-happened')).toBe(true);
        await list(page).press('Home');
        await expect.poll(() => page.locator('#walk-at').innerText()).toMatch(/^Step 1 of /);
        await list(page).press('c');
        await expect.poll(() => page.locator('#walk-at').innerText()).not.toMatch(/^Step 1 of /);
        expect(await inView(page, '#walk-steps')).toBe(true);
      }
      await page.close();
    }
  },
  240_000,
);

test('the longest log of the tests, and one of 100 000 steps: few rows are there, and the page goes on', async () => {
  const page = await open(kinds.explain);
  const longest = logOf('96_jumpseq', '6.1.0');
  const steps = pathTo(followLog(explainText(longest, new Map()).log), 181).length;
  await openWalk(page, longest);
  expect(await page.locator('#walk-at').innerText()).toBe(`Step ${steps} of ${steps}`);
  const lines = Array.from({ length: 100_000 }, (_, i) => `${i}: (07) r2 += -4 ; R2_w=fp-4 R10=fp0`);
  const log = `0: R1=ctx() R10=fp0\n${lines.join('\n')}\nR2 invalid mem access 'scalar'\nprocessed 1 insns\n`;
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(log)});
    document.getElementById('log').dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
  })()`);
  await expect.poll(() => page.locator('#answer').innerText(), { timeout: 60_000 }).toContain('R2 invalid mem access');
  await page.getByRole('button', { name: 'Walk through the log' }).click();
  await expect.poll(() => page.locator('#walk-at').innerText(), { timeout: 60_000 }).toBe('Step 100000 of 100000');
  // Rows, not milliseconds: how long a frame takes is a matter of what else the machine does.
  const [most, last] = await page.evaluate<[number, string]>(`(async () => {
    const box = document.getElementById('walk-steps');
    let most = 0;
    for (let i = 0; i <= 60; i += 1) {
      box.scrollTop = (i * box.scrollHeight) / 60;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      most = Math.max(most, box.querySelectorAll('[role=option]').length);
    }
    return [most, [...box.querySelectorAll('[role=option]')].at(-1).innerText];
  })()`);
  expect(most).toBeLessThan(100);
  expect(last).toContain('99999');
}, 180_000);
