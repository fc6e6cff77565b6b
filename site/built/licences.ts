/** The licences of the fonts that the site hands out, as each of them demands. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);

const fonts = [
  { name: 'Source Sans 3', package: '@fontsource-variable/source-sans-3', note: '' },
  { name: 'Source Code Pro', package: '@fontsource-variable/source-code-pro', note: '' },
  { name: 'Bricolage Grotesque', package: '@fontsource/bricolage-grotesque', note: '' },
  { name: 'Signs', package: '@fontsource/dejavu-mono', note: ' (a few glyphs of DejaVu Sans Mono)' },
];

/** Every font's name and the whole text of its licence. */
export async function fontLicences(): Promise<string> {
  const parts = fonts.map(async ({ name, package: from, note }) => {
    const text = await readFile(join(dirname(resolve(`${from}/package.json`)), 'LICENSE'), 'utf8');
    return `${name}${note}, from the npm package ${from}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(parts)).join(`\n${'='.repeat(80)}\n\n`);
}
