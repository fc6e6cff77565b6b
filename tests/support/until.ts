import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `holds`, looking often; fails the test after `ms`. */
export async function until(holds: () => Promise<boolean>, ms: number, what: string): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(50);
  }
}
