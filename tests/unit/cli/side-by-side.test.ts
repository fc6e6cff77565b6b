import { describe, expect, test } from 'vitest';
import { inOrder, limited } from '../../../grader/cli/side-by-side.ts';

/** Work that ends when it is told to. */
function jobs(count: number) {
  const begun: number[] = [];
  const gates = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const work = gates.map(({ promise }, i) => async () => {
    begun.push(i);
    await promise;
    return i;
  });
  return { begun, gates, work };
}

describe('so much at once', () => {
  test('the next begins when one ends, in the order in which they came', async () => {
    const { begun, gates, work } = jobs(4);
    const limit = limited(2);
    const ended = work.map((one) => limit(one));
    expect(begun).toEqual([0, 1]);
    gates[1]!.resolve();
    await ended[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    for (const { resolve } of gates) resolve();
    expect(await Promise.all(ended)).toEqual([0, 1, 2, 3]);
  });

  test('after a failure nothing more begins', async () => {
    const { begun, gates, work } = jobs(3);
    const limit = limited(1);
    const ended = work.map((one) => limit(one));
    gates[0]!.reject(new Error('no machine'));
    const results = await Promise.allSettled(ended);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(begun).toEqual([0]);
  });
});

test('what ends early is told when all before it have been told', async () => {
  const { gates, work } = jobs(3);
  const told: number[] = [];
  const done = inOrder(
    work.map((one) => one()),
    (i) => told.push(i),
  );
  gates[2]!.resolve();
  gates[1]!.resolve();
  await Promise.resolve();
  expect(told).toEqual([]);
  gates[0]!.resolve();
  await done;
  expect(told).toEqual([0, 1, 2]);
});
