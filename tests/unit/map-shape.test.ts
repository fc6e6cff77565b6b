import { expect, test } from 'vitest';
import type { MapShape } from '../../grader/course/shared-checks.ts';
import { sharedRuns } from '../../grader/kit/checks/shared.ts';
import type { Kit } from '../../grader/kit/kit.ts';
import { check } from './verdict/exercises.ts';

/** The verdict on a file whose map is like this. */
function judge(wanted: MapShape, shape: MapShape, maxEntries = 64): Promise<void> {
  const about = { ...shape, maxEntries };
  const kit = { program: () => ({ map: async () => ({ about }) }) } as unknown as Kit;
  return sharedRuns.map(kit, { ...check('map'), uses: 'map', with: { file: 'x.bpf.c', ...wanted } });
}

const counts = { name: 'counts', type: 'hash', keySize: 4, valueSize: 8 };

test('a map of the wanted kind passes, and what is left out does not matter', async () => {
  await judge(counts, counts);
  await judge({ name: 'counts', valueSize: 8 }, counts);
});

test('its entries, where the task says how many: exactly so many, or no fewer', async () => {
  await judge({ ...counts, entries: 64 }, counts, 64);
  await expect(judge({ ...counts, entries: 64 }, counts, 8)).rejects.toThrow();
  await judge({ ...counts, minEntries: 64 }, counts, 1024);
  await expect(judge({ ...counts, minEntries: 64 }, counts, 63)).rejects.toThrow();
});

test.each([{ type: 'array' }, { keySize: 8 }, { valueSize: 4 }])('%j fails, and both kinds are told', async (other) => {
  await expect(judge(counts, { ...counts, ...other })).rejects.toMatchObject({
    detail: {
      expected: 'hash, key of 4 bytes, value of 8 bytes.',
      actual: expect.not.stringMatching(/^hash, key of 4 bytes, value of 8 bytes/),
    },
  });
});
