import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KnownMutants } from '../../../grader/cli/known-mutants.ts';
import type { Mutant } from '../../../grader/mutation/mutant.ts';
import type { JudgedMutant, MutantOutcome } from '../../../grader/mutation/outcome.ts';
import { temporaryFolder } from '../temporary.ts';

const now = { basis: 'sha256:a', seeds: 1, mayUse: true };
const judged = (id: string, outcome: MutantOutcome = 'killed'): JudgedMutant => ({
  mutant: { id } as Mutant,
  outcome,
  about: 'at loads',
  seed: '00',
});

async function kept(): Promise<string> {
  const root = await temporaryFolder({});
  const known = await KnownMutants.of(root, 'maps/per-cpu', now);
  await Promise.all([
    known.keep(judged('one')),
    known.keep(judged('two', 'survived')),
    known.keep(judged('no', 'error')),
  ]);
  return root;
}

test('what was judged is known as long as all that decides is the same', async () => {
  const root = await kept();
  const same = await KnownMutants.of(root, 'maps/per-cpu', now);
  expect(same.find('one')).toEqual({ outcome: 'killed', about: 'at loads', seed: '00' });
  expect(same.find('two')).toMatchObject({ outcome: 'survived' });
  // An error may not come again.
  expect(same.find('no')).toBeUndefined();

  for (const other of [{ basis: 'sha256:b' }, { seeds: 2 }, { mayUse: false }])
    expect((await KnownMutants.of(root, 'maps/per-cpu', { ...now, ...other })).find('one')).toBeUndefined();
  expect((await KnownMutants.of(root, 'maps/ring-buffer', now)).find('one')).toBeUndefined();
});

test('a run of a few, or that may not use it, takes nothing from what is known', async () => {
  const root = await kept();
  await (await KnownMutants.of(root, 'maps/per-cpu', { ...now, mayUse: false })).keep(judged('three'));
  const known = await KnownMutants.of(root, 'maps/per-cpu', now);
  expect(['one', 'three'].map((id) => known.find(id)?.outcome)).toEqual(['killed', 'killed']);
});

test('a broken file is as none', async () => {
  const root = await kept();
  const folder = join(root, '.grade/mutants');
  for (const name of await readdir(folder)) await writeFile(join(folder, name), '{"basis":');
  const known = await KnownMutants.of(root, 'maps/per-cpu', now);
  expect(known.find('one')).toBeUndefined();
  await known.keep(judged('one'));
  expect((await KnownMutants.of(root, 'maps/per-cpu', now)).find('one')).toMatchObject({ outcome: 'killed' });
});
