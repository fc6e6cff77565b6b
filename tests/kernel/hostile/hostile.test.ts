/**
 * Submissions that attack whoever judges them. Each ends in a verdict with words for it, within bounds of processor time, memory, disk
 * and processes (graded.ts). A sample that never changes runs each time; all of them with EVERYTHING=1, as every night, or where
 * what guards against them has changed (`npx vitest run tests/kernel/hostile` with EVERYTHING=1).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Clone } from '../../support/clone.ts';
import { everything } from '../../support/selection.ts';
import { startGuest } from '../../support/vm.ts';
import { gradeHostile, type Hostile } from './graded.ts';
import { programs } from './programs.ts';
import { scripts } from './scripts.ts';
import { sources } from './sources.ts';

const families: Record<string, Hostile[]> = { programs, sources, scripts };
const sampleEvery = 8;
const due = (all: Hostile[]) => all.filter((_, i) => everything || i % sampleEvery === 0);

let clone: Clone;
beforeAll(async () => {
  clone = await Clone.make();
  await (await startGuest()).stop();
}, 900_000);
afterAll(() => clone.remove());

test('there are a hundred of them, each once', () => {
  const names = Object.values(families)
    .flat()
    .map(({ what }) => what);
  expect(names.length).toBeGreaterThanOrEqual(100);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(Object.entries(families))('%s', (_, all) => {
  test.concurrent.each(due(all))('$what', { timeout: 1_800_000 }, (hostile) => gradeHostile(clone, hostile));
});
