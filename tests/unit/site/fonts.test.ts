/** What the site ships in fonts is what its pages show. */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cutSigns, signs, signsFile } from '../../../site/fonts/signs.ts';
import { repository } from '../../support/clone.ts';

/** What is read on pages: a recording is, a catalogue of what compilers say in Chinese is not. */
const shown = ['content/{docs,exercises,recordings,examples}/**/*', 'content/*.yaml', 'content/diagrams/**/*.svg'];
const pages = ['site/{pages,components,slides,browser,course}/**/*.{astro,ts}', 'site/styles/*.css'];

/** Latin-1 and the punctuation that the fonts' Latin subset has. */
const latin = /[\n\r\t\u0020-\u007e\u00a0-\u00ff\u2010-\u2026]/u;

test('every character that a page shows is in a font that the site ships', async () => {
  const missing = new Map<string, string>();
  for (const file of globSync([...shown, ...pages], { cwd: repository, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    for (const character of await readFile(path, 'utf8'))
      if (!latin.test(character) && !signs.includes(character)) missing.set(character, path);
  }
  expect([...missing].map(([character, path]) => `${character} in ${path}`)).toEqual([]);
});

test('the font of the signs has just these, and is the one that the code makes', async () => {
  expect((await readFile(signsFile)).equals(await cutSigns()), 'run: node site/fonts/signs.ts').toBe(true);
  const css = await readFile(join(repository, 'site/styles/fonts.css'), 'utf8');
  const [, ranges = ''] = /font-family: 'Signs';[^}]*unicode-range: ([^;]*);/.exec(css) ?? [];
  const spans = [...ranges.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)].map(([, from, to = from]) => [from, to]);
  for (const sign of signs) {
    const point = sign.codePointAt(0)!;
    const inside = spans.some(([from, to]) => parseInt(from!, 16) <= point && point <= parseInt(to!, 16));
    expect(inside, `${sign} is in the unicode-range of site/styles/fonts.css`).toBe(true);
  }
});
