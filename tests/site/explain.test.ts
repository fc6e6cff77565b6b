/** The page that explains logs says what the command line says, sends nothing anywhere, and takes hostile text for text. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { readLessons, withLesson } from '../../grader/course/lessons.ts';
import { explainText } from '../../grader/explain/index.ts';
import { makeExplanation } from '../../grader/report/explanation.ts';
import { renderExplanation } from '../../grader/report/explanation-text.ts';
import { repository } from '../support/clone.ts';
import { corpus } from '../support/corpus.ts';
import { desktop, kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const lessons = await readLessons(repository);
const answer = (page: Page) => page.locator('#answer');
const field = (page: Page) => page.getByLabel('What the tool wrote');

/** What `grade explain --plain` prints, line by line. */
function commandLine(text: string, sources = new Map<string, string>()): string[] {
  const document = makeExplanation(explainText(text, sources));
  const printed = renderExplanation(
    { ...document, message: withLesson(document.message, lessons) },
    { color: false, width: 1000, unicode: true, plain: true },
  );
  return linesOf(printed.replace(/ \(content\/docs\/.*\)$/m, ''));
}

/** What the page shows, in the same form. */
async function shown(page: Page): Promise<string[]> {
  const texts = await answer(page).evaluate((element) =>
    [...element.querySelectorAll('p, pre, dt')].map((part) => {
      if (part.matches('dt'))
        return `${part.textContent}: ${(part.nextElementSibling!.querySelector('a') ?? part.nextElementSibling!).textContent}`;
      if (part.matches('.excerpt'))
        return `Line ${part.querySelector('.number')!.textContent}: ${part.textContent.slice(part.querySelector('.number')!.textContent.length).trim()}`;
      return part.textContent;
    }),
  );
  const href = await answer(page).evaluate((element) => element.querySelector('dd.lesson a')?.getAttribute('href'));
  const named = href?.slice(new URL(inject('url')).pathname.length + 1, -1);
  return linesOf(texts.join('\n')).map((line) =>
    named !== undefined && line === `lesson: ${titleOf(named)}` ? `lesson: ${named}` : line,
  );
}

