/** What people look for is found: 45 questions, asked of what the site was built with, and the dialog in a browser. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { makeSearch, type SearchPage } from '../../site/search/engine.ts';
import { problemsOf } from './axe.ts';
import { kinds, phone, useBrowser } from './browser.ts';

const { open } = useBrowser();
const pages = JSON.parse(await readFile(join(inject('dist'), 'search.json'), 'utf8')) as SearchPage[];
const search = makeSearch(pages);

/** What is typed, and where one of the first three hits must lead. */
const questions: [question: string, address: string][] = [
  ['tracepoint vs kprobe', '/bpftrace/kprobe-or-tracepoint/'],
  ['hash mpa', '/maps/hash-and-array/'],
  ['Apple silicon', '/setup/machines/'],
  ['flame graph', '/bcc/profiling-and-flame-graphs/'],
  // Questions, with words that say nothing.
  ['what is the difference between tc and xdp', '/networking/xdp-or-tc/'],
  ['What is BTF?', '/vm/btf-and-core/'],
  ['how do I pin a map', '/maps/pinning/'],
  ['can I use this on a mac', '/setup/machines/'],
  ['how to read a verifier log', '/vm/reading-a-verifier-log/'],
  ['which hook should I use for sockets', '/networking/sockets/'],
  ['why is my loop rejected', '/programs/loops-and-subprograms/'],
  // Typos.
  ['verifyer log', '/vm/reading-a-verifier-log/'],
  ['ring bufer', '/maps/ring-buffer/'],
  ['tracepiont', '/programs/tracepoints/'],
  ['kubernets', '/kubernetes/'],
  ['seccmop', '/security/seccomp/'],
  ['histogarm', '/bpftrace/actions-and-functions/'],
  ['landlok', '/security/landlock/'],
  // Other names for it.
  ['spinlock', '/maps/locks/'],
  ['k8s pod', '/kubernetes/a-pod-done-right/'],
  ['docker container', '/kubernetes/containers/'],
  ['golang uprobe', '/bpftrace/user-space-and-go/'],
  ['perf buffer', '/maps/ring-buffer/'],
  ['sandbox a process', '/security/landlock/'],
  ['stack trace', '/maps/stacks-and-storage/'],
  ['core-re', '/vm/btf-and-core/'],
  ['firewall', '/networking/'],
  ['bytecode', '/vm/registers-and-instructions/'],
  ['load balancer', '/networking/redirect-and-af-xdp/'],
  ['benchmark', '/modern/testing-and-performance/'],
  // Names as the kernel, the tools and their messages have them.
  ['bpf_spin_lock', '/maps/locks/'],
  ['bpf_map_lookup_elem', '/maps/hash-and-array/'],
  ['BPF_MAP_TYPE_RINGBUF', '/maps/ring-buffer/'],
  ["R0 invalid mem access 'map_value_or_null'", '/vm/reading-a-verifier-log/'],
  ['vmlinux.h', '/setup/reference-environment/'],
  ['E2BIG', '/maps/hash-and-array/'],
  ['AF_XDP', '/networking/redirect-and-af-xdp/'],
  ['sched_ext', '/modern/struct-ops-and-sched-ext/'],
  ['CAP_BPF', '/security/hardening/'],
  // Words in another form, or half of them.
  ['atomics', '/maps/per-cpu-and-atomics/'],
  ['dropping packets', '/exercises/networking/xdp-drop-tcp/'],
  ['retransmitting', '/exercises/bpftrace/tcp-retransmits/'],
  ['tail calls', '/maps/tail-calls/'],
  ['tcpd', '/networking/classic-bpf-and-tcpdump/'],
  ['hello world', '/exercises/programs/hello/'],
];

test('45 questions have their answer among the first three hits', () => {
  expect(questions).toHaveLength(45);
  const lost = questions.flatMap(([question, address]) => {
    const first = search(question)
      .hits.slice(0, 3)
      .map((hit) => hit.address);
    return first.some((found) => found.startsWith(address)) ? [] : [`${question}: ${first.join(' ')}`];
  });
  expect(lost).toEqual([]);
});

test('only pages that say something are found; what is nowhere is not', () => {
  expect(pages.filter(({ path }) => /slides|progress|credits|404/.test(path))).toEqual([]);
  expect(new Set(pages.map(({ kind }) => kind))).toEqual(new Set(['Lesson', 'Exercise', 'Term', 'Tool']));
  expect(search('xyzzyplugh').hits).toEqual([]);
  expect(search('  ').hits).toEqual([]);
});

test('a typo is said, hits have their kind, arrows and Enter lead to them; nothing is fetched before', async () => {
  const page = await open(kinds.lesson);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.mouse.move(300, 300);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('flame grpah');
  const hits = page.locator('.hits a');
  await expect.poll(() => page.locator('site-search .status').innerText()).toMatch(/^\d+ places about “flame graph”$/);
  expect(await hits.first().innerText()).toContain('The flame graph');
  expect(await hits.first().locator('.label').innerText()).toBe('Lesson · BCC');
  expect(asked.filter((path) => path.endsWith('/search.json'))).toHaveLength(1);
  expect(await problemsOf(page, 'site-search')).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/bcc/profiling-and-flame-graphs/#the-flame-graph');
});

test('on a phone Enter leads to the best hit, and Close back to the page', async () => {
  const page = await open('/', { viewport: phone });
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  expect(await page.locator('site-search dialog').isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.keyboard.type('tracepoint vs kprobe');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/bpftrace/kprobe-or-tracepoint/');
});
