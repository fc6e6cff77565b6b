import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GivenTime } from '../../../grader/machine/given-time.ts';
import { slowed, slowness } from '../../../grader/machine/lab/slowed.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'setImmediate'] }));
afterEach(() => vi.useRealTimers());

test.each([
  { what: 'that works', share: 1 },
  { what: 'that works half of the time', share: 0.5 },
  { what: 'that waits', share: 0 },
])('a slow machine $what has so much longer', async ({ share }) => {
  const time = new GivenTime(slowed(() => new Map([['worker', { ran: performance.now() * share, waited: 0 }]])));
  const then = vi.fn();
  time.after(1000, then);
  await vi.advanceTimersByTimeAsync(1000 * (slowness - 0.5));
  expect(then).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(then).toHaveBeenCalledTimes(1);
});

test('what it waits for a processor does not count', async () => {
  const busy = () => new Map([['worker', { ran: performance.now() / 2, waited: performance.now() / 2 }]]);
  const time = new GivenTime(slowed(busy));
  time.after(1_000_000, () => {});
  await vi.advanceTimersByTimeAsync(80_000);
  expect(time.now()).toBeCloseTo(80_000 / 2 / slowness, -3);
});