const titles = new Map(
  await Promise.all(
    [...lessons.keys()].map(
      async (slug) =>
        [
          slug,
          /^title: (.*)$/m
            .exec(await readFile(join(repository, 'content/docs', `${slug}.mdx`), 'utf8'))![1]!
            .replace(/^(['"])(.*)\1$/, '$2'),
        ] as const,
    ),
  ),
);
const titleOf = (slug: string) => titles.get(slug) ?? 'no lesson';
const linesOf = (text: string) =>
  text
    .replaceAll('\t', '    ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

const logs = corpus.filter(
  ({ name, expected }) =>
    expected !== 'loads' &&
    [
      '01_null_map_value',
      '09_pkt_len_var',
      '23_ringbuf_leak',
      '43_spinlock',
      '50_ksym_missing',
      '95_nolicense',
    ].includes(name),
);

test('logs of five kernels are explained as on the command line, word by word, whatever is pasted after what', async () => {
  const page = await open(kinds.explain);
  expect(new Set(logs.map(({ kernel }) => kernel)).size).toBe(5);
  for (const { log } of logs) {
    await field(page).fill(log);
    await expect.poll(() => shown(page)).toEqual(commandLine(log));
  }
  expect(logs.some(({ log }) => commandLine(log).some((line) => line.startsWith('lesson: ')))).toBe(true);
});

test('with the program its line is shown, and the letter in it', async () => {
  const page = await open(kinds.explain);
  const { log, file, source } = logs.find(({ name, kernel }) => name === '01_null_map_value' && kernel === '7.3.4')!;
  await field(page).fill(log);
  await answer(page).waitFor();
  await page
    .getByLabel('Your program')
    .setInputFiles({ name: file, mimeType: 'text/x-c', buffer: Buffer.from(source) });
  await page.locator('#answer mark').waitFor();
  expect(await shown(page)).toEqual(commandLine(log, new Map([[file, source]])));
});

test('the examples, a text that nobody knows, Clear', async () => {
  const page = await open(kinds.explain);
  for (const button of await page.locator('button[data-example]').all()) {
    await button.click();
    await page.locator('#answer .known').waitFor();
    expect(await page.locator('#answer pre.excerpt').count()).toBe(1);
    await page.getByRole('button', { name: 'Clear' }).click();
    await answer(page).waitFor({ state: 'hidden' });
    expect(await field(page).inputValue()).toBe('');
    expect(await page.evaluate('document.activeElement.id')).toBe('log');
  }
  await field(page).fill('Roses are red');
  await page.locator('#answer .unknown').waitFor();
  expect(await shown(page)).toEqual(commandLine('Roses are red'));
});

test('nothing leaves the page: what is asked for after a paste are files of the site, by their plain names', async () => {
  const page = await open(kinds.explain);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
  page.on('websocket', (socket) => asked.push(socket.url()));
  await field(page).fill(logs[0]!.log);
  await page.locator('#answer .known').waitFor();
  const file = new RegExp(`^GET ${inject('url')}/(?:_astro/[\\w.-]+|favicon\\.svg) $`);
  expect(asked.filter((one) => !file.test(one))).toEqual([]);
  expect(asked.some((one) => one.includes('explain-worker'))).toBe(true);
  expect(await page.evaluate<string>('JSON.stringify([localStorage, sessionStorage, location.href])')).not.toContain(
    'libbpf',
  );
});

test('hostile text stays text', async () => {
  const page = await open(kinds.explain);
  const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  for (const text of [
    `${evil}.bpf.c:5:9: error: ${evil}\n        ${evil}\n        ^\n`,
    `0: R1=ctx() R10=fp0\n; ${evil} @ ${evil}.c:3\n7: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access '${evil}'\nprocessed 7 insns (limit 1000000)\n`,
    `Verification failed: ${evil}: ${evil}\n\nReason:\n  ${evil}\n\nAt:\n  ${evil} @ a.bpf.c:12:1\n\nSuggestion:\n  ${evil}\n\nprocessed 1 insns\n`,
  ]) {
    await field(page).fill(text);
    await expect.poll(() => shown(page)).toEqual(commandLine(text));
    expect(await answer(page).textContent()).toContain('<img src=x');
    expect(await answer(page).locator('img, script').count()).toBe(0);
  }
  expect(await page.title()).toContain('Explain');
});

test('ten megabytes, pasted: explained, and the page goes on meanwhile', async () => {
  const page = await open(kinds.explain);
  const { log } = logs.find(({ name, kernel }) => name === '01_null_map_value' && kernel === '6.12.117')!;
  // By script: what the system's own clipboard takes for ten megabytes is not the page's.
  const held = await page.evaluate<number>(`(async (text) => {
    const lines = Array.from({ length: 120_000 }, (_, i) => i + ': (07) r2 += -4                      ; R2_w=fp-4 R10=fp0 fp-8=0000???? refs=' + i);
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text.replace('7: (79)', lines.join('\\n') + '\\n7: (79)'));
    let [last, longest] = [performance.now(), 0];
    const tick = () => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    };
    const timer = setInterval(tick, 20);
    const done = new Promise((resolve) => new MutationObserver(resolve).observe(document.getElementById('answer'), { childList: true }));
    document.getElementById('log').dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true, bubbles: true }));
    await done;
    tick();
    clearInterval(timer);
    return longest;
  })(${JSON.stringify(log)})`);
  expect(await answer(page).innerText()).toContain("R0 invalid mem access 'map_value_or_null'");
  expect(await page.locator('#whole').innerText()).toMatch(/10\.\d million characters/);
  expect(await field(page).inputValue()).toBe('');
  expect(held).toBeLessThan(1500);
});

test.each([phone, desktop])('what is pasted has its answer in view at $width', async (viewport) => {
  const page = await open(kinds.explain, { viewport });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(logs[0]!.log)})`);
  await field(page).focus();
  await page.keyboard.press('Control+v');
  await page.locator('#answer .known').waitFor();
  await expect
    .poll(() =>
      page.evaluate<boolean>(
        `(({ top, bottom }) => top > 0 && bottom < innerHeight)(document.querySelector('#answer .said').getBoundingClientRect())`,
      ),
    )
    .toBe(true);
});

test('on a phone the answer is as wide as the page, and a long line of the log goes on below its own text', async () => {
  const page = await open(kinds.explain, { viewport: phone });
  await field(page).fill(logs.find(({ name }) => name === '01_null_map_value')!.log);
  await page.locator('#answer .known').waitFor();
  const edges = await page.evaluate<number[]>(
    `[...document.querySelectorAll('#log, #answer > *')].map((part) => Math.round(part.getBoundingClientRect().right))`,
  );
  expect(new Set(edges).size).toBe(1);
  // How far the rest of each broken line is behind its beginning.
  const behind = await page.evaluate<number[]>(
    `[...document.querySelectorAll('#answer pre.log .line')].flatMap((line) => {
      const range = document.createRange();
      range.selectNodeContents(line);
      const [first, ...others] = range.getClientRects();
      return others.filter(({ top, width }) => width > 1 && top > first.top + 5).map(({ left }) => left - first.left);
    })`,
  );
  expect(behind.length, 'some line is broken').toBeGreaterThan(0);
  expect(Math.min(...behind)).toBeGreaterThan(10);
});

test('the copy says the same', async () => {
  const page = await open(kinds.explain);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await field(page).fill(logs[0]!.log);
  await page.locator('#answer .known').waitFor();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(() => page.locator('#status').innerText()).toBe('Copied.');
  const copied = linesOf(
    (await page.evaluate<string>('navigator.clipboard.readText()')).replace(/^(the (?:end of the )?log):$/m, '$1'),
  ).filter((line) => !line.startsWith('lesson: '));
  expect(copied).toEqual((await shown(page)).filter((line) => !line.startsWith('lesson: ')));
});

test('by keyboard, and for those who hear the page', async () => {
  const page = await open(kinds.explain, { viewport: phone });
  await field(page).focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.locator('#answer .known').waitFor();
  const status = page.locator('#status');
  expect(await status.getAttribute('role')).toBe('status');
  expect(await status.textContent()).toBe(`From the verifier. ${await page.locator('#answer .said').textContent()}`);
});

test('without JavaScript the page says so, and names the command', async () => {
  const page = await open(kinds.explain, { javaScriptEnabled: false });
  expect(await page.locator('main').innerText()).toMatch(/needs JavaScript[^]*npx grade explain/);
  expect(await field(page).isVisible()).toBe(false);
});
