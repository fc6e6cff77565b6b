/** The terminal output that documents show is what one sees today. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { recordings, recordIn, withoutChance } from '../support/record.ts';
import { recordingFileOf } from '../support/quotes.ts';

test.each(Object.keys(recordings))('%s', async (name) => {
  expect(withoutChance(await recordIn(name))).toBe(withoutChance(await readFile(recordingFileOf(name), 'utf8')));
});
