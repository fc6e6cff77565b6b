/** What names a part of the lab counts all that the part is made of. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  emulatorRecipe,
  memoryBytes,
  rootFolders,
  rootRecipe,
  ticksPerSecond,
} from '../../../grader/machine/lab/recipe.ts';
import { repository } from '../../support/clone.ts';

const folder = join(repository, 'environment/lab');

test('every file of the recipes is part of a digest', async () => {
  const files: string[] = [];
  for await (const name of glob('*', { cwd: folder })) files.push(`lab/${name}`);
  const counted = [...emulatorRecipe, ...rootRecipe, ...rootFolders.filter((name) => name.startsWith('lab/'))];
  expect(counted.sort()).toEqual(files.sort());
});

test('what JavaScript says of the machine is what Bochs is told', async () => {
  const bochsrc = await readFile(join(folder, 'bochsrc'), 'utf8');
  expect(bochsrc).toContain(`ips=${ticksPerSecond},`);
  expect(bochsrc).toContain(`memory: guest=${memoryBytes / 2 ** 20}, `);
});
