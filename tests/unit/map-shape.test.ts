import { expect, test } from 'vitest';
import { hasMap, type MapShape } from '../../grader/checks/map-shape.ts';
import type { Kit } from '../../grader/checks/kit.ts';

const hints = { nudge: 'a', concept: 'b', line: 'c' };

/** The verdict on a file whose map is like this. */
function judge(wanted: MapShape, about: MapShape): Promise<void> {
  const kit = { program: () => ({ map: async () => ({ about }) }) } as unknown as Kit;
  return hasMap('x.bpf.c', wanted, { hints }).run(kit);
}

const counts = { name: 'counts', type: 'hash', keySize: 4, valueSize: 8 };

test('a map of the wanted kind passes, and what is left out does not matter', async () => {
  await judge(counts, counts);
  await judge({ name: 'counts', valueSize: 8 }, counts);
});

test.each([{ type: 'array' }, { keySize: 8 }, { valueSize: 4 }])('%j fails, and both kinds are told', async (other) => {
  await expect(judge(counts, { ...counts, ...other })).rejects.toMatchObject({
    detail: { expected: 'hash, key of 4 bytes, value of 8 bytes.', actual: expect.not.stringMatching(/^hash, key of 4 bytes, value of 8 bytes/) },
  });
});
