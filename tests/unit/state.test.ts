import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOfFile } from '../../grader/machine/cache.ts';
import { isWhole, type State } from '../../grader/machine/vm/state.ts';
import { temporaryFolder } from './temporary.ts';

async function saved(): Promise<State> {
  const folder = await temporaryFolder({ memory: 'all of it', devices: 'registers' });
  const digests = {
    memory: await digestOfFile(join(folder, 'memory')),
    devices: await digestOfFile(join(folder, 'devices')),
  };
  return { folder, kernel: '6.12.1', arch: 'x86_64', waiting: false, digests };
}

test('a state is whole as it was saved', async () => {
  expect(await isWhole(await saved())).toBe(true);
});

test.each(['memory', 'devices'])('one byte of its %s changed: it is damaged', async (file) => {
  const state = await saved();
  await writeFile(join(state.folder, file), 'somewhat else');
  expect(await isWhole(state)).toBe(false);
});

test('a file that cannot be read: damaged', async () => {
  const state = await saved();
  expect(await isWhole({ ...state, folder: join(state.folder, 'nowhere') })).toBe(false);
});
