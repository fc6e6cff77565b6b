import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GivenTime, threadsOf, type ThreadTime } from '../../grader/machine/given-time.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'setImmediate'] }));
afterEach(() => vi.useRealTimers());

/** Lets so many milliseconds of wall time pass. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('a machine that waits for nothing has all the time there is', async () => {
  const time = new GivenTime();
  const then = vi.fn();
  time.after(1000, then);
  await pass(900);
  expect(then).not.toHaveBeenCalled();
  await pass(400);
  expect(then).toHaveBeenCalledTimes(1);
});

/** Threads by what they have done of the wall's time since now: each ran and waited for a share of it. */
function threads(shares: Record<string, ThreadTime>): () => Map<string, ThreadTime> {
  const since = performance.now();
  return () => {
    const wall = performance.now() - since;
    return new Map(
      Object.entries(shares).map(([name, { ran, waited }]) => [name, { ran: ran * wall, waited: waited * wall }]),
    );
  };
}

test('what it waits for a processor does not count, also if the kernel tells of it only afterwards', async () => {
  let waited = 0;
  const time = new GivenTime(() => new Map([['one', { ran: 0, waited }]]));
  const then = vi.fn();
  time.after(1000, then);
  for (let moment = 0; moment < 60; moment += 1) {
    await pass(400);
    waited += 395;
  }
  expect(then).not.toHaveBeenCalled();
  expect(time.now()).toBeLessThan(1000);
  await pass(2500);
  expect(then).toHaveBeenCalledTimes(1);
});

test('it goes on only while none of its threads waits', async () => {
  const half = { ran: 0.1, waited: 0.5 };
  const time = new GivenTime(threads({ one: half, two: half, three: half }));
  time.after(1_000_000, () => {});
  await pass(80_000);
  expect(time.now()).toBeGreaterThan(9_900);
  expect(time.now()).toBeLessThan(10_100);
  expect(time.share).toBeCloseTo(1 / 8, 2);
});

test('a thread that runs whenever it can has the time in which it ran', async () => {
  const time = new GivenTime(threads({ one: { ran: 0.2, waited: 0.8 }, two: { ran: 0.1, waited: 0.9 } }));
  time.after(1_000_000, () => {});
  await pass(50_000);
  expect(time.now()).toBeGreaterThan(9_900);
  expect(time.now()).toBeLessThan(10_100);
});

test('deadlines that pass are counted, and no other', async () => {
  const time = new GivenTime();
  time.after(500, () => {});
  time.deadline(500, () => {});
  time.deadline(5000, () => {});
  await pass(1000);
  expect(time.passed).toBe(1);
});

test('of a real process, the kernel tells what each thread ran and waited', () => {
  vi.useRealTimers();
  const read = threadsOf(process.pid);
  const before = read();
  for (const until = performance.now() + 30; performance.now() < until;);
  const after = read();
  const ran = (all: ReadonlyMap<string, ThreadTime>) => all.get(String(process.pid))!.ran;
  expect(ran(after)).toBeGreaterThan(ran(before));
  expect(after.get('grader')!.waited).toBeGreaterThanOrEqual(before.get('grader')!.waited);
});

test('a computer that slept, or a grader that was stopped, has used up nobody’s time', async () => {
  const time = new GivenTime();
  const then = vi.fn();
  time.after(10_000, then);
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now + 3_600_000);
  await pass(200);
  expect(then).not.toHaveBeenCalled();
  expect(time.now()).toBeLessThanOrEqual(1000);
  vi.restoreAllMocks();
});

test('what was forgotten is not called, and nothing ticks any more', async () => {
  const time = new GivenTime();
  const then = vi.fn();
  time.after(500, then)();
  await pass(2000);
  expect(then).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('a machine that gets no time at all for ten minutes is starved', async () => {
  const starved = vi.fn();
  const time = new GivenTime(threads({ one: { ran: 0, waited: 1 } }), starved);
  time.after(1000, () => {});
  await pass(601_000);
  expect(starved).toHaveBeenCalledTimes(1);
});
