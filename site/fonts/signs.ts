/**
 * The signs that terminals show and that fonts for Latin lack: cut from DejaVu Sans Mono, which is as wide as the font of the code.
 * `node site/fonts/signs.ts` writes signs.woff2 again; tests/unit/site/fonts.test.ts says when it must.
 */
/// <reference path="./subset-font.d.ts" />
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import subsetFont from 'subset-font';

/** All that the course and its pages show beside Latin letters and their punctuation. */
export const signs = '←↑→↓≤≥─│┃█░●○✓✗';

export const signsFile = new URL('signs.woff2', import.meta.url);

/** The font with these signs only, as WOFF2. The same bytes each time. */
export async function cutSigns(): Promise<Buffer> {
  const whole = createRequire(import.meta.url).resolve(
    '@fontsource/dejavu-mono/files/dejavu-mono-latin-400-normal.woff2',
  );
  return await subsetFont(await readFile(whole), signs, { targetFormat: 'woff2', keepFeatures: [], noHinting: true });
}

if (process.argv[1] === import.meta.filename) await writeFile(signsFile, await cutSigns());
