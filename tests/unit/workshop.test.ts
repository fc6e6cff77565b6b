/** Where a lesson or a task speaks of the workshop that the course grew out of, it says whose that was. */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/clone.ts';

const files = globSync(['content/docs/*/*.mdx', 'content/exercises/*/*/task.mdx'], { cwd: repository }).sort();

test('it is named and linked, at its first mention', async () => {
  const speaking: string[] = [];
  for (const name of files) {
    const text = await readFile(join(repository, name), 'utf8');
    // 'In books, in workshops': any of them.
    const [mention] = text.match(/[^.(]*\bworkshop\b[^.]*/) ?? [];
    if (mention === undefined) continue;
    speaking.push(name);
    expect(mention, name).toContain('[workshop](/credits/#workshop)');
    expect(mention.replaceAll('\n', ' '), name).toContain('David Calavera and Lorenzo Fontana');
  }
  expect(speaking.length).toBeGreaterThanOrEqual(7);
});
