/** Nothing moves while a page comes, wherever a slow machine or network stops in its HTML, and however late its fonts and scripts are. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { until } from '../support/until.ts';
import { desktop, kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
/** Milliseconds that a busy machine may take to paint. */
const patience = 120_000;
vi.setConfig({ testTimeout: 2 * patience });

/** The site, but of a page that is asked for with ?cut=TEXT only what comes before that text, until `goOn` is called. */
let goOn = () => {};
const server = createServer(async (request, response) => {
  const asked = new URL(request.url!, 'http://localhost');
  const answer = await fetch(`${new URL(inject('url')).origin}${asked.pathname}`);
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const cut = asked.searchParams.get('cut');
  const at = cut === null ? -1 : bytes.indexOf(cut);
  if (at < 0) return void response.end(bytes);
  response.write(bytes.subarray(0, at));
  goOn = () => void response.end(bytes.subarray(at));
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, resolve)));
afterAll(() => void (server.closeAllConnections(), server.close()));
const addressOf = (path: string, cut?: string) => {
  const { port } = server.address() as AddressInfo;
  const query = cut === undefined ? '' : `?cut=${encodeURIComponent(cut)}`;
  return `http://localhost:${port}${new URL(inject('url')).pathname}${path}${query}`;
};

/** From the page's beginning; what was painted last is reported with the frame after it. */
const observe = `
  const shifts = [];
  const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  window.shiftsSoFar = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const all = [...shifts, ...observer.takeRecords()];
    resolve({
      sum: all.reduce((sum, { value }) => sum + value, 0),
      what: all.flatMap(({ sources }) => sources.map(({ node }) => node?.nodeName + ' ' + (node?.className ?? ''))),
    });
  })));
`;
/** How much moved, as Lighthouse counts it, and what. */
const shiftsOf = (page: Page) => page.evaluate<{ sum: number; what: string[] }>('shiftsSoFar()');

const painted = (page: Page) =>
  page.evaluate<boolean>('performance.getEntriesByName("first-contentful-paint").length > 0');

test.each([
  ['before the lesson', '<div class="main-pane', desktop],
  ['before the first section', '<h2', desktop],
  ['before the first code, whose styles come with it', '<div class="expressive-code"', desktop],
  ['before the footer', '<footer', desktop],
  ['before the lesson', '<div class="main-pane', phone],
  ['before the first code, whose styles come with it', '<div class="expressive-code"', phone],
])('a lesson that stops %s (%s, %o)', async (_, cut, viewport) => {
  expect(await (await fetch(addressOf(kinds.lesson))).text()).toContain(cut);
  goOn = () => {};
  const page = await open('/404.html', { viewport }, (fresh) => fresh.addInitScript(observe));
  await page.goto(addressOf(kinds.lesson, cut), { waitUntil: 'commit' });
  await until(() => painted(page), patience, 'the first part is painted');
  goOn();
  await page.waitForLoadState('load');
  const { sum, what } = await shiftsOf(page);
  expect(sum, what.join('\n')).toBeLessThan(0.01);
});

test.each([
  ['fonts', 'a lesson', kinds.lesson, '**/*.woff2'],
  ['scripts', 'a lesson', kinds.lesson, '**/*.js'],
  ['fonts', 'the first page', kinds.home, '**/*.woff2'],
  ['scripts', 'the first page', kinds.home, '**/*.js'],
])('late %s move nothing of %s', async (_kind, _page, path, files) => {
  const page = await open('/404.html', { viewport: desktop }, (fresh) => fresh.addInitScript(observe));
  let come = () => {};
  const late = new Promise<void>((resolve) => (come = resolve));
  await page.route(files, async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(addressOf(path), { waitUntil: 'commit' });
  await until(() => painted(page), patience, 'the page is painted without them');
  come();
  await page.waitForLoadState('load');
  const { sum, what } = await shiftsOf(page);
  expect(sum, what.join('\n')).toBeLessThan(0.01);
});
