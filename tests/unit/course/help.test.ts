/** Where the help of a check has several sentences, the exercise's code names each, or what it shares with others of its chapter, and no other. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCourse } from '../../../grader/course/load.ts';
import { repository } from '../../support/clone.ts';

const course = await loadCourse(repository);

test.each(course)('$id', async ({ folder, checks }) => {
  const own = await readFile(join(folder, 'exercise.ts'), 'utf8');
  const beside = [...own.matchAll(/from '(\.\.?\/[\w-]+\.ts)'/g)].map(([, file]) => join(folder, file!));
  const code = [own, ...(await Promise.all(beside.map((file) => readFile(file, 'utf8'))))].join('\n');
  const kept = checks.flatMap(({ help }) => (typeof help === 'object' ? Object.keys(help) : []));
  const named = [...code.matchAll(/\bhelp: ([^]*?),?\n\s*(?:\}|\w+:|\.\.\.)/g)].flatMap(([, value]) =>
    [...value!.matchAll(/'([a-z0-9-]+)'/g)].map(([, name]) => name!),
  );
  expect([...new Set(named)].sort()).toEqual([...new Set(kept)].sort());
});
