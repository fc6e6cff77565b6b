/** The judge runs in a page unchanged: whatever its worker reaches is ours, or has a side for browsers. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { filesRunWith, importsOf } from '../../../../grader/course/imports.ts';
import { labSchema } from '../../../../site/course/lab.ts';
import { browserSides } from '../../../../site/lab/node-plugin.ts';
import { repository } from '../../../support/clone.ts';

const { offered } = labSchema.parse(parse(await readFile(join(repository, 'content/lab.yaml'), 'utf8')));
const code = offered
  .map((id) => `content/exercises/${id}/exercise.ts`)
  .filter((file) => existsSync(join(repository, file)));

/** '#kit' as a whole, as Vite follows it when the site is written (npm run dev). */
const entries = ['site/lab/worker.ts', 'site/lab/workbench/worker.ts', 'grader/kit/index.ts', ...code];
const reached = await filesRunWith(repository, entries);
const texts = new Map(
  await Promise.all(reached.map(async (file) => [file, await readFile(join(repository, file), 'utf8')] as const)),
);

test('it reaches the judge, the kit, the explanations and the exercises', () => {
  expect(reached).toEqual(
    expect.arrayContaining([
      'grader/verdict/judge.ts',
      'grader/kit/kit.ts',
      'grader/kit/guest/loader.ts',
      'grader/machine/agent/client.ts',
      'grader/explain/verifier-log.ts',
      'content/exercises/programs/hello/workload.ts',
    ]),
  );
  expect(code.length).toBeGreaterThan(5);
});

test('of Node it imports what has a side for browsers, and of packages only those that run in one', () => {
  const packages = ['@noble/hashes/sha2.js', 'buffer/index.js', 'saxes', 'yaml', 'zod'];
  const wrong = [...texts].flatMap(([file, text]) =>
    importsOf(text)
      .map(({ from }) => from)
      .filter((from) => !/^\.|^#kit$|^virtual:/.test(from) && !browserSides[from] && !packages.includes(from))
      .map((from) => `${file} imports ${from}`),
  );
  expect(wrong).toEqual([]);
});

test('each name that is imported is in the browser’s side', async () => {
  const wrong: string[] = [];
  for (const [file, text] of texts)
    for (const { from, names } of importsOf(text)) {
      const side = browserSides[from];
      if (side === undefined) continue;
      const there = Object.keys((await import(join(repository, 'site/lab/node', side))) as object);
      expect([file, names]).not.toEqual([file, undefined]);
      wrong.push(...names!.filter((name) => !there.includes(name)).map((name) => `${file}: ${name} of ${from}`));
    }
  expect(wrong).toEqual([]);
});

test('each side is needed', () => {
  const used = new Set([...texts.values()].flatMap((text) => importsOf(text).map(({ from }) => from)));
  expect(Object.keys(browserSides).filter((name) => !used.has(name))).toEqual([]);
});

test('no global of Node is used but those that are provided', () => {
  const wrong = [...texts].flatMap(([file, text]) => {
    const found =
      /(?<![\w.'#])(?:process\.(?:env|pid|platform|kill|exit|cwd|stdout|nextTick)|require\(|__dirname)/.exec(text);
    return found ? [`${file} uses ${found[0]}`] : [];
  });
  expect(wrong).toEqual([]);
});
