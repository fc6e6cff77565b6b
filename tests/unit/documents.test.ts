import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/clone.ts';
import { documents } from '../support/record.ts';
import { withQuotes } from '../support/quotes.ts';

const all = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'SECURITY.md',
  ...readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (name: string) => readFile(join(repository, name), 'utf8');

test.each(documents)(
  'code and terminal blocks of %s are quoted from files, letter by letter (npm run record puts them in place)',
  async (name) => {
    const text = await read(name);
    expect(text).toMatch(/<!-- (from|recording) /);
    expect(text).toBe(await withQuotes(text));
  },
);

test('a quote of what is not there fails', async () => {
  await expect(withQuotes('<!-- from README.md#none -->\n```md\n```\n')).rejects.toThrow(
    'README.md has no region none',
  );
  await expect(withQuotes('<!-- from none.md -->\n```md\n```\n')).rejects.toThrow('ENOENT');
});

test.each(all)('every link and every path in %s leads somewhere', async (name) => {
  const text = await read(name);
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map((match) =>
    join(dirname(name), match[1]!),
  );
  const paths = [...text.matchAll(/`((?:grader|environment|content|tests|docs|\.ci)\/[\w./-]*)`/g)].map(
    (match) => match[1]!,
  );
  expect(links.length + paths.length).toBeGreaterThan(0);
  expect([...links, ...paths].filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});
