/** The time of a machine that is slower than those for which the deadlines were chosen. */
import type { ReadThreads } from '../given-time.ts';

/** So many seconds count as one. The kit gives a compile 30 s, and gcc takes longer here. */
export const slowness = 4;

/** As if others had the processor for all but one part of `slowness`, of the time in which threads run as of that in which none does. */
export function slowed(read: ReadThreads): ReadThreads {
  return () => {
    const threads = new Map([...read()].map(([name, { ran, waited }]) => [name, { ran: ran / slowness, waited }]));
    return threads.set('emulation', { ran: 0, waited: performance.now() * (1 - 1 / slowness) });
  };
}
