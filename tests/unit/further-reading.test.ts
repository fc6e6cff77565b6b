/** Each lesson ends in what to read next: a few links, each with a word on why. */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/clone.ts';

const lessons = globSync('content/docs/*/*.mdx', { cwd: repository }).sort();

test.each(lessons)('%s says what to read next, and why, as its last section or before its last', async (name) => {
  const text = await readFile(join(repository, name), 'utf8');
  const sections = text.split(/^## /m).slice(-2);
  const [section] = sections.filter((one) => one.startsWith('Further reading\n'));
  expect(section).toBeDefined();
  const links = section!.trim().split('\n').slice(2);
  expect(links.length).toBeGreaterThanOrEqual(2);
  expect(links.length).toBeLessThanOrEqual(4);
  for (const link of links) expect(link).toMatch(/^- \[[^\]]+\]\(https:\/\/\S+\)\W.{8,}$/);
});
