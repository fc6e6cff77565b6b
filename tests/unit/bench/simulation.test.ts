import { expect, test } from 'vitest';
import { githubLimits, type Limits } from '../../bench/peers/limits.ts';
import { allOutcomes, best, simulate, type Work } from '../../bench/peers/simulation.ts';

const limits: Limits = {
  plans: [],
  jobSeconds: 3600,
  matrixJobs: 10,
  dollarsPerMinute: 0.5,
  read: '',
  sources: [],
};
const plan = { name: 'Two', jobs: 2, minutes: 0 };
const work = (more: Partial<Work> = {}): Work => ({ submissions: 12, seconds: [10], setUpSeconds: 30, ...more });

test('each job is rounded up to whole minutes, and jobs wait for a runner', () => {
  // Four jobs of three submissions: 30 + 3 × 10 = 60 s each, two at a time.
  expect(simulate(work(), 3, plan, limits)).toEqual({ shard: 3, jobs: 4, wallSeconds: 120, minutes: 4, dollars: 2 });
  // Six jobs of two: 50 s each, billed as a minute; three turns.
  expect(simulate(work(), 2, plan, limits)).toEqual({ shard: 2, jobs: 6, wallSeconds: 150, minutes: 6, dollars: 3 });
});

test('measured times are dealt out in turn, the longest first, so that jobs are about equally long', () => {
  const outcome = simulate(work({ submissions: 4, seconds: [10, 50], setUpSeconds: 0 }), 2, plan, limits);
  expect(outcome?.wallSeconds).toBe(60);
});

test('a job takes the runner that is free first', () => {
  const outcome = simulate(work({ submissions: 3, seconds: [100, 60, 50], setUpSeconds: 0 }), 1, plan, limits);
  expect(outcome?.wallSeconds).toBe(110);
});

test("the plan's minutes come before dollars", () => {
  expect(simulate(work(), 3, { ...plan, minutes: 3 }, limits)?.dollars).toBe(0.5);
  expect(simulate(work(), 3, { ...plan, minutes: 300 }, limits)?.dollars).toBe(0);
});

test('what GitHub would not run is no outcome: too many jobs, or one that is too long', () => {
  expect(simulate(work(), 1, plan, limits)).toBeUndefined();
  expect(simulate(work({ seconds: [1000] }), 12, plan, limits)).toBeUndefined();
  expect(allOutcomes(work(), plan, limits).map(({ shard }) => shard)).toEqual([12, 6, 4, 3, 2]);
});

test('the best share has the fewest minutes of those that are done in about the shortest time', () => {
  const outcome = (shard: number, wallSeconds: number, minutes: number) => ({
    shard,
    wallSeconds,
    minutes,
    jobs: 1,
    dollars: 0,
  });
  expect(best([outcome(1, 100, 50), outcome(2, 109, 20), outcome(3, 111, 1)])?.shard).toBe(2);
  expect(best([])).toBeUndefined();
});

test("with GitHub's numbers a thousand submissions fit, for every plan", () => {
  for (const each of githubLimits.plans) {
    const outcomes = allOutcomes(work({ submissions: 1000, seconds: [3] }), each, githubLimits);
    for (const { jobs, minutes } of outcomes) {
      expect(jobs).toBeLessThanOrEqual(256);
      expect(minutes).toBeGreaterThanOrEqual((1000 * 3) / 60);
    }
    expect(best(outcomes)).toBeDefined();
  }
});
